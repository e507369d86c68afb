r"""Derivatives of functions of one and several variables, as numbers and as formulas."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.autodiff.taylor import Index, unit
from chainrule.calculus.derived import Derived, Operator, checked_count
from chainrule.calculus.fields import as_point
from chainrule.calculus.subject import Partials, Subject
from chainrule.errors import error, hint

Function = Callable[..., Any]
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def derivative(f: Function, n: int = 1) -> Derived:
    r"""The n-th derivative of a function of one number, :math:`f^{(n)}(x)`.

    Parameters
    ----------
    f : callable
        ``f(x)``, written with Chainrule's operations. Its result may be a vector.
    n : int
        How often to differentiate.

    Returns
    -------
    Derived
        Call it for numbers; see its ``formula``, ``at(x)`` and ``check(x)``.

    Raises
    ------
    ConfigError
        ``n`` is negative or not a whole number.
    GradientError
        The function turns its argument into a plain number, so that a derivative would be lost.

    Examples
    --------
    >>> import chainrule as cr
    >>> slope = cr.calculus.derivative(lambda x: cr.sin(x) * x)
    >>> slope
    f(x) = x*sin(x)
    f'(x) = x*cos(x) + sin(x)
    >>> slope(1.0)
    1.3817732906760363
    >>> bool(slope.check(1.0))
    True
    """
    times = checked_count(n, "derivative", least=0)
    operator = Operator(
        name=lambda name: name + ("'" * times if times <= 3 else f"^({times})"),
        tex=lambda name: name + ("'" * times if times <= 3 else f"^{{({times})}}"),
        indices=lambda count: [(times,)],
        combine=lambda D, count: D[times,],
    )
    return Derived(Subject(f, "derivative", scalar=True), operator)


def partial(f: Function, *variables: str | int, size: int | None = None) -> Derived:
    r"""A partial derivative of any order, for example :math:`\frac{∂^3 f}{∂x^2 ∂y}`.

    Parameters
    ----------
    f : callable
        ``f(x, y, …)``, or a function of one vector, ``f(v)``.
    *variables : str or int
        What to differentiate by, one after the other: an argument's name or its position; for a
        vector ``v`` the names are ``v1``, ``v2``, …
    size : int, optional
        Number of components, for the formula of a function of one vector.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.partial(lambda x, y: x**3 * cr.sin(y), "x", "x", "y").at(1.0, 0.0)
    f(x, y) = x**3*sin(y)
    ∂³f/∂x²∂y(x, y) = 6*x*cos(y)
    ∂³f/∂x²∂y(1.0, 0.0) = 6.0
    """
    if not variables:
        raise error("calculus.no_variable", what="partial")
    subject = Subject(f, "partial", size=size)
    if subject.required == 1 and set(variables) == set(subject.arguments):
        subject = Subject(f, "partial", scalar=True)
    names = [_named(subject, v) for v in variables]
    if subject.count is not None:
        _index(subject, subject.count, names)
    operator = Operator(
        name=lambda name: _leibniz(name, names),
        tex=lambda name: _leibniz_tex(name, names),
        indices=lambda count: [_index(subject, count, names)],
        combine=lambda D, count: D[_index(subject, count, names)],
    )
    return Derived(subject, operator)


def _named(subject: Subject, variable: str | int) -> str:
    """The name of a variable that may be given by its position."""
    if isinstance(variable, str):
        return variable
    if subject.count is None:
        return f"{subject.arguments[0]}{variable + 1}"
    names = subject.form().names
    if not 0 <= variable < len(names):
        raise error("calculus.position", what=subject.what, got=variable, known=", ".join(names))
    return names[variable]


def _index(subject: Subject, count: int, variables: Sequence[str]) -> Index:
    """How often is differentiated by each of the variables."""
    names = subject.form(count).names
    for variable in variables:
        if variable not in names:
            near = hint("calculus.near", variable, names)
            raise error(
                "calculus.variable", what=subject.what, got=variable, known=", ".join(names), near=near
            )
    times = Counter(variables)
    return tuple(times[name] for name in names)


def _raised(n: int) -> str:
    return "" if n == 1 else str(n).translate(_SUPERSCRIPTS)


def _leibniz(name: str, variables: Sequence[str]) -> str:
    below = "".join(f"∂{v}{_raised(n)}" for v, n in Counter(variables).items())
    return f"∂{_raised(len(variables))}{name}/{below}"


def _leibniz_tex(name: str, variables: Sequence[str]) -> str:
    def power(n: int) -> str:
        return "" if n == 1 else f"^{{{n}}}"

    below = " ".join(rf"\partial {v}{power(n)}" for v, n in Counter(variables).items())
    return rf"\frac{{\partial{power(len(variables))} {name}}}{{{below}}}"


def gradient(f: Function, *, size: int | None = None) -> Derived:
    r"""The gradient, :math:`\nabla f = \left(\frac{∂f}{∂x_1}, …, \frac{∂f}{∂x_n}\right)`.

    Parameters
    ----------
    f : callable
        ``f(x, y, …)``, or a function of one vector, ``f(v)``; its result is a number.
    size : int, optional
        Number of components, for the formula of a function of one vector.

    Notes
    -----
    The cost grows with the number of variables. For thousands of them use `chainrule.grad`.

    Examples
    --------
    >>> import chainrule as cr
    >>> slope = cr.calculus.gradient(lambda x, y: x**2 * y)
    >>> print(slope.formula.text)
    [2*x*y, x**2]
    >>> slope(3.0, 5.0)
    tensor([30.,  9.], dtype=float64)
    """
    operator = Operator(
        name=lambda name: f"∇{name}",
        tex=lambda name: rf"\nabla {name}",
        indices=units,
        combine=lambda D, count: np.stack([D[m] for m in units(count)]),
    )
    return Derived(Subject(f, "gradient", size=size, single=True), operator)


def directional(
    f: Function, direction: Sequence[float], n: int = 1, *, normalize: bool = True, size: int | None = None
) -> Derived:
    r"""The n-th derivative along a direction.

    .. math:: \frac{∂^n f}{∂u^n}(p) = \frac{d^n}{dt^n} f(p + t u) \Big|_{t = 0},
        \qquad u = \frac{direction}{\lVert direction \rVert}

    Parameters
    ----------
    direction : sequence of numbers
        One for each variable.
    n : int
        How often to differentiate.
    normalize : bool
        Whether the direction is brought to length 1, as is usual; otherwise it is used as it is.

    Raises
    ------
    ConfigError
        The direction is zero or not finite.
    ShapeError
        It has another number of components than the function has variables.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.directional(lambda x, y: x**2 + y**2, [3.0, 4.0])(1.0, 1.0)
    2.8
    """
    times, u = checked_count(n, "directional"), _direction(direction, normalize)
    subject = Subject(f, "directional", size=len(u) if size is None else size)
    if subject.count != len(u):
        raise error("calculus.direction_size", got=len(u), expected=subject.count)
    operator = Operator(
        name=lambda name: f"∂{_raised(times)}{name}/∂u{_raised(times)}",
        tex=lambda name: _leibniz_tex(name, ["u"] * times),
        indices=lambda count: [(times,)],
        combine=lambda D, count: D[times,],
        directions=lambda count: u[None, :],
    )
    return Derived(subject, operator)


def _direction(direction: Any, normalize: bool) -> np.ndarray:
    u = np.asarray(as_point(direction, "directional")).reshape(-1)
    length = float(np.linalg.norm(u))
    if length == 0:
        raise error("calculus.zero_direction")
    return u / length if normalize else u


def jacobian(f: Function, n: int = 1, *, size: int | None = None) -> Derived:
    r"""All n-th derivatives: for n = 1 the Jacobian matrix :math:`J_{ij} = \frac{∂f_i}{∂x_j}`.

    The result has the shape of ``f``'s, followed by n axes with one entry per variable.

    Examples
    --------
    >>> import chainrule as cr
    >>> polar = cr.calculus.jacobian(lambda r, t: (r * cr.cos(t), r * cr.sin(t)))
    >>> print(polar.formula.text)
    [[cos(t), -r*sin(t)], [sin(t), r*cos(t)]]
    """
    times = checked_count(n, "jacobian")
    operator = Operator(
        name=lambda name: f"J{name}" if times == 1 else f"D{_raised(times)}{name}",
        tex=lambda name: f"J_{{{name}}}" if times == 1 else f"D^{{{times}}} {name}",
        indices=lambda count: list(dict.fromkeys(_sorted_sums(count, times))),
        combine=lambda D, count: _all_orders(D, count, times),
    )
    return Derived(Subject(f, "jacobian", size=size), operator)


def hessian(f: Function, *, size: int | None = None) -> Derived:
    r"""The matrix of second derivatives, :math:`H_{ij} = \frac{∂^2 f}{∂x_i ∂x_j}`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.hessian(lambda x, y: x**3 * y)(1.0, 2.0)
    tensor([[12.,  3.],
            [ 3.,  0.]], dtype=float64)
    """
    operator = Operator(
        name=lambda name: f"∇²{name}",
        tex=lambda name: rf"\nabla^{{2}} {name}",
        indices=lambda count: list(dict.fromkeys(_sorted_sums(count, 2))),
        combine=lambda D, count: _all_orders(D, count, 2),
    )
    return Derived(Subject(f, "hessian", size=size, single=True), operator)


def units(count: int) -> list[Index]:
    """The multi-indices of the first derivatives."""
    return [unit(i, count) for i in range(count)]


def _sorted_sums(count: int, times: int) -> list[Index]:
    """The multi-index of every way to choose a variable for each of several differentiations."""
    chosen = itertools.product(range(count), repeat=times)
    return [tuple(c.count(i) for i in range(count)) for c in chosen]


def _all_orders(D: Partials, count: int, times: int) -> Any:
    """All derivatives of one order, those axes after the result's own and before that of the points."""
    rows = [D[m] for m in _sorted_sums(count, times)]
    *own, points = rows[0].shape
    return np.stack(rows, axis=len(own)).reshape((*own, *(count,) * times, points))
