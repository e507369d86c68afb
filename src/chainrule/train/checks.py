"""Options of the trainer and its callbacks, checked by constraints; notes on errors."""

from __future__ import annotations

import sys
from typing import Any

import chainrule.train.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.constraint import Constraint
from chainrule.errors import error


def check_option(owner: str, option: str, constraint: Constraint, value: Any) -> None:
    """Refuse a value outside its constraint."""
    if not constraint.holds(value):
        raise error("train.option", owner=owner, option=option, allowed=constraint.allowed, got=repr(value))


def add_note(problem: BaseException, note: str) -> None:
    """Add to an error where it happened; before Python 3.11 there are no notes, so to its message."""
    if sys.version_info >= (3, 11):
        problem.add_note(note)
    else:
        problem.args = (f"{problem}\n  {note}",)
