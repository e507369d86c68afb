"""Average pooling: the mean of each window."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG, or_none
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import sample
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, SIZES, Constraints
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import Sizes, batched, check_padding, window_axes, window_params
from chainrule.ops.window import Axis, sum_pool
from chainrule.tensor import Tensor


def _avg_pool(
    space: int,
    x: Value,
    kernel: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    ceil_mode: bool,
    include_pad: bool,
    divisor: int | None = None,
) -> Any:
    name = f"avg_pool{space}d"

    def pooled(batch: Any) -> Any:
        axes = window_axes(name, batch, kernel, stride, padding, ceil_mode=ceil_mode)
        count = _window_sizes(axes, include_pad, batch.dtype) if divisor is None else float(divisor)
        return sum_pool(batch, **window_params(axes)) / count

    return batched(name, space, x, pooled)


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
    divisor_override: int | None = None,
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
    divisor_override : int, optional
        What to divide each sum by, in place of the number of elements.

    Raises
    ------
    ConfigError
        The padding is more than half of the window.
    ShapeError
        The window is larger than the padded input.
    """
    options = (ceil_mode, count_include_pad, divisor_override)
    return _avg_pool(2, lift(input), kernel_size, stride, padding, *options)


@composite(r"\frac{1}{|k|} \sum_{k} x_{s p + k}")
def avg_pool3d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Mean of each window over three space axes; arguments as for `avg_pool2d`."""
    options = (ceil_mode, count_include_pad, divisor_override)
    return _avg_pool(3, lift(input), kernel_size, stride, padding, *options)


class _AvgPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "kernel_size": SIZES,
        "stride": or_none(SIZES),
        "padding": PADDING,
        "ceil_mode": FLAG,
        "count_include_pad": FLAG,
        "divisor_override": or_none(COUNT),
    }

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override
        check_padding(type(self).__name__, self.space, kernel_size, padding)

    def forward(self, input: Any) -> Tensor:
        """The mean of each window."""
        pool = {2: avg_pool2d, 3: avg_pool3d}[self.space]
        options = (self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        return pool(input, self.kernel_size, *options, self.divisor_override)


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
    constraints: ClassVar[Constraints] = {
        name: allowed for name, allowed in _AvgPool.constraints.items() if name != "divisor_override"
    }

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)

    def forward(self, input: Any) -> Tensor:
        """The mean of each window."""
        options = (self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        return avg_pool1d(input, self.kernel_size, *options)


@layer(
    avg_pool2d,
    sample((2, 3, 6, 5), kernel_size=2),
    sample((1, 2, 7, 6), kernel_size=(3, 2), stride=(2, 3), padding=(1, 0), ceil_mode=True),
    sample((2, 6, 7), kernel_size=3, stride=2, padding=1, count_include_pad=False, ceil_mode=True),
    sample((2, 3, 4), kernel_size=2, divisor_override=3),
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
    divisor_override : int, optional
        What to divide each sum by, in place of the number of elements.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AvgPool2d(2)(cr.ones((1, 8, 28, 28))).shape
    (1, 8, 14, 14)
    """

    space = 2


@layer(
    avg_pool3d,
    sample((1, 2, 4, 5, 3), kernel_size=2),
    sample((2, 4, 5, 3), kernel_size=(2, 3, 1), stride=(1, 2, 2), padding=(1, 1, 0), count_include_pad=False),
)
class AvgPool3d(_AvgPool):
    """Mean of each window over three space axes: (N, C, D, H, W) or (C, D, H, W); see `AvgPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AvgPool3d(2)(cr.ones((1, 8, 4, 6, 6))).shape
    (1, 8, 2, 3, 3)
    """

    space = 3
