r"""The geometry that all pooling shares.

With kernel :math:`K`, stride :math:`s`, padding :math:`P` and dilation :math:`d`, an extent
:math:`H` becomes :math:`\lfloor (H + 2P - d (K - 1) - 1) / s \rfloor + 1`. With ``ceil_mode`` it
is rounded up, as far as each window begins inside the input or its padding before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions.shaping import expand_dims, squeeze
from chainrule.nn.checks import check_ndim
from chainrule.nn.options import per_axis
from chainrule.ops.window import Axis

Sizes = int | Sequence[int]
AXES = {1: "(N, C, L) or (C, L)", 2: "(N, C, H, W) or (C, H, W)", 3: "(N, C, D, H, W) or (C, D, H, W)"}


def window_axes(
    name: str,
    x: Value,
    kernel: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> list[Axis]:
    """The window geometry of every space axis."""
    space = len(x.shape) - 2
    check_padding(name, space, kernel, padding, dilation)
    kernel = per_axis(name, "kernel_size", kernel, space)
    steps = per_axis(name, "stride", kernel if stride is None else stride, space)
    pads, spreads = per_axis(name, "padding", padding, space), per_axis(name, "dilation", dilation, space)
    axes = [
        Axis(n, k, s, p, p, d, 1)
        for n, k, s, p, d in zip(x.shape[2:], kernel, steps, pads, spreads, strict=True)
    ]
    return [_with_last(axis) for axis in axes] if ceil_mode else axes


def check_padding(name: str, space: int, kernel: Sizes, padding: Sizes, dilation: Sizes = 1) -> None:
    """Refuse options that do not fit the space axes, or windows that could lie wholly outside the input."""
    kernels, pads = per_axis(name, "kernel_size", kernel, space), per_axis(name, "padding", padding, space)
    spreads = per_axis(name, "dilation", dilation, space)
    for k, p, d in zip(kernels, pads, spreads, strict=True):
        most = (d * (k - 1) + 1) // 2
        if p > most:
            raise error("nn.pool_padding", layer=name, padding=p, most=most, kernel=k, remedy="")


def _with_last(axis: Axis) -> Axis:
    """One more window, if elements are left over and it would begin before the padding behind."""
    start = axis.m * axis.s
    left_over = axis.n + 2 * axis.lo - axis.span - (axis.m - 1) * axis.s
    if left_over <= 0 or start >= axis.n + axis.lo:
        return axis
    return Axis(axis.n, axis.k, axis.s, axis.lo, start + axis.span - axis.n - axis.lo, axis.d, axis.b)


def window_params(axes: Sequence[Axis]) -> dict[str, Any]:
    """The geometry as the parameters of a pooling row."""
    return {
        "window": tuple(a.k for a in axes),
        "stride": tuple(a.s for a in axes),
        "padding": tuple((a.lo, a.hi) for a in axes),
        "dilation": tuple(a.d for a in axes),
        "input_dilation": (1,) * len(axes),
    }


def batched(name: str, space: int, x: Value, function: Callable[[Any], Any]) -> Any:
    """A function of (N, C, *space) for input that may come without N."""
    check_ndim(name, x, (space + 1, space + 2), AXES[space])
    if len(x.shape) == space + 2:
        return function(x)
    found = function(expand_dims(x, 0))
    if isinstance(found, tuple):
        return tuple(squeeze(part, axis=0) for part in found)
    return squeeze(found, axis=0)
