"""Checks that the functions share."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.interpreter import Symbol, Value
from chainrule.core.spec import Shape
from chainrule.errors import error


def check_axis(layer: str, axis: int, got: int, expected: int, shapes: dict[str, Shape]) -> None:
    """Refuse an input whose axis has another extent than the parameters are made for."""
    if got != expected:
        values = {"axis": axis, "expected": expected, "got": got, "remedy": ""}
        raise error("nn.axis", layer=layer, **values, shapes=shapes)


def check_ndim(layer: str, x: Value, allowed: tuple[int, ...], axes: str) -> None:
    """Refuse an input that has not one of some numbers of axes; ``axes`` names them, as ``(N, C, H, W)``."""
    if len(x.shape) not in allowed:
        values = {"expected": axes, "got": len(x.shape), "remedy": ""}
        raise error("nn.ndim", layer=layer, **values, shapes={"input": x.shape})


def known(x: Value) -> np.ndarray | None:
    """The elements, or None while they are symbolic: then values are not checked."""
    return None if isinstance(x.data, Symbol) else x.data


def first_place(mask: Any) -> tuple[int, ...]:
    """Index of the first true element."""
    return tuple(int(i) for i in np.argwhere(mask)[0])
