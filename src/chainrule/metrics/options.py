"""Options of metrics: each declares which values it allows, as data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
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


def option(default: Any, constraint: Constraint) -> Any:
    """Declare a dataclass field that is an option with a constraint."""
    return field(default=default, metadata={"constraint": constraint})


def one_of(*choices: object) -> Constraint:
    """Exactly one of the named choices."""
    allowed = "{" + ", ".join(map(repr, choices)) + "}"
    return Constraint(allowed, lambda v: any(_same(v, c) for c in choices), choices, ("nonsense", 7))


def _same(value: object, choice: object) -> bool:
    return type(value) is type(choice) and value == choice


def _integer(value: Any, low: int) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, Integral) and int(value) >= low


def _finite(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, Real) and math.isfinite(value)


FLAG = one_of(False, True)
COUNT = Constraint("{1, 2, 3, …}", lambda v: _integer(v, 1), (1, 3), (0, -1, 1.5, True, None))
NUM_CLASSES = Constraint(
    "{2, 3, …, None}", lambda v: v is None or _integer(v, 2), (6, None), (1, 0, 2.5, "3")
)
POSITIVE = Constraint("(0, ∞)", lambda v: _finite(v) and v > 0, (0.5, 2), (0, -1.0, math.inf, math.nan, "1"))
REAL = Constraint("(-∞, ∞)", _finite, (-1.5, 0, 0.5), (math.inf, math.nan, None, "0.5"))
