"""A check of values as a row: it hands its argument on, or raises.

So what a function asks of a matrix's values is asked each time that it runs, from a recorded graph too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Rule
from chainrule.core.op import Op
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    check_square,
    entry,
    first_bad,
    first_place,
    matrix_row,
    rounding,
)
from chainrule.ops.types import ANY

Check = Callable[[np.ndarray, str], None]

# What gives the values without the vectors, and so has a derivative where these have none.
VALUES_ALONE = {"eigh": "linalg.eigvalsh", "eig": "linalg.eigvals", "svd": "linalg.svdvals"}


def symmetry_tolerance(x: np.ndarray) -> float:
    r""":math:`ε^{2/3}`: 2e-5 in float32, 4e-11 in float64."""
    return float(rounding(x) ** (2 / 3))


def _symmetric(x: np.ndarray, by: str) -> None:
    """Elements mirrored at the diagonal are conjugates, relative to the largest element."""
    check_finite(by, a=x)
    difference = np.abs(x - np.swapaxes(x, -1, -2).conj())
    largest = np.abs(x).max(axis=(-2, -1), initial=0, keepdims=True)
    allowed = np.broadcast_to(symmetry_tolerance(x) * largest, x.shape)
    worst = np.where(difference > allowed, difference, 0)
    if worst.any():
        place = first_place(worst == worst.max())
        *batch, i, j = place
        mirrored = (*batch, j, i)
        values = {"i": i, "j": j, "first": x[place], "second": x[mirrored], "difference": difference[place]}
        found = {"allowed": allowed[place], "entry": entry(tuple(batch))}
        raise error("linalg.not_symmetric", op=by, **values, **found, shapes={"a": x.shape})


def _distinct(w: np.ndarray, by: str) -> None:
    """The numbers of a vector all differ by more than rounding."""
    n = w.shape[-1]
    gaps = np.abs(w[..., :, None] - w[..., None, :]) + np.diag(np.full(n, np.inf))
    allowed = n * rounding(w) * np.abs(w).max(axis=-1, initial=0)[..., None, None]
    equal = gaps <= allowed
    if equal.any():
        *batch, i, j = first_place(equal)
        first = (*batch, i)
        values = {"i": i, "j": j, "value": w[first], "entry": entry(tuple(batch))}
        raise error("linalg.repeated", by=by, instead=VALUES_ALONE[by], **values)


def _nonzero(s: np.ndarray, by: str) -> None:
    """The singular values are all above rounding."""
    zero = s <= s.shape[-1] * rounding(s) * s.max(axis=-1, initial=0, keepdims=True)
    if zero.any():
        *batch, i = first_place(zero)
        raise error("linalg.zero_value", by=by, i=i, entry=entry(tuple(batch)))


def _independent(r: np.ndarray, by: str) -> None:
    """The triangle R of a QR factorisation has no zero on its diagonal, up to rounding."""
    size = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    zero = size <= r.shape[-1] * rounding(r) * np.abs(r).max(axis=(-2, -1), initial=0)[..., None]
    if zero.any():
        *batch, i = first_place(zero)
        raise error("linalg.dependent", by=by, i=i, entry=entry(tuple(batch)))


def reciprocal_condition(x: np.ndarray) -> float:
    """The smallest singular value of a matrix over the largest."""
    s = np.linalg.svd(x, compute_uv=False)
    return float(s[-1] / s[0]) if s.size and s[0] else float(s.size == 0)


def _well_conditioned(key: str) -> Check:
    def check(x: np.ndarray, by: str) -> None:
        allowed = x.shape[-1] * rounding(x)
        batch = first_bad(x, lambda matrix: reciprocal_condition(matrix) <= allowed)
        if batch is not None:
            raise error(key, by=by, entry=entry(batch), rcond=reciprocal_condition(x[batch]))

    return check


def _remaining(x: np.ndarray, by: str) -> None:
    """Columns over their lengths before others' parts were taken off: none is 0 to rounding."""
    size = np.linalg.norm(x, axis=-2)
    zero = size <= 10 * max(x.shape[-2:]) * rounding(x)
    if zero.any():
        place = first_place(zero)
        values = {"i": place[-1], "size": size[place], "entry": entry(place[:-1])}
        raise error("linalg.remaining", by=by, **values)


def _direction(x: np.ndarray, by: str) -> None:
    """Vectors are not zero."""
    zero = ~np.any(x != 0, axis=-1)
    if zero.any():
        raise error("linalg.zero_vector", by=by, entry=entry(first_place(zero) if zero.ndim else ()))


def _permutation(x: np.ndarray, by: str) -> None:
    """Vectors hold each number from 0 on once."""
    wrong = np.any(np.sort(x, axis=-1) != np.arange(x.shape[-1]), axis=-1)
    if wrong.any():
        batch = first_place(wrong) if wrong.ndim else ()
        values = {"last": x.shape[-1] - 1, "got": x[batch].tolist(), "entry": entry(batch)}
        raise error("linalg.order_of_rows", by=by, **values)


PROPERTIES: dict[str, Check] = {
    "symmetric": _symmetric,
    "distinct": _distinct,
    "nonzero": _nonzero,
    "independent": _independent,
    "diagonalizable": _well_conditioned("linalg.defective"),
    "remaining": _remaining,
    "direction": _direction,
    "permutation": _permutation,
    "nonsingular": _well_conditioned("linalg.singular_derivative"),
}


def _shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    if params["check"] not in PROPERTIES:
        raise error("linalg.property", known=", ".join(PROPERTIES), got=repr(params["check"]))
    if params["check"] == "symmetric":
        check_square(params["by"], "a", found[0])
    return found[0]


def _require(x: np.ndarray, check: str, by: str) -> np.ndarray:
    PROPERTIES[check](x, by)
    return x


_CASE: dict[str, Any] = {"check": "nonsingular", "by": "sample"}
require = matrix_row(
    "require",
    "x",
    _require,
    Rule(
        reverse=lambda g, y, x, check, by: g,
        forward=lambda t, y, x, check, by: t,
    ),
    args="x",
    shape=_shape,
    dtype=ANY,
    domain=Matrices(),
    samples=(sample((3, 3), **_CASE), sample((2, 3, 3), **_CASE), sample((0, 2, 2), **_CASE)),
    flops=lambda m, n: 0,
)
