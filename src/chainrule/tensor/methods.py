"""The methods of tensors that have NumPy's names: each is the function of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chainrule import dtypes
from chainrule.core.arrays import check_keeps_imaginary_parts
from chainrule.core.interpreter import Value
from chainrule.dtypes import DTypeLike
from chainrule.functions import (
    cumulative,
    diagonals,
    elementwise,
    indexing,
    products,
    rearranging,
    reductions,
    searching,
    shaping,
    sorting,
    updates,
)
from chainrule.ops import pointwise, shapes

if TYPE_CHECKING:
    from chainrule.tensor.array import Tensor

Axis = int | tuple[int, ...] | None


class Methods(Value):
    """Functions as methods: ``x.sum()`` is ``cr.sum(x)``."""

    __slots__ = ()

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return shapes.size(self.shape)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes in reverse order."""
        return self.transpose()

    @property
    def mT(self) -> Tensor:
        """The transpose of a matrix, or of each matrix in a stack: the last two axes exchanged."""
        return shaping.swapaxes(self, -2, -1)

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.size * self.dtype.itemsize

    @property
    def real(self) -> Tensor:
        """The real parts."""
        return pointwise.real(self)

    @property
    def imag(self) -> Tensor:
        """The imaginary parts; 0 for real numbers."""
        return pointwise.imag(self)

    @property
    def at(self) -> updates.At:
        """``x.at[index].set(value)``, and ``.add``, ``.multiply``, ``.min``, ``.max``, ``.get``."""
        return updates.At(cast("Tensor", self))

    def astype(self, dtype: DTypeLike) -> Tensor:
        """The same values as another element type.

        Raises
        ------
        DTypeError
            Complex numbers would lose their imaginary parts.
        """
        wanted = dtypes.canonical(dtype)
        check_keeps_imaginary_parts(self.dtype, wanted)
        return cast("Tensor", self) if self.dtype == wanted else pointwise.cast(self, dtype=wanted)

    def sum(self, axis: Axis = None, keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
        """Sum over axes."""
        return reductions.sum(self, axis, dtype=dtype, keepdims=keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
        """Arithmetic mean over axes."""
        return reductions.mean(self, axis, dtype=dtype, keepdims=keepdims)

    def prod(self, axis: Axis = None, keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
        """Product over axes."""
        return reductions.prod(self, axis, dtype=dtype, keepdims=keepdims)

    def var(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
        """Variance over axes."""
        return reductions.var(self, axis, ddof=ddof, keepdims=keepdims)

    def std(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
        """Standard deviation over axes."""
        return reductions.std(self, axis, ddof=ddof, keepdims=keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Largest element over axes."""
        return reductions.max(self, axis, keepdims=keepdims)

    def min(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Smallest element over axes."""
        return reductions.min(self, axis, keepdims=keepdims)

    def any(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Whether an element over the axes is true."""
        return reductions.any(self, axis, keepdims=keepdims)

    def all(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Whether all elements over the axes are true."""
        return reductions.all(self, axis, keepdims=keepdims)

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Index of the first largest element."""
        return reductions.argmax(self, axis, keepdims=keepdims)

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Index of the first smallest element."""
        return reductions.argmin(self, axis, keepdims=keepdims)

    def argsort(
        self, axis: int = -1, kind: str | None = None, *, descending: bool = False, stable: bool = True
    ) -> Tensor:
        """Places of the elements in rising order along an axis."""
        return sorting.argsort(self, axis, kind, descending=descending, stable=stable)

    def sort(
        self, axis: int = -1, kind: str | None = None, *, descending: bool = False, stable: bool = True
    ) -> Tensor:
        """The elements in rising order along an axis, as a new tensor."""
        return sorting.sort(self, axis, kind, descending=descending, stable=stable)

    def searchsorted(self, v: Any, side: str = "left", sorter: Any = None) -> Tensor:
        """Where elements would be put into this sorted tensor."""
        return searching.searchsorted(self, v, side, sorter)

    def nonzero(self) -> tuple[Tensor, ...]:
        """The places of the elements that are not 0, one tensor for each axis."""
        return searching.nonzero(self)

    def cumsum(self, axis: int | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """Sums up to each element."""
        return cumulative.cumsum(self, axis, dtype=dtype)

    def cumprod(self, axis: int | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """Products up to each element."""
        return cumulative.cumprod(self, axis, dtype=dtype)

    def take(self, indices: Any, axis: int | None = None, mode: str = "raise") -> Tensor:
        """Elements at computed places along one axis."""
        return indexing.take(self, indices, axis, mode)

    def repeat(self, repeats: Any, axis: int | None = None) -> Tensor:
        """Each element several times."""
        return rearranging.repeat(self, repeats, axis)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """The elements of a diagonal, along a new last axis."""
        return diagonals.diagonal(self, offset, axis1, axis2)

    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """The sum of a diagonal."""
        return diagonals.trace(self, offset, axis1, axis2)

    def dot(self, other: Any) -> Tensor:
        """NumPy's product over the last axis here and the last but one there."""
        return products.dot(self, other)

    def conj(self) -> Tensor:
        """The complex conjugates."""
        return pointwise.conj(self)

    def conjugate(self) -> Tensor:
        """The complex conjugates."""
        return pointwise.conj(self)

    def round(self, decimals: int = 0) -> Tensor:
        """The elements rounded to so many decimals."""
        return elementwise.round(self, decimals)

    def reshape(self, *extents: Any, shape: Any = None, copy: bool | None = None) -> Tensor:
        """The elements in the same order under another shape; one extent may be -1."""
        return shaping.reshape(self, *extents, shape=shape, copy=copy)

    def transpose(self, *order: Any, axes: Any = None) -> Tensor:
        """The axes in another order; reversed if none is given."""
        return shaping.transpose(self, *order, axes=axes)

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Exchange two axes."""
        return shaping.swapaxes(self, axis1, axis2)

    def squeeze(self, axis: Axis = None) -> Tensor:
        """Drop axes of extent 1."""
        return shaping.squeeze(self, axis)

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Merge axes into one."""
        return shaping.flatten(self, start_dim, end_dim)

    def ravel(self) -> Tensor:
        """All elements in one axis."""
        return shaping.ravel(self)

    def clip(self, min: Any = None, max: Any = None) -> Tensor:
        """Limit the elements to an interval."""
        return elementwise.clip(self, min, max)
