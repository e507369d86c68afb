"""Transposed convolution over one, two or three space axes."""

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
from chainrule.functions.convolution import conv_transpose
from chainrule.functions.shaping import reshape
from chainrule.nn import init
from chainrule.nn.checks import check_axis
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, SIZES, Constraints, per_axis
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import Sizes, batched
from chainrule.ops.shapes import size
from chainrule.tensor import Tensor


def _convolve(space: int, x: Value, weight: Value, bias: Any, groups: int, **options: Sizes) -> Any:
    name = f"conv_transpose{space}d"
    geometry = {key: per_axis(name, key, value, space) for key, value in options.items()}
    _check_open_places(name, geometry)

    def convolved(batch: Any) -> Any:
        check_axis(name, 1, batch.shape[1], weight.shape[0], {"input": batch.shape, "weight": weight.shape})
        return conv_transpose(batch, weight, groups=groups, **geometry)

    result = batched(name, space, x, convolved)
    return result if bias is None else result + reshape(bias, (-1, *(1,) * space))


def _check_open_places(name: str, geometry: dict[str, tuple[int, ...]]) -> None:
    """Refuse to add more at the end than a stride or a dilation leaves open."""
    for more, s, d in zip(geometry["output_padding"], geometry["stride"], geometry["dilation"], strict=True):
        if more >= max(s, d):
            raise error("nn.output_padding", layer=name, got=more, stride=s, dilation=d, remedy="")


@composite(r"\sum_{c, k : s q + d k = p} x_{c,\, q} \, W_{c o k} + b_o")
def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution over one space axis; arguments as for `conv_transpose2d`."""
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return _convolve(1, lift(input), lift(weight), bias, groups, **options)


@composite(r"\sum_{c, k : s q + d k = p} x_{c,\, q} \, W_{c o k} + b_o")
def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    r"""Transposed convolution over two space axes: each element is spread over a window.

    .. math:: y_{n o p} = \sum_{c,\, q,\, k \,:\, s q + d k - P = p} x_{n c q} \, W_{c o k} + b_o

    Parameters
    ----------
    input : Tensor
        :math:`x`, (N, C, H, W) or (C, H, W).
    weight : Tensor
        :math:`W`, (C, out / groups, KH, KW).
    bias : Tensor, optional
        :math:`b`, (out,).
    stride, dilation : int or pair
        :math:`s, d`: steps between windows, and between the elements of one.
    padding : int or pair
        :math:`P`: elements of the result left out on each side.
    output_padding : int or pair
        Elements added at the end; fewer than the stride or the dilation.
    groups : int
        Parts into which the channels fall, each convolved by itself.

    Raises
    ------
    ShapeError
        Channels do not fit.
    ConfigError
        An output padding of the stride or more.
    """
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return _convolve(2, lift(input), lift(weight), bias, groups, **options)


@composite(r"\sum_{c, k : s q + d k = p} x_{c,\, q} \, W_{c o k} + b_o")
def conv_transpose3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution over three space axes; arguments as for `conv_transpose2d`."""
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return _convolve(3, lift(input), lift(weight), bias, groups, **options)


