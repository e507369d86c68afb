"""One program, several interpreters.

An operation that is called goes through a stack of interpreters, top to bottom:

=============  ==========================================================================
bottom         `Eager` runs the NumPy definition at once; while a function is recorded
               `chainrule.graph.Recorder` stands there instead and adds a node to a graph
above it       the tape (`chainrule.autodiff.tape`) notes what reverse mode needs
above that     one forward-mode level per `chainrule.jvp` that is running
top            observers: `chainrule.explain`, `chainrule.debug.nan`
=============  ==========================================================================

Each sees tensors, does its part, and hands down to the one below with `run`. The stack
belongs to a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import dtypes
from chainrule.core import tree
from chainrule.core.arrays import as_array, is_out_of_memory
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import DType
from chainrule.errors import ChainruleError, error, messages

if TYPE_CHECKING:
    from chainrule.core.op import Op
    from chainrule.tensor import Tensor


class Value:
    """What interpreters pass on: data, and what differentiation knows of it.

    Attributes
    ----------
    data : numpy.ndarray or Symbol
        The elements, or the graph variable that stands for them while recording.
    entry : tape entry or None
        How it was made, if a derivative can be asked of it.
    slot : int
        Which result of its entry it is.
    duals : dict or None
        Its tangents, by forward-mode level.
    """

    __slots__ = ("__weakref__", "data", "duals", "entry", "slot")

    data: Any
    entry: Any
    slot: int
    duals: dict[Any, Any] | None
    tensor_class: type[Tensor]

    @property
    def shape(self) -> Shape:
        """Extent of each axis."""
        return self.data.shape  # type: ignore[no-any-return]

    @property
    def dtype(self) -> DType:
        """Element type."""
        return self.data.dtype  # type: ignore[no-any-return]

    @property
    def spec(self) -> Spec:
        """Shape and element type together."""
        return Spec(self.shape, self.dtype)


class Symbol:
    """A variable of a graph: shape and type, but no elements yet."""

    __slots__ = ("dtype", "name", "shape")

    def __init__(self, spec: Spec, name: str = "") -> None:
        self.shape, self.dtype, self.name = spec.shape, spec.dtype, name

    @property
    def spec(self) -> Spec:
        """Shape and element type together."""
        return Spec(self.shape, self.dtype)

    def __repr__(self) -> str:
        return f"%{self.name}: {self.spec}"


class Interpreter:
    """One layer of the stack."""

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Interpret one operation; ``run(…, level - 1)`` asks the layer below."""
        raise NotImplementedError

    def on_derivative(self, entry: Any, cotangents: list[Any], results: list[Any]) -> None:
        """See one step of a backward pass: an entry, its cotangents, and those of its inputs."""

    def on_tangent(self, call: Any, tangents: Sequence[Any], results: Sequence[Any]) -> None:
        """See one step of forward mode: a call, the tangents of its inputs, and those of its results."""

    def assign(self, value: Value, data: Any) -> None:
        """Give a tensor new elements (asked of the bottom layer only)."""
        value.data = data

    def set_grad(self, tensor: Any, g: Any) -> None:
        """Give a leaf its gradient (asked of the bottom layer only)."""
        tensor.grad = g

    def get_grad(self, tensor: Any) -> Any:
        """The gradient that a leaf has so far, or None (asked of the bottom layer only)."""
        return tensor.grad

    def read(self, value: Value) -> Any:
        """A state's elements, to be computed with (asked of the bottom layer only)."""
        return value.data

    def on_elements(self, value: Value) -> None:
        """Hear that Python asks for a state's elements (asked of the bottom layer only)."""

    def on_use(self, holder: Any) -> None:
        """Hear that a module or optimizer is used, with the plain values it holds (as above)."""

    def on_set(self, name: str) -> None:
        """Hear that an option is set, which is not an operation and so no part of a graph (as above)."""


