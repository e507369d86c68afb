"""How results are compared that are not unique, or that come out of longer computations."""

from __future__ import annotations

from typing import Any

import numpy as np

from .strategies import Call

SINGLE = ("float32", "complex64")

# What single precision keeps of the results of longer computations.
RELATIVE = {
    **dict.fromkeys(("linalg.det", "linalg.slogdet", "linalg.inv", "linalg.pinv"), 1e-3),
    **dict.fromkeys(("linalg.solve", "linalg.matrix_power", "linalg.cond", "linalg.eigvals"), 1e-3),
    **dict.fromkeys(("linalg.matrix_norm", "linalg.cholesky", "linalg.svdvals", "linalg.eigvalsh"), 1e-4),
    **dict.fromkeys(("pow", "power", "var", "std", "nanvar", "nanstd"), 1e-4),
    **dict.fromkeys(("prod", "nanprod", "cumprod", "nancumprod", "cumulative_prod"), 1e-4),
}

# Sums of products of numbers up to 3, which may cancel.
PRODUCTS = {
    *("outer", "linalg.outer", "kron", "einsum", "tensordot", "linalg.tensordot", "dot", "inner", "vdot"),
    *("matmul", "linalg.matmul", "vecdot", "linalg.vecdot", "linalg.multi_dot", "cross", "linalg.cross"),
}

# Of the numbers that may cancel: products of two, and the rounding of a mean of numbers up to 10.
SCALE = {**dict.fromkeys(PRODUCTS, 9.0), **dict.fromkeys(("var", "std", "nanvar", "nanstd"), 0.1)}

# Values between two elements, which may cancel: what matters is the size of the elements.
INTERPOLATED = {"median", "quantile", "percentile", "nanmedian", "nanquantile", "nanpercentile"}

# A sum begins with 0, and of two zeros either may be the larger one: their signs are open.
UNSIGNED_ZEROS = {*PRODUCTS, *INTERPOLATED, "diag", "diagflat", "clip", "ptp"}
UNSIGNED_ZEROS |= {"max", "min", "maximum", "minimum", "fmax", "fmin", "nanmax", "nanmin"}


def comparison(name: str, call: Call) -> dict[str, Any]:
    """How closely the results of a function are compared: options of `compare.assert_close`."""
    is_single = any(str(getattr(x, "dtype", "")) in SINGLE for x in call.args)
    return {
        "tolerance": RELATIVE.get(name) if is_single else None,
        "signs": name not in UNSIGNED_ZEROS and name not in RELATIVE and not name.startswith("fft."),
        "scale": 0.01 * largest(call.args[0]) if name in INTERPOLATED else SCALE.get(name, 0.0),
    }


def largest(x: np.ndarray) -> float:
    """The largest finite absolute value."""
    return float(np.abs(x[np.isfinite(x)].astype(float)).max(initial=0.0))


def assert_specs(call: Call, ours: Any, theirs: Any) -> None:
    """Shapes and types alone."""
    for a, b in zip(ours, theirs, strict=True) if isinstance(theirs, tuple) else [(ours, theirs)]:
        assert a.shape == b.shape
        assert str(a.dtype) == str(b.dtype).rpartition(".")[2]


def rebuilt(call: Call, ours: Any, theirs: Any, product: np.ndarray, *orthogonal: Any) -> None:
    """A decomposition that is unique up to signs: shapes, types, the product, and orthonormal columns."""
    assert_specs(call, ours, theirs)
    tolerance = 1e-4 if call.args[0].dtype.name in SINGLE else 1e-10
    np.testing.assert_allclose(product, call.args[0], rtol=tolerance, atol=tolerance)
    for q in orthogonal:
        gram = np.conj(np.swapaxes(q.numpy(), -1, -2)) @ q.numpy()
        np.testing.assert_allclose(gram, np.broadcast_to(np.eye(q.shape[-1]), gram.shape), atol=tolerance)


def assert_qr(call: Call, ours: Any, theirs: Any) -> None:
    rebuilt(call, ours, theirs, (ours.Q @ ours.R).numpy(), ours.Q)
    assert np.array_equal(np.triu(ours.R.numpy()), ours.R.numpy())


def assert_svd(call: Call, ours: Any, theirs: Any) -> None:
    k = ours.S.shape[-1]
    product = (ours.U.numpy()[..., :k] * ours.S.numpy()[..., None, :]) @ ours.Vh.numpy()[..., :k, :]
    rebuilt(call, ours, theirs, product, ours.U, ours.Vh.mT)
    assert np.all(np.diff(ours.S.numpy(), axis=-1) <= 0)


def assert_eigh(call: Call, ours: Any, theirs: Any) -> None:
    values, vectors = ours.eigenvalues.numpy(), ours.eigenvectors.numpy()
    product = (vectors * values[..., None, :]) @ np.conj(np.swapaxes(vectors, -1, -2))
    rebuilt(call, ours, theirs, product, ours.eigenvectors)
    assert np.all(np.diff(values, axis=-1) >= 0)


UNIQUE_UP_TO = {
    "empty": assert_specs,
    "empty_like": assert_specs,
    "linalg.qr": assert_qr,
    "linalg.svd": assert_svd,
    "linalg.eigh": assert_eigh,
}
