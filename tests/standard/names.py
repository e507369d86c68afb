"""The functions of the array API standard, as its reference implementation lists them."""

from __future__ import annotations

import operator
from types import FunctionType
from typing import Any

import array_api_strict as strict

# Not functions of arrays: tested in tests/test_interop.py.
ELSEWHERE = {"finfo", "iinfo", "isdtype"}


def named(namespace: Any, name: str) -> Any:
    """A function by its dotted name."""
    return operator.attrgetter(name)(namespace)


def _functions(namespace: Any, prefix: str = "") -> list[str]:
    """Those that a namespace exports, without the reference's own switches."""
    found = [name for name in namespace.__all__ if isinstance(getattr(namespace, name), FunctionType)]
    return [f"{prefix}{name}" for name in found if not name.startswith("_") and "strict_flags" not in name]


FUNCTIONS = [*_functions(strict), *_functions(strict.linalg, "linalg."), *_functions(strict.fft, "fft.")]
