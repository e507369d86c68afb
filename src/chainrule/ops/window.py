r"""Windows: convolution and pooling over any number of space axes.

Layout is (batch, channels, \*space). All rows share the same geometry: an input axis of extent
:math:`n` is spread by ``input_dilation`` :math:`b` to :math:`(n-1)b+1`, padded by
:math:`(lo, hi)` (negative padding crops), and read by windows of :math:`k` taps,
``dilation`` :math:`d` apart, every ``stride`` :math:`s`:

.. math:: m = \left\lfloor \frac{(n-1)b + 1 + lo + hi - (k-1)d - 1}{s} \right\rfloor + 1

With it convolution and sum pooling are closed under differentiation: their derivatives are
convolutions and sum poolings again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.derivative import Linear, Multilinear, Rule, Zero
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import REALS as REAL_NUMBERS
from chainrule.core.sample import Distinct, Integers, Sample, sample
from chainrule.core.spec import Shape
from chainrule.dtypes import int64, letter
from chainrule.errors import error
from chainrule.ops import shapes
from chainrule.ops.move import flip, reshape, transpose
from chainrule.ops.types import REALS

Padding = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Axis:
    """The window geometry of one space axis; letters as in the module's formula."""

    n: int
    k: int
    s: int
    lo: int
    hi: int
    d: int
    b: int

    @property
    def spread(self) -> int:
        """Extent of the input after dilation, before padding."""
        return (self.n - 1) * self.b + 1 if self.n else 0

    @property
    def span(self) -> int:
        """Extent that one window covers."""
        return (self.k - 1) * self.d + 1

    @property
    def m(self) -> int:
        """Number of windows."""
        return (self.spread + self.lo + self.hi - self.span) // self.s + 1

    @property
    def is_apart(self) -> bool:
        """Whether windows are runs of elements that neither overlap nor reach over an end."""
        return self.k <= self.s and self.d == self.b == 1 and self.lo <= 0 and self.hi <= 0

    def to_input(self) -> tuple[int, int]:
        """Padding with which windows over the result lead back to the input."""
        lo = self.span - 1 - self.lo
        return lo, self.spread - ((self.m - 1) * self.s + 1) + self.span - 1 - lo

    def to_weight(self) -> tuple[int, int]:
        """Padding with which the input, read by the result, leads to the weight."""
        return self.lo, self.span + (self.m - 1) * self.s - self.spread - self.lo


def geometry(space: Shape, kernel: Shape, params: dict[str, Any]) -> tuple[Axis, ...]:
    """The geometry of every space axis."""
    rest = (params["stride"], params["padding"], params["dilation"], params["input_dilation"])
    return tuple(
        Axis(n, k, s, lo, hi, d, b) for n, k, s, (lo, hi), d, b in zip(space, kernel, *rest, strict=True)
    )


def _check_windows(op: Op, axes: Sequence[Axis], named: dict[str, Shape]) -> None:
    for i, axis in enumerate(axes):
        padded = axis.spread + axis.lo + axis.hi
        if axis.span > padded:
            raise error("ops.window", op=op.name, span=axis.span, axis=i + 2, extent=padded, shapes=named)


def _windows(x: np.ndarray, axes: Sequence[Axis], fill: float = 0) -> np.ndarray:
    """All windows as a view: (batch, channels, *m, *k)."""
    x = _crop_and_pad(x, axes, fill)
    space = tuple(range(2, x.ndim))
    view = np.lib.stride_tricks.sliding_window_view(x, tuple(a.span for a in axes), axis=space)
    steps = [slice(None), slice(None), *(slice(None, None, a.s) for a in axes)]
    taps = [slice(None, None, a.d) for a in axes]
    windows: np.ndarray = view[tuple(steps + taps)]
    return windows


