"""Functions that are compared with PyTorch: real numbers that do not depend on the phases of vectors.

Each is written once, in names that both have; ``lib`` is `chainrule` or `torch`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

WEIGHTS = np.random.default_rng(7).standard_normal((4, 4))
SHAPES = {"square": (3, 3), "tall": (4, 3), "wide": (3, 4), "batch": (2, 3, 3)}


def size(lib: Any, z: Any) -> Any:
    """A weighted sum of squared magnitudes: a real number in which every element counts."""
    weights = WEIGHTS[: z.shape[-2], : z.shape[-1]]
    return ((lib.abs(z) ** 2) * lib.tensor(weights, dtype=lib.float64)).sum()


def adjoint(lib: Any, a: Any) -> Any:
    turned = lib.swapaxes(a, -1, -2)
    return lib.conj(turned)


def hermitian(lib: Any, a: Any) -> Any:
    return a + adjoint(lib, a)


def definite(lib: Any, a: Any) -> Any:
    return a @ adjoint(lib, a) + 0.5 * lib.eye(a.shape[-2], dtype=lib.float64)


def of_projectors(lib: Any, left: Any, values: Any, right: Any) -> Any:
    """``left f(values) right``, which does not change with the vectors' phases."""
    return size(lib, (left * lib.exp(0.3 * values)[..., None, :]) @ right)


def of_eigh(lib: Any, a: Any) -> Any:
    values, vectors = lib.linalg.eigh(hermitian(lib, a))
    return of_projectors(lib, vectors, values, adjoint(lib, vectors))


def of_eig(lib: Any, a: Any) -> Any:
    values, vectors = lib.linalg.eig(a)
    return of_projectors(lib, vectors, values, lib.linalg.inv(vectors))


def of_svd(lib: Any, a: Any) -> Any:
    return of_projectors(lib, *lib.linalg.svd(a, full_matrices=False))


def of_lu(lib: Any, a: Any) -> Any:
    permutation, left, right = lib.linalg.lu(a)
    return size(lib, left) + size(lib, right) + size(lib, permutation @ left)


def of_qr(lib: Any, a: Any) -> Any:
    q, r = lib.linalg.qr(a)
    return size(lib, q) + size(lib, r)


def of_slogdet(lib: Any, a: Any) -> Any:
    sign, logarithm = lib.linalg.slogdet(a)
    return logarithm.sum() + (lib.abs(sign - 0.5) ** 2).sum()


# By name: the function, and the shapes it takes.
CASES: dict[str, tuple[Callable[[Any, Any], Any], tuple[str, ...]]] = {
    "cholesky": (
        lambda lib, a: size(lib, lib.linalg.cholesky(definite(lib, a))),
        ("square", "tall", "batch"),
    ),
    "solve": (lambda lib, a: size(lib, lib.linalg.solve(a, a @ a + a)), ("square", "batch")),
    "inv": (lambda lib, a: size(lib, lib.linalg.inv(a)), ("square", "batch")),
    "pinv": (lambda lib, a: size(lib, lib.linalg.pinv(a)), ("square", "tall", "wide")),
    "det": (lambda lib, a: (lib.abs(lib.linalg.det(a) - 2) ** 2).sum(), ("square", "batch")),
    "slogdet": (of_slogdet, ("square", "batch")),
    "lu": (of_lu, ("square", "tall", "wide")),
    "qr": (of_qr, ("square", "tall")),
    "eigh": (of_eigh, ("square", "batch")),
    "eigvalsh": (lambda lib, a: (lib.linalg.eigvalsh(hermitian(lib, a)) ** 3).sum(), ("square", "batch")),
    "eig": (of_eig, ("square", "batch")),
    "eigvals": (lambda lib, a: (lib.abs(lib.linalg.eigvals(a) - 1) ** 2).sum(), ("square", "batch")),
    "svd": (of_svd, ("square", "tall", "wide", "batch")),
    "svdvals": (lambda lib, a: (lib.linalg.svdvals(a) ** 3).sum(), ("square", "tall", "wide")),
    "nuclear": (lambda lib, a: lib.linalg.matrix_norm(a, ord="nuc").sum(), ("tall", "wide", "batch")),
    "spectral": (lambda lib, a: lib.linalg.matrix_norm(a, ord=2).sum(), ("tall", "wide", "batch")),
    "norm1.5": (lambda lib, a: lib.linalg.vector_norm(a, ord=1.5), ("square", "tall")),
    "cond": (lambda lib, a: lib.linalg.cond(a).sum(), ("square", "batch")),
}


def keys() -> list[tuple[str, str, str]]:
    """All combinations of a case, a shape and a type."""
    return [(name, shape, kind) for name, (_, shapes) in CASES.items() for shape in shapes for kind in "fc"]


def matrix(shape: str, kind: str) -> np.ndarray:
    """The matrix to differentiate at: real or complex, well conditioned, its values all different."""
    rng = np.random.default_rng([len(shape), ord(kind)])
    a = rng.standard_normal(SHAPES[shape])
    a = a + 1j * rng.standard_normal(SHAPES[shape]) if kind == "c" else a
    return a + 2 * np.eye(*SHAPES[shape][-2:])
