"""Making tensors: NumPy's names, ``float32`` unless a type is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.arrays import allocating
from chainrule.core.interpreter import lift, wrap
from chainrule.dtypes import DType, DTypeLike
from chainrule.errors import error
from chainrule.interop import check_device
from chainrule.ops.pointwise import power
from chainrule.ops.shapes import as_integers, as_shape
from chainrule.tensor import Tensor

Shape = int | Sequence[int]


def zeros(shape: Shape, dtype: DTypeLike = np.float32, *, device: str | None = None) -> Tensor:
    """All elements 0."""
    return _filled("zeros", shape, None, dtypes.canonical(dtype), device)


def ones(shape: Shape, dtype: DTypeLike = np.float32, *, device: str | None = None) -> Tensor:
    """All elements 1."""
    return _filled("ones", shape, 1, dtypes.canonical(dtype), device)


def full(
    shape: Shape, fill_value: float, dtype: DTypeLike | None = None, *, device: str | None = None
) -> Tensor:
    """All elements ``fill_value``, of its default type unless one is given."""
    element = Tensor(fill_value, dtype)
    return _filled("full", shape, element.data, element.dtype, device)


def empty(shape: Shape, dtype: DTypeLike = np.float32, *, device: str | None = None) -> Tensor:
    """As `zeros`: tensors are not written to afterwards, so there is no use for one without values."""
    return _filled("empty", shape, None, dtypes.canonical(dtype), device)


def _filled(op: str, shape: Shape, value: Any, dtype: DType, device: str | None) -> Tensor:
    check_device(device)
    wanted = as_shape(op, shape)
    with allocating(op, wanted, dtype):
        return wrap(np.zeros(wanted, dtype) if value is None else np.full(wanted, value, dtype))


def zeros_like(x: Any, dtype: DTypeLike | None = None, *, device: str | None = None) -> Tensor:
    """Zeros of another tensor's shape and type."""
    x = lift(x)
    return zeros(x.shape, x.dtype if dtype is None else dtype, device=device)


def ones_like(x: Any, dtype: DTypeLike | None = None, *, device: str | None = None) -> Tensor:
    """Ones of another tensor's shape and type."""
    x = lift(x)
    return ones(x.shape, x.dtype if dtype is None else dtype, device=device)


def full_like(
    x: Any, fill_value: float, dtype: DTypeLike | None = None, *, device: str | None = None
) -> Tensor:
    """One value in another tensor's shape and type."""
    x = lift(x)
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype, device=device)


def empty_like(x: Any, dtype: DTypeLike | None = None, *, device: str | None = None) -> Tensor:
    """As `zeros_like`."""
    return zeros_like(x, dtype, device=device)


def eye(
    n: int,
    m: int | None = None,
    k: int = 0,
    dtype: DTypeLike = np.float32,
    *,
    device: str | None = None,
) -> Tensor:
    """Ones on the k-th diagonal of an n × m matrix, zeros elsewhere."""
    check_device(device)
    rows, columns = as_shape("eye", (n, n if m is None else m))
    (offset,) = as_integers("eye", k)
    with allocating("eye", (rows, columns), dtypes.canonical(dtype)):
        return wrap(np.eye(rows, columns, offset, dtype=dtypes.canonical(dtype)))


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1,
    dtype: DTypeLike | None = None,
    *,
    device: str | None = None,
) -> Tensor:
    """Equally spaced numbers from ``start`` up to, but without, ``stop``."""
    check_device(device)
    begin, end = (0, start) if stop is None else (start, stop)
    for name, value in {"start": begin, "stop": end, "step": step}.items():
        _check_number("arange", name, value)
    if step == 0:
        raise error("ops.zero_step")
    whole = all(isinstance(value, int) for value in (begin, end, step))
    default = dtypes.int64 if whole else dtypes.float32
    wanted = default if dtype is None else dtypes.canonical(dtype)
    count = max(0, math.ceil((end - begin) / step))
    with allocating("arange", (count,), wanted):
        return wrap(np.arange(begin, end, step, dtype=_counted_in(wanted)).astype(wanted, copy=False))


def linspace(
    start: float,
    stop: float,
    num: int = 50,
    *,
    endpoint: bool = True,
    dtype: DTypeLike = np.float32,
    device: str | None = None,
) -> Tensor:
    """``num`` equally spaced numbers from ``start`` to ``stop``; without the last if not ``endpoint``."""
    check_device(device)
    _check_number("linspace", "start", start)
    _check_number("linspace", "stop", stop)
    (count,), wanted = as_shape("linspace", num), dtypes.canonical(dtype)
    with allocating("linspace", (count,), wanted):
        numbers = np.linspace(start, stop, count, endpoint=endpoint, dtype=_counted_in(wanted))
        return wrap(numbers.astype(wanted, copy=False))


def logspace(
    start: float, stop: float, num: int = 50, *, base: float = 10.0, dtype: DTypeLike = np.float32
) -> Tensor:
    """``num`` numbers from ``base ** start`` to ``base ** stop`` at equal ratios."""
    return power(base, linspace(start, stop, num, dtype=np.float64)).astype(dtype)


def tri(n: int, m: int | None = None, k: int = 0, dtype: DTypeLike = np.float32) -> Tensor:
    """Ones on and below the k-th diagonal of an n × m matrix, zeros above."""
    rows, columns = as_shape("tri", (n, n if m is None else m))
    with allocating("tri", (rows, columns), dtypes.canonical(dtype)):
        return wrap(np.tri(rows, columns, k, dtype=dtypes.canonical(dtype)))


def _counted_in(dtype: DType) -> DType:
    """The type in which NumPy counts up before the elements are rounded."""
    return {"b": dtypes.int64, "f": dtypes.float64}.get(dtypes.letter(dtype), dtypes.shown_in(dtype))


def _check_number(op: str, name: str, value: Any) -> None:
    if not isinstance(value, int | float | complex | np.integer | np.inexact):
        raise error("ops.number", op=op, name=name, got=repr(value))