class _ConvTranspose(Module):
    """What transposed convolutions over any number of space axes share."""

    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "in_channels": COUNT,
        "out_channels": COUNT,
        "kernel_size": SIZES,
        "stride": SIZES,
        "padding": PADDING,
        "output_padding": PADDING,
        "groups": COUNT,
        "bias": FLAG,
        "dilation": SIZES,
        "padding_mode": one_of("zeros"),
    }

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
    ) -> None:
        name, space = type(self).__name__, self.space
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = per_axis(name, "kernel_size", kernel_size, space)
        self.stride, self.padding = (
            per_axis(name, "stride", stride, space),
            per_axis(name, "padding", padding, space),
        )
        self.output_padding = per_axis(name, "output_padding", output_padding, space)
        self.dilation, self.padding_mode = per_axis(name, "dilation", dilation, space), padding_mode
        for option in ("in_channels", "out_channels"):
            if getattr(self, option) % groups:
                raise error("nn.groups", layer=name, option=option, got=getattr(self, option), groups=groups)
        shape = (in_channels, out_channels // groups, *self.kernel_size)
        self.weight = Parameter(np.zeros(shape, np.float32))
        self.bias = Parameter(np.zeros(out_channels, np.float32)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        bound = 1 / math.sqrt(size(self.weight.shape[1:]))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any, output_size: Sequence[int] | None = None) -> Tensor:
        """The transposed convolution of the input; ``output_size`` names the extents of the result."""
        x = lift(input)
        more = self.output_padding if output_size is None else self._missing(x.shape, tuple(output_size))
        function = {1: conv_transpose1d, 2: conv_transpose2d, 3: conv_transpose3d}[self.space]
        geometry = (self.stride, self.padding, more, self.groups, self.dilation)
        return function(x, self.weight, self.bias, *geometry)

    def _missing(self, shape: tuple[int, ...], output_size: tuple[int, ...]) -> tuple[int, ...]:
        """The output padding with which the result has the wanted extents."""
        name, wanted = (
            type(self).__name__,
            per_axis(type(self).__name__, "output_size", output_size[-self.space :], self.space),
        )
        axes = zip(
            *(shape[-self.space :], self.stride, self.padding, self.dilation, self.kernel_size), strict=True
        )
        least = tuple((n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in axes)
        most = tuple(low + s - 1 for low, s in zip(least, self.stride, strict=True))
        if not all(low <= n <= high for low, n, high in zip(least, wanted, most, strict=True)):
            raise error("nn.output_size", layer=name, got=wanted, least=least, most=most, remedy="")
        return tuple(n - low for n, low in zip(wanted, least, strict=True))

    def extra_repr(self) -> str:
        """The options; stride, padding and the rest only where they are not the default."""
        ones, zeros = (1,) * self.space, (0,) * self.space
        shown = [f"{self.in_channels}, {self.out_channels}", f"kernel_size={self.kernel_size}"]
        defaults: dict[str, Any] = {"stride": ones, "padding": zeros, "output_padding": zeros}
        defaults |= {"groups": 1, "dilation": ones}
        shown += [f"{k}={getattr(self, k)!r}" for k, v in defaults.items() if getattr(self, k) != v]
        return ", ".join(shown if self.bias is not None else [*shown, "bias=False"])

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key != "nn.axis" or self.groups != 1:
            return ""
        layer = f"{type(self).__name__}({problem.values['got']}, {self.out_channels}, {self.kernel_size})"
        return text("nn.did_you_mean", layer=layer)


_CHANNELS: dict[str, Any] = {"in_channels": 3, "out_channels": 6}


@layer(
    conv_transpose1d,
    sample((2, 3, 5), **_CHANNELS, kernel_size=3, stride=2, dilation=2),
    sample(
        (4, 3), in_channels=4, out_channels=6, kernel_size=3, stride=3, padding=1, output_padding=2, groups=2
    ),
)
class ConvTranspose1d(_ConvTranspose):
    """Transposed convolution over one space axis: (N, C, L) or (C, L); see `ConvTranspose2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.ConvTranspose1d(3, 8, 4, stride=2)(cr.ones((2, 3, 10))).shape
    (2, 8, 22)
    """

    space = 1


@layer(
    conv_transpose2d,
    sample((2, 3, 4, 3), **_CHANNELS, kernel_size=3, stride=2, dilation=2),
    sample(
        (1, 3, 3, 4), **_CHANNELS, kernel_size=(3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2)
    ),
    sample((2, 3, 2), in_channels=2, out_channels=4, kernel_size=2, dilation=(2, 1), groups=2, bias=False),
)
class ConvTranspose2d(_ConvTranspose):
    r"""Transposed convolution over two space axes: each element is spread over a window.

    .. math:: y_{n o p} = \sum_{c,\, q,\, k \,:\, s q + d k - P = p} x_{n c q} \, W_{c o k} + b_o

    Input (N, C, H, W) or (C, H, W). Each output extent is
    :math:`(H - 1) s - 2P + d (K - 1) + P_o + 1`. With an ``output_size`` in the call, the output
    padding :math:`P_o` is chosen so that the result has these extents.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels before and after.
    kernel_size : int or pair
        :math:`K`, extent of the window.
    stride, dilation : int or pair
        :math:`s, d`: steps between windows, and between the elements of one.
    padding : int or pair
        :math:`P`: elements of the result left out on each side.
    output_padding : int or pair
        :math:`P_o`: elements added at the end; fewer than the stride or the dilation.
    groups : int
        Parts into which the channels fall, each convolved by itself.
    bias : bool
        Whether to add :math:`b`.
    padding_mode : str
        ``"zeros"``, the only one that a transposed convolution has.

    Attributes
    ----------
    weight : Parameter
        :math:`W`, (in_channels, out_channels / groups, K, K); at first :math:`U(-k, k)`,
        :math:`k = 1 / \sqrt{n}` with :math:`n` elements in one input channel's kernel.
    bias : Parameter or None
        :math:`b`, (out_channels,); at first likewise.

    Raises
    ------
    ConfigError
        Options outside their range; groups that do not divide the channels; too much output padding.
    ShapeError
        When called: channels do not fit.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> grow = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1)
    >>> grow(cr.ones((2, 8, 7, 7))).shape
    (2, 4, 13, 13)
    >>> grow(cr.ones((2, 8, 7, 7)), output_size=(14, 14)).shape
    (2, 4, 14, 14)
    """

    space = 2


@layer(
    conv_transpose3d,
    sample((1, 3, 2, 3, 2), **_CHANNELS, kernel_size=2, stride=2, dilation=2),
    sample((2, 2, 3, 2), in_channels=2, out_channels=2, kernel_size=(1, 2, 3), padding=(0, 1, 1), groups=2),
)
class ConvTranspose3d(_ConvTranspose):
    """Transposed convolution over three space axes: (N, C, D, H, W) or (C, D, H, W); see `ConvTranspose2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.ConvTranspose3d(3, 4, 2, stride=2)(cr.ones((1, 3, 2, 3, 4))).shape
    (1, 4, 4, 6, 8)
    """

    space = 3
