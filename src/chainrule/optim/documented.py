"""Formula and source of a class, taken from its docstring, where a reader finds them."""

from __future__ import annotations

import inspect
import re

_FORMULA = re.compile(r"^\.\. math::\s*(.+?)(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)
_SOURCE = re.compile(r"^Source: (.+?)(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)


def formula_of(cls: type) -> str:
    """LaTeX of the docstring's first ``.. math::`` block, lines joined by spaces."""
    return _first(_FORMULA, cls)


def source_of(cls: type) -> str:
    """The docstring's ``Source:`` paragraph: the paper and its equation."""
    return _first(_SOURCE, cls).removesuffix(".")


def _first(pattern: re.Pattern[str], cls: type) -> str:
    found = pattern.search(inspect.cleandoc(cls.__doc__ or ""))
    return " ".join(found[1].split()) if found else ""
