"""Names of the array API standard for what has an older name in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.ops import messages_structure as messages_structure
from chainrule.ops import pointwise

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

acos, asin, atan = pointwise.arccos, pointwise.arcsin, pointwise.arctan
acosh, asinh, atanh = pointwise.arccosh, pointwise.arcsinh, pointwise.arctanh
atan2, pow = pointwise.arctan2, pointwise.power
bitwise_left_shift, bitwise_right_shift = pointwise.left_shift, pointwise.right_shift


def concat(arrays: Sequence[Any], /, *, axis: int | None = 0) -> Tensor:
    """Join tensors along an axis that they have; None: flattened ones."""
    if axis is None:
        return shaping.concatenate([shaping.ravel(x) for x in arrays])
    return shaping.concatenate(arrays, axis)


def permute_dims(x: Any, /, axes: Sequence[int]) -> Tensor:
    """The axes in another order."""
    return shaping.transpose(x, tuple(axes))


def matrix_transpose(x: Any, /) -> Tensor:
    """The transpose of a matrix, or of each matrix in a stack: the last two axes exchanged.

    Raises
    ------
    ShapeError
        There are fewer than two axes.
    """
    x = lift(x)
    if len(x.shape) < 2:
        raise error("ops.matrix", op="matrix_transpose", ndim=len(x.shape), shapes={"x": x.shape})
    return shaping.swapaxes(x, -2, -1)


def positive(x: Any, /) -> Tensor:
    """The number itself: ``+x``."""
    return pointwise.identity(x)
