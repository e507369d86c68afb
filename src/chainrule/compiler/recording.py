"""One recording of a function: its graph, its program, and what the program's results stand for."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff.tape import make_leaf
from chainrule.compiler.backend import Build, Program
from chainrule.compiler.differentiable import Backward, Differentiable, record_backward
from chainrule.compiler.hidden import Hidden
from chainrule.compiler.signature import as_taken, is_dynamic
from chainrule.compiler.step_recorder import StepRecorder
from chainrule.compiler.turns import everyones
from chainrule.compiler.variables import Found
from chainrule.core import tree
from chainrule.core.interpreter import Symbol, Value, noting_lines, state, using_layers, wrap
from chainrule.graph import Graph
from chainrule.tensor import State

Named = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Output:
    """Stands in the nest of results for the program's output of a number."""

    number: int


class Recording:
    """What a function does for one signature.

    Parameters
    ----------
    function : callable
        What is recorded.
    name : str
        Of the graph.
    args, kwargs : sequence of (name, value)
        Positional and named arguments of the call for which it is recorded.
    build : callable
        Makes a program of a graph.

    Attributes
    ----------
    graph : Graph
        All that was recorded.
    hidden : Hidden
        What it depends on besides the signature.
    seconds : dict
        Time of each stage.
    calls, last_call : int
        How often it was called, and the number of the latest call of the function.
    assigns : bool
        Whether a call gives states new elements.
    must_run_eagerly : bool
        Whether the function pulls a gradient back through an argument, which leads out of it.
    """

    def __init__(
        self, function: Callable[..., Any], name: str, args: Named, kwargs: Named, build: Build
    ) -> None:
        start = time.perf_counter()
        self.function, self.graph = function, Graph(name)
        self.calls = self.last_call = 0
        recorder = StepRecorder(self.graph)
        symbolic = _Arguments(recorder)
        self._record(recorder, [symbolic.of(*arg) for arg in args], {n: symbolic.of(n, x) for n, x in kwargs})
        self.must_run_eagerly = recorder.reaches_argument
        found = Found(function, tuple(x for _, x in (*args, *kwargs)))
        places = [(v.name, v.read()) for v in found.variables]
        gradients = self._gradients_become_inputs(recorder)
        self.hidden = Hidden(
            found.variables,
            (*recorder.used, *found.holders),
            [s.tensor for s in self.graph.states if isinstance(s.tensor, State)],
            recorder.without_grad.values(),
            gradients,
        )
        recorder.check_nothing_leaked([*places, *self.hidden.values(), *_own_values(self.graph.result)])
        self._gradients = gradients
        self._states_as_arguments = [x for x in tree.leaves([x for _, x in args]) if isinstance(x, State)]
        self._set_results(recorder)
        self.assigns = any(s.after is not None for s in self.graph.states)
        self.seconds = {"recording": time.perf_counter() - start}
        self._build(build)

    def _record(self, recorder: StepRecorder, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Run the function on symbolic tensors, and its backward pass where one may be asked for."""
        with everyones(), using_layers([recorder, *state.layers[1:]]), noting_lines():
            try:
                self.graph.result = self.function(*args, **kwargs)
                symbolic = [y for y in tree.leaves(self.graph.result) if recorder.is_own(y)]
                self._results = [y for y in symbolic if not isinstance(y, State)]
                for y in self._results:
                    recorder.symbol(y)
                self._backward: Backward | None = record_backward(recorder, self._results)
            finally:
                recorder.finish()

    def _gradients_become_inputs(self, recorder: StepRecorder) -> list[Any]:
        """Gradients from before the call are read anew at each call; the tensors that have them."""
        tensors = {id(s.tensor): s.tensor for s in self.graph.states}
        tensors.update((id(t), t) for t, _ in recorder.grads)
        by_array = {id(t.grad.data): t for t in tensors.values() if t.grad is not None}
        found = []
        for symbol, array in list(self.graph.constants.items()):
            if id(array) in by_array:
                del self.graph.constants[symbol]
                self.graph.inputs.append(symbol)
                found.append(by_array[id(array)])
        return found

    def _set_results(self, recorder: StepRecorder) -> None:
        """What the program gives, and what becomes of it: results, then gradients that leave the function."""
        numbers = itertools.count()
        mine = {id(y) for y in self._results}
        self.graph.outputs = [y.data for y in self._results]
        self._template = tree.map_leaves(
            lambda y: Output(next(numbers)) if id(y) in mine else y, self.graph.result
        )
        assigned = {id(s.tensor) for s in self.graph.states if s.after is not None}
        self._grads_after: list[tuple[Any, int | None]] = []
        for tensor, g in recorder.grads:
            leaves = g is not None and id(tensor) not in assigned
            if leaves:
                self.graph.outputs.append(recorder.symbol(g))
            self._grads_after.append((tensor, len(self.graph.outputs) - 1 if leaves else None))
        self._single = isinstance(self._template, Output)
        # The tensors of the recording lead to its whole tape.
        self.graph.result, self._results = tree.map_leaves(_without_tape, self.graph.result), []

    def _build(self, build: Build) -> None:
        """Make the program."""
        start = time.perf_counter()
        self._differentiable: Differentiable | None = None
        self.program: Program | None = None
        if self.must_run_eagerly:
            return
        if self._backward is not None:
            self._differentiable = Differentiable(self.graph, self._backward, build)
            self.program = self._differentiable.program
        else:
            self.program = build(self.graph)
        self._run = self.program.run
        self.seconds.update(self.program.report.seconds or {"building": time.perf_counter() - start})

    def run(self, arrays: list[np.ndarray], wanted: list[Value]) -> Any:
        """The results of a call; ``wanted`` are those tensors among its arguments that need a derivative."""
        if self._gradients:
            arrays = self.all_inputs(arrays)
        if self._differentiable is not None:
            values = self._differentiable(_with_tape(arrays, wanted))
        elif self._single and not self._grads_after:
            return wrap(self._run(arrays)[0])
        else:
            values = [wrap(y) for y in self._run(arrays)]
        for tensor, number in self._grads_after:
            tensor.grad = None if number is None else values[number]
        return self._filled(self._template, values)

    def all_inputs(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """What the program is given: arguments, and gradients from before the call."""
        return [*arrays, *(t.grad.data for t in self._gradients)]

    def _filled(self, nest: Any, values: Sequence[Value]) -> Any:
        if type(nest) is Output:
            return values[nest.number]
        if type(nest) is tuple:
            return tuple([self._filled(item, values) for item in nest])
        if isinstance(nest, list | tuple | dict):
            return tree.map_leaves(lambda y: values[y.number] if type(y) is Output else y, nest)
        return nest


class _Arguments:
    """Symbolic tensors in place of arguments."""

    def __init__(self, recorder: StepRecorder) -> None:
        self.recorder = recorder
        self._taken: set[str] = set()

    def of(self, name: str, x: Any) -> Any:
        """The same nest with variables for its tensors and arrays."""
        return tree.map_leaves(lambda leaf: self._symbolic(name, leaf), x)

    def _symbolic(self, name: str, x: Any) -> Any:
        if not is_dynamic(x):
            return x
        given = x if isinstance(x, Value) else wrap(as_taken(x))
        made: Any = self.recorder.input(given.spec, self._free(name))
        made.name = getattr(x, "name", "")
        self.recorder.add_argument(made)
        if given.entry is not None and state.grad_enabled:
            make_leaf(made)
            symbol: Symbol = made.data
            self.recorder.ends[made.entry, made.slot] = (made, symbol)
        return made

    def _free(self, name: str) -> str:
        plain = re.sub(r"\W+", "_", name).strip("_") or "x"
        tries = (f"{plain}{i}" if i else plain for i in itertools.count())
        found = next(name for name in tries if name not in self._taken)
        self._taken.add(found)
        return found


def _with_tape(arrays: Sequence[np.ndarray], wanted: Sequence[Value]) -> list[Value]:
    """Tensors of the inputs: the user's own where a derivative by them is wanted."""
    by_array: dict[int, list[Value]] = {}
    for x in wanted:
        by_array.setdefault(id(x.data), []).append(x)
    return [by_array[id(a)].pop(0) if by_array.get(id(a)) else wrap(a) for a in arrays]


def _without_tape(y: Any) -> Any:
    return y.data if isinstance(y, Value) and isinstance(y.data, Symbol) else y


def _own_values(result: Any) -> Iterator[tuple[str, Any]]:
    """What objects among the results hold, which no one could fill in."""
    for y in tree.leaves(result):
        if not isinstance(y, Value | type) and isinstance(getattr(y, "__dict__", None), dict):
            yield from ((f"{type(y).__name__}.{name}", value) for name, value in vars(y).items())
