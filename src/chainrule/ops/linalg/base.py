"""What the rows of linear algebra share: shape rules, looking at values, and matrices to try them on.

Matrices stand in the last two axes; leading axes are a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.ops.linalg.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.derivative import Derivative
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op, ShapeRule
from chainrule.core.sample import Domain, Sample
from chainrule.core.spec import Shape
from chainrule.errors import error, text
from chainrule.ops import shapes
from chainrule.ops.types import FLOATS

Params = dict[str, Any]


def matrix_row(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    derivative: Derivative,
    *,
    shape: ShapeRule,
    samples: tuple[Sample, ...],
    flops: Callable[[int, int], float],
    args: str = "a",
    dtype: DTypeRule = FLOATS,
    domain: Domain | None = None,
    outputs: int = 1,
) -> Op:
    """One row; ``flops`` is the cost for one matrix by its numbers of rows and columns."""
    return Op(
        name=name,
        family="linalg",
        args=tuple(args.split()),
        formula=formula,
        shape=shape,
        dtype=dtype,
        numpy=numpy,
        derivative=derivative,
        domain=() if domain is None else (domain,),
        samples=samples,
        cost=lambda inputs, output, params: int(shapes.size(inputs[0][:-2]) * flops(*inputs[0][-2:])),
        outputs=outputs,
    )


def check_matrix(op: str, name: str, shape: Shape) -> None:
    """Refuse what has no rows and columns."""
    if len(shape) < 2:
        raise error("linalg.no_matrix", op=op, name=name, ndim=len(shape), shapes={name: shape})


def check_square(op: str, name: str, shape: Shape) -> None:
    """Refuse a matrix with unequal numbers of rows and columns."""
    check_matrix(op, name, shape)
    if shape[-2] != shape[-1]:
        raise error(
            "linalg.not_square", op=op, name=name, rows=shape[-2], columns=shape[-1], shapes={name: shape}
        )


def same_square(op: Op, found: tuple[Shape, ...], params: Params) -> Shape:
    """The shape of the one argument, which must be square."""
    check_square(op.name, op.args[0], found[0])
    return found[0]


def batch_of_square(op: Op, found: tuple[Shape, ...], params: Params) -> Shape:
    """One number for each matrix."""
    return same_square(op, found, params)[:-2]


def vector_of_square(op: Op, found: tuple[Shape, ...], params: Params) -> Shape:
    """One vector for each matrix."""
    return same_square(op, found, params)[:-1]


def right_side(op: Op, found: tuple[Shape, ...], params: Params) -> Shape:
    """The shape of ``b`` in ``a x = b``: matrices with as many rows as ``a``, of the same batch."""
    a, b = found
    check_square(op.name, "a", a)
    check_matrix(op.name, "b", b)
    if a[-1] != b[-2]:
        raise error("linalg.right_side", op=op.name, rows=b[-2], n=a[-1], shapes={"a": a, "b": b})
    shapes.broadcast_named(op.name, {"a": (*a[:-2], 1, 1), "b": (*b[:-2], 1, 1)}, {"a": a, "b": b})
    if a[:-2] != b[:-2]:
        raise error("linalg.batch", op=op.name, shapes={"a": a, "b": b})
    return b


def check_finite(op: str, **arrays: np.ndarray) -> None:
    """Refuse NaN and infinity, naming the place of the first."""
    for name, array in arrays.items():
        finite = np.isfinite(array)
        if not finite.all():
            place = first_place(~finite)
            count = int(finite.size - finite.sum())
            values = {"value": array[place], "place": place, "count": count}
            raise error("linalg.not_finite", op=op, name=name, **values, shapes={name: array.shape})


def first_place(mask: np.ndarray) -> tuple[int, ...]:
    """Index of the first true element."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def entry(batch: tuple[int, ...]) -> str:
    """Which matrix of a batch an error is about; nothing where there is only one."""
    return text("linalg.entry", batch=batch) if batch else ""


def first_bad(matrices: np.ndarray, is_bad: Callable[[np.ndarray], bool]) -> tuple[int, ...] | None:
    """The place in the batch of the first matrix that fails a test."""
    return next((place for place in np.ndindex(matrices.shape[:-2]) if is_bad(matrices[place])), None)


def rounding(x: np.ndarray) -> float:
    """The unit of rounding of an array's type."""
    return float(np.finfo(x.dtype).eps)


@contextmanager
def converging(op: str, a: np.ndarray) -> Iterator[None]:
    """Turn LAPACK's word that an iteration did not converge into an error that says so."""
    try:
        yield
    except np.linalg.LinAlgError as problem:
        raise error("linalg.no_convergence", op=op, reason=problem, shapes={"a": a.shape}) from problem


def one_by_one(function: Callable[..., np.ndarray], *arrays: np.ndarray) -> np.ndarray:
    """A function of matrices that takes one at a time, over a batch; the result is shaped as the last."""
    result = np.empty_like(arrays[-1])
    for place in np.ndindex(result.shape[:-2]):
        result[place] = function(*(array[place] for array in arrays))
    return result


@dataclass(frozen=True)
class Matrices(Domain):
    """Matrices far from degenerate: singular values (or eigenvalues) between ``low`` and ``high``, spaced.

    Kinds: ``general``; ``symmetric`` (eigenvalues of both signs); ``definite``; ``diagonalizable``, not
    symmetric but with real eigenvalues; ``dominant``, one large element in each row and column, which
    ``shifted`` moves below the diagonal.
    """

    low: float = 1.0
    high: float = 2.0
    kind: str = "general"
    is_complex: bool = False

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """An array of matrices of the kind, float64 or complex128."""
        if 0 in shape:
            return np.zeros(shape, complex if self.is_complex else float)
        return np.asarray(getattr(self, f"_{self.kind}")(rng, shape))

    def _noise(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        real = rng.uniform(-1, 1, shape)
        return np.asarray(real + 1j * rng.uniform(-1, 1, shape) if self.is_complex else real)

    def _orthonormal(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        return np.linalg.qr(self._noise(rng, shape))[0]

    def _general(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        *batch, m, n = shape
        k = min(m, n)
        left, right = self._orthonormal(rng, (*batch, m, k)), self._orthonormal(rng, (*batch, n, k))
        return np.asarray(left * np.linspace(self.high, self.low, k) @ np.swapaxes(right, -1, -2))

    def _definite(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        return self._with_eigenvalues(rng, shape, np.linspace(self.low, self.high, shape[-1]))

    def _symmetric(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        return self._with_eigenvalues(rng, shape, np.linspace(-self.low, self.high, shape[-1]))

    def _with_eigenvalues(self, rng: np.random.Generator, shape: Shape, values: np.ndarray) -> np.ndarray:
        vectors = self._orthonormal(rng, shape)
        return np.asarray(vectors * values @ np.swapaxes(vectors, -1, -2).conj())

    def _diagonalizable(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        vectors = np.eye(shape[-1]) + 0.2 * self._noise(rng, shape)
        return np.asarray(vectors * np.linspace(self.low, self.high, shape[-1]) @ np.linalg.inv(vectors))

    def _dominant(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        return np.asarray(self.high * np.eye(shape[-2], shape[-1]) + 0.3 * self._noise(rng, shape))

    def _shifted(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        return np.roll(self._dominant(rng, shape), 1, axis=-2)
