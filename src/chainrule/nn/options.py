"""Options of layers: which values each may take, as data that the base class checks."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from chainrule.core.constraint import Constraint, is_integer
from chainrule.errors import error

Constraints = Mapping[str, Constraint]


def check_options(layer: str, given: Mapping[str, Any], constraints: Constraints) -> None:
    """Refuse the first option that is outside its constraint."""
    for name, constraint in constraints.items():
        if name in given and not constraint.holds(given[name]):
            allowed, got = constraint.allowed, repr(given[name])
            raise error("nn.option", layer=layer, option=name, allowed=allowed, got=got)


def checked(init: Callable[..., None], constraints: Constraints) -> Callable[..., None]:
    """A constructor that checks its options first."""
    signature = inspect.signature(init)

    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:
            # Called again below, the constructor says itself which arguments it misses.
            pass
        else:
            bound.apply_defaults()
            check_options(type(self).__name__, bound.arguments, constraints)
        init(self, *args, **kwargs)

    return wrapper


def _sizes(low: int, allowed: str, bad: tuple[Any, ...]) -> Constraint:
    """One whole number for all space axes, or one for each."""

    def holds(value: Any) -> bool:
        if isinstance(value, tuple | list):
            return len(value) > 0 and all(is_integer(n, low) for n in value)
        return is_integer(value, low)

    return Constraint(
        f"{allowed}, or a tuple of them", holds, (low, low + 1), (*bad, (), "1", None, 1.5, True)
    )


def _are_parts(value: Any) -> bool:
    several = value if isinstance(value, tuple | list) else (value,)
    return value is not None and len(several) > 0 and all(n is None or is_integer(n, 1) for n in several)


# Into how many parts each space axis is divided; None keeps an axis.
PARTS = Constraint(
    "{1, 2, 3, …}, or a tuple of them or None", _are_parts, (1, 3), (0, (0,), (), None, 1.5, True, "1")
)
SIZES = _sizes(1, "{1, 2, 3, …}", (0, (0,)))
PADDING = _sizes(0, "{0, 1, 2, …}", (-1, (-1,)))


def or_words(constraint: Constraint, *words: str) -> Constraint:
    """The same values, or one of some words."""
    return Constraint(
        f"{constraint.allowed}, or {' or '.join(map(repr, words))}",
        lambda v: v in words if isinstance(v, str) else constraint.holds(v),
        (*constraint.good, *words),
        (*constraint.bad, "nonsense"),
    )


def per_axis(layer: str, option: str, value: Any, space: int) -> tuple[int, ...]:
    """One number for each space axis, from one number or a tuple of as many."""
    if isinstance(value, tuple | list):
        if len(value) != space:
            raise error("nn.per_axis", layer=layer, option=option, space=space, got=tuple(value))
        return tuple(int(n) for n in value)
    return (int(value),) * space
