"""Whether a result here is the one of the standard's reference implementation."""

from __future__ import annotations

from typing import Any

import array_api_strict as strict
import numpy as np

import chainrule as cr

# Rounding of one operation, times what a sum of a few dozen elements can add up to.
_TOLERANCE = {"float32": 2e-5, "complex64": 2e-5, "float64": 1e-12, "complex128": 1e-12}
_STRICT = type(strict.asarray([1.0]))


def to_strict(x: Any) -> Any:
    """The reference's arrays in place of NumPy's."""
    return _mapped(x, strict.asarray, strict)


def to_ours(x: Any) -> Any:
    """Tensors in place of NumPy's arrays."""
    return _mapped(x, cr.asarray, cr)


def _mapped(x: Any, convert: Any, namespace: Any) -> Any:
    if isinstance(x, np.ndarray):
        return convert(x)
    if isinstance(x, np.dtype):
        return getattr(namespace, x.name)
    if isinstance(x, list | tuple):
        return type(x)(_mapped(item, convert, namespace) for item in x)
    return {k: _mapped(v, convert, namespace) for k, v in x.items()} if isinstance(x, dict) else x


def assert_same(ours: Any, theirs: Any, *, types: bool = True, tolerance: float | None = None) -> None:
    """Shapes, types and values agree, in nests of results too."""
    if isinstance(theirs, tuple | list):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_same(a, b, types=types, tolerance=tolerance)
    elif isinstance(theirs, _STRICT):
        _assert_same_array(ours, np.asarray(theirs._array), types, tolerance)
    else:
        # The reference's types are objects of their own.
        assert str(ours) == str(theirs).rpartition(".")[2]


def _assert_same_array(ours: Any, theirs: np.ndarray, types: bool, tolerance: float | None) -> None:
    assert isinstance(ours, cr.Tensor)
    assert ours.shape == theirs.shape
    if types:
        assert str(ours.dtype) == str(theirs.dtype)
    values = ours.numpy()
    allowed = max((_TOLERANCE.get(str(x.dtype), 0.0) for x in (values, theirs)), default=0.0)
    allowed = allowed if tolerance is None else tolerance
    if allowed == 0:
        assert np.array_equal(values, theirs)
        return
    finite = np.abs(theirs[np.isfinite(theirs)])
    scale = float(finite.max()) if finite.size else 1.0
    np.testing.assert_allclose(values, theirs, rtol=allowed, atol=allowed * min(scale, 1e30))
    if theirs.dtype.kind == "f" and tolerance is None:
        zero = (values == 0) & (theirs == 0)
        assert np.array_equal(np.signbit(values[zero]), np.signbit(theirs[zero]))