class Eager(Interpreter):
    """Runs the NumPy definition at once."""

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Check shapes and types, then compute."""
        arrays = [x.data for x in inputs]
        found = op.infer(tuple([a.shape for a in arrays]), tuple([a.dtype for a in arrays]), params)
        for array in arrays:
            if type(array) is Symbol:
                raise error("graph.escaped", op=op.name)
        if not op.dtype.stores:
            arrays = [_widened(a) if a.itemsize == 2 else a for a in arrays]
        result = _computed(op, arrays, params, found)
        return wrap(result) if op.outputs == 1 else tuple(map(wrap, result))


def _widened(array: np.ndarray) -> np.ndarray:
    """16-bit floats as ``float32``, in which definitions compute; anything else as it is."""
    wider = dtypes.computed_in(array.dtype)
    return array if wider is array.dtype else array.astype(wider)


def _computed(op: Op, arrays: list[Any], params: dict[str, Any], found: Any) -> Any:
    """Run the NumPy definition; what it refuses becomes an error that names the operation."""
    try:
        with np.errstate(all="ignore"):
            result = op.numpy(*arrays, **params)
            if op.outputs == 1:
                return np.asarray(result, found[1])
            return tuple(np.asarray(a, dtype) for a, dtype in zip(result, found[1], strict=True))
    except ChainruleError:
        raise
    except (ValueError, MemoryError) as problem:
        if is_out_of_memory(problem):
            raise error("ops.memory", op=op.name, shape=found[0], dtype=found[1]) from problem
        key = f"ops.refused_{op.name}"
        shapes = {name: a.shape for name, a in zip(op.arg_names(len(arrays)), arrays, strict=True)}
        key = key if key in messages() else "ops.refused"
        raise error(key, op=op.name, reason=problem, shapes=shapes) from problem


class _State(threading.local):
    """The stack and settings of one thread."""

    def __init__(self) -> None:
        self.layers: list[Interpreter] = [EAGER, *_always]
        self.grad_enabled = True
        self.wants_lines = False
        self.scopes: tuple[str, ...] = ()
        self.line = ""


EAGER = Eager()
_always: list[Interpreter] = []
state = _State()


def install(interpreter: Interpreter) -> None:
    """Put an interpreter on every thread's stack, directly above the bottom (the tape does)."""
    _always.append(interpreter)
    state.layers.insert(len(_always), interpreter)


def apply(op: Op, inputs: Sequence[Value], params: dict[str, Any]) -> Any:
    """Interpret an operation from the top of the stack."""
    return run(op, inputs, params, len(state.layers) - 1)


def run(op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
    """Interpret an operation from a given level of the stack."""
    if level == 0 and op.body is not None:
        with using_layers(state.layers[:1]):
            return op.body(*inputs, **params)
    return state.layers[level].apply(op, inputs, params, level)


@contextmanager
def pushed(interpreter: Interpreter) -> Iterator[Interpreter]:
    """Put an interpreter on top of the stack for a while."""
    state.layers.append(interpreter)
    try:
        yield interpreter
    finally:
        state.layers.remove(interpreter)


@contextmanager
def using_layers(layers: list[Interpreter]) -> Iterator[None]:
    """Use another stack for a while: a lower part of this one, or another bottom."""
    before, state.layers = state.layers, layers
    try:
        yield
    finally:
        state.layers = before


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Name what is computed inside, so that every view can show it as one block."""
    before = state.scopes
    state.scopes = (*before, name)
    try:
        yield
    finally:
        state.scopes = before


@contextmanager
def noting_lines() -> Iterator[None]:
    """Let the tape note the user's line of each operation: for recordings and observers."""
    before, state.wants_lines = state.wants_lines, True
    try:
        yield
    finally:
        state.wants_lines = before


@contextmanager
def on_behalf_of(scopes: tuple[str, ...], line: str) -> Iterator[None]:
    """Attribute what is computed inside to another place of the program: a derivative to its operation."""
    before = state.scopes, state.line
    state.scopes, state.line = scopes, line
    try:
        yield
    finally:
        state.scopes, state.line = before


def wrap(data: Any, entry: Any = None, slot: int = 0, duals: dict[Any, Any] | None = None) -> Tensor:
    """A new tensor around data."""
    value: Tensor = object.__new__(Value.tensor_class)
    value.data, value.entry, value.slot, value.duals = data, entry, slot, duals
    value.grad, value.name = None, ""
    return value


def lift(x: Any, dtype: DType | None = None) -> Tensor:
    """A number, nested list or array as a constant tensor."""
    if isinstance(x, Value):
        return x  # type: ignore[return-value]
    if isinstance(x, list | tuple):
        _check_no_gradient_is_lost(x)
    array = as_array(x, dtype)
    if dtype is not None:
        return wrap(array)
    if not hasattr(x, "dtype") and array.dtype.kind in "fc":
        return wrap(array.astype(dtypes.float32 if array.dtype.kind == "f" else dtypes.complex64))
    return wrap(array.astype(dtypes.canonical(array.dtype), copy=False))


def _check_no_gradient_is_lost(xs: Sequence[Any]) -> None:
    """Refuse a list of tensors whose elements would be copied without what derivatives need."""
    for x in tree.leaves(xs):
        if isinstance(x, Value) and (x.entry is not None or x.duals):
            raise error("ops.list_of_tensors")
