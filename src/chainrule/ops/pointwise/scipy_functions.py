"""Definitions taken from SciPy, which is imported when one is first run."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

import chainrule.ops.pointwise.messages  # noqa: F401  (registers the message used here)
from chainrule.errors import error


def special(name: str) -> ModuleType:
    """SciPy's special functions, or the error that names what to install."""
    try:
        from scipy import special as module
    except ModuleNotFoundError as problem:
        raise error("pointwise.no_scipy", op=name) from problem
    return module  # type: ignore[no-any-return]


def scipy_function(name: str) -> Callable[..., Any]:
    """The function of that name in ``scipy.special``, as a row's definition."""

    def definition(*arrays: np.ndarray) -> Any:
        return getattr(special(name), name)(*arrays)

    return definition
