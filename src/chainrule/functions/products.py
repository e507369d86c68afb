"""Products that sum: NumPy's ``matmul``, ``outer``, ``tensordot`` and ``einsum`` on the one contraction."""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import lift
from chainrule.core.spec import Shape
from chainrule.errors import error, text
from chainrule.functions.shaping import reshape
from chainrule.ops import shapes
from chainrule.ops.contract import contract
from chainrule.ops.shapes import as_integers

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def matmul(a: Any, b: Any) -> Tensor:
    """Matrix product over the last two axes; leading axes broadcast, a vector gains an axis and loses it."""
    a, b = lift(a), lift(b)
    _check_matmul(a.shape, b.shape)
    row, column = ("i" if len(a.shape) > 1 else ""), ("j" if len(b.shape) > 1 else "")
    batch = _batch(a.shape, b.shape)
    a, batch_a = _drop_stretched(a, batch, 1 + len(row))
    b, batch_b = _drop_stretched(b, batch, 1 + len(column))
    both = "".join(sorted({*batch_a, *batch_b}))
    return contract(a, b, spec=f"{batch_a}{row}k,{batch_b}k{column}->{both}{row}{column}")


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
    return contract(reshape(a, (-1,)), reshape(b, (-1,)), spec="i,j->ij")


def tensordot(a: Any, b: Any, axes: int | tuple[Any, Any] = 2) -> Tensor:
    """Sum of products over pairs of axes: the last ``axes`` of ``a`` with the first of ``b``, or listed."""
    a, b = lift(a), lift(b)
    in_a, in_b = _paired_axes(a.shape, b.shape, axes)
    letters_a = list(ascii_uppercase[: len(a.shape)])
    letters_b = [letter.lower() for letter in ascii_uppercase[: len(b.shape)]]
    for i, j in zip(in_a, in_b, strict=True):
        letters_b[j] = letters_a[i]
    left, right = "".join(letters_a), "".join(letters_b)
    kept = "".join(c for c in left if c not in right) + "".join(c for c in right if c not in left)
    return contract(a, b, spec=f"{left},{right}->{kept}")


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


def einsum(spec: str, a: Any, b: Any) -> Tensor:
    """Contraction of two tensors in Einstein's notation, for example ``einsum("ik,kj->ij", a, b)``.

    Every letter must stand in at least two of the three places.
    """
    spec = spec.replace(" ", "")
    match = re.fullmatch(r"([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)", spec)
    if match is None:
        raise error("ops.einsum_form", spec=spec)
    parts = match.groups()
    for letter in dict.fromkeys("".join(parts)):
        if sum(letter in part for part in parts) < 2 or any(part.count(letter) > 1 for part in parts):
            raise error("ops.einsum_letter", spec=spec, letter=letter)
    return contract(lift(a), lift(b), spec=spec)
