r"""Pooling: folds over the taps of windows, and of small windows that lie apart one expression.

Tap :math:`k` of window :math:`p` lies at :math:`s p + d k` of the padded input.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np

from chainrule.compiler.llvm.types import BOOL
from chainrule.compiler.loops.border import Border
from chainrule.compiler.loops.expr import Apply, Constant, Expr, Guard, Guarded, Index, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.fuse import together
from chainrule.compiler.loops.lowering import Lowering, rule, unit
from chainrule.compiler.loops.rules import irregular
from chainrule.compiler.loops.rules.contract import as_read
from chainrule.compiler.loops.rules.move import spread
from chainrule.compiler.loops.rules.reduce import converted
from chainrule.compiler.loops.step import Definition
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import DType, computed_in, int8, letter
from chainrule.graph import Node
from chainrule.ops import pointwise as ops
from chainrule.ops.window import Axis, geometry

# Beyond so many taps, choosing among them in registers takes more code than it saves time.
_MOST_TAPS = 25


@rule("sum_pool")
def sum_pool(lowering: Lowering, node: Node, x: Expr, window: Shape, **params: Any) -> Expr:
    """A sum over the taps of each window."""
    return _pool(lowering, node, x, window, params, "add", 0)


@rule("max_pool")
def max_pool(lowering: Lowering, node: Node, x: Expr, window: Shape, **params: Any) -> Expr:
    """The largest of the taps of each window; what lies outside is smaller than any number."""
    axes = geometry(node.inputs[0].shape[2:], tuple(window), params)
    lowest = _lowest(node.outputs[0].dtype)
    is_one_expression = math.prod(window) <= _MOST_TAPS and all(a.is_apart for a in axes)
    if 0 in node.outputs[0].shape or not is_one_expression:
        return _pool(lowering, node, x, window, params, "maximum", lowest)
    taps = _each_tap(lowering, _source(lowering, node, x), axes, window, lowest)
    return reduce(lambda best, tap: Apply(ops.maximum, (best, tap), {}, x.dtype), taps)


def _source(lowering: Lowering, node: Node, x: Expr) -> Expr:
    """What windows read that lie apart: a value that each of them computes, or one that is stored."""
    is_computed = isinstance(x, Read) or lowering.keeping.is_computed_by_windows(node.inputs[0], x)
    return x if is_computed else as_read(lowering, x, node.inputs[0].shape)


def _lowest(dtype: DType) -> float:
    return -np.inf if letter(dtype) == "f" else np.iinfo(dtype).min


def _pool(
    lowering: Lowering,
    node: Node,
    x: Expr,
    window: Shape,
    params: dict[str, Any],
    combine: str,
    outside: float,
) -> Expr:
    shape, result = node.inputs[0].shape, node.outputs[0]
    if 0 in result.shape:
        return Constant(result.dtype.type(0), result.dtype)
    axes = geometry(shape[2:], tuple(window), params)
    x = as_read(lowering, x, shape)
    if any(a.b > 1 and a.n > 1 for a in axes):
        x, axes = _spread(lowering, x, shape, axes, outside)
        shape = (*shape[:2], *(a.n for a in axes))
    ndim, space = len(shape), len(axes)
    places = [unit(0, ndim + space), unit(1, ndim + space), *_taps(axes, ndim)]
    taps = _inside(lowering.substituted(x, places, ndim + space), places[2:], axes, outside)
    dtype = computed_in(result.dtype)
    extents, folded = (*result.shape, *window), range(ndim, ndim + space)
    found = lowering.define(converted(taps, dtype), extents, combine=combine, folded=folded)
    return converted(found, result.dtype)


def _taps(axes: Sequence[Axis], ndim: int) -> list[Form]:
    """The places of taps: window p and tap k of an axis give s·p + d·k − lo."""
    space = len(axes)
    forms = []
    for i, a in enumerate(axes):
        coefs = [0] * (ndim + space)
        coefs[2 + i], coefs[ndim + i] = a.s, a.d
        forms.append(Form(-a.lo, tuple(coefs)))
    return forms


def _inside(tap: Expr, places: Sequence[Form], axes: Sequence[Axis], outside: float) -> Expr:
    """A tap, or a number where it lies outside of the input."""
    guards = tuple(Guard(p, a.n) for p, a in zip(places, axes, strict=True) if a.lo > 0 or a.hi > 0)
    return Guarded(tap, guards, outside) if guards else tap


def _spread(
    lowering: Lowering, x: Read, shape: Shape, axes: Sequence[Axis], outside: float
) -> tuple[Read, tuple[Axis, ...]]:
    """The dilated input written out, which a window then reads without dilation."""
    new = (*shape[:2], *(a.spread for a in axes))
    found = spread(lowering, x, shape, new, (0,) * len(shape), (1, 1, *(a.b for a in axes)), outside)
    return found, tuple(Axis(a.spread, a.k, a.s, a.lo, a.hi, a.d, 1) for a in axes)


def _each_tap(
    lowering: Lowering, x: Expr, axes: Sequence[Axis], window: Shape, outside: float
) -> Iterator[Expr]:
    """Each tap of a window, as an expression over windows."""
    ndim = 2 + len(axes)
    for taps in itertools.product(*(range(k) for k in window)):
        along = [
            _scaled(2 + i, ndim, a.s, a.d * t - a.lo) for i, (a, t) in enumerate(zip(axes, taps, strict=True))
        ]
        tap = lowering.substituted(x, [unit(0, ndim), unit(1, ndim), *along], ndim)
        yield _inside(tap, along, axes, outside)


@rule("pool_tap")
def pool_tap(lowering: Lowering, node: Node, x: Expr, window: Shape, **params: Any) -> Expr:
    """The first largest tap, by comparing one after the other: a byte, made where the maximum is."""
    shape, result = node.inputs[0].shape, node.outputs[0]
    axes = geometry(shape[2:], tuple(window), params)
    dilated = any(a.b > 1 and a.n > 1 for a in axes)
    if 0 in result.shape or dilated or math.prod(window) > _MOST_TAPS:
        return irregular.lower(lowering, node, x, window=window, **params)[0]
    x = _source(lowering, node, x) if all(a.is_apart for a in axes) else as_read(lowering, x, shape)
    best, *others = _each_tap(lowering, x, axes, window, _lowest(x.dtype))
    found: Expr = Constant(0, int8)
    for number, tap in enumerate(others, start=1):
        better = _is_larger(tap, best)
        best = _of(ops.where, better, tap, best)
        found = _of(ops.where, better, Constant(number, int8), found)
    return converted(lowering.define(found, result.shape), result.dtype)


def _is_larger(x: Expr, y: Expr) -> Expr:
    """Whether an element is larger than another; NaN is larger than all numbers."""
    if letter(x.dtype) != "f":
        return _of(ops.greater, x, y)
    is_number = _of(ops.equal, y, y)
    return _of(ops.logical_and, is_number, _of(ops.logical_not, _of(ops.less_equal, x, y)))


def _of(op: Op, *args: Expr) -> Expr:
    """A pointwise row on elements."""
    dtype = args[-1].dtype if op is ops.where else BOOL
    return Apply(op, args, {}, dtype)


@rule("pool_write")
def pool_write(
    lowering: Lowering, node: Node, g: Expr, t: Expr, space: Shape, window: Shape, **params: Any
) -> Expr:
    """Each place of the input takes what the window that chose it has; no place is in two windows."""
    result, shape = node.outputs[0], node.inputs[0].shape
    axes = geometry(tuple(space), tuple(window), params)
    is_apart = all(a.is_apart and a.k == a.s and a.lo == 0 for a in axes)
    if 0 in (*result.shape, *shape) or not is_apart:
        return irregular.lower(lowering, node, g, t, space=space, window=window, **params)[0]
    g, t = as_read(lowering, g, shape), _as_byte(t) if math.prod(window) <= _MOST_TAPS else t
    covered = (*shape[:2], *(a.m * a.s for a in axes))
    rest = tuple(n - m for n, m in zip(result.shape, covered, strict=True))
    border = Border(covered, (0,) * len(covered), rest, (0, *range(2, len(shape)), 1))
    target = Read(lowering.buffer(result.dtype, result.spec.size), border.inside)
    lowering.add(_spread_out(lowering, target, g, t, axes, shape))
    for strip in border.zeros(target):
        lowering.add(together(strip))
    return target


def _as_byte(t: Expr) -> Expr:
    """A tap's number as it was before it got a wider type."""
    return t.args[0] if isinstance(t, Apply) and t.op is ops.cast and t.args[0].dtype == int8 else t


