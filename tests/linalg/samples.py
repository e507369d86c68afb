"""One call of every public function: what is compared with NumPy and SciPy, and recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg

import chainrule as cr

LAPACK = np.linalg
SHAPES = {
    "square": (3, 3),
    "one": (1, 1),
    "tall": (4, 3),
    "wide": (2, 3),
    "batch": (2, 1, 3, 3),
    "tall-batch": (2, 4, 3),
    "none": (0, 3, 3),
    "empty": (0, 0),
}
SQUARE = ("square", "one", "batch", "none", "empty")
FILLED = ("square", "one", "batch")
ANY = ("square", "one", "tall", "wide", "batch", "tall-batch", "none")


@dataclass(frozen=True)
class Sample:
    """A function, its counterpart, and the shapes to try."""

    ours: Callable[[Any], Any]
    reference: Callable[[np.ndarray], Any]
    shapes: tuple[str, ...] = ANY


def adjoint(a: Any) -> Any:
    return np.conj(np.swapaxes(a, -1, -2))


def positive(a: Any) -> Any:
    """Symmetric and positive definite."""
    return a @ adjoint(a) + np.eye(a.shape[-2], dtype=a.dtype)


def right(a: Any) -> np.ndarray:
    """Right sides for a matrix, two columns."""
    return np.asarray(np.cos(np.arange(a.shape[-2] * 2)).reshape(-1, 2), a.dtype)


def each(function: Callable[[np.ndarray], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """A function of one matrix over a batch."""

    def over_batch(a: np.ndarray) -> np.ndarray:
        found = [function(a[place]) for place in np.ndindex(a.shape[:-2])]
        return np.reshape(found, a.shape[:-2] + np.shape(found[0])) if found else np.zeros_like(a)

    return over_batch


def permuted(a: np.ndarray) -> Any:
    order, left, upper = scipy.linalg.lu(a, p_indices=True)
    return np.eye(a.shape[-2])[..., order, :].swapaxes(-1, -2) if a.size else np.zeros_like(a), left, upper


L = cr.linalg
SAMPLES: dict[str, Sample] = {
    "det": Sample(L.det, LAPACK.det, SQUARE),
    "slogdet": Sample(L.slogdet, lambda a: tuple(LAPACK.slogdet(a)), SQUARE),
    "inv": Sample(L.inv, LAPACK.inv, SQUARE),
    "pinv": Sample(L.pinv, LAPACK.pinv),
    "solve": Sample(lambda a: L.solve(a, right(a)), lambda a: LAPACK.solve(a, right(a)), FILLED),
    "solve-vector": Sample(
        lambda a: L.solve(a, right(a)[:, 0]), lambda a: LAPACK.solve(a, right(a))[..., 0], FILLED
    ),
    "solve_triangular": Sample(
        lambda a: L.solve_triangular(a, right(a), lower=True),
        each(lambda a: scipy.linalg.solve_triangular(a, right(a), lower=True)),
        FILLED,
    ),
    "solve_triangular-adjoint": Sample(
        lambda a: L.solve_triangular(a, right(a), trans="C"),
        each(lambda a: scipy.linalg.solve_triangular(a, right(a), trans="C")),
        FILLED,
    ),
    "solve_triangular-unit": Sample(
        lambda a: L.solve_triangular(a, right(a), trans="T", lower=True, unit_diagonal=True),
        each(lambda a: scipy.linalg.solve_triangular(a, right(a), lower=True, trans="T", unit_diagonal=True)),
        FILLED,
    ),
    "lstsq": Sample(
        lambda a: L.lstsq(a, right(a)).x,
        each(lambda a: LAPACK.lstsq(a, right(a), rcond=None)[0]),
        ("square", "tall", "wide", "batch"),
    ),
    "lstsq-residuals": Sample(
        lambda a: L.lstsq(a, right(a)).residuals,
        each(lambda a: LAPACK.lstsq(a, right(a), rcond=None)[1]),
        ("tall", "tall-batch"),
    ),
    "lu_solve": Sample(
        lambda a: L.lu_solve(L.lu_factor(a), right(a)), lambda a: LAPACK.solve(a, right(a)), FILLED
    ),
    "lu": Sample(L.lu, permuted, ("square", "one", "tall", "wide")),
    "cholesky": Sample(
        lambda a: L.cholesky(positive(a)),
        lambda a: LAPACK.cholesky(positive(a)),
        ("square", "one", "tall", "wide", "batch", "none"),
    ),
    "cholesky-upper": Sample(
        lambda a: L.cholesky(positive(a), upper=True), lambda a: adjoint(LAPACK.cholesky(positive(a)))
    ),
    "qr": Sample(L.qr, lambda a: tuple(LAPACK.qr(a))),
    "qr-complete": Sample(lambda a: L.qr(a, "complete"), lambda a: tuple(LAPACK.qr(a, "complete"))),
    "qr-r": Sample(lambda a: L.qr(a, "r"), lambda a: LAPACK.qr(a, "r")),
    "svd": Sample(L.svd, lambda a: tuple(LAPACK.svd(a))),
    "svd-reduced": Sample(lambda a: L.svd(a, False), lambda a: tuple(LAPACK.svd(a, False))),
    "svd-values": Sample(lambda a: L.svd(a, compute_uv=False), lambda a: LAPACK.svd(a, compute_uv=False)),
    "svdvals": Sample(L.svdvals, lambda a: LAPACK.svd(a, compute_uv=False)),
    "eigh": Sample(
        lambda a: L.eigh(a + adjoint(a)), lambda a: tuple(LAPACK.eigh(a + adjoint(a))), (*SQUARE,)
    ),
    "eigh-lower": Sample(
        lambda a: L.eigh(a, check=False).eigenvalues, lambda a: LAPACK.eigh(a)[0], (*SQUARE,)
    ),
    "eigvalsh-upper": Sample(
        lambda a: L.eigvalsh(a, "U", check=False), lambda a: LAPACK.eigvalsh(a, "U"), (*SQUARE,)
    ),
    "eig": Sample(L.eig, lambda a: tuple(LAPACK.eig(a)), SQUARE),
    "eigvals": Sample(L.eigvals, LAPACK.eigvals, SQUARE),
    "expm": Sample(L.expm, scipy.linalg.expm, SQUARE),
    "sqrtm": Sample(lambda a: L.sqrtm(positive(a)), each(lambda a: scipy.linalg.sqrtm(positive(a))), FILLED),
    "logm": Sample(
        lambda a: L.logm(positive(a)),
        each(lambda a: scipy.linalg.logm(positive(a).astype(np.result_type(a, np.float64)))),
        FILLED,
    ),
    "matrix_power": Sample(lambda a: L.matrix_power(a, 5), lambda a: LAPACK.matrix_power(a, 5), SQUARE),
    "matrix_power-0": Sample(lambda a: L.matrix_power(a, 0), lambda a: LAPACK.matrix_power(a, 0), SQUARE),
    "matrix_power-neg": Sample(lambda a: L.matrix_power(a, -3), lambda a: LAPACK.matrix_power(a, -3), FILLED),
    "matrix_rank": Sample(L.matrix_rank, LAPACK.matrix_rank),
    "cond": Sample(L.cond, LAPACK.cond, ("square", "one", "tall", "wide", "batch")),
    "cond-1": Sample(lambda a: L.cond(a, 1), lambda a: LAPACK.cond(a, 1), FILLED),
    "cond-fro": Sample(lambda a: L.cond(a, "fro"), lambda a: LAPACK.cond(a, "fro"), FILLED),
    "orth": Sample(L.orth, scipy.linalg.orth, ("square", "tall")),
    "null_space": Sample(L.null_space, scipy.linalg.null_space, ("wide",)),
    "trace": Sample(L.trace, LAPACK.trace),
    "diagonal": Sample(lambda a: L.diagonal(a, offset=1), lambda a: LAPACK.diagonal(a, offset=1)),
    "matrix_transpose": Sample(L.matrix_transpose, LAPACK.matrix_transpose),
    "multi_dot": Sample(
        lambda a: L.multi_dot([a[0], a.swapaxes(0, 1), a, right(a).T[0, :3]]),
        lambda a: LAPACK.multi_dot([a[0], a.swapaxes(0, 1), a, right(a).T[0, :3]]),
        ("square", "tall"),
    ),
    "outer": Sample(lambda a: L.outer(a[0], a[1]), lambda a: LAPACK.outer(a[0], a[1]), ("square", "wide")),
    "cross": Sample(
        lambda a: L.cross(a, a[..., ::-1, :]), lambda a: LAPACK.cross(a, a[..., ::-1, :]), ("tall",)
    ),
    "vecdot": Sample(lambda a: L.vecdot(a, 1 + a), lambda a: LAPACK.vecdot(a, 1 + a)),
    "matmul": Sample(lambda a: L.matmul(a, adjoint(a)), lambda a: a @ adjoint(a)),
    "kron": Sample(lambda a: L.kron(a, right(a)), lambda a: np.kron(a, right(a)), ("square", "tall")),
    "tensordot": Sample(lambda a: L.tensordot(a, a, 1), lambda a: np.tensordot(a, a, 1), ("square",)),
    "toeplitz": Sample(
        lambda a: L.toeplitz(a[0], a[1]), lambda a: scipy.linalg.toeplitz(a[0], a[1]), ("square",)
    ),
    "toeplitz-c": Sample(
        lambda a: L.toeplitz(a[0]), lambda a: scipy.linalg.toeplitz(a[0]), ("square", "wide")
    ),
    "hankel": Sample(lambda a: L.hankel(a[0], a[1]), lambda a: scipy.linalg.hankel(a[0], a[1]), ("square",)),
    "hankel-c": Sample(lambda a: L.hankel(a[0]), lambda a: scipy.linalg.hankel(a[0]), ("wide", "tall")),
    "circulant": Sample(lambda a: L.circulant(a[0]), lambda a: scipy.linalg.circulant(a[0]), ("tall", "one")),
    "vandermonde": Sample(
        lambda a: L.vandermonde(a[0], 4), lambda a: np.vander(a[0], 4, increasing=True), ("wide", "one")
    ),
    "block_diagonal": Sample(
        lambda a: L.block_diagonal(a, a[:1]), lambda a: scipy.linalg.block_diag(a, a[:1]), ("tall", "wide")
    ),
    "block": Sample(
        lambda a: L.block([[a, a[:, :1]]]), lambda a: np.block([[a, a[:, :1]]]), ("tall", "wide")
    ),
    "symmetrize": Sample(L.symmetrize, lambda a: (a + adjoint(a)) / 2, SQUARE),
    "skew": Sample(L.skew, lambda a: (a - adjoint(a)) / 2, SQUARE),
    "projection_matrix": Sample(L.projection_matrix, lambda a: a @ LAPACK.pinv(a)),
    "project": Sample(
        lambda a: L.project(right(a), a), lambda a: a @ (LAPACK.pinv(a) @ right(a)), ("tall", "square")
    ),
    "gram_schmidt": Sample(L.gram_schmidt, lambda a: positive_diagonal(a), ("square", "tall", "batch")),
    "gram_schmidt-classical": Sample(
        lambda a: L.gram_schmidt(a, "classical"), lambda a: positive_diagonal(a), ("square", "tall", "batch")
    ),
}


def positive_diagonal(a: np.ndarray) -> np.ndarray:
    """Q of the QR factorisation whose R has a positive diagonal."""
    q, r = LAPACK.qr(a)
    diagonal = np.diagonal(r, axis1=-2, axis2=-1)
    return np.asarray(q * (diagonal / np.abs(diagonal))[..., None, :])


def matrix(shape: str, dtype: str, seed: int = 0) -> np.ndarray:
    """A well-conditioned matrix with all values different."""
    rng = np.random.default_rng([seed, len(shape)])
    extents = SHAPES[shape]
    a = rng.uniform(-0.5, 0.5, extents) + 2 * np.eye(*extents[-2:])
    if dtype.startswith("complex"):
        a = a + 1j * rng.uniform(-0.5, 0.5, extents)
    return a.astype(dtype)
