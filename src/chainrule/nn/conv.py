"""Convolution over one, two or three space axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG, one_of
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import sample
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.padding import pad
from chainrule.functions.shaping import reshape
from chainrule.nn import init
from chainrule.nn.checks import check_axis
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, SIZES, Constraints, or_words, per_axis
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import Sizes, batched
from chainrule.ops.shapes import size
from chainrule.ops.window import conv
from chainrule.tensor import Tensor

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def padding_pairs(
    layer: str, padding: Sizes | str, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Elements to add before and after each space axis; ``same`` puts the odd one after."""
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        if any(s != 1 for s in stride):
            raise error("nn.same_stride", layer=layer, stride=tuple(stride), remedy="")
        totals = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((n, n) for n in per_axis(layer, "padding", padding, len(kernel)))


def _convolve(
    space: int,
    x: Value,
    weight: Value,
    bias: Any,
    stride: Sizes,
    padding: Sizes | str,
    dilation: Sizes,
    groups: int,
) -> Any:
    name = f"conv{space}d"

    def convolved(batch: Any) -> Any:
        shapes = {"input": batch.shape, "weight": weight.shape}
        check_axis(name, 1, batch.shape[1], weight.shape[1] * groups, shapes)
        strides = per_axis(name, "stride", stride, space)
        dilations = per_axis(name, "dilation", dilation, space)
        return conv(
            batch,
            weight,
            stride=strides,
            padding=padding_pairs(name, padding, weight.shape[2:], strides, dilations),
            dilation=dilations,
            input_dilation=(1,) * space,
            groups=groups,
        )

    result = batched(name, space, x, convolved)
    return result if bias is None else result + reshape(bias, (-1, *(1,) * space))


@composite(r"\sum_{c, k} x_{c,\, s p + d k} \, W_{o c k} + b_o")
def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) over one space axis; arguments as for `conv2d`."""
    return _convolve(1, lift(input), lift(weight), bias, stride, padding, dilation, groups)


@composite(r"\sum_{c, k} x_{c,\, s p + d k} \, W_{o c k} + b_o")
def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    r"""Convolution (cross-correlation) over two space axes.

    .. math:: y_{n o p} = \sum_{c, k} x_{n,\, c,\, s p + d k - P} \, W_{o c k} + b_o

    Parameters
    ----------
    input : Tensor
        :math:`x`, (N, C, H, W) or (C, H, W).
    weight : Tensor
        :math:`W`, (out, C / groups, KH, KW).
    bias : Tensor, optional
        :math:`b`, (out,).
    stride, dilation : int or pair
        :math:`s, d`: steps between windows, and between the elements of one.
    padding : int, pair, "valid" or "same"
        :math:`P`: zeros added on each side; ``same`` keeps the extent (stride 1 only).
    groups : int
        Parts into which the channels fall, each convolved by itself.

    Raises
    ------
    ShapeError
        Channels do not fit, or the window is larger than the padded input.
    """
    return _convolve(2, lift(input), lift(weight), bias, stride, padding, dilation, groups)


@composite(r"\sum_{c, k} x_{c,\, s p + d k} \, W_{o c k} + b_o")
def conv3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) over three space axes; arguments as for `conv2d`."""
    return _convolve(3, lift(input), lift(weight), bias, stride, padding, dilation, groups)


