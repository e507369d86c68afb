r"""The operators of vector analysis: Laplacian, divergence, curl."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.autodiff import multi_indices
from chainrule.autodiff.taylor import Index
from chainrule.calculus.derivatives import units
from chainrule.calculus.derived import Derived, Operator, checked_count
from chainrule.calculus.subject import Partials, Subject
from chainrule.errors import error

Function = Callable[..., Any]


def laplacian(f: Function, n: int = 1, *, size: int | None = None) -> Derived:
    r"""The Laplacian, :math:`Δf = \sum_i \frac{∂^2 f}{∂x_i^2}`, applied n times.

    .. math:: Δ^n f = \sum_{|m| = n} \frac{n!}{m!} \, D_{2m} f

    Parameters
    ----------
    f : callable
        ``f(x, y, …)``, or a function of one vector, ``f(v)``; of a vector of results each has its own.
    n : int
        How often it is applied.
    size : int, optional
        Number of components, for the formula of a function of one vector.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.laplacian(lambda x, y: x**2 * y**3)
    f(x, y) = x**2*y**3
    Δf(x, y) = 2*y*(3*x**2 + y**2)
    """
    times = checked_count(n, "laplacian")
    operator = Operator(
        name=lambda name: f"Δ{name}" if times == 1 else f"Δ^{times} {name}",
        tex=lambda name: rf"\Delta {name}" if times == 1 else rf"\Delta^{{{times}}} {name}",
        indices=lambda count: [_doubled(m) for m in _of_sum(count, times)],
        combine=lambda D, count: sum(_ways(m) * D[_doubled(m)] for m in _of_sum(count, times)),
    )
    return Derived(Subject(f, "laplacian", size=size), operator)


def _of_sum(count: int, total: int) -> list[Index]:
    return [m for m in multi_indices(count, total) if sum(m) == total]


def _doubled(m: Index) -> Index:
    return tuple(2 * k for k in m)


def _ways(m: Index) -> int:
    """The multinomial coefficient."""
    return math.factorial(sum(m)) // math.prod(map(math.factorial, m))


def divergence(F: Function, *, size: int | None = None) -> Derived:
    r"""The divergence of a vector field, :math:`\nabla \cdot F = \sum_i \frac{∂F_i}{∂x_i}`.

    Parameters
    ----------
    F : callable
        ``F(x, y, …)``, or a function of one vector; its result is a vector (or a list, or tuple) with as
        many components as there are variables.
    size : int, optional
        Number of components, for the formula of a function of one vector.

    Raises
    ------
    ShapeError
        The result has another number of components.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.divergence(lambda x, y, z: (x * y, y * z, z * x)).formula
    ∇·f(x, y, z) = x + y + z
    """

    def combine(D: Partials, count: int) -> Any:
        columns = [_components(D, m, count, "divergence") for m in units(count)]
        return sum(columns[i][i] for i in range(count))

    operator = Operator(
        name=lambda name: f"∇·{name}",
        tex=lambda name: rf"\nabla \cdot {name}",
        indices=units,
        combine=combine,
    )
    return Derived(Subject(F, "divergence", size=size), operator)


def curl(F: Function, *, size: int | None = None) -> Derived:
    r"""The curl of a vector field: in space a vector, in the plane its one component across the plane.

    .. math::
        \nabla \times F = \left(
        \frac{∂F_3}{∂y} - \frac{∂F_2}{∂z},\;
        \frac{∂F_1}{∂z} - \frac{∂F_3}{∂x},\;
        \frac{∂F_2}{∂x} - \frac{∂F_1}{∂y} \right)

    Parameters and errors as for `divergence`; there are 2 or 3 variables.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.curl(lambda x, y: (-y, x)).formula
    ∇×f(x, y) = 2
    """
    operator = Operator(
        name=lambda name: f"∇×{name}",
        tex=lambda name: rf"\nabla \times {name}",
        indices=units,
        combine=_curl,
    )
    subject = Subject(F, "curl", size=size)
    if subject.count is not None and subject.count not in (2, 3):
        raise error("calculus.curl_variables", count=subject.count)
    return Derived(subject, operator)


def _curl(D: Partials, count: int) -> Any:
    if count not in (2, 3):
        raise error("calculus.curl_variables", count=count)
    slopes = [_components(D, m, count, "curl") for m in units(count)]

    def turn(i: int, j: int) -> Any:
        return slopes[i][j] - slopes[j][i]

    return turn(0, 1) if count == 2 else np.stack([turn(1, 2), turn(2, 0), turn(0, 1)])


def _components(D: Partials, m: Index, count: int, what: str) -> Any:
    """A derivative of a field, whose first axis is that of the components."""
    own = D[m].shape[:-1]
    if own != (count,):
        raise error("calculus.field_size", what=what, count=count, expected=count, shape=own)
    return D[m]
