"""What a recording depends on besides arguments and states: plain values that were read by Python.

While a function is recorded, modules and optimizers that are used announce themselves (`Interpreter.on_use`).
Their plain values are kept as they were, and so are the variables and attributes that the function's own code
names. At each call a few identities are compared; modules and optimizers only if `CHANGES` says that
something was changed since.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from chainrule.compiler.signature import Change, change
from chainrule.compiler.variables import MISSING, Variable
from chainrule.core.changes import CHANGES
from chainrule.core.interpreter import Value
from chainrule.core.spec import Spec
from chainrule.errors import text
from chainrule.tensor import State

_PLAIN = (bool, int, float, complex, str, bytes, np.dtype, slice, frozenset, range)


class Reference(weakref.ref[Any]):
    """An object that is not kept alive, and what to call it when it is gone."""

    __slots__ = ("label",)

    def __init__(self, holder: Any) -> None:
        self.label = str(getattr(holder, "label", type(holder).__name__))


def same(before: Any, now: Any) -> bool:
    """Whether a value is as it was: the same object, or an equal plain one."""
    if before is now:
        return True
    if type(before) is Reference:
        return before() is now
    if type(before) is not type(now):
        return False
    if isinstance(before, tuple):
        return len(before) == len(now) and all(map(same, before, now))
    if isinstance(before, float):
        return before.hex() == now.hex()
    return isinstance(before, _PLAIN) and bool(before == now)


def kept(value: Any) -> Any:
    """A value to compare with later; modules are not kept alive by it."""
    return Reference(value) if hasattr(value, "fixed_values") else value


class Holder:
    """A module or optimizer, and the plain values that it held."""

    def __init__(self, holder: Any) -> None:
        self._holder = Reference(holder)
        self.label = self._holder.label
        self._values = [(name, kept(value)) for name, value in holder.fixed_values()]

    def is_as_before(self) -> bool:
        """Whether all values are what they were."""
        holder = self._holder()
        if holder is None:
            return False
        now = list(holder.fixed_values())
        return len(now) == len(self._values) and all(
            name == other and same(before, value)
            for (name, before), (other, value) in zip(self._values, now, strict=True)
        )

    def values(self) -> Iterator[tuple[str, Any]]:
        """Names and values."""
        return ((f"{self.label}.{name}", value) for name, value in self._values)

    def changes(self) -> Iterator[Change]:
        """What is not as it was."""
        holder = self._holder()
        if holder is None:
            yield change("gone", self.label)
            return
        before, now = dict(self._values), dict(holder.fixed_values())
        for name in dict.fromkeys((*before, *now)):
            old, new = before.get(name, MISSING), now.get(name, MISSING)
            if not same(old, new):
                yield _value_change(f"{self.label}.{name}", old, new)


class Hidden:
    """All that a recording depends on without being told at the call.

    Parameters
    ----------
    variables : iterable of Variable
        What the function's code names.
    holders : iterable
        Modules and optimizers that were used.
    states : iterable of State
        Whose shape, type and ``requires_grad`` matter.
    without_grad : iterable of Tensor
        Whose ``grad`` was found to be None.
    gradients : iterable of Tensor
        Whose ``grad`` was read, and is an input of the recording.
    """

    def __init__(
        self,
        variables: Iterable[Variable],
        holders: Iterable[Any],
        states: Iterable[State],
        without_grad: Iterable[Value],
        gradients: Iterable[Value],
    ) -> None:
        self._count = CHANGES.count
        self._variables = [(v, v.read()) for v in variables]
        self._named = [(v.place, v.key, value) for v, value in self._variables if isinstance(v.place, dict)]
        self._cells = [(v.place, value) for v, value in self._variables if not isinstance(v.place, dict)]
        self._holders = [Holder(holder) for holder in _with_parts(holders)]
        self._states = [(s, s.spec, s.entry is not None) for s in states]
        self._without_grad: list[Any] = list(without_grad)
        self._gradients: list[Any] = [(t, t.grad.spec) for t in gradients]  # type: ignore[attr-defined]
        self._reads_gradients = bool(self._without_grad or self._gradients)

    def holds(self) -> bool:
        """Whether everything is as it was."""
        for place, key, before in self._named:
            now = place.get(key, MISSING)
            if now is not before and not same(before, now):
                return False
        for cell, before in self._cells:
            try:
                now = cell.cell_contents
            except ValueError:
                return False
            if now is not before and not same(before, now):
                return False
        if self._reads_gradients and not self._gradients_are_as_before():
            return False
        return self._count == CHANGES.count or self._look_closer()

    def _gradients_are_as_before(self) -> bool:
        for tensor in self._without_grad:
            if tensor.grad is not None:
                return False
        return all(t.grad is not None and t.grad.spec == spec for t, spec in self._gradients)

    def _look_closer(self) -> bool:
        count = CHANGES.count
        for tensor, spec, required in self._states:
            if (tensor.entry is not None) != required or tensor.spec != spec:
                return False
        if not all(holder.is_as_before() for holder in self._holders):
            return False
        self._count = count
        return True

    def values(self) -> Iterator[tuple[str, Any]]:
        """Names and values of what modules and optimizers hold."""
        return (pair for holder in self._holders for pair in holder.values())

    def changes(self) -> list[Change]:
        """What is not as it was, in words."""
        found = [
            _value_change(v.name, before, v.read())
            for v, before in self._variables
            if not same(before, v.read())
        ]
        for tensor, spec, required in self._states:
            found += _state_changes(tensor, spec, required)
        found += [c for holder in self._holders for c in holder.changes()]
        found = [c for c in found if c.kind != "gone"] or found
        found += [_gradient_change(t, None) for t in self._without_grad if t.grad is not None]
        found += [_gradient_change(t, s) for t, s in self._gradients if t.grad is None or t.grad.spec != s]
        return found


def _with_parts(holders: Iterable[Any]) -> Iterator[Any]:
    """Modules and optimizers with all that they hold, each once."""
    seen: set[int] = set()
    waiting = list(holders)
    while waiting:
        holder = waiting.pop(0)
        if id(holder) not in seen:
            seen.add(id(holder))
            yield holder
            waiting += [value for _, value in holder.fixed_values() if hasattr(value, "fixed_values")]


def _value_change(name: str, before: Any, now: Any) -> Change:
    if now is MISSING:
        return change("gone", name)
    was, is_now = _shown(before), _shown(now)
    shown = {"before": was, "now": _another(now) if was == is_now else is_now}
    return Change(name, "hidden", text("compile.why_value", name=name, **shown))


def _another(x: Any) -> str:
    return text("compile.an_object", kind=type(x).__name__)


def _shown(x: Any) -> str:
    if x is MISSING:
        return "-"
    return repr(x) if x is None or isinstance(x, _PLAIN) else str(getattr(x, "label", type(x).__name__))


def _state_changes(tensor: State, spec: Spec, required: bool) -> Iterator[Change]:
    name, now = tensor.name or "state", tensor.entry is not None
    if now != required:
        yield change("requires_grad", name, before=required, now=now)
    if tensor.spec != spec:
        yield change("value", name, before=spec, now=tensor.spec)


def _gradient_change(tensor: Any, before: Spec | None) -> Change:
    now = None if tensor.grad is None else tensor.grad.spec
    return change("grad", tensor.name or "tensor", before=before, now=now)
