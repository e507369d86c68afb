"""Whether a result here is NumPy's, up to the documented rule of types (docs/types.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

import chainrule as cr

from ..standard.compare import assert_close, to_ours
from ..standard.strategies import Call


def expected_type(numpys: np.dtype, taking_part: Iterable[np.dtype]) -> np.dtype:
    """NumPy's type, except that no float becomes 64-bit, or 16-bit, where no such type took part."""
    present = {np.dtype(dtype) for dtype in taking_part}
    if numpys.kind not in "fc":
        return numpys
    wide = {np.dtype("float64"), np.dtype("complex128")}
    if numpys in wide and not present & wide:
        return np.dtype("float32" if numpys.kind == "f" else "complex64")
    return np.dtype("float32") if numpys == np.float16 and numpys not in present else numpys


def types_of(x: Any) -> Iterator[np.dtype]:
    """The types of the arrays in nested arguments, and types that are given as such."""
    if isinstance(x, np.ndarray | np.generic):
        yield x.dtype
    elif isinstance(x, np.dtype):
        yield x
    elif isinstance(x, list | tuple):
        for item in x:
            yield from types_of(item)
    elif isinstance(x, dict):
        yield from types_of(list(x.values()))


def assert_numpys(call: Call, ours: Any, theirs: Any, **options: Any) -> None:
    """Structure, shapes, types and values of a result are NumPy's; options are those of `assert_close`."""
    if isinstance(theirs, tuple | list):
        assert isinstance(ours, tuple | list)
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_numpys(call, a, b, **options)
        return
    if isinstance(theirs, np.dtype | type):
        assert ours == expected_type(np.dtype(theirs), types_of((call.args, call.kwargs)))
        return
    if not isinstance(ours, cr.Tensor):
        assert ours == theirs
        return
    values = np.asarray(theirs)
    expected = expected_type(values.dtype, types_of((call.args, call.kwargs)))
    assert ours.shape == values.shape
    assert ours.dtype == expected
    assert_close(ours.numpy(), values, **options)


__all__ = ["assert_numpys", "expected_type", "to_ours", "types_of"]
