"""What is known of a tensor's values from how it is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.dtypes import is_float
from chainrule.graph.rewrites.here import Here

_DEEPEST = 8

# Results whose sign bit is never set, whatever the inputs are; NaN is left out of account.
_POSITIVE = frozenset({"absolute", "square", "exp", "exp2", "sigmoid"})
# Results of which that holds where it holds of all inputs.
_KEEPS = frozenset(
    {
        *("add", "multiply", "divide", "sqrt", "rsqrt", "maximum", "minimum", "reciprocal"),
        *("sum", "prod", "max", "min", "identity"),
        *("reshape", "transpose", "broadcast_to", "slice", "pad", "flip", "concatenate"),
    }
)


def is_never_negative(here: Here, x: Any) -> bool:
    """Whether the sign bit of no element can be set, except that of a NaN."""
    return _holds(here, x, _is_positive_constant, _DEEPEST)


def _is_positive_constant(array: np.ndarray) -> bool:
    return not np.any(np.signbit(array)) if array.dtype.kind == "f" else False


def _holds(here: Here, x: Any, of_constant: Callable[[np.ndarray], bool], depth: int) -> bool:
    constant = here.constant(x)
    if constant is not None:
        return of_constant(constant)
    made = here.made_by(x)
    if made is None or not depth or not is_float(x.dtype) or x.dtype.kind == "c":
        return False
    if made.name in _POSITIVE:
        return True
    return made.name in _KEEPS and all(_holds(made, y, of_constant, depth - 1) for y in made.inputs)


def is_never_negative_zero(here: Here, x: Any) -> bool:
    """Whether no element can be -0: integers have no such number."""
    return not is_float(x.dtype) or is_never_negative(here, x)
