"""Arguments of linear algebra: matrices of floating-point numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule.linalg.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.derivative import conjugated
from chainrule.core.interpreter import lift
from chainrule.dtypes import computed_in, real_type
from chainrule.errors import error
from chainrule.functions.reductions import as_float
from chainrule.functions.shaping import broadcast_to, expand_dims, swapaxes
from chainrule.ops import shapes
from chainrule.ops.linalg.base import check_matrix, check_square

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


def as_matrix(op: str, a: Any, name: str = "a") -> Tensor:
    """A matrix, or batch of them, of floating-point numbers."""
    a = as_float(a)
    check_matrix(op, name, a.shape)
    return a


def as_square(op: str, a: Any, name: str = "a") -> Tensor:
    """A square matrix, or batch of them, of floating-point numbers."""
    a = as_float(a)
    check_square(op, name, a.shape)
    return a


def as_one_matrix(op: str, a: Any, name: str = "a") -> Tensor:
    """One matrix, of floating-point numbers."""
    a = as_float(a)
    if len(a.shape) != 2:
        raise error("linalg.one_matrix", op=op, name=name, ndim=len(a.shape), shapes={name: a.shape})
    return a


def as_vector(op: str, x: Any, name: str) -> Tensor:
    """One vector, of floating-point numbers."""
    x = as_float(x)
    if len(x.shape) != 1:
        raise error("linalg.vector", op=op, name=name, ndim=len(x.shape), shapes={name: x.shape})
    return x


def as_system(op: str, a: Any, b: Any) -> tuple[Tensor, Tensor, bool]:
    """Matrix and right side with equal batches; a vector becomes one column, and the last tells so."""
    b = as_float(b)
    is_vector = len(b.shape) == 1
    columns = expand_dims(b, -1) if is_vector else as_matrix(op, b, "b")
    named = {"a": a.shape, "b": b.shape}
    if columns.shape[-2] != a.shape[-2]:
        values = {"rows": columns.shape[-2], "axis": -1 if is_vector else -2, "n": a.shape[-2]}
        raise error("linalg.right_rows", op=op, **values, shapes=named)
    # The last two axes are put to 1, so that they fit, and an error shows whole shapes.
    leading = {"a": (*a.shape[:-2], 1, 1), "b": (*columns.shape[:-2], 1, 1)}
    batch = shapes.broadcast_named(op, leading, named)[:-2]
    matrix, right = (broadcast_to(x, (*batch, *x.shape[-2:])) for x in (a, columns))
    return matrix, right, is_vector


def one_of(op: str, name: str, got: Any, known: tuple[Any, ...]) -> None:
    """Refuse an option that is none of the known ones."""
    if not any(type(got) is type(choice) and got == choice for choice in known):
        raise error("linalg.choice", op=op, name=name, known=", ".join(map(repr, known)), got=repr(got))


def rounding(a: Any) -> float:
    """The unit of rounding in which a tensor is computed with."""
    return float(np.finfo(real_type(computed_in(a.dtype))).eps)


def rank_tolerance(a: Any, rtol: float | None) -> float:
    """What share of the largest singular value counts as zero: by default rounding times the longer side."""
    return max(a.shape[-2:], default=0) * rounding(a) if rtol is None else float(rtol)


def unit_like(a: Any) -> Tensor:
    """The unit matrix with the number of columns and the type of another."""
    return lift(np.eye(a.shape[-1], dtype=a.dtype))


def adjoint(a: Any) -> Tensor:
    """The conjugate transpose over the last two axes."""
    return conjugated(swapaxes(a, -1, -2))
