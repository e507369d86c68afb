"""Products that sum: NumPy's ``matmul``, ``tensordot``, ``dot`` and their kin on the one contraction."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any

from chainrule.core.derivative import conjugated
from chainrule.core.interpreter import lift
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.errors import error, text
from chainrule.functions.shaping import expand_dims, moveaxis, reshape, squeeze, stack
from chainrule.ops import messages_structure, shapes  # noqa: F401  (registers the messages used here)
from chainrule.ops.contract import contract
from chainrule.ops.pointwise import cast, not_equal
from chainrule.ops.shapes import as_integers, normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def contracted(a: Any, b: Any, spec: str) -> Tensor:
    """The contraction; of bools it tells where any pair is true, as NumPy has it."""
    a, b = lift(a), lift(b)
    if a.dtype.kind != "b" or b.dtype.kind != "b":
        return contract(a, b, spec=spec)
    counts = contract(cast(a, dtype=int64), cast(b, dtype=int64), spec=spec)
    return not_equal(counts, 0)


def matmul(a: Any, b: Any) -> Tensor:
    """Matrix product over the last two axes; leading axes broadcast, a vector gains an axis and loses it."""
    a, b = lift(a), lift(b)
    _check_matmul(a.shape, b.shape)
    row, column = ("i" if len(a.shape) > 1 else ""), ("j" if len(b.shape) > 1 else "")
    batch = _batch(a.shape, b.shape)
    a, batch_a = _drop_stretched(a, batch, 1 + len(row))
    b, batch_b = _drop_stretched(b, batch, 1 + len(column))
    both = "".join(sorted({*batch_a, *batch_b}))
    return contracted(a, b, f"{batch_a}{row}k,{batch_b}k{column}->{both}{row}{column}")


def _check_matmul(a: Shape, b: Shape) -> None:
    named = {"a": a, "b": b}
    for name, shape in named.items():
        if not shape:
            raise error("ops.matmul_scalar", name=name, shapes=named)
    axis_b = -2 if len(b) > 1 else -1
    if a[-1] != b[axis_b]:
        values = {"axis_a": -1, "axis_b": axis_b, "first": "a", "second": "b", "hint": _transposed_fits(a, b)}
        raise error("ops.contract", op="matmul", a=a[-1], b=b[axis_b], **values, shapes=named)


def _transposed_fits(a: Shape, b: Shape) -> str:
    """What to write where one of two matrices is the wrong way round."""
    if len(a) == len(b) == 2 and a[1] == b[1]:
        return text("ops.did_you_mean", call="a @ b.T")
    if len(a) == len(b) == 2 and a[0] == b[0]:
        return text("ops.did_you_mean", call="a.T @ b")
    return ""


def _batch(a: Shape, b: Shape) -> Shape:
    """The leading axes of a product: those before the last two (of a vector, none), broadcast."""
    # Summed axes are put to 1, so that they fit, and an error shows whole shapes.
    leading = {"a": (*a[:-2], 1, 1), "b": (*b[:-2], 1, 1)}
    return shapes.broadcast_named("matmul", leading, shown={"a": a, "b": b})[:-2]


def _drop_stretched(x: Any, batch: Shape, inner: int) -> tuple[Any, str]:
    """Drop batch axes that would have to be stretched; the letters of those that stay."""
    own = x.shape[: len(x.shape) - inner]
    first = len(batch) - len(own)
    kept = [i for i, n in enumerate(own) if n == batch[first + i]]
    x = reshape(x, (*(own[i] for i in kept), *x.shape[len(own) :]))
    return x, "".join(ascii_uppercase[first + i] for i in kept)


def outer(a: Any, b: Any) -> Tensor:
    """All products of an element of ``a`` with an element of ``b`` (both flattened)."""
    a, b = lift(a), lift(b)
    return contracted(reshape(a, (-1,)), reshape(b, (-1,)), "i,j->ij")


def tensordot(a: Any, b: Any, axes: int | tuple[Any, Any] = 2) -> Tensor:
    """Sum of products over pairs of axes: the last ``axes`` of ``a`` with the first of ``b``, or listed."""
    a, b = lift(a), lift(b)
    in_a, in_b = _paired_axes(a.shape, b.shape, axes)
    letters_a = list(ascii_uppercase[: len(a.shape)])
    letters_b = list(ascii_lowercase[: len(b.shape)])
    for i, j in zip(in_a, in_b, strict=True):
        letters_b[j] = letters_a[i]
    left, right = "".join(letters_a), "".join(letters_b)
    kept = "".join(c for c in left if c not in right) + "".join(c for c in right if c not in left)
    return contracted(a, b, f"{left},{right}->{kept}")


def _paired_axes(a: Shape, b: Shape, axes: Any) -> tuple[list[int], list[int]]:
    """Axes of ``a`` and of ``b`` that are summed together, counted from the front."""
    if isinstance(axes, int):
        if not 0 <= axes <= min(len(a), len(b)):
            raise error("ops.tensordot", axes=axes, shapes={"a": a, "b": b})
        return list(range(len(a) - axes, len(a))), list(range(axes))
    in_a, in_b = (
        [shapes.normalize_axis("tensordot", a, len(shape), shape) for a in as_integers("tensordot", part)]
        for part, shape in zip(axes, (a, b), strict=True)
    )
    if len(in_a) != len(in_b):
        raise error("ops.tensordot", axes=axes, shapes={"a": a, "b": b})
    return in_a, in_b


def inner(a: Any, b: Any) -> Tensor:
    """Sum of products over the last axes of both; the plain product if one of them is a number."""
    a, b = lift(a), lift(b)
    return tensordot(a, b, (-1, -1)) if a.shape and b.shape else a * b


def dot(a: Any, b: Any) -> Tensor:
    """NumPy's product: over the last axis of ``a`` and the last but one of ``b`` (the only one of a vector).

    The batch axes of ``a`` and ``b`` are combined, not broadcast; for stacks of matrices `matmul` is meant.
    """
    a, b = lift(a), lift(b)
    if not a.shape or not b.shape:
        return a * b
    if len(a.shape) <= 2 and len(b.shape) <= 2:
        return matmul(a, b)
    return tensordot(a, b, (-1, -2 if len(b.shape) > 1 else -1))


def vdot(a: Any, b: Any) -> Tensor:
    r"""The inner product of all elements, :math:`\sum_k \bar a_k b_k`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.vdot(cr.tensor([[1.0, 2.0]]), cr.tensor([[3.0], [4.0]]))
    tensor(11.)
    """
    left, right = reshape(conjugated(lift(a)), (-1,)), reshape(lift(b), (-1,))
    return matmul(left, right)


def vecdot(a: Any, b: Any, axis: int = -1) -> Tensor:
    r"""The inner products of vectors along one axis, :math:`\sum_k \bar a_k b_k`; other axes broadcast.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.vecdot(cr.tensor([[1.0, 2.0], [3.0, 4.0]]), cr.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    left, right = moveaxis(conjugated(lift(a)), axis, -1), moveaxis(lift(b), axis, -1)
    product = matmul(expand_dims(left, -2), expand_dims(right, -1))
    return squeeze(product, (-2, -1))


def kron(a: Any, b: Any) -> Tensor:
    r"""Kronecker product: each element of ``a`` times all of ``b``.

    .. math:: (A \otimes B)_{i p + k,\, j q + l} = A_{i j} B_{k l}, \qquad B \in \mathbb{R}^{p \times q}

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.kron(cr.tensor([1, 10]), cr.tensor([1, 2, 3]))
    tensor([ 1,  2,  3, 10, 20, 30])
    """
    a, b = lift(a), lift(b)
    ndim = max(len(a.shape), len(b.shape))
    outside, inside = ((1,) * (ndim - len(x.shape)) + x.shape for x in (a, b))
    blocks, elements = ascii_uppercase[:ndim], ascii_lowercase[:ndim]
    paired = "".join(map("".join, zip(blocks, elements, strict=True)))
    product = contracted(reshape(a, outside), reshape(b, inside), f"{blocks},{elements}->{paired}")
    return reshape(product, tuple(m * n for m, n in zip(outside, inside, strict=True)))


def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Tensor:
    r"""Vector product in three dimensions: perpendicular to both, as long as the area they span.

    .. math:: a \times b = (a_1 b_2 - a_2 b_1,\; a_2 b_0 - a_0 b_2,\; a_0 b_1 - a_1 b_0)

    Parameters
    ----------
    a, b : Tensor
        Extent 3 along ``axisa`` and ``axisb``; other axes broadcast.
    axisa, axisb, axisc : int
        Where the vectors stand in ``a``, in ``b`` and in the result.
    axis : int, optional
        All three at once.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.cross(cr.tensor([1.0, 0.0, 0.0]), cr.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    a, b = lift(a), lift(b)
    if axis is not None:
        axisa = axisb = axisc = axis
    axes = [normalize_axis("cross", at, len(x.shape), x.shape) for x, at in ((a, axisa), (b, axisb))]
    for x, at in zip((a, b), axes, strict=True):
        if x.shape[at] != 3:
            raise error("structure.cross", got=x.shape[at], axis=at, shapes={"a": a.shape, "b": b.shape})
    (a0, a1, a2), (b0, b1, b2) = (_parts(x, at) for x, at in zip((a, b), axes, strict=True))
    return stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axisc)


def _parts(x: Any, axis: int) -> list[Tensor]:
    rows = moveaxis(x, axis, 0)
    return [rows[i] for i in range(3)]
