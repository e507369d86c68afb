"""Joining tensors and cutting them, beside `concatenate`, `stack` and `split`: NumPy's shorthands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.shaping import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    concatenate,
    narrow,
    split,
    squeeze,
)
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor

Sections = int | Sequence[int]


def vstack(xs: Sequence[Any]) -> Tensor:
    """Join along the first axis; vectors count as rows."""
    return concatenate([atleast_2d(x) for x in xs], 0)


def hstack(xs: Sequence[Any]) -> Tensor:
    """Join along the second axis; vectors along their only one."""
    tensors = [atleast_1d(x) for x in xs]
    return concatenate(tensors, 0 if tensors and len(tensors[0].shape) == 1 else 1)


def dstack(xs: Sequence[Any]) -> Tensor:
    """Join along the third axis; vectors become (1, n, 1) and matrices (m, n, 1) before."""
    return concatenate([atleast_3d(x) for x in xs], 2)


def column_stack(xs: Sequence[Any]) -> Tensor:
    """Join vectors, as columns, and matrices along the second axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.column_stack([cr.tensor([1, 2]), cr.tensor([3, 4])])
    tensor([[1, 3],
           [2, 4]])
    """
    tensors = [lift(x) for x in xs]
    columns = [x if len(x.shape) > 1 else atleast_2d(x).T for x in tensors]
    return concatenate(columns, 1)


def unstack(x: Any, *, axis: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, without it: undoes `stack`."""
    x = lift(x)
    axis = normalize_axis("unstack", axis, len(x.shape), x.shape)
    return tuple(squeeze(narrow(x, axis, i, i + 1), axis) for i in range(x.shape[axis]))


def array_split(x: Any, sections: Sections, axis: int = 0) -> list[Tensor]:
    """As `split`, but parts may differ by one element where they do not divide the axis.

    Examples
    --------
    >>> import chainrule as cr
    >>> [part.tolist() for part in cr.array_split(cr.tensor([1, 2, 3, 4, 5]), 2)]
    [[1, 2, 3], [4, 5]]
    """
    x = lift(x)
    if not isinstance(sections, int):
        return split(x, sections, axis)
    axis = normalize_axis("array_split", axis, len(x.shape), x.shape)
    if sections < 1:
        raise error("ops.split", extent=x.shape[axis], axis=axis, sections=sections, shapes={"x": x.shape})
    each, longer = divmod(x.shape[axis], sections)
    return split(x, [i * each + min(i, longer) for i in range(1, sections)], axis)


def hsplit(x: Any, sections: Sections) -> list[Tensor]:
    """Cut along the second axis; a vector along its only one."""
    x = _with_axes("hsplit", x, 1)
    return split(x, sections, 0 if len(x.shape) == 1 else 1)


def vsplit(x: Any, sections: Sections) -> list[Tensor]:
    """Cut along the first of at least two axes."""
    return split(_with_axes("vsplit", x, 2), sections, 0)


def dsplit(x: Any, sections: Sections) -> list[Tensor]:
    """Cut along the third axis."""
    return split(_with_axes("dsplit", x, 3), sections, 2)


def _with_axes(op: str, x: Any, least: int) -> Tensor:
    x = lift(x)
    if len(x.shape) < least:
        raise error("structure.axes_at_least", op=op, least=least, ndim=len(x.shape), shapes={"x": x.shape})
    return x


def append(x: Any, values: Any, axis: int | None = None) -> Tensor:
    """A tensor with another one joined behind it; both flattened if no axis is given."""
    return concatenate([x, values], axis)
