"""Making tensors: NumPy's names, ``float32`` unless a type is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import lift
from chainrule.dtypes import DTypeLike
from chainrule.errors import error
from chainrule.ops.shapes import as_shape
from chainrule.tensor import Tensor

Shape = int | Sequence[int]


def zeros(shape: Shape, dtype: DTypeLike = np.float32) -> Tensor:
    """All elements 0."""
    return Tensor(np.zeros(as_shape("zeros", shape), dtypes.canonical(dtype)))


def ones(shape: Shape, dtype: DTypeLike = np.float32) -> Tensor:
    """All elements 1."""
    return Tensor(np.ones(as_shape("ones", shape), dtypes.canonical(dtype)))


def full(shape: Shape, value: float, dtype: DTypeLike | None = None) -> Tensor:
    """All elements ``value``, of its default type unless one is given."""
    element = Tensor(value, dtype)
    return Tensor(np.full(as_shape("full", shape), element.data, element.dtype))


def zeros_like(x: Any, dtype: DTypeLike | None = None) -> Tensor:
    """Zeros of another tensor's shape and type."""
    x = lift(x)
    return zeros(x.shape, x.dtype if dtype is None else dtype)


def ones_like(x: Any, dtype: DTypeLike | None = None) -> Tensor:
    """Ones of another tensor's shape and type."""
    x = lift(x)
    return ones(x.shape, x.dtype if dtype is None else dtype)


def eye(n: int, m: int | None = None, dtype: DTypeLike = np.float32) -> Tensor:
    """Ones on the diagonal of an n × m matrix, zeros elsewhere."""
    return Tensor(np.eye(*as_shape("eye", (n, n if m is None else m)), dtype=dtypes.canonical(dtype)))


def arange(
    start: float, stop: float | None = None, step: float = 1, dtype: DTypeLike | None = None
) -> Tensor:
    """Equally spaced numbers from ``start`` up to, but without, ``stop``."""
    begin, end = (0, start) if stop is None else (start, stop)
    for name, value in {"start": begin, "stop": end, "step": step}.items():
        _check_number("arange", name, value)
    if step == 0:
        raise error("ops.zero_step")
    whole = all(isinstance(value, int) for value in (begin, end, step))
    default = np.int64 if whole else np.float32
    return Tensor(np.arange(begin, end, step, dtype=default if dtype is None else dtypes.canonical(dtype)))


def linspace(start: float, stop: float, num: int = 50, dtype: DTypeLike = np.float32) -> Tensor:
    """``num`` equally spaced numbers from ``start`` to ``stop``, both included."""
    _check_number("linspace", "start", start)
    _check_number("linspace", "stop", stop)
    (count,) = as_shape("linspace", num)
    return Tensor(np.linspace(start, stop, count, dtype=dtypes.canonical(dtype)))


def tri(n: int, m: int | None = None, k: int = 0, dtype: DTypeLike = np.float32) -> Tensor:
    """Ones on and below the k-th diagonal of an n × m matrix, zeros above."""
    rows, columns = as_shape("tri", (n, n if m is None else m))
    return Tensor(np.tri(rows, columns, k, dtype=dtypes.canonical(dtype)))


def _check_number(op: str, name: str, value: Any) -> None:
    if not isinstance(value, int | float | np.integer | np.floating):
        raise error("ops.number", op=op, name=name, got=repr(value))
