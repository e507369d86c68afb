"""Which values an option may take: data that is checked, documented and fed in by tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any


@dataclass(frozen=True)
class Constraint:
    """The values an option may take.

    Parameters
    ----------
    allowed : str
        The set of allowed values, as it is shown in messages.
    holds : callable
        Whether a value is in that set.
    good, bad : tuple
        Values at the boundary on either side, which the tests feed in.
    """

    allowed: str
    holds: Callable[[Any], bool]
    good: tuple[Any, ...]
    bad: tuple[Any, ...]


def one_of(*choices: object) -> Constraint:
    """Exactly one of the named choices."""
    allowed = "{" + ", ".join(map(repr, choices)) + "}"
    return Constraint(allowed, lambda v: any(_same(v, c) for c in choices), choices, ("nonsense", 7))


def or_none(constraint: Constraint) -> Constraint:
    """The same values, or None."""
    return Constraint(
        f"{constraint.allowed} or None",
        lambda v: v is None or constraint.holds(v),
        (*constraint.good, None),
        tuple(value for value in constraint.bad if value is not None),
    )


def pair_of(constraint: Constraint) -> Constraint:
    """Two numbers, each of which fulfils a constraint."""
    good, bad = constraint.good[0], constraint.bad[0]
    return Constraint(
        f"pairs of {constraint.allowed}",
        lambda v: isinstance(v, tuple | list) and len(v) == 2 and all(map(constraint.holds, v)),
        tuple((value, good) for value in constraint.good),
        (good, (good,), (bad, good), (good, bad), (good, good, good)),
    )


def is_integer(value: Any, low: int) -> bool:
    """Whether a value is a whole number, not a bool, and at least ``low``."""
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= low


def is_finite(value: Any) -> bool:
    """Whether a value is a real number, not a bool, and neither NaN nor infinite."""
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def _same(value: object, choice: object) -> bool:
    return type(value) is type(choice) and value == choice


FLAG = one_of(False, True)
COUNT = Constraint("{1, 2, 3, …}", lambda v: is_integer(v, 1), (1, 3), (0, -1, 1.5, True, None))
NATURAL = Constraint("{0, 1, 2, …}", lambda v: is_integer(v, 0), (0, 3), (-1, 1.5, True, None))
REAL = Constraint("(-∞, ∞)", is_finite, (-1.5, 0, 0.5), (math.inf, math.nan, None, "0.5"))
POSITIVE = Constraint(
    "(0, ∞)", lambda v: is_finite(v) and v > 0, (0.5, 2), (0, -1.0, math.inf, math.nan, "1")
)
NON_NEGATIVE = Constraint(
    "[0, ∞)", lambda v: is_finite(v) and v >= 0, (0, 0.5, 2), (-1e-9, math.inf, math.nan, "1", None, True)
)
SHARE = Constraint(
    "[0, 1)", lambda v: is_finite(v) and 0 <= v < 1, (0, 0.5, 0.999), (1, -1e-9, math.nan, "0.5", None)
)
CLOSED_SHARE = Constraint(
    "[0, 1]", lambda v: is_finite(v) and 0 <= v <= 1, (0, 0.5, 1), (1.01, -1e-9, math.nan, "1", None)
)
