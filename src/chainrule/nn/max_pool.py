"""Max pooling: the largest element of each window."""

from __future__ import annotations

from typing import Any, ClassVar

from chainrule.core.composite import composite
from chainrule.core.constraint import FLAG, or_none
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Distinct, sample
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, SIZES, Constraints
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import Sizes, batched, check_padding, window_axes, window_params
from chainrule.ops.window import max_pool, pool_index


def _max_pool(space: int, x: Value, kernel: Sizes, *options: Any) -> Any:
    name = f"max_pool{space}d"
    *geometry, return_indices = options

    def pooled(batch: Any) -> Any:
        params = window_params(window_axes(name, batch, kernel, *geometry))
        largest = max_pool(batch, **params)
        return (largest, pool_index(batch, **params)) if return_indices else largest

    return batched(name, space, x, pooled)


@composite(r"\max_{k} x_{s p + d k}")
def max_pool1d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest element of each window over one space axis; arguments as for `max_pool2d`."""
    return _max_pool(1, lift(input), kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@composite(r"\max_{k} x_{s p + d k}")
def max_pool2d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest element of each window over two space axes.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    kernel_size, stride, padding, dilation : int or pair
        The windows; the stride is the kernel size by default, and padding counts as -∞.
    ceil_mode : bool
        Whether to round the number of windows up.
    return_indices : bool
        Whether to give the pair (largest elements, where they stand): indices into the flattened space axes,
        as `max_unpool2d` takes them.

    Raises
    ------
    ConfigError
        The padding is more than half of the window.
    ShapeError
        The window is larger than the padded input.
    """
    return _max_pool(2, lift(input), kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@composite(r"\max_{k} x_{s p + d k}")
def max_pool3d(
    input: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest element of each window over three space axes; arguments as for `max_pool2d`."""
    return _max_pool(3, lift(input), kernel_size, stride, padding, dilation, ceil_mode, return_indices)


class _MaxPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "kernel_size": SIZES,
        "stride": or_none(SIZES),
        "padding": PADDING,
        "dilation": SIZES,
        "return_indices": FLAG,
        "ceil_mode": FLAG,
    }

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.return_indices, self.ceil_mode = dilation, return_indices, ceil_mode
        check_padding(type(self).__name__, self.space, kernel_size, padding, dilation)

    def forward(self, input: Any) -> Any:
        """The largest element of each window, and where it stands if that is asked for."""
        pool = {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}[self.space]
        geometry = (self.stride, self.padding, self.dilation, self.ceil_mode)
        return pool(input, self.kernel_size, *geometry, self.return_indices)


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
    return_indices : bool
        Whether to give the pair (largest elements, where they stand), the second for `MaxUnpool2d`.
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


@layer(
    max_pool3d,
    sample((1, 2, 4, 5, 3), domains=(Distinct(),), kernel_size=2),
    sample((2, 4, 5, 3), domains=(Distinct(),), kernel_size=(2, 3, 1), stride=(1, 2, 2), padding=(1, 1, 0)),
)
class MaxPool3d(_MaxPool):
    """Largest element of each window over three space axes: (N, C, D, H, W) or (C, D, H, W); see `MaxPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.MaxPool3d(2)(cr.ones((1, 8, 4, 6, 6))).shape
    (1, 8, 2, 3, 3)
    """

    space = 3
