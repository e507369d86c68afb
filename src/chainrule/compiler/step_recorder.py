"""The recorder of compiled functions: beside operations it notes all that a later call depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.core import tree
from chainrule.core.interpreter import Symbol, Value
from chainrule.errors import error, text
from chainrule.graph import Graph, Recorder
from chainrule.tensor import State


class StepRecorder(Recorder):
    """Records a function together with what it reads and leaves behind besides arguments and results.

    Attributes
    ----------
    used : list
        Modules and optimizers.
    ends : dict
        Tensors from outside through which derivatives flow, by entry and slot, with their variables.
    without_grad : dict
        Tensors from outside whose ``grad`` was looked at and found to be None, by identity.
    grads : list of (Tensor, Tensor or None)
        The gradients that tensors from outside have in the end; filled by `finish`.
    reaches_argument : bool
        Whether `backward` gave an argument a gradient: it may lead further, out of the recording.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.used: list[Any] = []
        self.ends: dict[tuple[Any, int], tuple[Value, Symbol]] = {}
        self.without_grad: dict[int, Any] = {}
        self.grads: list[tuple[Any, Any]] = []
        self.reaches_argument = False
        self._arguments: dict[int, Value] = {}

    def add_argument(self, x: Value) -> None:
        """Note a symbolic tensor as an argument."""
        self._arguments[id(x)] = x

    def symbol(self, x: Value, op: str = "return") -> Symbol:
        """The variable of a tensor; one from outside that requires a gradient is noted."""
        found = super().symbol(x, op)
        if x.entry is not None and not isinstance(x.data, Symbol):
            self.ends.setdefault((x.entry, x.slot), (x, found))
        return found

    def is_outside(self, x: Value) -> bool:
        """Whether a tensor was there before, and will be when the recording is over."""
        return isinstance(x, State) or not isinstance(x.data, Symbol)

    def assign(self, value: Value, data: Any) -> None:
        """Note that a state is given new elements; any other tensor would forget them."""
        if not isinstance(value, State) and (id(value) in self._arguments or self.is_outside(value)):
            place = "compile.an_argument" if id(value) in self._arguments else "compile.an_outside_tensor"
            raise error("compile.assigned_tensor", name=self.graph.name, place=text(place))
        super().assign(value, data)

    def get_grad(self, tensor: Any) -> Any:
        """The gradient so far; that there is none yet is noted."""
        if tensor.grad is None and id(tensor) not in self._grads and self.is_outside(tensor):
            self.without_grad[id(tensor)] = tensor
        return tensor.grad

    def set_grad(self, tensor: Any, g: Any) -> None:
        """Let a gradient be read while recording."""
        self.reaches_argument = self.reaches_argument or id(tensor) in self._arguments
        super().set_grad(tensor, g)

    def on_elements(self, value: Value) -> None:
        """Refuse to make a constant of what a state holds now."""
        if not isinstance(value.data, Symbol):
            shown = getattr(value, "name", "") or text("compile.a_state")
            raise error("compile.state_elements", name=self.graph.name, state=shown, spec=value.spec)

    def on_use(self, holder: Any) -> None:
        """Note a module or optimizer."""
        if not any(holder is other for other in self.used):
            self.used.append(holder)

    def on_set(self, name: str) -> None:
        """Refuse an option that later calls would not set."""
        raise error("compile.option_set", name=self.graph.name, option=name)

    def finish(self) -> None:
        """Note gradients and states, and give every tensor back what it had."""
        self.grads = [(tensor, tensor.grad) for tensor, _ in self._grads.values() if self.is_outside(tensor)]
        super().finish()

    def is_own(self, x: Any) -> bool:
        """Whether something is a symbolic tensor of this recording."""
        return isinstance(x, Value) and isinstance(x.data, Symbol) and id(x.data) in self._known

    def check_nothing_leaked(self, places: Sequence[tuple[str, Any]]) -> None:
        """Refuse symbolic tensors in variables and attributes, where they would outlive the recording."""
        for name, value in places:
            for x in _contents(value):
                if self.is_own(x) and not isinstance(x, State):
                    raise error("compile.leaked", name=self.graph.name, place=name, spec=x.spec)


def _contents(value: Any) -> list[Any]:
    """What a variable holds: itself, or the items of a container."""
    if isinstance(value, set | frozenset):
        return list(value)
    if isinstance(value, list | tuple | dict):
        return list(tree.leaves(value))
    if type(value).__name__ == "deque":
        return list(value)
    return [value]
