"""The lines below the message of a non-finite value: operands, place, forward line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core import display
from chainrule.core.op import Op
from chainrule.core.spec import Spec
from chainrule.errors import text

Index = tuple[int, ...]


def operands_at(op: Op, inputs: Sequence[Any], shape: tuple[int, ...], index: Index) -> list[Any]:
    """The operands at a place of the result, for a pointwise operation; otherwise whole."""
    if op.family != "pointwise":
        return list(inputs)
    return [np.broadcast_to(x, shape)[index] for x in inputs]


def operand_lines(op: Op, inputs: Sequence[Any], shape: tuple[int, ...], index: Index) -> list[str]:
    """One line per operand: type, range and, where it is known, the element at the place."""
    names = op.arg_names(len(inputs))
    elements = operands_at(op, inputs, shape, index)
    return [_line(*of_one, index) for of_one in zip(names, inputs, elements, strict=True)]


def array_line(name: str, x: Any, shape: tuple[int, ...], index: Index) -> str:
    """The line of an array of which the element at the place is known if it has the same shape."""
    return _line(name, x, x[index] if x.shape == shape else x, index)


def _line(name: str, x: Any, element: Any, index: Index) -> str:
    about: dict[str, Any] = {"name": name, "spec": Spec(x.shape, x.dtype), "summary": display.summary(x)}
    if x.size == 1:
        return text("debug.single", **about, value=display.number(x.item()))
    if np.ndim(element):
        return text("debug.range", **about)
    return text("debug.range_at", **about, value=display.number(element), index=index)


def scope_lines(scopes: Sequence[str]) -> list[str]:
    """Which layer or composite it happened in."""
    path = " / ".join(name for name in scopes if not name.startswith("∂"))
    return [text("debug.place", scope=path)] if path else []


def indented(lines: Sequence[str]) -> str:
    """Lines to follow a message."""
    return "".join(f"\n  {line}" for line in lines)
