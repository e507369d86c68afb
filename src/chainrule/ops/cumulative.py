r"""Running folds along one axis: each result holds what came before it, and has the shape of the argument.

Every row takes one ``axis``, and those that are linear in something also ``reverse``: then they run from the
last step to the first. With it the sums, the products and the linear recurrence are closed under
differentiation: the derivative of each is a recurrence the other way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Derivative, Linear, Rule, conjugated, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, REALS, Distinct, Domain, Sample, sample
from chainrule.core.spec import Shape
from chainrule.dtypes import DType, int64, letter, uint64
from chainrule.errors import error
from chainrule.ops import messages_structure, shapes  # noqa: F401  (registers the messages used here)
from chainrule.ops.index import gather, scatter_add
from chainrule.ops.move import pad, slice_
from chainrule.ops.pointwise import equal, where
from chainrule.ops.types import NUMBERS, ORDERED

_PLAIN = (sample((2, 5), axis=1), sample((4, 1, 3), axis=0), sample((1, 2), axis=0), sample((3, 0), axis=1))


def counted(found: tuple[DType, ...], params: dict[str, Any]) -> DType:
    """Sums and products of bools and small integers are 64-bit integers; other types stay."""
    return {"b": int64, "i": int64, "u": uint64}.get(letter(found[0]), found[0])


COUNTED = DTypeRule("biufc", output=counted)


def _samples(*reverses: bool, **special: Any) -> tuple[Sample, ...]:
    return tuple(
        Sample(case.shapes, {**case.params, "reverse": reverse}, **special)
        for case in _PLAIN
        for reverse in reverses
    )


def cumulative(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    derivative: Derivative,
    *,
    dtype: DTypeRule = COUNTED,
    domain: Domain = REALS,
    samples: tuple[Sample, ...],
) -> Op:
    """One row that folds the elements up to each place along ``axis`` of its argument ``x``."""
    return Op(
        name=name,
        family="cumulative",
        args=("x",),
        formula=formula,
        shape=shapes.same,
        dtype=dtype,
        numpy=numpy,
        derivative=derivative,
        domain=(domain,),
        samples=samples,
        cost=lambda inputs, output, params: shapes.size(output),
    )


def before(x: Any, axis: int, reverse: bool, first: float = 0) -> Any:
    """The element of the step before at each place; ``first`` where there is none."""
    ndim, extent = len(x.shape), x.shape[axis]
    if extent == 0:
        return x
    start, stop = [0] * ndim, list(x.shape)
    low, high = [0] * ndim, [0] * ndim
    start[axis], stop[axis] = (1, extent) if reverse else (0, extent - 1)
    low[axis], high[axis] = (0, 1) if reverse else (1, 0)
    kept = slice_(x, start=tuple(start), stop=tuple(stop), step=(1,) * ndim)
    moved = pad(kept, low=tuple(low), high=tuple(high), interior=(0,) * ndim)
    if first == 0:
        return moved
    return where(_is_at(x, axis, extent - 1 if reverse else 0), first, moved)


def _is_at(x: Any, axis: int, place: int) -> np.ndarray:
    return np.asarray(_places(x, axis) == place)


def _places(x: Any, axis: int) -> np.ndarray:
    """Numbers of the steps, along ``axis`` of as many axes as ``x`` has."""
    return np.arange(x.shape[axis]).reshape([-1 if a == axis else 1 for a in range(len(x.shape))])


def _backwards(x: np.ndarray, axis: int, reverse: bool) -> np.ndarray:
    return np.flip(x, axis) if reverse else x


def _cumsum(x: np.ndarray, axis: int, reverse: bool) -> np.ndarray:
    forward = np.cumsum(_backwards(x, axis, reverse), axis, dtype=counted((x.dtype,), {}))
    return _backwards(forward, axis, reverse)


cumsum: Op = cumulative(
    "cumsum",
    r"\sum_{s \le t} x_{s}",
    _cumsum,
    Linear(lambda g, x, axis, reverse: cumsum(g, axis=axis, reverse=not reverse)),
    samples=(*_samples(False, True), *_samples(False, domains=(COMPLEX,))),
)


def _linear_scan_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    a, b = found
    if a != b:
        raise error("structure.linear_scan", shapes={"a": a, "b": b})
    return b


def _linear_scan(a: np.ndarray, b: np.ndarray, axis: int, reverse: bool) -> np.ndarray:
    result = np.empty_like(b)
    factors, terms, steps = (np.moveaxis(_backwards(x, axis, reverse), axis, 0) for x in (a, b, result))
    for t in range(len(steps)):
        steps[t] = factors[t] * steps[t - 1] + terms[t] if t else terms[t]
    return result


def _linear_scan_reverse(g: Any, h: Any, a: Any, b: Any, axis: int, reverse: bool) -> tuple[Any, Any]:
    """The adjoint state: what each step's result means for the last ones."""
    later = before(conjugated(a), axis, not reverse)
    adjoint = linear_scan(later, g, axis=axis, reverse=not reverse)
    return adjoint * conjugated(before(h, axis, reverse)), adjoint


