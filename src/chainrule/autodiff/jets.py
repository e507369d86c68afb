r"""Functions as power series: `jet` along a curve, `expand` in several variables."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from chainrule.autodiff import checks
from chainrule.autodiff.taylor import Index, Series, SeriesLevel, up_to
from chainrule.autodiff.transforms import _plain
from chainrule.core import tree
from chainrule.core.derivative import zeros_like
from chainrule.core.interpreter import Value, lift, pushed
from chainrule.errors import error
from chainrule.ops.pointwise import identity

Seeds = Mapping[Index, Sequence[Any]]


def jet(
    f: Callable[..., Any], args: Sequence[Any], *coefficients: Sequence[Any], order: int | None = None
) -> list[Any]:
    r"""The power series of a function along a curve, by Taylor mode.

    .. math:: f(x + v s + w s^2 + \dots) = y_0 + y_1 s + \dots + y_n s^n + O(s^{n+1})

    Along a straight line, :math:`y_k = \frac{1}{k!} \frac{d^k}{ds^k} f(x + s v) \big|_{s=0}`. The cost
    grows with a power of the order, where that of derivatives of derivatives grows exponentially.

    Parameters
    ----------
    f : callable
        Function of tensors, or of nests of them.
    args : sequence
        The point :math:`x`, one entry per argument.
    *coefficients : sequences
        :math:`v`, then :math:`w`, …, each of the form of ``args``.
    order : int, optional
        :math:`n`; as many as coefficients are given by default.

    Returns
    -------
    list
        :math:`[y_0, …, y_n]`, each of the form of the function's result.

    Examples
    --------
    >>> import chainrule as cr
    >>> [round(float(c), 4) for c in cr.jet(cr.exp, (0.0,), (1.0,), order=4)]
    [1.0, 1.0, 0.5, 0.1667, 0.0417]
    """
    n = checked_order(len(coefficients) if order is None else order, "jet")
    seeds: dict[Index, Sequence[Any]] = {(k,): given for k, given in enumerate(coefficients, 1)}
    found = expand(f, args, seeds, [(k,) for k in range(n + 1)], what="jet")
    return [found[k,] for k in range(n + 1)]


def checked_order(order: Any, what: str) -> int:
    """A whole number, 0 or more."""
    try:
        n = operator.index(order)
    except TypeError as problem:
        raise error("autodiff.order", what=what, got=repr(order)) from problem
    if n < 0:
        raise error("autodiff.order", what=what, got=n)
    return n


def multi_indices(variables: int, order: int) -> list[Index]:
    """All multi-indices of a number of variables whose sum is at most ``order``, by their sum.

    >>> from chainrule.autodiff.jets import multi_indices
    >>> multi_indices(2, 2)
    [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)]
    """
    found = [m for m in itertools.product(range(order + 1), repeat=variables) if sum(m) <= order]
    return sorted(found, key=sum)


def expand(
    f: Callable[..., Any],
    args: Sequence[Any],
    seeds: Seeds,
    indices: Sequence[Index],
    *,
    what: str = "expand",
) -> dict[Index, Any]:
    r"""Coefficients of a function's power series in several variables.

    .. math:: f\Big(x + \sum_{m \ne 0} x_m s^m\Big) = \sum_m y_m s^m

    Parameters
    ----------
    f, args
        As for `jet`.
    seeds : mapping
        :math:`x_m` by multi-index :math:`m`, each of the form of ``args``, with None for the zero of a
        whole argument; those not given are zero.
    indices : sequence of multi-indices
        The coefficients wanted; with each one all that are nowhere larger are computed.

    Returns
    -------
    dict
        :math:`y_m` by multi-index, each of the form of the function's result.
    """
    checks.check_function(f, what)
    if isinstance(args, Value):
        raise error("autodiff.jet_tuples", what=what)
    lifted = [tree.map_leaves(_plain, a) for a in args]
    level = SeriesLevel(_closed(indices))
    renamed = [identity(x) for x in tree.leaves(lifted)]
    for x, series in zip(renamed, _seeded(lifted, seeds, what), strict=True):
        if series.axes:
            level.set_tangent(x, series)
    with pushed(level):
        result = f(*tree.refill(lifted, iter(renamed)))
    return {m: tree.map_leaves(partial(_coefficient, level, m), result) for m in indices}


def _closed(indices: Sequence[Index]) -> list[Index]:
    """With each multi-index all that are nowhere larger."""
    return list(dict.fromkeys(j for m in indices for j in up_to(m)))


def _coefficient(level: SeriesLevel, m: Index, result: Any) -> Value:
    y = lift(result)
    found: Value | None = level.coefficient(y, m)
    return zeros_like(y) if found is None else found


def _seeded(args: Sequence[Any], seeds: Seeds, what: str) -> list[Series]:
    """The series of each tensor of the arguments."""
    counts = [len(list(tree.leaves(a))) for a in args]
    points = list(tree.leaves(list(args)))
    known: list[dict[Index, Any]] = [{} for _ in points]
    for m, given in seeds.items():
        for i, part in enumerate(_parts(given, args, counts, what)):
            if part is not None:
                known[i][m] = _fitting(part, points[i], m, i, what)
    return [Series(of_one.get, _axes(of_one)) for of_one in known]


def _parts(given: Sequence[Any], args: Sequence[Any], counts: Sequence[int], what: str) -> list[Any]:
    """One coefficient per tensor of the arguments; None, of a whole argument, is zero."""
    if isinstance(given, Value):
        raise error("autodiff.jet_tuples", what=what)
    if len(given) != len(args):
        raise error("autodiff.jet_count", what=what, got=len(given), expected=len(args))
    found: list[Any] = []
    for of_argument, arg, count in zip(given, args, counts, strict=True):
        is_zero = of_argument is None
        found += [None] * count if is_zero else _matching(of_argument, arg, what)
    return found


def _matching(given: Any, arg: Any, what: str) -> list[Any]:
    leaves, expected = list(tree.leaves(given)), list(tree.leaves(arg))
    if len(leaves) != len(expected):
        raise error("autodiff.jet_count", what=what, got=len(leaves), expected=len(expected))
    return leaves


def _fitting(part: Any, x: Value, m: Index, position: int, what: str) -> Value:
    coefficient = lift(part, None if isinstance(part, Value) else x.dtype)
    if coefficient.shape != x.shape:
        name = f"{what}: coefficient {sum(m)} of argument {position}"
        raise error("autodiff.jet_shape", name=name, got=coefficient.shape, expected=x.shape)
    return coefficient


def _axes(known: dict[Index, Any]) -> frozenset[int]:
    return frozenset(axis for m in known for axis, n in enumerate(m) if n)
