"""Options of metrics: each declares which values it allows, as data."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from chainrule.core.constraint import COUNT, FLAG, POSITIVE, REAL, Constraint, is_integer, one_of

__all__ = ["COUNT", "FLAG", "NUM_CLASSES", "POSITIVE", "REAL", "Constraint", "one_of", "option"]


def option(default: Any, constraint: Constraint) -> Any:
    """Declare a dataclass field that is an option with a constraint."""
    return field(default=default, metadata={"constraint": constraint})


NUM_CLASSES = Constraint(
    "{2, 3, …, None}", lambda v: v is None or is_integer(v, 2), (6, None), (1, 0, 2.5, "3")
)
