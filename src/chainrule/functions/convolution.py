"""Transposed convolution over any number of space axes, made of the one row of convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.rearranging import flip
from chainrule.functions.shaping import reshape, swapaxes
from chainrule.ops import messages_structure  # noqa: F401  (registers the messages used here)
from chainrule.ops.window import conv, conv_params

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


@composite(r"\sum_{c, k : s q + d k - P = p} x_{c,\, q} \, W_{c o k}")
def conv_transpose(
    x: Any,
    weight: Any,
    *,
    stride: Sequence[int],
    padding: Sequence[int],
    output_padding: Sequence[int],
    dilation: Sequence[int],
    groups: int = 1,
) -> Tensor:
    r"""The transpose of a convolution: each element is spread over a window of the result.

    .. math:: y_{n, o, p} = \sum_{c,\, q,\, k \,:\, s q + d k - P = p} x_{n, c, q} \, W_{c o k},
        \qquad m = (n - 1) s - 2 P + d (K - 1) + P_o + 1

    It is the convolution of the input, spread by the stride, with the weight flipped and its channels
    exchanged.

    Parameters
    ----------
    x : Tensor
        (N, C, \*space).
    weight : Tensor
        :math:`W`, (C, out / groups, \*K).
    stride, padding, output_padding, dilation : sequence of int
        :math:`s, P, P_o, d`, each with one number for each space axis; ``output_padding`` adds elements at
        the end, which a stride leaves open.
    groups : int
        Parts into which the channels fall, each convolved by itself.

    Raises
    ------
    ShapeError
        Channels do not fit, or nothing is left of the result.

    Examples
    --------
    >>> import chainrule as cr
    >>> one = {"padding": [0], "output_padding": [0], "dilation": [1]}
    >>> cr.conv_transpose(cr.tensor([[[1.0, 2.0]]]), cr.tensor([[[1.0, 10.0]]]), stride=[2], **one)
    tensor([[[ 1., 10.,  2., 20.]]])
    """
    x, weight = lift(x), lift(weight)
    _check(x.shape, weight.shape, groups, len(stride))
    kernel = weight.shape[2:]
    sides = [d * (k - 1) - p for d, k, p in zip(dilation, kernel, padding, strict=True)]
    widths = tuple((side, side + more) for side, more in zip(sides, output_padding, strict=True))
    spread = conv_params((1,) * len(kernel), widths, tuple(dilation), tuple(stride))
    return conv(x, _exchanged(weight, groups), groups=groups, **spread)


def _check(x: tuple[int, ...], weight: tuple[int, ...], groups: int, space: int) -> None:
    named = {"input": x, "weight": weight}
    for name, shape in named.items():
        if len(shape) != space + 2:
            values = {"expected": space + 2, "space": space, "got": len(shape)}
            raise error("ops.conv_ndim", op="conv_transpose", name=name, **values, shapes=named)
    if x[1] != weight[0] or x[1] % groups:
        values = {"expected": weight[0], "got": x[1], "groups": groups}
        raise error("structure.conv_transpose", **values, shapes=named)


def _exchanged(weight: Any, groups: int) -> Tensor:
    """The weight flipped, (C, out / groups, …) turned to (out, C / groups, …)."""
    channels, outs, *kernel = weight.shape
    split = reshape(weight, (groups, channels // groups, outs, *kernel))
    exchanged = reshape(swapaxes(split, 1, 2), (groups * outs, channels // groups, *kernel))
    return flip(exchanged, tuple(range(2, 2 + len(kernel))))
