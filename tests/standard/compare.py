"""Whether a result here is the one of the standard's reference implementation."""

from __future__ import annotations

from typing import Any

import array_api_strict as strict
import numpy as np

import chainrule as cr

# Rounding of one operation, times what a sum of a few dozen elements can add up to.
_TOLERANCE = {"float16": 2e-3, "float32": 2e-5, "complex64": 2e-5, "float64": 1e-12, "complex128": 1e-12}
# What is larger does not widen the tolerance of the elements beside it.
_USUAL = 1e6
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


def assert_same(ours: Any, theirs: Any, **options: Any) -> None:
    """Shapes, types and values agree, in nests of results too; options are those of `assert_close`."""
    if isinstance(theirs, tuple | list):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_same(a, b, **options)
    elif isinstance(theirs, _STRICT):
        values = np.asarray(theirs._array)
        assert isinstance(ours, cr.Tensor)
        assert (ours.shape, str(ours.dtype)) == (values.shape, str(values.dtype))
        assert_close(ours.numpy(), values, **options)
    else:
        # The reference's types are objects of their own.
        assert str(ours) == str(theirs).rpartition(".")[2]


def assert_close(
    values: np.ndarray,
    expected: np.ndarray,
    *,
    tolerance: float | None = None,
    signs: bool = True,
    scale: float = 0.0,
) -> None:
    """Equal elements, or, where floats are computed, equal to rounding.

    The tolerance is relative to an element and to the largest of ordinary size beside it, or to ``scale``
    if that is more; ``signs`` of zeros count too.
    """
    allowed = max(_TOLERANCE.get(str(x.dtype), 0.0) for x in (values, expected))
    allowed = allowed if tolerance is None else tolerance
    with np.errstate(all="ignore"):
        expected = expected.astype(values.dtype)
    if values.dtype.kind not in "fc":
        assert np.array_equal(values, expected)
        return
    finite = np.isfinite(expected)
    assert np.array_equal(np.isfinite(values), finite)
    assert np.array_equal(_parts(values[~finite]), _parts(expected[~finite]), equal_nan=True)
    usual = np.abs(expected[finite & (np.abs(expected) < _USUAL)])
    absolute = allowed * max(scale, float(usual.max(initial=0.0)))
    np.testing.assert_allclose(values[finite], expected[finite], rtol=allowed, atol=absolute)
    if values.dtype.kind == "f" and signs:
        zero = (values == 0) & (expected == 0)
        assert np.array_equal(np.signbit(values[zero]), np.signbit(expected[zero]))


def _parts(x: np.ndarray) -> np.ndarray:
    return np.stack([x.real, x.imag])
