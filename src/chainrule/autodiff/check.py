r"""Checking derivatives against numbers.

In a random direction :math:`u` with a random cotangent :math:`v`, all in float64:

.. math::
    \langle v,\, J u \rangle = \langle J^T v,\, u \rangle
    \qquad
    \langle v,\, J u \rangle \approx \left\langle v,\, \frac{f(x + h u) - f(x - h u)}{2h} \right\rangle,
    \qquad
    \langle a, b \rangle = \mathrm{Re} \sum_k \bar a_k b_k

The left identity ties forward and reverse mode together, to rounding; the right one ties both to
the function. To second order the same is asked of :math:`x \mapsto J(x)^T v`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.autodiff.transforms import jvp, vjp
from chainrule.core import tree
from chainrule.core.interpreter import lift
from chainrule.core.op import Op, inferred_specs
from chainrule.dtypes import is_float
from chainrule.errors import error

Arrays = Sequence[Any]
_STEP = 1e-5
_IDENTITY_TOLERANCE = 1e-9


def check_gradients(
    f: Callable[..., Any], *args: Any, order: int = 2, tolerance: float = 1e-6, seed: int | None = None
) -> None:
    """Check that a function's derivatives are right at a point.

    Parameters
    ----------
    f : callable
        Function of tensors or nests of them; evaluated in float64.
    *args
        The point; arguments that are not floating-point stay as they are.
    order : int
        1 for first derivatives, 2 for second ones too, and so on.
    tolerance : float
        Allowed difference from the numeric derivative, relative to 1 or the derivative's size.
    seed : int, optional
        Of the random directions; by default drawn at random, and named in the error.

    Raises
    ------
    GradientError
        A derivative is wrong; says which, and by how much.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.check_gradients(lambda x: cr.sin(x) * x, cr.tensor([0.5, 1.5]))
    """
    if seed is None:
        seed = int(np.random.default_rng().integers(2**32))
    rng = np.random.default_rng(seed)
    of_floats, point = _floats_only(f, args)
    for depth in range(1, order + 1):
        cotangents = _check_first(of_floats, point, depth, tolerance, rng, seed)
        of_floats = _pulled_back(of_floats, cotangents)


def _floats_only(f: Callable[..., Any], args: Sequence[Any]) -> tuple[Callable[..., Any], Arrays]:
    """The function of its floating-point arguments alone, and these in float64."""
    flat = [lift(x) for x in tree.leaves(list(args))]
    active = [i for i, x in enumerate(flat) if is_float(x.dtype)]

    def of_floats(*values: Any) -> list[Any]:
        given = list(flat)
        for i, value in zip(active, values, strict=True):
            given[i] = value
        result = f(*tree.refill(list(args), iter(given)))
        return [y for y in map(lift, tree.leaves(result)) if is_float(y.dtype)]

    wide = [np.complex128 if flat[i].dtype.kind == "c" else np.float64 for i in active]
    return of_floats, [flat[i].data.astype(dtype) for i, dtype in zip(active, wide, strict=True)]


def _pulled_back(f: Callable[..., Any], cotangents: Arrays) -> Callable[..., Any]:
    r"""The function :math:`x \mapsto J(x)^T v`, whose derivative is of the next order."""
    return lambda *x: list(vjp(f, *x)[1](cotangents))


def _check_first(
    f: Callable[..., Any], x: Arrays, depth: int, tolerance: float, rng: np.random.Generator, seed: int
) -> Arrays:
    """Check the first derivative in a random direction; gives back the cotangents that were used."""
    u = [_direction(part, rng) for part in x]
    y, pull_back = vjp(f, *x)
    v = [_direction(part, rng) for part in y]
    reverse = _inner(pull_back(v), u)
    forward = _inner(v, jvp(f, x, u)[1])
    numeric = _inner(v, _difference(f, x, u))
    name = f"derivative of order {depth}"
    _compare(f"{name}, reverse against forward mode", forward, reverse, _IDENTITY_TOLERANCE, seed)
    _compare(f"{name}, against differences of the function", numeric, reverse, tolerance, seed)
    return v


def _difference(f: Callable[..., Any], x: Arrays, u: Arrays) -> Arrays:
    ahead = f(*(a + _STEP * d for a, d in zip(x, u, strict=True)))
    behind = f(*(a - _STEP * d for a, d in zip(x, u, strict=True)))
    return [(np.asarray(p) - np.asarray(q)) / (2 * _STEP) for p, q in zip(ahead, behind, strict=True)]


def _direction(like: Any, rng: np.random.Generator) -> np.ndarray:
    real = rng.standard_normal(like.shape)
    if like.dtype.kind != "c":
        return np.asarray(real)
    return np.asarray(real + 1j * rng.standard_normal(like.shape))


def _inner(a: Arrays, b: Arrays) -> float:
    return float(sum(np.vdot(np.asarray(p), np.asarray(q)).real for p, q in zip(a, b, strict=True)))


def _compare(which: str, expected: float, got: float, tolerance: float, seed: int) -> None:
    difference = abs(got - expected) / max(1.0, abs(expected))
    if not difference <= tolerance:
        values: dict[str, Any] = {
            "expected": expected,
            "got": got,
            "difference": difference,
            "tolerance": tolerance,
        }
        raise error("autodiff.check_failed", which=which, seed=seed, **values)


def check_op(op: Op, *, order: int = 2, seed: int | None = None) -> int:
    """Check one row of the table at all its samples, on contiguous and on strided arrays.

    At each sample the NumPy definition must give the shape and type that the row's rules
    announce, and the derivatives must pass `check_gradients`.

    Returns
    -------
    int
        Number of samples tried.
    """
    if seed is None:
        seed = int(np.random.default_rng().integers(2**32))
    rng = np.random.default_rng(seed)
    for case in op.samples:
        arrays = case.draw(rng, op.domain)
        for given in (arrays, [_strided(a) for a in arrays]):
            _check_rules(op, given, case.params, seed)
            if any(is_float(a.dtype) for a in given):
                check_gradients(lambda *x, case=case: op(*x, **case.params), *given, order=order, seed=seed)
    return len(op.samples)


def _strided(a: np.ndarray) -> np.ndarray:
    """The same elements, every other one of a larger array read backwards."""
    wide = np.zeros(tuple(2 * n for n in a.shape), a.dtype)
    view = wide[(slice(None, None, -2),) * a.ndim] if a.ndim else wide
    view[...] = a
    return view


def _check_rules(op: Op, arrays: Arrays, params: dict[str, Any], seed: int) -> None:
    inputs = op.dtype.prepare(op, tuple(arrays))
    result: Any = op(*inputs, **params)
    results = result if isinstance(result, tuple) else (result,)
    announced = inferred_specs(op, inputs, params)
    if announced != tuple(y.spec for y in results):
        found = tuple(str(y.spec) for y in results)
        expected = tuple(str(spec) for spec in announced)
        raise error("autodiff.rules_differ", op=op.name, announced=expected, found=found, seed=seed)
