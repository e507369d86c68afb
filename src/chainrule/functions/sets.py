"""Tensors as sets: their different elements, and which of them are in another.

How many different elements there are depends on the values, so all but `isin` cannot be recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.core.interpreter import lift, wrap
from chainrule.functions import shaping
from chainrule.functions.indexing import getitem, take
from chainrule.functions.searching import known_elements, searchsorted
from chainrule.functions.sorting import sort
from chainrule.ops import pointwise
from chainrule.ops.index import gather
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

_INSTEAD = "cr.sort(x)"


class UniqueAll(NamedTuple):
    """The different elements, where each stands first, which one each element is, and how often it occurs."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """The different elements, and how often each occurs."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """The different elements, and which one each element is."""

    values: Tensor
    inverse_indices: Tensor


def unique(
    x: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
) -> Any:
    """The different elements in rising order, or the different slices along an axis.

    Each carries its derivative to the place where it stands first.

    Parameters
    ----------
    x : Tensor
        Any shape; flattened unless an axis is given.
    return_index, return_inverse, return_counts : bool
        Give also where each stands first, which one each element is, and how often each occurs.
    axis : int, optional
        Compare whole slices along it.
    equal_nan : bool
        Whether all NaN count as one.

    Examples
    --------
    >>> import chainrule as cr
    >>> values, counts = cr.unique(cr.tensor([3.0, 1.0, 3.0]), return_counts=True)
    >>> values, counts
    (tensor([1., 3.]), tensor([1, 2]))
    """
    found = _unique(x, axis, equal_nan)
    wanted = zip(found[1:], (return_index, return_inverse, return_counts), strict=True)
    extra = [part for part, is_wanted in wanted if is_wanted]
    return (found.values, *extra) if extra else found.values


def _unique(x: Any, axis: int | None, equal_nan: bool) -> UniqueAll:
    x = lift(x)
    elements = known_elements("unique", x, _INSTEAD)
    axis = None if axis is None else normalize_axis("unique", axis, len(x.shape), x.shape)
    _, first, inverse, counts = np.unique(elements, True, True, True, axis, equal_nan=equal_nan)
    inverse = inverse.reshape(x.shape if axis is None else x.shape[axis])
    return UniqueAll(take(x, first, axis), wrap(first), wrap(inverse), wrap(counts))


def unique_all(x: Any) -> UniqueAll:
    """As `unique` with everything that it can give; every NaN is different (array API standard)."""
    return _unique(x, None, equal_nan=False)


def unique_counts(x: Any) -> UniqueCounts:
    """The different elements and how often each occurs; every NaN is different (array API standard)."""
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Any) -> UniqueInverse:
    """The different elements and which one each element is; every NaN is different (array API standard)."""
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: Any) -> Tensor:
    """The different elements; every NaN is different (array API standard)."""
    return unique_all(x).values


def isin(x: Any, test_elements: Any, *, invert: bool = False) -> Tensor:
    """Whether each element is one of some others: looked up among these, sorted.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.isin(cr.tensor([1, 2, 3]), cr.tensor([3, 1]))
    tensor([ True, False,  True])
    """
    x, tests = lift(x), shaping.ravel(lift(test_elements))
    if not tests.shape[0]:
        return shaping.broadcast_to(lift(np.asarray(invert)), x.shape)
    ordered = sort(tests)
    place = pointwise.minimum(searchsorted(ordered, x), tests.shape[0] - 1)
    found = pointwise.equal(gather(ordered, place, axes=(0,)), x)
    return pointwise.logical_not(found) if invert else found


def union1d(x: Any, y: Any) -> Tensor:
    """The different elements of both, sorted."""
    return unique(shaping.concatenate([shaping.ravel(x), shaping.ravel(y)]))


def intersect1d(x: Any, y: Any) -> Tensor:
    """The different elements that stand in both, sorted."""
    values = unique(x)
    return getitem(values, isin(values, y))


def setdiff1d(x: Any, y: Any) -> Tensor:
    """The different elements of the first that are not in the second, sorted."""
    values = unique(x)
    return getitem(values, isin(values, y, invert=True))


def setxor1d(x: Any, y: Any) -> Tensor:
    """The different elements that stand in one of both only, sorted."""
    return union1d(setdiff1d(x, y), setdiff1d(y, x))
