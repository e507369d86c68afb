r"""Adaptive pooling: each space axis is divided into a given number of (nearly) equal parts.

Region :math:`p` of :math:`m` parts of an extent :math:`n` goes from :math:`\lfloor p n / m \rfloor` up to
:math:`\lceil (p + 1) n / m \rceil`; neighbours may share an element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import FLAG
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Distinct, sample
from chainrule.errors import error
from chainrule.functions.indexing import take, take_along_axis
from chainrule.functions.reductions import argmax, mean
from chainrule.functions.shaping import expand_dims, reshape, squeeze
from chainrule.nn.module import Module
from chainrule.nn.options import PARTS, Constraints
from chainrule.nn.registry import layer
from chainrule.nn.window_axes import batched
from chainrule.ops.contract import contract
from chainrule.tensor import Tensor


def _per_axis(name: str, output_size: Any, space: int) -> tuple[int | None, ...]:
    """The number of parts of every space axis; None keeps an axis."""
    several = tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * space
    if len(several) != space:
        raise error("nn.per_axis", layer=name, option="output_size", space=space, got=several)
    return several


def _parts(name: str, x: Value, output_size: Any, space: int) -> list[int]:
    several = _per_axis(name, output_size, space)
    return [n if m is None else int(m) for n, m in zip(x.shape[-space:], several, strict=True)]


def _region(p: int, n: int, m: int) -> tuple[int, int]:
    return p * n // m, -(-(p + 1) * n // m)


def _region_means(n: int, m: int, dtype: np.dtype[Any]) -> np.ndarray:
    """The matrix (m, n) that takes the mean of each region."""
    matrix = np.zeros((m, n), dtype)
    for p in range(m):
        low, high = _region(p, n, m)
        matrix[p, low:high] = 1 / (high - low)
    return matrix


def _adaptive_avg_pool(space: int, x: Value, output_size: Any) -> Any:
    name = f"adaptive_avg_pool{space}d"

    def pooled(batch: Any) -> Any:
        parts = _parts(name, batch, output_size, space)
        if parts == [1] * space:
            return mean(batch, axis=tuple(range(-space, 0)), keepdims=True)
        for axis, m in enumerate(parts, 2):
            batch = _averaged(batch, axis, m)
        return batch

    return batched(name, space, x, pooled)


def _averaged(x: Any, axis: int, m: int) -> Tensor:
    letters = "ABCDE"[: len(x.shape)]
    means = _region_means(x.shape[axis], m, x.dtype)
    return contract(x, means, spec=f"{letters},p{letters[axis]}->{letters[:axis]}p{letters[axis + 1 :]}")


@composite(r"\frac{1}{|R_p|} \sum_{r \in R_p} x_r")
def adaptive_avg_pool1d(input: Any, output_size: Any) -> Tensor:
    """Mean of each region of one space axis; see `adaptive_avg_pool2d`."""
    return _adaptive_avg_pool(1, lift(input), output_size)


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
    return _adaptive_avg_pool(2, lift(input), output_size)


@composite(r"\frac{1}{|R_p|} \sum_{r \in R_p} x_r")
def adaptive_avg_pool3d(input: Any, output_size: Any) -> Tensor:
    """Mean of each region of three space axes; see `adaptive_avg_pool2d`."""
    return _adaptive_avg_pool(3, lift(input), output_size)


def _adaptive_max_pool(space: int, x: Value, output_size: Any, return_indices: bool) -> Any:
    name = f"adaptive_max_pool{space}d"

    def pooled(batch: Any) -> Any:
        parts = _parts(name, batch, output_size, space)
        places = _region_places(batch.shape[2:], parts)
        flat = reshape(batch, (*batch.shape[:2], -1))
        regions = take(flat, places, -1)
        first = expand_dims(argmax(regions, -1), -1)
        largest = reshape(take_along_axis(regions, first, -1), (*batch.shape[:2], *parts))
        if not return_indices:
            return largest
        rows = np.arange(len(places))
        return largest, reshape(lift(places)[rows, squeeze(first, -1)], largest.shape)

    return batched(name, space, x, pooled)


def _region_places(extents: Sequence[int], parts: Sequence[int]) -> np.ndarray:
    """Indices into the flattened space axes of the elements of each region: (regions, elements).

    Regions that are smaller than the largest one name their last element again.
    """
    places = np.zeros((1, 1), np.int64)
    for n, m in zip(extents, parts, strict=True):
        bounds = np.array([_region(p, n, m) for p in range(m)])
        longest = (bounds[:, 1] - bounds[:, 0]).max()
        of_axis = np.minimum(bounds[:, :1] + np.arange(longest), bounds[:, 1:] - 1)
        both = places[:, None, :, None] * n + of_axis[None, :, None, :]
        places = both.reshape(places.shape[0] * m, -1)
    return places


@composite(r"\max_{r \in R_p} x_r")
def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Largest element of each region of one space axis; see `adaptive_max_pool2d`."""
    return _adaptive_max_pool(1, lift(input), output_size, return_indices)


