"""Following a run: its variables, its steps, and the steps of its backward pass."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.core.interpreter import Interpreter, Symbol, Value, run, state
from chainrule.core.op import Op
from chainrule.core.spec import Spec
from chainrule.errors import user_line
from chainrule.tensor import State


@dataclass(eq=False)
class Variable:
    """One value of a run, under one name.

    Attributes
    ----------
    name : str
        An argument's name, a parameter's path, or ``v`` with a number for results.
    value : numpy.ndarray
        Its elements.
    kind : str
        ``input``, ``parameter``, ``constant``, ``number`` or ``result``.
    tensor : Value or None
        Of what is given: the tensor itself, where a gradient may be asked of it.
    is_tracked : bool
        Whether it was computed from something that has a gradient.
    parts : list of Contribution
        What its gradient is the sum of.
    """

    name: str
    value: np.ndarray
    kind: str
    tensor: Value | None = None
    is_tracked: bool = False
    parts: list[Contribution] = field(default_factory=list)

    @property
    def spec(self) -> Spec:
        """Shape and element type."""
        return Spec(self.value.shape, self.value.dtype)

    @property
    def gradient(self) -> np.ndarray | None:
        """The sum of its parts."""
        return total(self.parts) if self.parts else None


@dataclass(frozen=True, eq=False)
class Operand:
    """A variable as an operation takes it: perhaps detached from how it was computed."""

    variable: Variable
    is_detached: bool


@dataclass(eq=False)
class Step:
    """One operation that was run.

    ``cotangents`` are the gradients of its results, and ``parts`` what its derivative made of
    them, once the backward pass has come by.
    """

    number: int
    op: Op
    params: dict[str, Any]
    operands: list[Operand]
    results: list[Variable]
    scopes: tuple[str, ...]
    line: str
    cotangents: list[np.ndarray | None] = field(default_factory=list)
    parts: list[Contribution] = field(default_factory=list)


@dataclass(eq=False)
class Contribution:
    """One rule applied: what a step adds to the gradient of its input at a position."""

    position: int
    target: Variable
    value: np.ndarray


def total(parts: Sequence[Contribution]) -> np.ndarray:
    """The sum of contributions to one gradient."""
    return functools.reduce(operator.add, (part.value for part in parts))


class Tracer(Interpreter):
    """The observer that notes variables and steps."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self.steps: list[Step] = []
        self.given: list[Variable] = []
        self.is_backward = False
        self._names = names or {}
        self._by_entry: dict[tuple[int, int], Variable] = {}
        self._by_data: dict[int, Variable] = {}
        self._step_of: dict[int, Step] = {}
        self._alive: list[Any] = []
        self._results = self._constants = 0

    def add_given(self, tensor: Value, name: str, kind: str) -> Variable:
        """Name a tensor that comes from outside."""
        variable = Variable(self._unused(name), tensor.data, kind, tensor if tensor.entry else None)
        self.given.append(variable)
        self._remember(tensor, variable)
        return variable

    def _unused(self, name: str) -> str:
        taken = {variable.name for variable in self.given}
        count = 2
        unused = name
        while unused in taken:
            unused, count = f"{name}_{count}", count + 1
        return unused

    def _remember(self, tensor: Value, variable: Variable) -> None:
        self._alive.append(tensor.data)
        self._by_data.setdefault(id(tensor.data), variable)
        if tensor.entry is not None:
            variable.is_tracked = True
            self._by_entry[tensor.entry.number, tensor.slot] = variable

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Run below, then note the step."""
        if self.is_backward:
            return run(op, inputs, params, level - 1)
        result = run(op, inputs, params, level - 1)
        results = list(result) if isinstance(result, tuple) else [result]
        if any(isinstance(y.data, Symbol) for y in results):
            return result  # a function is being recorded
        operands = [self.operand(x) for x in inputs]
        if op.name == "identity":
            self._remember(results[0], operands[0].variable)
        else:
            self._note(op, params, operands, results)
        return result

    def _note(self, op: Op, params: dict[str, Any], operands: list[Operand], results: list[Value]) -> None:
        made = []
        for tensor in results:
            self._results += 1
            made.append(Variable(f"v{self._results}", tensor.data, "result"))
            self._remember(tensor, made[-1])
        line = state.line or user_line()
        step = Step(len(self.steps) + 1, op, params, operands, made, state.scopes, line)
        self.steps.append(step)
        for tensor in results:
            if tensor.entry is not None:
                self._step_of[tensor.entry.number] = step

    def operand(self, x: Value) -> Operand:
        """The variable that a tensor is; one that has not been met is given from outside."""
        if x.entry is not None:
            known = self._by_entry.get((x.entry.number, x.slot))
            return Operand(known or self._meet(x), False)
        known = self._by_data.get(id(x.data))
        if known is None:
            return Operand(self._meet(x), False)
        return Operand(known, known.is_tracked)

    def _meet(self, x: Value) -> Variable:
        name = getattr(x, "name", "") or self._names.get(id(x), "")
        if isinstance(x, State):
            kind = "parameter"
        else:
            kind = "number" if x.data.ndim == 0 and x.entry is None and not name else "constant"
        if not name:
            self._constants += kind == "constant"
            name = f"c{self._constants}"
        return self.add_given(x, name, kind)

    def start_backward(self, y: Value, g: Value) -> None:
        """From now on operations belong to derivative rules, whose results `on_derivative` sees."""
        self.is_backward = True
        result = self.operand(y).variable
        if result.kind != "result":
            result.parts.append(Contribution(0, result, g.data))

    def on_derivative(self, entry: Any, cotangents: list[Any], results: list[Any]) -> None:
        """Note what one step of the backward pass gave."""
        step = self._step_of.get(entry.number)
        if not self.is_backward or step is None:
            return
        step.cotangents = [None if g is None else g.data for g in cotangents]
        parents = entry.parents()
        for i, part in enumerate(results):
            if part is not None and parents[i] is not None:
                target = step.operands[i].variable
                step.parts.append(Contribution(i, target, part.data))
                target.parts.append(step.parts[-1])
