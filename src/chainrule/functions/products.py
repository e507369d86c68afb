"""Products that sum: NumPy's ``matmul``, ``outer``, ``tensordot`` and ``einsum`` on the one contraction."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import lift
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.functions.shaping import reshape
from chainrule.ops import shapes
from chainrule.ops.contract import contract

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def matmul(a: Any, b: Any) -> Tensor:
    """Matrix product over the last two axes; leading axes broadcast, a vector gains an axis and loses it."""
    a, b = lift(a), lift(b)
    _check_matmul(a.shape, b.shape)
    row, column = ("i" if len(a.shape) > 1 else ""), ("j" if len(b.shape) > 1 else "")
    batch = shapes.broadcast(contract, (a.shape[: -1 - len(row)], b.shape[: -1 - len(column)]), {})
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
        values = {"axis_a": -1, "axis_b": axis_b, "first": "a", "second": "b"}
        raise error("ops.contract", op="matmul", a=a[-1], b=b[axis_b], **values, shapes=named)


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
    if isinstance(axes, int):
        axes = (list(range(len(a.shape) - axes, len(a.shape))), list(range(axes)))
    in_a, in_b = ([part] if isinstance(part, int) else list(part) for part in axes)
    letters_a = list(ascii_uppercase[: len(a.shape)])
    letters_b = [letter.lower() for letter in ascii_uppercase[: len(b.shape)]]
    for i, j in zip(in_a, in_b, strict=True):
        letters_b[j] = letters_a[i]
    left, right = "".join(letters_a), "".join(letters_b)
    kept = "".join(c for c in left if c not in right) + "".join(c for c in right if c not in left)
    return contract(a, b, spec=f"{left},{right}->{kept}")


def einsum(spec: str, a: Any, b: Any) -> Tensor:
    """Contraction of two tensors in Einstein's notation, for example ``einsum("ik,kj->ij", a, b)``.

    Every letter must stand in at least two of the three places.
    """
    return contract(lift(a), lift(b), spec=spec.replace(" ", ""))