def _spread_out(
    lowering: Lowering, target: Read, g: Expr, t: Expr, axes: Sequence[Axis], shape: Shape
) -> Definition:
    """Each window's number at its tap, and zeros at the others.

    Axes of the nest: batch, channels, then for each space axis the window and the place within it.
    """
    ndim = 2 + 2 * len(axes)
    old = [unit(0, ndim), unit(1, ndim), *(unit(2 + 2 * i, ndim) for i in range(len(axes)))]
    g, t = (lowering.substituted(x, old, ndim) for x in (g, t))
    within = Form(0, (0, 0, *(c for a in row_major(tuple(a.k for a in axes)) for c in (0, a))))
    chosen = _of(ops.equal, t, Index(within, t.dtype))
    value = Apply(ops.where, (chosen, g, Constant(g.dtype.type(0), g.dtype)), {}, g.dtype)
    extents = (*shape[:2], *(n for a in axes for n in (a.m, a.s)))
    of_n, of_c, *of_space = target.form.coefs
    steps = [of_n, of_c, *(c for a, s in zip(axes, of_space, strict=True) for c in (a.s * s, s))]
    return Definition(target.buffer, Form(0, tuple(steps)), extents, value)


def _scaled(axis: int, ndim: int, step: int, start: int) -> Form:
    return Form(start, tuple(step if i == axis else 0 for i in range(ndim)))
