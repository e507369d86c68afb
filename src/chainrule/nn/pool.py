r"""Pooling: the largest or the mean element of each window.

With kernel :math:`K`, stride :math:`s`, padding :math:`P` and dilation :math:`d`, an extent
:math:`H` becomes :math:`\lfloor (H + 2P - d (K - 1) - 1) / s \rfloor + 1`. With ``ceil_mode`` it
is rounded up, as far as each window begins inside the input or its padding before.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import FLAG, or_none
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Distinct, sample
from chainrule.errors import error
from chainrule.functions.reductions import mean
from chainrule.functions.shaping import expand_dims, squeeze
from chainrule.nn.checks import check_ndim
from chainrule.nn.conv import AXES, Sizes
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, PARTS, SIZES, Constraints, per_axis
from chainrule.nn.registry import layer
from chainrule.ops.contract import contract
from chainrule.ops.window import Axis, max_pool, sum_pool
from chainrule.tensor import Tensor


def _axes(
    name: str, x: Value, kernel: Sizes, stride: Sizes | None, padding: Sizes, dilation: Sizes, ceil: bool
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
    return [_with_last(axis) for axis in axes] if ceil else axes


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


def _params(axes: list[Axis]) -> dict[str, Any]:
    return {
        "window": tuple(a.k for a in axes),
        "stride": tuple(a.s for a in axes),
        "padding": tuple((a.lo, a.hi) for a in axes),
        "dilation": tuple(a.d for a in axes),
        "input_dilation": (1,) * len(axes),
    }


def _max_pool(
    space: int, x: Value, kernel: Sizes, stride: Any, padding: Sizes, dilation: Sizes, ceil: bool
) -> Any:
    name = f"max_pool{space}d"
    check_ndim(name, x, (space + 1, space + 2), AXES[space])
    batch = x if len(x.shape) == space + 2 else expand_dims(x, 0)
    y = max_pool(batch, **_params(_axes(name, batch, kernel, stride, padding, dilation, ceil)))
    return y if batch is x else squeeze(y, axis=0)


@composite(r"\max_{k} x_{s p + d k}")
def max_pool1d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Largest element of each window over one space axis; arguments as for `max_pool2d`."""
    return _max_pool(1, lift(input), kernel_size, stride, padding, dilation, ceil_mode)


@composite(r"\max_{k} x_{s p + d k}")
def max_pool2d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Largest element of each window over two space axes.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    kernel_size, stride, padding, dilation : int or pair
        The windows; the stride is the kernel size by default, and padding counts as -∞.
    ceil_mode : bool
        Whether to round the number of windows up.

    Raises
    ------
    ConfigError
        The padding is more than half of the window.
    ShapeError
        The window is larger than the padded input.
    """
    return _max_pool(2, lift(input), kernel_size, stride, padding, dilation, ceil_mode)


def _avg_pool(
    space: int, x: Value, kernel: Sizes, stride: Any, padding: Sizes, ceil: bool, include_pad: bool
) -> Any:
    name = f"avg_pool{space}d"
    check_ndim(name, x, (space + 1, space + 2), AXES[space])
    batch = x if len(x.shape) == space + 2 else expand_dims(x, 0)
    axes = _axes(name, batch, kernel, stride, padding, 1, ceil)
    y = sum_pool(batch, **_params(axes)) / _window_sizes(axes, include_pad, batch.dtype)
    return y if batch is x else squeeze(y, axis=0)


def _window_sizes(axes: list[Axis], include_pad: bool, dtype: np.dtype[Any]) -> Any:
    """Elements in each window: one number if they all have as many, otherwise an array."""
    counts = np.ones((1,) * len(axes), dtype)
    for i, axis in enumerate(axes):
        starts = np.arange(axis.m) * axis.s - axis.lo
        low, high = (-axis.lo, axis.n + axis.lo) if include_pad else (0, axis.n)
        within = np.minimum(starts + axis.k, high) - np.maximum(starts, low)
        counts = counts * np.expand_dims(within, [j for j in range(len(axes)) if j != i])
    return float(counts.flat[0]) if counts.size and np.ptp(counts) == 0 else counts.astype(dtype)


@composite(r"\frac{1}{|k|} \sum_{k} x_{s p + k}")
def avg_pool1d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Mean of each window over one space axis; arguments as for `avg_pool2d`."""
    return _avg_pool(1, lift(input), kernel_size, stride, padding, ceil_mode, count_include_pad)


