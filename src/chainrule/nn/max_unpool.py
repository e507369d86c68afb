"""Max unpooling: elements put back where max pooling found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import or_none
from chainrule.core.interpreter import lift
from chainrule.core.sample import Integers, sample
from chainrule.errors import error
from chainrule.functions.shaping import broadcast_to, reshape
from chainrule.nn.checks import check_ndim
from chainrule.nn.module import Module
from chainrule.nn.options import PADDING, SIZES, Constraints, per_axis
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import AXES, Sizes
from chainrule.ops.scatter import scatter_set
from chainrule.ops.shapes import size
from chainrule.tensor import Tensor


@dataclass(frozen=True)
class Places(Integers):
    """Different places in each image, as max pooling without overlap finds them."""

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """For each image (all axes but the last ``axes``) the first of all its places in random order."""
        images, count = shape[: len(shape) - self.space], size(shape[len(shape) - self.space :])
        orders = [rng.permutation(int(self.high))[:count] for _ in range(size(images))]
        return np.asarray(orders, np.int64).reshape(shape)

    space: int = 2


def _unpooled(
    space: int,
    input: Any,
    indices: Any,
    kernel: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    output_size: Sequence[int] | None,
) -> Tensor:
    name = f"max_unpool{space}d"
    x, places = lift(input), lift(indices)
    check_ndim(name, x, (space + 1, space + 2), AXES[space])
    if places.shape != x.shape:
        raise error(
            "nn.unpool_indices", layer=name, remedy="", shapes={"input": x.shape, "indices": places.shape}
        )
    images = x.shape[: len(x.shape) - space]
    extents = _extents(name, x.shape[-space:], kernel, stride, padding, output_size)
    table = (size(images), size(extents))
    rows = np.arange(table[0])[:, None]
    empty = broadcast_to(lift(0, x.dtype), table)
    flat, at = (reshape(t, (table[0], size(x.shape[-space:]))) for t in (x, places))
    return reshape(scatter_set(empty, flat, rows, at, axes=(0, 1)), (*images, *extents))


def _extents(
    name: str,
    pooled: tuple[int, ...],
    kernel: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    output_size: Sequence[int] | None,
) -> tuple[int, ...]:
    """The given extents, or the smallest that pooling would bring to those of the input."""
    space = len(pooled)
    if output_size is not None:
        return per_axis(name, "output_size", tuple(output_size)[-space:], space)
    kernels = per_axis(name, "kernel_size", kernel, space)
    steps = per_axis(name, "stride", kernels if stride is None else stride, space)
    pads = per_axis(name, "padding", padding, space)
    return tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(pooled, steps, pads, kernels, strict=True))


@composite(r"\sum_{p : i_p = q} x_{p}")
def max_unpool1d(
    input: Any,
    indices: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements put back where `max_pool1d` found them; arguments as for `max_unpool2d`."""
    return _unpooled(1, input, indices, kernel_size, stride, padding, output_size)


@composite(r"\sum_{p : i_p = q} x_{p}")
def max_unpool2d(
    input: Any,
    indices: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements put back where `max_pool2d` found them, zeros elsewhere.

    Parameters
    ----------
    input : Tensor
        What pooling gave, (N, C, H, W) or (C, H, W).
    indices : Tensor
        Where it stood, as ``return_indices=True`` gives it; of two elements at one place the last counts.
    kernel_size, stride, padding : int or pair
        The windows of the pooling.
    output_size : sequence of int, optional
        The extents before pooling, which are not always known from those after it: the last of these count.

    Raises
    ------
    ShapeError
        Input and indices differ in shape.
    OutOfRangeError
        An index outside the result.
    """
    return _unpooled(2, input, indices, kernel_size, stride, padding, output_size)


@composite(r"\sum_{p : i_p = q} x_{p}")
def max_unpool3d(
    input: Any,
    indices: Any,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements put back where `max_pool3d` found them; arguments as for `max_unpool2d`."""
    return _unpooled(3, input, indices, kernel_size, stride, padding, output_size)


class _MaxUnpool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {
        "kernel_size": SIZES,
        "stride": or_none(SIZES),
        "padding": PADDING,
    }

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Tensor:
        """The elements at their places."""
        unpool = {1: max_unpool1d, 2: max_unpool2d, 3: max_unpool3d}[self.space]
        return unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size)


@layer(
    max_unpool1d,
    sample((2, 3, 4), (2, 3, 4), domains=(None, Places(0, 8, space=1)), kernel_size=2),
)
class MaxUnpool1d(_MaxUnpool):
    """Elements put back where `MaxPool1d` found them: (N, C, L) or (C, L); see `MaxUnpool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> y, places = nn.MaxPool1d(2, return_indices=True)(cr.tensor([[1.0, 3.0, 2.0, 5.0]]))
    >>> nn.MaxUnpool1d(2)(y, places)
    tensor([[0., 3., 0., 5.]])
    """

    space = 1


@layer(
    max_unpool2d,
    sample((2, 3, 2, 3), (2, 3, 2, 3), domains=(None, Places(0, 24)), kernel_size=2),
    sample((2, 3, 2), (2, 3, 2), domains=(None, Places(0, 21)), kernel_size=3, stride=(2, 2), padding=(0, 1)),
)
class MaxUnpool2d(_MaxUnpool):
    r"""Elements put back where `MaxPool2d` found them, zeros elsewhere.

    .. math:: y_q = \sum_{p \,:\, i_p = q} x_p

    Called with what pooling gave, (N, C, H, W) or (C, H, W), and the places that it gave with
    ``return_indices=True``; optionally ``output_size``, the extents before pooling.

    Parameters
    ----------
    kernel_size, stride, padding : int or pair
        The windows of the pooling.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> y, places = nn.MaxPool2d(2, return_indices=True)(cr.ones((1, 2, 6, 6)))
    >>> nn.MaxUnpool2d(2)(y, places).shape
    (1, 2, 6, 6)
    """

    space = 2


@layer(
    max_unpool3d,
    sample((1, 2, 2, 1, 3), (1, 2, 2, 1, 3), domains=(None, Places(0, 48, space=3)), kernel_size=2),
)
class MaxUnpool3d(_MaxUnpool):
    """Elements put back where `MaxPool3d` found them: (N, C, D, H, W) or (C, D, H, W); see `MaxUnpool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> y, places = nn.MaxPool3d(2, return_indices=True)(cr.ones((1, 2, 4, 4, 2)))
    >>> nn.MaxUnpool3d(2)(y, places).shape
    (1, 2, 4, 4, 2)
    """

    space = 3