@composite(r"\max_{r \in R_p} x_r")
def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Largest element of each region, as `adaptive_avg_pool2d` has them.

    Parameters
    ----------
    input : Tensor
        (N, C, H, W) or (C, H, W).
    output_size : int or pair
        Number of parts; None in a pair keeps that axis.
    return_indices : bool
        Whether to give the pair (largest elements, their indices into the flattened space axes).
    """
    return _adaptive_max_pool(2, lift(input), output_size, return_indices)


@composite(r"\max_{r \in R_p} x_r")
def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Largest element of each region of three space axes; see `adaptive_max_pool2d`."""
    return _adaptive_max_pool(3, lift(input), output_size, return_indices)


class _AdaptiveAvgPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {"output_size": PARTS}

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size
        _per_axis(type(self).__name__, output_size, self.space)

    def forward(self, input: Any) -> Tensor:
        """The mean of each region."""
        pool = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}[self.space]
        return pool(input, self.output_size)


@layer(adaptive_avg_pool1d, sample((2, 3, 7), output_size=3), sample((3, 5), output_size=1))
class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Mean of each region of one space axis: (N, C, L) or (C, L); see `AdaptiveAvgPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveAvgPool1d(2)(cr.tensor([[1.0, 2.0, 3.0, 6.0]]))
    tensor([[1.5, 4.5]])
    """

    space = 1


@layer(
    adaptive_avg_pool2d,
    sample((2, 3, 4, 5), output_size=1),
    sample((2, 3, 5, 7), output_size=(2, 3)),
    sample((3, 4, 5), output_size=(None, 2)),
)
class AdaptiveAvgPool2d(_AdaptiveAvgPool):
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

    space = 2


@layer(
    adaptive_avg_pool3d,
    sample((1, 2, 4, 5, 3), output_size=2),
    sample((2, 3, 5, 4), output_size=(2, None, 3)),
)
class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Mean of each region of three space axes: (N, C, D, H, W) or (C, D, H, W); see `AdaptiveAvgPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveAvgPool3d((1, 2, 2))(cr.ones((2, 8, 3, 5, 7))).shape
    (2, 8, 1, 2, 2)
    """

    space = 3


class _AdaptiveMaxPool(Module):
    space: ClassVar[int]
    constraints: ClassVar[Constraints] = {"output_size": PARTS, "return_indices": FLAG}

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        self.output_size, self.return_indices = output_size, return_indices
        _per_axis(type(self).__name__, output_size, self.space)

    def forward(self, input: Any) -> Any:
        """The largest element of each region, and where it stands if that is asked for."""
        pool = {1: adaptive_max_pool1d, 2: adaptive_max_pool2d, 3: adaptive_max_pool3d}[self.space]
        return pool(input, self.output_size, self.return_indices)


@layer(adaptive_max_pool1d, sample((2, 3, 7), domains=(Distinct(),), output_size=3))
class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Largest element of each region of one space axis: (N, C, L) or (C, L); see `AdaptiveMaxPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveMaxPool1d(2)(cr.tensor([[1.0, 2.0, 3.0, 6.0]]))
    tensor([[2., 6.]])
    """

    space = 1


@layer(
    adaptive_max_pool2d,
    sample((2, 3, 5, 7), domains=(Distinct(),), output_size=(2, 3)),
    sample((3, 4, 5), domains=(Distinct(),), output_size=(None, 2)),
)
class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    r"""Largest element of each of a given number of (nearly) equal parts of each space axis.

    .. math:: y_p = \max_{r \in R_p} x_r

    Input (N, C, H, W) or (C, H, W). The regions are those of `AdaptiveAvgPool2d`.

    Parameters
    ----------
    output_size : int or pair
        Number of parts; None in a pair keeps that axis.
    return_indices : bool
        Whether to give the pair (largest elements, where they stand).

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveMaxPool2d((2, None))(cr.ones((2, 8, 5, 7))).shape
    (2, 8, 2, 7)
    """

    space = 2


@layer(adaptive_max_pool3d, sample((2, 3, 5, 4), domains=(Distinct(),), output_size=(2, None, 3)))
class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Largest element of each region of three space axes; see `AdaptiveMaxPool2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.AdaptiveMaxPool3d(1)(cr.ones((2, 8, 3, 5, 7))).shape
    (2, 8, 1, 1, 1)
    """

    space = 3
