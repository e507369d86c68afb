r"""``x.at[index]``: a new tensor that differs at an index, since tensors are not changed in place.

>>> import chainrule as cr
>>> x = cr.zeros(4)
>>> x.at[1:3].set(5.0)
tensor([0., 5., 5., 0.])
>>> x.at[cr.tensor([0, 0, 2])].add(1.0)
tensor([2., 0., 1., 0.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import Value, lift
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.functions.index_plan import BLOCK, NEW, Plan, as_index, is_mask, plan
from chainrule.functions.indexing import along_axis, getitem
from chainrule.ops import move, pointwise, scatter
from chainrule.ops.index import scatter_add

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Write = Callable[..., Any]


class At:
    """``x.at``: takes an index of NumPy's grammar in brackets."""

    __slots__ = ("_x",)

    def __init__(self, x: Tensor) -> None:
        self._x = x

    def __getitem__(self, index: Any) -> Updates:
        return Updates(self._x, index)


class Updates:
    """``x.at[index]``: what can be done at an index.

    Each method gives a new tensor of the shape and type of ``x``; ``value`` is broadcast to the
    shape of ``x[index]``. Where an index names a place several times, the last value in
    row-major order is set, as in NumPy, and the other methods take all of them.

    Raises
    ------
    DTypeError
        The value is of a higher kind than ``x``, so that it would be cut: a float set into integers.
    ShapeError
        The value cannot be broadcast to the shape of ``x[index]``.
    """

    __slots__ = ("_index", "_x")

    def __init__(self, x: Tensor, index: Any) -> None:
        self._x, self._index = x, index

    def get(self) -> Tensor:
        """``x[index]``."""
        return getitem(self._x, self._index)

    def set(self, value: Any) -> Tensor:
        """``x`` after ``x[index] = value``; a place written over keeps no derivative of ``x``."""
        return self._written("set", value, scatter.scatter_set, lambda x, v: v)

    def add(self, value: Any) -> Tensor:
        """``x`` with values added."""
        return self._written("add", value, _scatter_added, pointwise.add)

    def multiply(self, value: Any) -> Tensor:
        """``x`` multiplied by values."""
        return self._written("multiply", value, scatter.scatter_mul, pointwise.multiply)

    def min(self, value: Any) -> Tensor:
        """``x`` or the value, whichever is smaller."""
        return self._written("min", value, scatter.scatter_min, pointwise.minimum)

    def max(self, value: Any) -> Tensor:
        """``x`` or the value, whichever is larger."""
        return self._written("max", value, scatter.scatter_max, pointwise.maximum)

    def _written(self, method: str, value: Any, write: Write, pointwise_write: Write) -> Tensor:
        x = self._x
        value = _of_type(method, value, x.dtype)
        mask = _single_mask(self._index)
        if mask is not None and _serves_every_place(value, x, mask):
            wide = shaping.reshape(mask, (*mask.shape, *[1] * (len(x.shape) - len(mask.shape))))
            return pointwise.where(wide, pointwise_write(x, value), x)
        wanted = plan(x, self._index)
        axes, indices = _indices(wanted)
        u = _in_order(_stretched(method, value, wanted.shape), wanted, axes)
        source = shaping.reshape(x, wanted.source)
        return shaping.reshape(write(source, u, *indices, axes=axes), x.shape)


def put_along_axis(x: Any, indices: Any, values: Any, axis: int | None) -> Tensor:
    """A new tensor with values at the places from which `take_along_axis` takes.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.put_along_axis(cr.zeros((2, 3)), cr.tensor([[2], [0]]), 5.0, axis=1)
    tensor([[0., 0., 5.],
            [5., 0., 0.]])
    """
    whole = lift(x)
    x, places, axis = along_axis("put_along_axis", x, indices, axis)
    block = np.broadcast_shapes(*(i.shape for i in places))
    values = shaping.broadcast_to(pointwise.cast(values, dtype=x.dtype), block)
    return shaping.reshape(
        scatter.scatter_set(x, values, *places, axes=tuple(range(len(x.shape)))), whole.shape
    )


def _scatter_added(x: Any, u: Any, *i: Any, axes: tuple[int, ...]) -> Any:
    return pointwise.add(x, scatter_add(u, *i, axes=axes, shape=x.shape))


def _of_type(method: str, value: Any, dtype: dtypes.DType) -> Value:
    """The value in the tensor's own type, unless it is of a higher kind."""
    default = dtypes.default_of(value)
    if default is not None and dtypes.kind(default) <= dtypes.kind(dtype):
        return lift(value, dtype)
    value = lift(value)
    if dtypes.kind(value.dtype) > dtypes.kind(dtype):
        raise error("index.update_kind", method=method, got=value.dtype, expected=dtype)
    return value if value.dtype == dtype else pointwise.cast(value, dtype=dtype)


def _single_mask(index: Any) -> Value | None:
    """The mask, if the whole index is one."""
    if isinstance(index, tuple) and len(index) == 1:
        index = index[0]
    found = as_index(index) if isinstance(index, Value | np.ndarray | list) else None
    return found if found is not None and is_mask(found) and found.shape else None


def _serves_every_place(value: Value, x: Value, mask: Value) -> bool:
    """Whether a value has no axis for the number of places: then that number need not be known."""
    fits = mask.shape == x.shape[: len(mask.shape)]
    return fits and len(value.shape) <= len(x.shape) - len(mask.shape)


def _stretched(method: str, value: Any, shape: Shape) -> Any:
    """The value in the shape of what the index picks; axes of extent 1 too many in front are dropped."""
    extra = len(value.shape) - len(shape)
    if extra > 0 and value.shape[:extra] == (1,) * extra:
        value = shaping.reshape(value, value.shape[extra:])
    fits = len(value.shape) <= len(shape) and all(
        n in (1, m) for n, m in zip(value.shape[::-1], shape[::-1], strict=False)
    )
    if not fits:
        raise error("index.update_shape", method=method, got=value.shape, expected=shape)
    return shaping.broadcast_to(value, shape)


def _indices(wanted: Plan) -> tuple[tuple[int, ...], list[Any]]:
    """The axes that are written to in part, and an index for each; those of slices come last."""
    kept = [a for a in wanted.axes if isinstance(a, int)]
    sliced = [a for a in kept if wanted.places[a] != range(wanted.source[a])]
    index: dict[int, Any] = {
        a: shaping.reshape(i, (*i.shape, *[1] * len(sliced))) for a, i in wanted.tensors.items()
    }
    for a in wanted.dropped:
        index[a] = np.asarray(wanted.places[a][0])
    for at, a in enumerate(sliced):
        index[a] = np.asarray(wanted.places[a], np.int64).reshape(-1, *[1] * (len(sliced) - at - 1))
    return tuple(index), list(index.values())


def _in_order(u: Any, wanted: Plan, axes: tuple[int, ...]) -> Any:
    """The value's axes as scattering has them: of index tensors, of slices, then all others."""
    labels = [a for a in wanted.axes for _ in range(len(wanted.block) if a == BLOCK else 1)]
    u = shaping.reshape(u, tuple(n for a, n in zip(labels, u.shape, strict=True) if a != NEW))
    kinds = [0 if a == BLOCK else 1 if a in axes else 2 for a in labels if a != NEW]
    order = sorted(range(len(kinds)), key=kinds.__getitem__)
    return u if kinds == sorted(kinds) else move.transpose(u, axes=tuple(order))
