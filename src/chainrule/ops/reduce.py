"""Reductions: axes are folded away. Every row takes a sorted tuple of axes and ``keepdims``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Derivative, Linear, Rule, Zero, conjugated
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op, ShapeRule
from chainrule.core.sample import BOOLS, COMPLEX, REALS, Distinct, Domain, Sample, sample
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.ops import shapes
from chainrule.ops.cumulative import COUNTED, before, counted, cumprod
from chainrule.ops.move import broadcast_to, inverse_permutation, reshape, transpose
from chainrule.ops.pointwise import cast, equal
from chainrule.ops.types import LOGIC, ORDERED

_SAMPLES = (
    sample((2, 3), axis=(0, 1), keepdims=False),
    sample((2, 3, 4), axis=(1,), keepdims=False),
    sample((4, 1, 2), axis=(0, 2), keepdims=True),
    sample((2, 0), axis=(0,), keepdims=False),
)
_COMPLEX = (sample((2, 3), domains=(COMPLEX,), axis=(1,), keepdims=False),)


def reduction(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    derivative: Derivative,
    *,
    shape: ShapeRule = shapes.reduce_nonempty,
    dtype: DTypeRule = ORDERED,
    domain: Domain = REALS,
    samples: tuple[Sample, ...] = _SAMPLES,
) -> Op:
    """One row that folds the axes ``axis`` (a sorted tuple) of its argument ``x``."""
    return Op(
        name=name,
        family="reduce",
        args=("x",),
        formula=formula,
        shape=shape,
        dtype=dtype,
        numpy=numpy,
        derivative=derivative,
        domain=(domain,),
        samples=samples,
        cost=lambda inputs, output, params: shapes.size(inputs[0]),
    )


def expand(y: Any, shape: Shape, axis: tuple[int, ...]) -> Any:
    """Put reduced axes back and stretch them: the transpose of a sum."""
    kept = tuple(1 if i in axis else n for i, n in enumerate(shape))
    return broadcast_to(reshape(y, shape=kept), shape=shape)


def _sum(x: np.ndarray, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
    return np.asarray(np.sum(x, axis=axis, keepdims=keepdims, dtype=counted((x.dtype,), {})))


sum_ = reduction(
    "sum",
    r"\sum_{\mathrm{axis}} x",
    _sum,
    Linear(lambda g, x, axis, keepdims: expand(g, x.shape, axis)),
    shape=shapes.reduce,
    dtype=COUNTED,
    samples=(*_SAMPLES, *_COMPLEX),
)


def _prod(x: np.ndarray, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
    return np.asarray(np.prod(x, axis=axis, keepdims=keepdims, dtype=counted((x.dtype,), {})))


def _product_of_others(x: Any, axis: tuple[int, ...]) -> Any:
    """For each element the product of those it is multiplied with: no division, so zeros do no harm."""
    order = (*(a for a in range(len(x.shape)) if a not in axis), *axis)
    moved = transpose(x, axes=order)
    kept = len(order) - len(axis)
    rows = reshape(moved, shape=(*moved.shape[:kept], shapes.size(moved.shape[kept:])))
    others = _product_before(rows, reverse=False) * _product_before(rows, reverse=True)
    return transpose(reshape(others, shape=moved.shape), axes=inverse_permutation(order))


def _product_before(rows: Any, reverse: bool) -> Any:
    last = len(rows.shape) - 1
    return before(cumprod(rows, axis=last, reverse=reverse), last, reverse, first=1)


prod = reduction(
    "prod",
    r"\prod_{\mathrm{axis}} x",
    _prod,
    Rule(
        reverse=lambda g, y, x, axis, keepdims: (
            expand(g, x.shape, axis) * conjugated(_product_of_others(x, axis))
        ),
        forward=lambda t, y, x, axis, keepdims: sum_(
            t * _product_of_others(x, axis), axis=axis, keepdims=keepdims
        ),
    ),
    shape=shapes.reduce,
    dtype=COUNTED,
    samples=(*_SAMPLES, *_COMPLEX),
)


def _share(y: Any, x: Any, axis: tuple[int, ...]) -> Any:
    """Each extreme element's share of the derivative: equal shares where several tie."""
    chosen = cast(equal(x, expand(y, x.shape, axis)), dtype=y.dtype)
    return chosen / sum_(chosen, axis=axis, keepdims=True)


_EXTREME = Rule(
    reverse=lambda g, y, x, axis, keepdims: expand(g, x.shape, axis) * _share(y, x, axis),
    forward=lambda t, y, x, axis, keepdims: sum_(t * _share(y, x, axis), axis=axis, keepdims=keepdims),
)
max_ = reduction("max", r"\max_{\mathrm{axis}} x", np.max, _EXTREME, domain=Distinct())
min_ = reduction("min", r"\min_{\mathrm{axis}} x", np.min, _EXTREME, domain=Distinct())

any_ = reduction(
    "any", r"\bigvee_{\mathrm{axis}} x", np.any, Zero(), shape=shapes.reduce, dtype=LOGIC, domain=BOOLS
)
all_ = reduction(
    "all", r"\bigwedge_{\mathrm{axis}} x", np.all, Zero(), shape=shapes.reduce, dtype=LOGIC, domain=BOOLS
)


def _first_index(pick: Callable[..., Any]) -> Callable[..., Any]:
    def definition(x: np.ndarray, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
        kept = [i for i in range(x.ndim) if i not in axis]
        folded = shapes.size(tuple(x.shape[i] for i in axis))
        rows = np.transpose(x, (*kept, *axis)).reshape([x.shape[i] for i in kept] + [folded])
        index = pick(rows, axis=-1)
        return np.expand_dims(index, axis) if keepdims else index

    return definition


_INDEX = DTypeRule("biuf", output=int64)
argmax = reduction(
    "argmax",
    r"\operatorname{arg\,max}_{\mathrm{axis}} x",
    _first_index(np.argmax),
    Zero(),
    dtype=_INDEX,
    domain=Distinct(),
)
argmin = reduction(
    "argmin",
    r"\operatorname{arg\,min}_{\mathrm{axis}} x",
    _first_index(np.argmin),
    Zero(),
    dtype=_INDEX,
    domain=Distinct(),
)