class _Conv(Module):
    """What convolutions over any number of space axes share."""

    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "in_channels": COUNT,
        "out_channels": COUNT,
        "kernel_size": SIZES,
        "stride": SIZES,
        "padding": or_words(PADDING, "same", "valid"),
        "dilation": SIZES,
        "groups": COUNT,
        "bias": FLAG,
        "padding_mode": one_of(*PADDING_MODES),
    }

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
    ) -> None:
        name, space = type(self).__name__, self.space
        self.padding_mode = padding_mode
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = per_axis(name, "kernel_size", kernel_size, space)
        self.stride = per_axis(name, "stride", stride, space)
        self.dilation = per_axis(name, "dilation", dilation, space)
        self.padding = padding if isinstance(padding, str) else per_axis(name, "padding", padding, space)
        self._check_options()
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(np.zeros(shape, np.float32))
        self.bias = Parameter(np.zeros(out_channels, np.float32)) if bias else None
        self.reset_parameters()

    def _check_options(self) -> None:
        name = type(self).__name__
        for option in ("in_channels", "out_channels"):
            got = getattr(self, option)
            if got % self.groups:
                raise error("nn.groups", layer=name, option=option, got=got, groups=self.groups)
        padding_pairs(name, self.padding, self.kernel_size, self.stride, self.dilation)

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        bound = 1 / math.sqrt(size(self.weight.shape[1:]))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any) -> Tensor:
        """The convolution of the input."""
        convolve = {1: conv1d, 2: conv2d, 3: conv3d}[self.space]
        padding: Sizes | str = self.padding
        if self.padding_mode != "zeros":
            input, padding = self._padded(lift(input)), 0
        return convolve(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _padded(self, x: Any) -> Tensor:
        """The input with what the mode puts around it."""
        pairs = padding_pairs(type(self).__name__, self.padding, self.kernel_size, self.stride, self.dilation)
        others = max(len(x.shape) - self.space, 0)
        return pad(x, [(0, 0)] * others + list(pairs)[-len(x.shape) :], self.padding_mode)

    def extra_repr(self) -> str:
        """The options; stride, padding and the rest only where they are not the default."""
        ones, shown = (1,) * self.space, [f"{self.in_channels}, {self.out_channels}"]
        shown.append(f"kernel_size={self.kernel_size}")
        defaults = {"stride": ones, "padding": (0,) * self.space, "dilation": ones, "groups": 1}
        defaults["padding_mode"] = "zeros"
        shown += [f"{k}={getattr(self, k)!r}" for k, v in defaults.items() if getattr(self, k) != v]
        return ", ".join(shown if self.bias is not None else [*shown, "bias=False"])

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key != "nn.axis" or self.groups != 1:
            return ""
        layer = f"{type(self).__name__}({problem.values['got']}, {self.out_channels}, {self.kernel_size})"
        return text("nn.did_you_mean", layer=layer)


_CHANNELS: dict[str, Any] = {"in_channels": 3, "out_channels": 6}


@layer(
    conv1d,
    sample((2, 3, 7), **_CHANNELS, kernel_size=2),
    sample(
        (1, 4, 8), in_channels=4, out_channels=6, kernel_size=3, stride=2, padding=2, dilation=2, groups=2
    ),
    sample((3, 5), **_CHANNELS, kernel_size=4, padding="same", bias=False),
    sample((2, 3, 5), **_CHANNELS, kernel_size=3, padding=2, padding_mode="circular"),
)
class Conv1d(_Conv):
    """Convolution over one space axis: (N, C, L) or (C, L); see `Conv2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Conv1d(3, 8, 5, padding="same")(cr.ones((2, 3, 20))).shape
    (2, 8, 20)
    """

    space = 1


@layer(
    conv2d,
    sample((2, 3, 6, 5), **_CHANNELS, kernel_size=2),
    sample((1, 4, 6, 7), in_channels=4, out_channels=2, kernel_size=(3, 2), stride=(2, 1), padding=(1, 2)),
    sample((2, 4, 7, 5), in_channels=4, out_channels=6, kernel_size=3, dilation=(2, 1), groups=2, padding=1),
    sample((3, 4, 5), **_CHANNELS, kernel_size=(2, 3), padding="same", bias=False),
    sample((1, 3, 4, 5), **_CHANNELS, kernel_size=3, padding=(2, 1), padding_mode="reflect"),
    sample((3, 4, 5), **_CHANNELS, kernel_size=3, padding="same", padding_mode="replicate"),
)
class Conv2d(_Conv):
    r"""Convolution over two space axes.

    .. math:: y_{n o p} = \sum_{c, k} x_{n,\, c,\, s p + d k - P} \, W_{o c k} + b_o

    Input (N, C, H, W) or (C, H, W). Each output extent is
    :math:`\lfloor (H + 2P - d (K - 1) - 1) / s \rfloor + 1`.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels before and after.
    kernel_size : int or pair
        :math:`K`, extent of the window.
    stride, dilation : int or pair
        :math:`s, d`: steps between windows, and between the elements of one.
    padding : int, pair, "valid" or "same"
        :math:`P`: zeros added on each side; ``same`` keeps the extent (stride 1 only).
    groups : int
        Parts into which the channels fall, each convolved by itself.
    bias : bool
        Whether to add :math:`b`.
    padding_mode : str
        What is added around: ``"zeros"``, ``"reflect"`` (mirrored at the last element), ``"replicate"``
        (the last element again) or ``"circular"`` (from the other end).

    Attributes
    ----------
    weight : Parameter
        :math:`W`, (out_channels, in_channels / groups, K, K); at first :math:`U(-k, k)`,
        :math:`k = 1 / \sqrt{n}` with :math:`n` elements in one output channel's kernel.
    bias : Parameter or None
        :math:`b`, (out_channels,); at first likewise.

    Raises
    ------
    ConfigError
        Options outside their range; groups that do not divide the channels; ``same`` with a stride.
    ShapeError
        When called: channels do not fit, or the window is larger than the padded input.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Conv2d(1, 8, 3, padding=1)(cr.ones((2, 1, 28, 28))).shape
    (2, 8, 28, 28)
    """

    space = 2


@layer(
    conv3d,
    sample((1, 3, 4, 3, 5), **_CHANNELS, kernel_size=2),
    sample(
        (2, 4, 5, 3),
        in_channels=2,
        out_channels=4,
        kernel_size=(2, 3, 1),
        stride=(2, 1, 1),
        padding=1,
        groups=2,
    ),
)
class Conv3d(_Conv):
    """Convolution over three space axes: (N, C, D, H, W) or (C, D, H, W); see `Conv2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Conv3d(1, 8, 3, padding=1)(cr.ones((2, 1, 6, 7, 8))).shape
    (2, 8, 6, 7, 8)
    """

    space = 3
