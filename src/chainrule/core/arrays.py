"""Numbers and nested lists as NumPy arrays, or the errors of what cannot become one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule.core.spec import Shape
from chainrule.dtypes import DType, letter
from chainrule.errors import ChainruleError, error

_NUMERIC = "biufc"
_LONGEST_SHOWN = 40


def as_array(x: Any, dtype: DType | None = None) -> np.ndarray:
    """Elements of a number, nested list or array, of their own type unless one is given.

    Raises
    ------
    DTypeError
        Something in it is not a number or bool, or does not fit the type.
    ShapeError
        The rows of a nested list differ in length.
    """
    if dtype is not None and isinstance(x, np.ndarray | np.generic):
        check_keeps_imaginary_parts(x.dtype, dtype)
    try:
        array = np.asarray(x, dtype)
    except OverflowError as problem:
        raise error("ops.out_of_type", value=_short(x), dtype=dtype) from problem
    except (ValueError, TypeError) as problem:
        raise _refusal(x, dtype) from problem
    if letter(array.dtype) not in _NUMERIC:
        raise _refusal(x, dtype)
    return array


def check_keeps_imaginary_parts(found: DType, wanted: DType) -> None:
    """Refuse to make real numbers of complex ones; a bool says whether they are 0."""
    if letter(found) == "c" and letter(wanted) not in "cb":
        raise error("tensor.complex_to_real", found=found, wanted=wanted)


def is_out_of_memory(problem: Exception) -> bool:
    """Whether NumPy refused because a result is too large; beyond the address space it says ValueError."""
    too_large = ("array is too big", "Maximum allowed dimension exceeded")
    return isinstance(problem, MemoryError) or str(problem).startswith(too_large)


@contextmanager
def allocating(op: str, shape: Shape, dtype: DType) -> Iterator[None]:
    """An error that names the shape of a result, where NumPy has no memory for it or for its indices."""
    try:
        yield
    except (ValueError, MemoryError) as problem:
        if isinstance(problem, ChainruleError) or not is_out_of_memory(problem):
            raise
        raise error("ops.memory", op=op, shape=shape, dtype=dtype) from problem


def _refusal(x: Any, dtype: DType | None) -> ChainruleError:
    """Why something cannot become an array of numbers."""
    for value in _elements(x):
        if isinstance(value, int) and not -(2**63) <= value < 2**64:
            return error("ops.out_of_type", value=_short(value), dtype="int64")
        if not _is_number(value):
            return error("ops.not_numeric", value=_short(value), kind=type(value).__name__)
    rows = _unequal_rows(x)
    if rows:
        return error("ops.ragged", **rows)
    if dtype is not None:
        return error("ops.out_of_type", value=_short(x), dtype=dtype)
    return error("ops.not_numeric", value=_short(x), kind="object")


def _is_number(value: Any) -> bool:
    if isinstance(value, np.generic):
        return letter(value.dtype) in _NUMERIC
    return isinstance(value, int | float | complex)


def _elements(x: Any) -> Iterator[Any]:
    rows = _rows(x)
    if rows is None:
        yield x
    else:
        for row in rows:
            yield from _elements(row)


def _unequal_rows(x: Any) -> dict[str, Any]:
    """The first axis along which rows differ in length, and two lengths, as shapes."""
    level, axis = [x], 0
    while level:
        lengths = [() if _rows(row) is None else (len(row),) for row in level]
        different = list(dict.fromkeys(lengths))
        if len(different) > 1:
            return {"axis": axis, "first": different[0], "second": different[1]}
        level = [item for row in level for item in (() if _rows(row) is None else _rows(row))]
        axis += 1
    return {}


def _rows(x: Any) -> Any:
    """What a nest holds; None for a single element."""
    if isinstance(x, list | tuple):
        return x
    is_array = hasattr(x, "__array__") and np.ndim(x) > 0
    return np.asarray(x) if is_array else None


def _short(x: Any) -> str:
    shown = repr(x)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
