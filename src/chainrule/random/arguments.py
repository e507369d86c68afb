"""What all distributions share: the shape, type and checks of their parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.dtypes import DType, float32
from chainrule.errors import error
from chainrule.functions.shaping import broadcast_to
from chainrule.ops import shapes
from chainrule.ops.pointwise import cast
from chainrule.tensor import Tensor

Shape = int | Sequence[int]

# Binary digits of a significand: as many random bits as a number in [0, 1) can hold.
DIGITS = {"bfloat16": 8, "float16": 11, "float32": 24, "float64": 53}


@dataclass(frozen=True)
class Allowed:
    """A set of values that a parameter may have, and the test of an array's elements for it."""

    name: str
    holds: Callable[[np.ndarray], Any]


FINITE = Allowed("(-∞, ∞)", np.isfinite)
POSITIVE = Allowed("(0, ∞)", lambda a: (a > 0) & np.isfinite(a))
NON_NEGATIVE = Allowed("[0, ∞)", lambda a: (a >= 0) & np.isfinite(a))
PROBABILITY = Allowed("[0, 1]", lambda a: (a >= 0) & (a <= 1))
WHOLE = Allowed("{0, 1, 2, …}", lambda a: (a >= 0) & np.isfinite(a) & (a == np.floor(a)))


def is_number(x: Any) -> bool:
    """Whether something is a plain number, which takes the type of the tensors that it meets."""
    return isinstance(x, int | float) and not isinstance(x, np.generic)


def known(x: Any) -> np.ndarray | None:
    """A parameter's elements, or None while a function is recorded and they are not known yet."""
    data = lift(x).data
    return None if isinstance(data, Symbol) else np.asarray(data)


def check_parameter(function: str, name: str, x: Any, allowed: Allowed) -> None:
    """Refuse a parameter with an element outside its set; while recording, nothing is known of it."""
    values = known(x)
    if values is None:
        return
    wrong = ~np.asarray(allowed.holds(values))
    if wrong.any():
        got = x if is_number(x) else values[wrong].flat[0]
        raise error("random.parameter", function=function, name=name, allowed=allowed.name, got=got)


def result_shape(function: str, shape: Shape | None, **parameters: Any) -> tuple[int, ...]:
    """The shape asked for, which the parameters must broadcast to; by default their common shape."""
    found = {name: lift(x).shape for name, x in parameters.items()}
    common = shapes.broadcast_named(function, found) if found else ()
    if shape is None:
        return common
    wanted = shapes.as_shape(function, shape)
    if len(common) > len(wanted) or any(
        n not in (1, m) for n, m in zip(reversed(common), reversed(wanted), strict=False)
    ):
        raise error("random.shape", function=function, parameters=common, got=wanted, shapes=found)
    return wanted


def result_dtype(function: str, dtype: Any, *parameters: Any) -> DType:
    """The type asked for; by default that of the parameters' floats, or else ``float32``."""
    if dtype is None:
        floats = [x.dtype for x in map(_typed, parameters) if x is not None and dtypes.is_float(x.dtype)]
        return dtypes.promote(floats) if floats else float32
    wanted = dtypes.canonical(dtype)
    if wanted.name not in DIGITS:
        raise error("random.dtype", function=function, allowed=", ".join(DIGITS), got=wanted)
    return wanted


def _typed(x: Any) -> Value | None:
    return None if is_number(x) or isinstance(x, list | tuple) else lift(x)


def as_parameter(x: Any, shape: tuple[int, ...], dtype: DType) -> Tensor:
    """A parameter as a tensor of the result's shape and of a type."""
    return broadcast_to(of_type(x, dtype), shape)


def of_type(x: Any, dtype: DType) -> Tensor:
    """A parameter as a tensor of a type."""
    found = lift(x, dtype) if is_number(x) else lift(x)
    return found if found.dtype == dtype else cast(found, dtype=dtype)
