"""Naming the first operation, forward or backward, that makes a value that is not finite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.derivative import Call
from chainrule.core.display import number
from chainrule.core.interpreter import Interpreter, Symbol, Value, noting_lines, pushed, run, state
from chainrule.core.op import Op
from chainrule.debug.details import array_line, indented, operand_lines, operands_at, scope_lines
from chainrule.debug.reasons import reason_for
from chainrule.dtypes import is_float
from chainrule.errors import ChainruleError, error, text

Index = tuple[int, ...]


@contextmanager
def nan(enabled: bool = True) -> Iterator[None]:
    """Raise an error at the first operation that makes a NaN or an infinity.

    A context, or a decorator, around the forward and the backward pass. The error names the
    operation, its layer, the offending element and the operands there, and how it came about;
    for a backward pass, the forward operation whose derivative made it, and its line. Infinities
    that are given, such as a mask of ``-inf``, are let through.

    Parameters
    ----------
    enabled : bool
        False leaves everything as it is.

    Raises
    ------
    NonFiniteError
        At the operation that makes the value.

    Examples
    --------
    >>> import chainrule as cr
    >>> try:
    ...     with cr.debug.nan():
    ...         cr.log(cr.tensor([1.0, -0.3]))
    ... except cr.errors.NonFiniteError as problem:
    ...     print(problem)
    log made nan at index (1,): the logarithm of a negative number, -0.3
      x: f32[2], min -0.3, mean 0.35, max 1.0; -0.3 at index (1,)
      <doctest ...>:3: cr.log(cr.tensor([1.0, -0.3]))
    """
    if not enabled:
        yield
        return
    with pushed(NonFiniteWatch()), noting_lines():
        yield


@dataclass(frozen=True)
class Found:
    """A non-finite element: the operation, its inputs, what it made, and where."""

    op: Op
    inputs: list[Any]
    made: np.ndarray
    index: Index

    @property
    def value(self) -> Any:
        """The element itself."""
        return self.made[self.index]

    def reason(self) -> str:
        """How it came about."""
        operands = operands_at(self.op, self.inputs, self.made.shape, self.index)
        return reason_for(self.op, operands, self.value, self.made.dtype)


class NonFiniteWatch(Interpreter):
    """The observer that looks at each result, and at each step of a derivative.

    What an operation inside a derivative rule makes counts only if the rule's result is not
    finite either: rules compute elements that they do not choose.
    """

    def __init__(self) -> None:
        self._inside_rule: list[Found] = []
        self._guarded: set[int] = set()

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Run below, then look at the result."""
        result = run(op, inputs, params, level - 1)
        arrays = [x.data for x in inputs]
        for value in result if isinstance(result, tuple) else (result,):
            index = first_made(value.data, arrays)
            if index is not None:
                self._look_at(Found(op, arrays, value.data, index))
        return result

    def _look_at(self, found: Found) -> None:
        if not any(name.startswith("∂") for name in state.scopes):
            raise forward_error(found)
        if not any(np.isnan(x).any() for x in found.inputs):
            self._inside_rule.append(found)

    def on_derivative(self, entry: Any, cotangents: list[Any], results: list[Any]) -> None:
        """Look at the cotangents that a step of a backward pass gave."""
        rule, is_guarded = self._finish_rule(), self._follow_guards(entry)
        incoming = [g.data for g in cotangents if g is not None]
        for position, part in enumerate(results):
            index = None if part is None else first_made(part.data, incoming)
            if index is not None:
                found = Found(entry.op, [x.data for x in entry.recorded_inputs()], part.data, index)
                raise backward_error(found, position, incoming, rule, entry, is_guarded)

    def on_tangent(self, call: Call, tangents: Sequence[Any], results: Sequence[Any]) -> None:
        """Look at the tangents that a step of forward mode gave."""
        rule = self._finish_rule()
        incoming = {i: t.data for i, t in enumerate(tangents) if t is not None}
        for part in results:
            index = None if part is None else first_made(part.data, list(incoming.values()))
            if index is not None:
                found = Found(call.op, [x.data for x in call.inputs], part.data, index)
                raise tangent_error(found, incoming, rule)

    def _finish_rule(self) -> list[Found]:
        found, self._inside_rule = self._inside_rule, []
        return found

    def _follow_guards(self, entry: Any) -> bool:
        """Whether the entry leads into a `where`; what leads into the entry does then too."""
        is_guarded = entry.number in self._guarded
        self._guarded.discard(entry.number)
        if is_guarded or entry.op.name == "where":
            self._guarded.update(p.number for p in entry.parents() if p is not None and not p.is_leaf)
        return is_guarded


def first_made(made: Any, given: Sequence[Any]) -> Index | None:
    """The first NaN of an array, or else its first infinity if none came in."""
    if isinstance(made, Symbol) or not is_float(made.dtype) or np.isfinite(made).all():
        return None
    places = np.isnan(made)
    if not places.any():
        if any(np.isinf(x).any() for x in given):
            return None
        places = np.isinf(made)
    return tuple(int(i) for i in np.argwhere(places)[0])


def forward_error(found: Found) -> ChainruleError:
    """The error of an operation that made the value."""
    lines = [
        *operand_lines(found.op, found.inputs, found.made.shape, found.index),
        *scope_lines(state.scopes),
    ]
    return _error("debug.forward", found, found.reason(), lines)


def backward_error(
    found: Found, position: int, incoming: list[Any], rule: list[Found], entry: Any, is_guarded: bool
) -> ChainruleError:
    """The error of an operation whose derivative by one argument made the value."""
    shape, index = found.made.shape, found.index
    names = found.op.arg_names(len(found.inputs))
    named = [*zip(names, found.inputs, strict=True), *((text("debug.incoming"), g) for g in incoming)]
    lines = [array_line(name, x, shape, index) for name, x in named]
    lines += scope_lines(entry.scopes)
    lines += [text("debug.forward_line", line=entry.line)] if entry.line else []
    if is_guarded and any(g.shape == shape and g[index] == 0 for g in incoming):
        lines.append(text("debug.where_hint"))
    return _error("debug.backward", found, _reason_of_rule(rule, incoming), lines, arg=names[position])


def tangent_error(found: Found, incoming: dict[int, Any], rule: list[Found]) -> ChainruleError:
    """The error of an operation whose forward rule made the value."""
    names = found.op.arg_names(len(found.inputs))
    named = [*zip(names, found.inputs, strict=True)]
    named += [(text("debug.tangent", arg=names[i]), t) for i, t in incoming.items()]
    lines = [array_line(name, x, found.made.shape, found.index) for name, x in named]
    lines += scope_lines(state.scopes)
    reason = _reason_of_rule(rule, list(incoming.values()))
    return _error("debug.backward", found, reason, lines, arg=", ".join(names[i] for i in incoming))


def _reason_of_rule(rule: list[Found], incoming: list[Any]) -> str:
    """What went wrong inside the rule, step by step."""
    if any(np.isnan(g).any() for g in incoming):
        return text("reason.already", name="g", value="nan")
    reasons = list(dict.fromkeys(found.reason() for found in rule))
    if not reasons:
        return text("reason.unknown")
    return reasons[0] if len(reasons) == 1 else text("reason.then", first=reasons[0], second=reasons[-1])


def _error(key: str, found: Found, reason: str, lines: list[str], **values: Any) -> ChainruleError:
    at = text("debug.at", index=found.index) if found.index else ""
    values.update(op=found.op.name, value=number(found.value), at=at, reason=reason)
    return error(key, details=indented(lines), **values)
