"""Which names chainrule and NumPy share, and which of them mean something else here."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

import chainrule as cr
from chainrule.functions.numpy_names import DIFFERENT

PLACES: dict[str, tuple[Any, Any]] = {
    "": (cr, np),
    "linalg.": (cr.linalg, np.linalg),
    "fft.": (cr.fft, np.fft),
}


def _public(namespace: Any) -> list[str]:
    names = getattr(namespace, "__all__", None) or dir(namespace)
    return sorted(name for name in names if not name.startswith("_"))


def _is_shared(ours: Any, theirs: Any, name: str) -> bool:
    found = [getattr(namespace, name, None) for namespace in (ours, theirs)]
    return all(callable(f) and not isinstance(f, types.ModuleType) for f in found)


SHARED = [
    f"{prefix}{name}"
    for prefix, (ours, theirs) in PLACES.items()
    for name in _public(ours)
    if _is_shared(ours, theirs, name)
]

# Functions of types rather than of arrays: tests/test_interop.py compares them.
OF_TYPES = {"finfo", "iinfo", "isdtype", "can_cast"}

COMPARED = [name for name in SHARED if name not in DIFFERENT and name not in OF_TYPES]