@composite(r"\frac{1}{|k|} \sum_{k} x_{s p + k}")
def avg_pool2d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Mean of each window over two space axes.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    kernel_size, stride, padding : int or pair
        The windows; the stride is the kernel size by default.
    ceil_mode : bool
        Whether to round the number of windows up.
    count_include_pad : bool
        Whether the zeros of the padding count as elements.

    Raises
    ------
    ConfigError
        The padding is more than half of the window.
    ShapeError
        The window is larger than the padded input.
    """
    return _avg_pool(2, lift(input), kernel_size, stride, padding, ceil_mode, count_include_pad)


@composite(r"\frac{1}{|R_p|} \sum_{r \in R_p} x_r")
def adaptive_avg_pool2d(input: Any, output_size: Any) -> Tensor:
    r"""Mean over regions that divide each space axis into a given number of (nearly) equal parts.

    Region :math:`p` of :math:`m` parts of an extent :math:`n` goes from
    :math:`\lfloor p n / m \rfloor` up to :math:`\lceil (p + 1) n / m \rceil`.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    output_size : int or pair
        Number of parts; None in a pair keeps that axis.
    """
    x = lift(input)
    check_ndim("adaptive_avg_pool2d", x, (3, 4), AXES[2])
    pair = output_size if isinstance(output_size, tuple | list) else (output_size, output_size)
    parts = [n if m is None else m for n, m in zip(x.shape[-2:], pair, strict=True)]
    if parts == [1, 1]:
        return mean(x, axis=(-2, -1), keepdims=True)
    first = "ABC"[: len(x.shape) - 2]
    rows, columns = (_region_means(n, m, x.dtype) for n, m in zip(x.shape[-2:], parts, strict=True))
    y = contract(x, rows, spec=f"{first}hw,ph->{first}pw")
    return contract(y, columns, spec=f"{first}pw,qw->{first}pq")


def _region_means(n: int, m: int, dtype: np.dtype[Any]) -> np.ndarray:
    """The matrix (m, n) that takes the mean of each region."""
    matrix = np.zeros((m, n), dtype)
    for p in range(m):
        low, high = p * n // m, -(-(p + 1) * n // m)
        matrix[p, low:high] = 1 / (high - low)
    return matrix


class _MaxPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "kernel_size": SIZES,
        "stride": or_none(SIZES),
        "padding": PADDING,
        "dilation": SIZES,
        "ceil_mode": FLAG,
    }

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.ceil_mode = dilation, ceil_mode
        check_padding(type(self).__name__, self.space, kernel_size, padding, dilation)

    def forward(self, input: Any) -> Tensor:
        """The largest element of each window."""
        pool = {1: max_pool1d, 2: max_pool2d}[self.space]
        return pool(input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


@layer(
    max_pool1d,
    sample((2, 3, 7), domains=(Distinct(),), kernel_size=2),
    sample((3, 8), domains=(Distinct(),), kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
)
class MaxPool1d(_MaxPool):
    """Largest element of each window over one space axis: (N, C, L) or (C, L); see `MaxPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.MaxPool1d(2)(cr.tensor([[1.0, 3.0, 2.0, 5.0]]))
    tensor([[3., 5.]])
    """

    space = 1


@layer(
    max_pool2d,
    sample((2, 3, 6, 5), domains=(Distinct(),), kernel_size=2),
    sample(
        (1, 2, 7, 6), domains=(Distinct(),), kernel_size=(3, 2), stride=(2, 3), padding=(1, 0), ceil_mode=True
    ),
    sample((2, 6, 7), domains=(Distinct(),), kernel_size=2, dilation=(2, 1), stride=1),
)
class MaxPool2d(_MaxPool):
    r"""Largest element of each window over two space axes.

    .. math:: y_{n c p} = \max_k x_{n,\, c,\, s p + d k - P}

    Input (N, C, H, W) or (C, H, W). Where several elements of a window are largest, the
    derivative goes to the first.

    Parameters
    ----------
    kernel_size, stride, padding, dilation : int or pair
        The windows; the stride is the kernel size by default, and padding counts as -∞.
    ceil_mode : bool
        Whether to round the number of windows up.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.MaxPool2d(2)(cr.ones((1, 8, 28, 28))).shape
    (1, 8, 14, 14)
    """

    space = 2


class _AvgPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "kernel_size": SIZES,
        "stride": or_none(SIZES),
        "padding": PADDING,
        "ceil_mode": FLAG,
        "count_include_pad": FLAG,
    }

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        check_padding(type(self).__name__, self.space, kernel_size, padding)

    def forward(self, input: Any) -> Tensor:
        """The mean of each window."""
        pool = {1: avg_pool1d, 2: avg_pool2d}[self.space]
        options = (self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        return pool(input, self.kernel_size, *options)


@layer(
    avg_pool1d,
    sample((2, 3, 7), kernel_size=2),
    sample((3, 8), kernel_size=3, stride=2, padding=1, count_include_pad=False),
)
class AvgPool1d(_AvgPool):
    """Mean of each window over one space axis: (N, C, L) or (C, L); see `AvgPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AvgPool1d(2)(cr.tensor([[1.0, 3.0, 2.0, 6.0]]))
    tensor([[2., 4.]])
    """

    space = 1


@layer(
    avg_pool2d,
    sample((2, 3, 6, 5), kernel_size=2),
    sample((1, 2, 7, 6), kernel_size=(3, 2), stride=(2, 3), padding=(1, 0), ceil_mode=True),
    sample((2, 6, 7), kernel_size=3, stride=2, padding=1, count_include_pad=False, ceil_mode=True),
)
class AvgPool2d(_AvgPool):
    r"""Mean of each window over two space axes.

    .. math:: y_{n c p} = \frac{1}{|K|} \sum_k x_{n,\, c,\, s p + k - P}

    Input (N, C, H, W) or (C, H, W).

    Parameters
    ----------
    kernel_size, stride, padding : int or pair
        The windows; the stride is the kernel size by default.
    ceil_mode : bool
        Whether to round the number of windows up.
    count_include_pad : bool
        Whether the zeros of the padding count as elements.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AvgPool2d(2)(cr.ones((1, 8, 28, 28))).shape
    (1, 8, 14, 14)
    """

    space = 2


@layer(
    adaptive_avg_pool2d,
    sample((2, 3, 4, 5), output_size=1),
    sample((2, 3, 5, 7), output_size=(2, 3)),
    sample((3, 4, 5), output_size=(None, 2)),
)
class AdaptiveAvgPool2d(Module):
    r"""Mean over regions that divide each space axis into a given number of (nearly) equal parts.

    .. math:: y_p = \frac{1}{|R_p|} \sum_{r \in R_p} x_r

    Input (N, C, H, W) or (C, H, W); ``AdaptiveAvgPool2d(1)`` is the mean over all space.

    Parameters
    ----------
    output_size : int or pair
        Number of parts; None in a pair keeps that axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveAvgPool2d(1)(cr.ones((2, 8, 5, 7))).shape
    (2, 8, 1, 1)
    """

    constraints: ClassVar[Constraints] = {"output_size": PARTS}

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, input: Any) -> Tensor:
        """The mean of each region."""
        return adaptive_avg_pool2d(input, self.output_size)
