"""Laws of arithmetic that hold in floating point, and of choosing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.dtypes import is_float, letter
from chainrule.graph.rewrites.facts import is_never_negative, is_never_negative_zero
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.patterns import pattern
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops import move
from chainrule.ops.pointwise import (
    absolute,
    add,
    cast,
    conj,
    divide,
    identity,
    logical_not,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    real,
    reciprocal,
    rsqrt,
    sqrt,
    square,
    subtract,
    where,
)


def _cast(x: Any, dtype: str) -> Any:
    return cast(x, dtype=np.dtype(dtype))


def _is_real(here: Here, x: Any, *others: Any) -> bool:
    return letter(x.dtype) != "c"


pattern("multiply by one", r"x \cdot 1 = x", lambda x: multiply(x, 1), lambda x: x)
pattern("multiply by minus one", r"x \cdot (-1) = -x", lambda x: multiply(x, -1), lambda x: negative(x))
pattern("divide by one", r"\frac{x}{1} = x", lambda x: divide(x, 1), lambda x: x)
pattern("divide by minus one", r"\frac{x}{-1} = -x", lambda x: divide(x, -1), lambda x: negative(x))
pattern("subtract zero", "x - 0 = x", lambda x: subtract(x, 0), lambda x: x)
pattern("add minus zero", "x + (-0) = x", lambda x: add(x, -0.0), lambda x: x)
pattern(
    "add zero",
    r"x + 0 = x \text{ where } x \text{ is never } -0",
    lambda x: add(x, 0),
    lambda x: x,
    when=is_never_negative_zero,
    examples=(
        example(lambda x: add(x, 0), "i64[2, 3]"),
        example(lambda x: add(square(x), 0), "f32[2, 3]"),
    ),
    refusals=(example(lambda x: add(x, 0), "f32[2, 3]"),),
)
pattern("negate twice", "-(-x) = x", lambda x: negative(negative(x)), lambda x: x)
pattern("add a negative", "x + (-y) = x - y", lambda x, y: add(x, negative(y)), lambda x, y: subtract(x, y))
pattern(
    "subtract a negative", "x - (-y) = x + y", lambda x, y: subtract(x, negative(y)), lambda x, y: add(x, y)
)
pattern(
    "multiply negatives",
    r"(-x) \cdot (-y) = x \cdot y",
    lambda x, y: multiply(negative(x), negative(y)),
    lambda x, y: multiply(x, y),
)
pattern("absolute value of a negative", "|-x| = |x|", lambda x: absolute(negative(x)), lambda x: absolute(x))
pattern(
    "absolute value twice", r"\vert |x| \vert = |x|", lambda x: absolute(absolute(x)), lambda x: absolute(x)
)
pattern("square of a negative", "(-x)^{2} = x^{2}", lambda x: square(negative(x)), lambda x: square(x))
pattern(
    "square of an absolute value",
    "|x|^{2} = x^{2}",
    lambda x: square(absolute(x)),
    lambda x: square(x),
    when=_is_real,
    refusals=(example(lambda x: square(absolute(x)), "c64[2, 3]"),),
)
pattern(
    "multiply by itself",
    r"x \cdot x = x^{2}",
    lambda x: multiply(x, x),
    lambda x: square(x),
    when=_is_real,
    refusals=(example(lambda x, y: multiply(x, y), "f32[2, 3]", "f32[2, 3]"),),
)
pattern("first power", "x^{1} = x", lambda x: power(x, 1), lambda x: x)
pattern(
    "power zero",
    "x^{0} = 1",
    lambda x: power(x, 0),
    lambda x: move.broadcast_to(lift(1, x.dtype), shape=x.shape),
    when=_is_real,
)
pattern(
    "second power",
    r"x^{2} = x \cdot x",
    lambda x: power(x, 2),
    lambda x: square(x),
    when=_is_real,
    exact=Exact.ROUNDING,
    bound="1 unit in the last place: the square is rounded once, a power not always",
    ulps=1,
)
pattern(
    "power one half",
    r"x^{0.5} = \sqrt{x} \text{ where } x \text{ is never negative}",
    lambda x: power(x, 0.5),
    lambda x: sqrt(x),
    when=is_never_negative,
    exact=Exact.ROUNDING,
    bound="1 unit in the last place: a root is rounded once, a power not always",
    ulps=1,
    examples=(example(lambda x: power(square(x), 0.5), "f32[2, 3]"),),
    # At -0 the power is 0 and the root -0, at minus infinity they are infinity and NaN.
    refusals=(example(lambda x: power(x, 0.5), "f32[2, 3]"),),
)
pattern(
    "power minus one",
    r"x^{-1} = \frac{1}{x}",
    lambda x: power(x, -1),
    lambda x: reciprocal(x),
    when=lambda here, x: letter(x.dtype) == "f",
    exact=Exact.ROUNDING,
    bound="1 unit in the last place: a quotient is rounded once, a power not always",
    ulps=1,
)
pattern(
    "one over a root",
    r"\frac{1}{\sqrt{x}} = \operatorname{rsqrt} x",
    lambda x: divide(1, sqrt(x)),
    lambda x: rsqrt(x),
    # Types of 16 bits round after each operation, so one operation is not two.
    when=lambda here, x: x.dtype.kind == "f" and x.dtype.itemsize > 2 and here.is_only_user(here.inputs[1]),
    refusals=(
        example(lambda x: divide(1, sqrt(x)), "f16[2, 3]"),
        example(lambda x: (divide(1, root := sqrt(x)), root), "f32[2, 3]"),
    ),
)
pattern("identity", "x = x", lambda x: identity(x), lambda x: x)
pattern("conjugate of a real number", r"\bar{x} = x", lambda x: conj(x), lambda x: x, when=_is_real)
pattern(
    "real part of a real number", r"\operatorname{Re} x = x", lambda x: real(x), lambda x: x, when=_is_real
)
pattern("maximum of itself", r"\max(x, x) = x", lambda x: maximum(x, x), lambda x: x)
pattern("minimum of itself", r"\min(x, x) = x", lambda x: minimum(x, x), lambda x: x)
pattern("not twice", r"\neg \neg c = c", lambda c: logical_not(logical_not(c)), lambda c: c)
pattern(
    "equal choices", r"(x \text{ if } c \text{ else } x) = x", lambda c, x: where(c, x, x), lambda c, x: x
)
pattern(
    "choice by a negation",
    r"(x \text{ if } \neg c \text{ else } y) = (y \text{ if } c \text{ else } x)",
    lambda c, x, y: where(logical_not(c), x, y),
    lambda c, x, y: where(c, y, x),
)


@rewrites(
    "known choice",
    r"(x \text{ if true else } y) = x",
    "where",
    examples=(
        example(lambda x, y: where(True, x, y), "f32[2, 3]", "f32[2, 3]"),
        example(lambda x, y: where(False, x, y), "f32[2, 3]", "f32[2, 3]"),
    ),
    refusals=(
        example(lambda x, y: where(True, x, y), "f32[3]", "f32[2, 3]"),
        example(lambda c, x, y: where(c, x, y), "bool[3]", "f32[3]", "f32[3]"),
    ),
)
def known_choice(here: Here) -> Any:
    """Take the branch that is always chosen."""
    value = here.value(here.x)
    return None if value is None else here.inputs[1 if value else 2]


@rewrites(
    "divide by a power of two",
    r"\frac{x}{2^{k}} = x \cdot 2^{-k}",
    "divide",
    examples=(example(lambda x: divide(x, 4), "f32[2, 3]"), example(lambda x: divide(x, -0.5), "f64[2, 3]")),
    refusals=(
        example(lambda x: divide(x, 3), "f32[2, 3]"),
        example(lambda x: divide(x, 2.0**127), "f32[2, 3]"),
    ),
)
def divide_by_power_of_two(here: Here) -> Any:
    """Multiply by the reciprocal, which is exact where it is a normal number."""
    value, dtype = here.value(here.inputs[1]), here.spec.dtype
    if value is None or dtype.kind != "f" or not np.isfinite(value) or abs(math.frexp(value)[0]) != 0.5:
        return None
    inverse = np.asarray(1 / float(value), dtype)
    if abs(inverse) < np.finfo(dtype).tiny or not np.isfinite(inverse) or value in (1, -1):
        return None
    return multiply(here.x, lift(inverse))


def keeps_all_values(found: Any, to: Any) -> bool:
    """Whether a type holds every value of another."""
    if found == to:
        return True
    usual = "V" not in (found.kind, to.kind)
    return usual and bool(np.can_cast(found, to, "safe")) and not (letter(found) in "iu" and is_float(to))


@rewrites(
    "cast to the same type",
    "a cast to the type that a tensor has changes nothing",
    "cast",
    examples=(example(lambda x: _cast(x, "float32"), "f32[2, 3]"),),
    refusals=(example(lambda x: _cast(x, "float64"), "f32[2, 3]"),),
)
def cast_to_same(here: Here) -> Any:
    """The tensor itself."""
    return here.x if here.x.dtype == here.spec.dtype else None


@rewrites(
    "casts merged",
    "a cast to a type that holds all values, and then another, is the last one alone",
    "cast",
    examples=(
        example(lambda x: _cast(_cast(x, "float64"), "float32"), "f32[2, 3]"),
        example(lambda x: _cast(_cast(x, "int64"), "float32"), "i32[2, 3]"),
    ),
    refusals=(
        example(lambda x: _cast(_cast(x, "float16"), "float32"), "f32[2, 3]"),
        example(lambda x: _cast(_cast(x, "float32"), "int64"), "i64[2, 3]"),
    ),
)
def merge_casts(here: Here) -> Any:
    """Cast from the first type straight to the last."""
    inner = here.made_by(here.x, "cast")
    if inner is None or not keeps_all_values(inner.x.dtype, here.x.dtype):
        return None
    return here.again(inner.x)