def _crop_and_pad(x: np.ndarray, axes: Sequence[Axis], fill: float) -> np.ndarray:
    if all(a.b == 1 and a.lo == 0 and a.hi == 0 for a in axes):
        return x
    padded = np.full((*x.shape[:2], *(a.spread + a.lo + a.hi for a in axes)), fill, x.dtype)
    source, target = [slice(None)] * 2, [slice(None)] * 2
    for a in axes:
        first = max(0, -(a.lo // a.b))
        last = min(a.n - 1, (a.spread + a.hi - 1) // a.b)
        source.append(slice(first, max(first, last + 1)))
        start = a.lo + first * a.b
        target.append(slice(start, max(start, a.lo + last * a.b + 1), a.b))
    padded[tuple(target)] = x[tuple(source)]
    return padded


def _conv_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    x, w = found
    groups, space = params["groups"], len(params["stride"])
    named = {"input": x, "weight": w}
    for name, shape in named.items():
        if len(shape) != space + 2:
            values = {"expected": space + 2, "space": space, "got": len(shape)}
            raise error("ops.conv_ndim", op=op.name, name=name, **values, shapes=named)
    if x[1] != w[1] * groups:
        values = {"expected": w[1] * groups, "groups": groups, "got": x[1]}
        raise error("ops.conv_channels", op=op.name, **values, shapes=named)
    if w[0] % groups:
        raise error("ops.conv_groups", op=op.name, got=w[0], groups=groups, shapes=named)
    axes = geometry(x[2:], w[2:], params)
    _check_windows(op, axes, named)
    return (x[0], w[0], *(a.m for a in axes))


def _conv(x: np.ndarray, w: np.ndarray, groups: int, **params: Any) -> np.ndarray:
    windows = _windows(x, geometry(x.shape[2:], w.shape[2:], params))
    space = w.ndim - 2
    taps = (1, *range(2 + space, 2 + 2 * space))
    pairs = zip(np.split(windows, groups, axis=1), np.split(w, groups), strict=True)
    parts = [np.tensordot(part, kernel, (taps, (1, *range(2, w.ndim)))) for part, kernel in pairs]
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 1)


def _conv_to_input(g: Any, x: Any, w: Any, groups: int, **params: Any) -> Any:
    """Convolve the cotangent with the flipped weight, its channel roles exchanged."""
    axes = geometry(x.shape[2:], w.shape[2:], params)
    outs, ins, kernel = w.shape[0] // groups, w.shape[1], w.shape[2:]
    space = tuple(range(3, 3 + len(kernel)))
    split = reshape(w, shape=(groups, outs, ins, *kernel))
    exchanged = reshape(transpose(split, axes=(0, 2, 1, *space)), shape=(groups * ins, outs, *kernel))
    return conv(
        g,
        flip(exchanged, axis=tuple(range(2, 2 + len(kernel)))),
        stride=params["input_dilation"],
        padding=tuple(a.to_input() for a in axes),
        dilation=params["dilation"],
        input_dilation=params["stride"],
        groups=groups,
    )


def _conv_to_weight(g: Any, x: Any, w: Any, groups: int, **params: Any) -> Any:
    """Convolve the input with the cotangent; the batch takes the place of the channels."""
    axes = geometry(x.shape[2:], w.shape[2:], params)
    exchanged = conv(
        _batch_as_channels(x, groups, (2, 1, 0)),
        _batch_as_channels(g, groups, (1, 2, 0)),
        stride=params["dilation"],
        padding=tuple(a.to_weight() for a in axes),
        dilation=params["stride"],
        input_dilation=params["input_dilation"],
        groups=groups,
    )
    return transpose(exchanged, axes=(1, 0, *range(2, len(x.shape))))


def _batch_as_channels(x: Any, groups: int, order: tuple[int, int, int]) -> Any:
    """Split channels into groups, (N, groups, C, …), and merge two of the axes in another order."""
    n, c, *space = x.shape
    split = reshape(x, shape=(n, groups, c // groups, *space))
    moved = transpose(split, axes=(*order, *range(3, 3 + len(space))))
    a, b, last = (split.shape[i] for i in order)
    moved_to_input = order == (2, 1, 0)
    return reshape(moved, shape=(a, b * last, *space) if moved_to_input else (a * b, last, *space))


def _conv_cost(found: tuple[Shape, ...], output: Shape, params: dict[str, Any]) -> int:
    return 2 * shapes.size(output) * shapes.size(found[1][1:])


def conv_params(
    stride: Shape,
    padding: Padding,
    dilation: Shape | None = None,
    input_dilation: Shape | None = None,
) -> dict[str, Any]:
    """The geometry parameters of a row, dilations 1 unless given."""
    ones = (1,) * len(stride)
    return {
        "stride": stride,
        "padding": padding,
        "dilation": ones if dilation is None else dilation,
        "input_dilation": ones if input_dilation is None else input_dilation,
    }


_CONV_SAMPLES: tuple[Sample, ...] = (
    sample((2, 3, 5, 4), (4, 3, 3, 2), groups=1, **conv_params((1, 1), ((0, 0), (0, 0)))),
    sample((1, 2, 6, 5), (4, 1, 3, 2), groups=2, **conv_params((2, 1), ((1, 0), (2, 1)))),
    sample((2, 1, 7), (2, 1, 2), groups=1, **conv_params((3,), ((0, 1),), (2,))),
    sample((2, 4, 3), (2, 2, 3), groups=2, **conv_params((2,), ((2, 1),), (1,), (2,))),
    sample((1, 2, 4), (3, 2, 1), groups=1, **conv_params((1,), ((2, -1),))),
    sample((0, 2, 4), (3, 2, 2), groups=1, **conv_params((1,), ((0, 0),))),
)

conv = Op(
    name="conv",
    family="window",
    args=("x", "w"),
    formula=r"\sum_{c, k} x_{c,\, s p + d k} \, w_{c, k}",
    shape=_conv_shape,
    dtype=REALS,
    numpy=_conv,
    derivative=Multilinear(_conv_to_input, _conv_to_weight),
    samples=_CONV_SAMPLES,
    cost=_conv_cost,
)


def _pool_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    (x,), space = found, len(params["window"])
    if len(x) != space + 2:
        values = {"expected": space + 2, "space": space, "got": len(x)}
        raise error("ops.conv_ndim", op=op.name, name="input", **values, shapes={"input": x})
    axes = geometry(x[2:], params["window"], params)
    _check_windows(op, axes, {"input": x})
    return (*x[:2], *(a.m for a in axes))


def _pool_cost(found: tuple[Shape, ...], output: Shape, params: dict[str, Any]) -> int:
    return shapes.size(output) * shapes.size(params["window"])


def _sum_pool(x: np.ndarray, window: Shape, **params: Any) -> np.ndarray:
    windows = _windows(x, geometry(x.shape[2:], window, params))
    return np.asarray(np.sum(windows, axis=tuple(range(x.ndim, windows.ndim)), dtype=x.dtype))


def _sum_pool_transpose(g: Any, x: Any, window: Shape, **params: Any) -> Any:
    axes = geometry(x.shape[2:], window, params)
    back = conv_params(
        params["input_dilation"], tuple(a.to_input() for a in axes), params["dilation"], params["stride"]
    )
    return sum_pool(g, window=window, **back)


sum_pool = Op(
    name="sum_pool",
    family="window",
    args=("x",),
    formula=r"\sum_{k} x_{s p + d k}",
    shape=_pool_shape,
    dtype=REALS,
    numpy=_sum_pool,
    derivative=Linear(_sum_pool_transpose),
    samples=(
        sample((2, 3, 5, 4), window=(2, 3), **conv_params((2, 1), ((0, 1), (1, 1)))),
        sample((1, 2, 7), window=(2,), **conv_params((3,), ((0, 0),), (2,))),
        sample((2, 1, 4), window=(3,), **conv_params((2,), ((1, 2),), (1,), (2,))),
        sample((0, 1, 4), window=(3,), **conv_params((1,), ((0, 0),))),
    ),
    cost=_pool_cost,
)


def _lowest(dtype: np.dtype[Any]) -> float:
    return -np.inf if letter(dtype) == "f" else np.iinfo(dtype).min


def _max_pool(x: np.ndarray, window: Shape, **params: Any) -> np.ndarray:
    windows = _windows(x, geometry(x.shape[2:], window, params), _lowest(x.dtype))
    return np.asarray(np.max(windows, axis=tuple(range(x.ndim, windows.ndim))))


def _pool_index_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    shape = _pool_shape(op, found, params)
    if not all(map(_reaches_elements, geometry(found[0][2:], params["window"], params))):
        raise error("ops.empty_window", op=op.name, shapes={"input": found[0], "window": params["window"]})
    return shape


def _reaches_elements(axis: Axis) -> bool:
    """Whether each window has an element, and not padding or gaps alone."""
    places = axis.s * np.arange(axis.m)[:, None] + axis.d * np.arange(axis.k) - axis.lo
    is_element = (places >= 0) & (places < axis.spread) & (places % axis.b == 0)
    return bool(is_element.any(axis=1).all())


def _pool_index(x: np.ndarray, window: Shape, **params: Any) -> np.ndarray:
    """Position of each window's first largest element, counted through the input's space axes."""
    axes = geometry(x.shape[2:], window, params)
    is_element = _taps_last(_windows(np.ones_like(x, bool), axes), window)
    elements = _taps_last(_windows(x, axes, _lowest(x.dtype)), window)
    largest = elements.max(axis=-1, keepdims=True)
    first = (is_element & ((elements == largest) | (elements != elements))).argmax(axis=-1)
    taps, starts = np.unravel_index(first, window), np.indices(first.shape, sparse=True)[2:]
    places = [(a.s * p + a.d * t - a.lo) // a.b for a, p, t in zip(axes, starts, taps, strict=True)]
    return np.asarray(np.ravel_multi_index(places, x.shape[2:]))


def _taps_last(windows: np.ndarray, window: Shape) -> np.ndarray:
    """Windows with all their taps along one axis: (batch, channels, *m, taps)."""
    return windows.reshape(*windows.shape[: -len(window)], shapes.size(window))


_MAX_SAMPLES = (
    sample((2, 3, 5, 4), window=(2, 3), **conv_params((2, 1), ((0, 1), (1, 1)))),
    sample((1, 2, 7), window=(2,), **conv_params((3,), ((0, 0),), (2,))),
    sample((2, 1, 4), window=(3,), **conv_params((1,), ((1, 0),))),
    sample((1, 2, 3, 4), window=(2, 3), **conv_params((1, 2), ((0, 0), (1, 0)), (1, 2), (2, 3))),
    sample((0, 1, 4), window=(3,), **conv_params((1,), ((0, 0),))),
)

pool_index = Op(
    name="pool_index",
    family="window",
    args=("x",),
    formula=r"\operatorname{arg\,max}_{k} x_{s p + d k}",
    shape=_pool_index_shape,
    dtype=DTypeRule("iuf", output=int64),
    numpy=_pool_index,
    derivative=Zero(),
    domain=(Distinct(),),
    samples=_MAX_SAMPLES,
    cost=_pool_cost,
)


def _pool_tap(x: np.ndarray, window: Shape, **params: Any) -> np.ndarray:
    """Number of the first largest tap of each window, counted through the window's axes."""
    windows = _windows(x, geometry(x.shape[2:], window, params), _lowest(x.dtype))
    return np.asarray(_taps_last(windows, window).argmax(axis=-1))


pool_tap = Op(
    name="pool_tap",
    family="window",
    args=("x",),
    formula=r"\operatorname{arg\,max}_{k} x_{s p + d k}",
    shape=_pool_shape,
    dtype=DTypeRule("iuf", output=int64),
    numpy=_pool_tap,
    derivative=Zero(),
    domain=(Distinct(),),
    samples=_MAX_SAMPLES,
    cost=_pool_cost,
)


def _chosen(t: np.ndarray, space: Shape, window: Shape, params: dict[str, Any]) -> tuple[Any, np.ndarray]:
    """Which places of the input the chosen taps are, and which of them are inside it and no zero between."""
    axes = geometry(space, window, params)
    taps = np.unravel_index(t, window)
    starts: Sequence[np.ndarray] = np.indices(t.shape, sparse=True)
    inside = np.ones(t.shape, bool)
    places = list(starts[:2])
    for a, start, tap in zip(axes, list(starts)[2:], taps, strict=True):
        place = a.s * start + a.d * tap - a.lo
        inside &= (place >= 0) & (place < a.spread) & (place % a.b == 0)
        places.append(place // a.b)
    return tuple(np.where(inside, place, 0) for place in places), inside


def _pool_read(x: np.ndarray, t: np.ndarray, window: Shape, **params: Any) -> np.ndarray:
    if not x.size:
        return np.zeros(t.shape, x.dtype)
    places, inside = _chosen(t, x.shape[2:], window, params)
    return np.asarray(np.where(inside, x[places], x.dtype.type(0)))


def _pool_write(g: np.ndarray, t: np.ndarray, space: Shape, window: Shape, **params: Any) -> np.ndarray:
    result = np.zeros((*g.shape[:2], *space), g.dtype)
    if result.size:
        places, inside = _chosen(t, space, window, params)
        np.add.at(result, places, np.where(inside, g, g.dtype.type(0)))
    return result


def _tap_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    space = params.get("space", found[0][2:])
    taps = _pool_shape(op, ((*found[1][:2], *space),), params)
    first = found[0] if "space" in params else (*found[0][:2], *taps[2:])
    if taps != found[1] or first != found[1]:
        named = dict(zip(op.args, found, strict=True))
        raise error("ops.pool_taps", op=op.name, expected=taps, got=found[1], shapes=named)
    return (*found[1][:2], *space) if "space" in params else found[1]


def _tap_samples(writes: bool) -> tuple[Sample, ...]:
    """Windows as for the maximum, and a tap for each."""
    found = []
    for case in _MAX_SAMPLES:
        (shape,) = case.shapes
        axes = geometry(shape[2:], case.params["window"], case.params)
        taps = (*shape[:2], *(a.m for a in axes))
        space = {"space": shape[2:]} if writes else {}
        domains = (REAL_NUMBERS, Integers(0, shapes.size(case.params["window"])))
        found.append(Sample((taps if writes else shape, taps), {**case.params, **space}, domains))
    return tuple(found)


_OF_TAPS = DTypeRule("biufc", separate=(1,), separate_kinds="iu")
pool_read: Op = Op(
    name="pool_read",
    family="window",
    args=("x", "t"),
    formula=r"x_{s p + d t_{p}}",
    shape=_tap_shape,
    dtype=_OF_TAPS,
    numpy=_pool_read,
    derivative=Linear(lambda g, x, t, **params: pool_write(g, t, space=x.shape[2:], **params)),
    samples=_tap_samples(writes=False),
)
pool_write: Op = Op(
    name="pool_write",
    family="window",
    args=("g", "t"),
    formula=r"\sum_{p : s p + d t_{p} = q} g_{p}",
    shape=_tap_shape,
    dtype=_OF_TAPS,
    numpy=_pool_write,
    derivative=Linear(lambda h, g, t, space, **params: pool_read(h, t, **params)),
    samples=_tap_samples(writes=True),
    cost=lambda inputs, output, params: shapes.size(inputs[0]),
)


def _at_maximum(t: Any, y: Any, x: Any, **params: Any) -> Any:
    """Read a tensor where each window has its first maximum."""
    return pool_read(t, pool_tap(x, **params), **params)


def _to_maximum(g: Any, y: Any, x: Any, **params: Any) -> Any:
    """Add a cotangent where each window has its first maximum."""
    return pool_write(g, pool_tap(x, **params), space=x.shape[2:], **params)


max_pool = Op(
    name="max_pool",
    family="window",
    args=("x",),
    formula=r"\max_{k} x_{s p + d k}",
    shape=_pool_shape,
    dtype=REALS,
    numpy=_max_pool,
    derivative=Rule(reverse=_to_maximum, forward=_at_maximum),
    domain=(Distinct(),),
    samples=_MAX_SAMPLES,
    cost=_pool_cost,
)