def _linear_scan_forward(t: tuple[Any, Any], h: Any, a: Any, b: Any, axis: int, reverse: bool) -> Any:
    by_a, by_b = t
    moved = zeros_like(b) if by_b is None else by_b
    moved = moved if by_a is None else moved + by_a * before(h, axis, reverse)
    return linear_scan(a, moved, axis=axis, reverse=reverse)


linear_scan: Op = Op(
    name="linear_scan",
    family="cumulative",
    args=("a", "b"),
    formula="a_{t} h_{t-1} + b_{t}",
    shape=_linear_scan_shape,
    dtype=NUMBERS,
    numpy=_linear_scan,
    derivative=Rule(reverse=_linear_scan_reverse, forward=_linear_scan_forward, reached=(0, 1)),
    samples=tuple(
        Sample(case.shapes * 2, case.params, case.domains * 2)
        for case in (*_samples(False, True), *_samples(True, domains=(COMPLEX,)))
    ),
    cost=lambda inputs, output, params: 2 * shapes.size(output),
)


def _cumprod(x: np.ndarray, axis: int, reverse: bool) -> np.ndarray:
    forward = np.cumprod(_backwards(x, axis, reverse), axis, dtype=counted((x.dtype,), {}))
    return _backwards(forward, axis, reverse)


def _cumprod_reverse(g: Any, y: Any, x: Any, axis: int, reverse: bool) -> Any:
    r"""From :math:`y_t = x_t y_{t-1}`, so that no division meets a zero."""
    later = before(conjugated(x), axis, not reverse)
    adjoint = linear_scan(later, g, axis=axis, reverse=not reverse)
    return adjoint * conjugated(before(y, axis, reverse, first=1))


def _cumprod_forward(t: Any, y: Any, x: Any, axis: int, reverse: bool) -> Any:
    return linear_scan(x, t * before(y, axis, reverse, first=1), axis=axis, reverse=reverse)


cumprod: Op = cumulative(
    "cumprod",
    r"\prod_{s \le t} x_{s}",
    _cumprod,
    Rule(reverse=_cumprod_reverse, forward=_cumprod_forward),
    samples=(*_samples(False, True), *_samples(False, domains=(COMPLEX,))),
)


def _index_of_extreme(x: Any, y: Any, axis: int) -> list[Any]:
    """Where each running extreme stands: for every axis of ``x`` an index."""
    steps = np.broadcast_to(_places(x, axis), x.shape)
    reached = where(equal(x, y), steps, 0)
    return [cummax(reached, axis=axis) if a == axis else _places(x, a) for a in range(len(x.shape))]


_EXTREME = Rule(
    reverse=lambda g, y, x, axis: scatter_add(
        g, *_index_of_extreme(x, y, axis), axes=tuple(range(len(x.shape))), shape=x.shape
    ),
    forward=lambda t, y, x, axis: gather(t, *_index_of_extreme(x, y, axis), axes=tuple(range(len(x.shape)))),
)
cummax: Op = cumulative(
    "cummax",
    r"\max_{s \le t} x_{s}",
    lambda x, axis: np.maximum.accumulate(x, axis),
    _EXTREME,
    dtype=ORDERED,
    domain=Distinct(),
    samples=_PLAIN,
)
cummin = cumulative(
    "cummin",
    r"\min_{s \le t} x_{s}",
    lambda x, axis: np.minimum.accumulate(x, axis),
    _EXTREME,
    dtype=ORDERED,
    domain=Distinct(),
    samples=_PLAIN,
)
