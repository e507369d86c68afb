"""Reverse mode: the tape, and walking it backwards.

While tensors that require a gradient are computed with, the tape layer notes one `Entry` per
operation. `pull_back` visits the entries that lead to a result in reverse order of their
making and applies each row's derivative rule. The rules are made of tensors, so with
``create_graph`` their own operations are noted too, and can be differentiated again.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

import chainrule.autodiff.messages  # noqa: F401  (registers the messages used here)
from chainrule.autodiff.modes import grad_mode
from chainrule.core.derivative import Call, total
from chainrule.core.interpreter import Interpreter, Value, install, lift, on_behalf_of, run, state, wrap
from chainrule.core.op import Op
from chainrule.dtypes import is_float
from chainrule.errors import error, user_line

Key = tuple[Any, int]
_numbers = itertools.count()


class Entry:
    """One operation that was run: what its derivative rule will need.

    Attributes
    ----------
    number : int
        Entries are numbered as they are made, so that inputs come before results.
    op, inputs, params
        The call.
    data, entries : tuple
        The inputs' elements and entries at that time; a parameter may be given new elements
        before the backward pass.
    outputs, duals : list
        Elements and tangents of the results.
    scopes, line
        Where in the program it happened; the line only while an observer asks for it.
    """

    __slots__ = (
        *("data", "duals", "entries", "freed", "inputs", "line", "number"),
        *("op", "outputs", "params", "scopes"),
    )
    is_leaf = False

    def __init__(
        self, op: Op, inputs: Sequence[Value], data: tuple[Any, ...], params: dict[str, Any]
    ) -> None:
        self.number = next(_numbers)
        self.op, self.inputs, self.data, self.params = op, tuple(inputs), data, params
        self.entries = tuple(x.entry for x in inputs)
        self.outputs: list[Any] = []
        self.duals: list[Any] = []
        self.scopes = state.scopes
        self.line = user_line() if state.wants_lines else ""
        self.freed = False

    def parents(self) -> list[Any]:
        """The entries that a derivative can reach, by input; None where it cannot."""
        reaches = self.op.derivative.reaches
        return [entry if reaches(i) else None for i, entry in enumerate(self.entries)]

    def recorded_inputs(self) -> list[Value]:
        """The inputs as they were when the operation ran."""
        return [
            x if x.data is data and x.entry is entry else wrap(data, entry, x.slot, x.duals)
            for x, data, entry in zip(self.inputs, self.data, self.entries, strict=True)
        ]

    def attach(self, results: Sequence[Value]) -> None:
        """Make the results remember this entry."""
        for slot, value in enumerate(results):
            self.outputs.append(value.data)
            self.duals.append(value.duals)
            if is_float(value.dtype):
                value.entry, value.slot = self, slot

    def results(self) -> list[Value]:
        """The results, attached to this entry."""
        both = zip(self.outputs, self.duals, strict=True)
        return [wrap(data, self, slot, duals) for slot, (data, duals) in enumerate(both)]

    def free(self) -> None:
        """Forget what the derivative needs."""
        self.freed = True
        self.inputs = self.data = self.entries = ()
        self.outputs, self.duals = [], []


class Leaf:
    """The entry of a tensor that was given, not computed: gradients end here."""

    __slots__ = ("number", "tensor")
    is_leaf = True

    def __init__(self, tensor: Value) -> None:
        self.number = next(_numbers)
        self.tensor = weakref.ref(tensor)

    def parents(self) -> list[Any]:
        """Nothing lies before a leaf."""
        return []


def make_leaf(tensor: Value) -> None:
    """Let derivatives by a given tensor be asked for."""
    if tensor.entry is not None and tensor.entry.is_leaf:
        return
    if tensor.entry is not None:
        raise error("autodiff.not_leaf")
    if not is_float(tensor.dtype):
        raise error("autodiff.leaf_float", dtype=tensor.dtype)
    tensor.entry = Leaf(tensor)


class Tape(Interpreter):
    """The layer that notes entries."""

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Run below, then note the operation if a derivative may be asked through it."""
        if not (state.grad_enabled and _is_reached(op, inputs)):
            return run(op, inputs, params, level - 1)
        # A recording knows states by themselves: their elements alone would be constants to it.
        data = tuple(map(state.layers[0].read, inputs) if state.wants_lines else (x.data for x in inputs))
        result = run(op, inputs, params, level - 1)
        Entry(op, inputs, data, params).attach(result if isinstance(result, tuple) else (result,))
        return result


def _is_reached(op: Op, inputs: Sequence[Value]) -> bool:
    """Whether a derivative can be asked through the result."""
    return any(x.entry is not None and op.derivative.reaches(i) for i, x in enumerate(inputs))


def reachable(roots: Iterable[Any]) -> list[Any]:
    """All entries that lead to the roots, latest first."""
    found: dict[int, Any] = {}
    waiting = [entry for entry in roots if entry is not None]
    while waiting:
        entry = waiting.pop()
        if entry.number not in found:
            found[entry.number] = entry
            waiting.extend(parent for parent in entry.parents() if parent is not None)
    return [found[number] for number in sorted(found, reverse=True)]


def _leading_to(order: list[Any], targets: set[Any]) -> set[Any]:
    """The entries on a path from a target to a root."""
    needed: set[Any] = set()
    for entry in reversed(order):
        if entry in targets or any(parent in needed for parent in entry.parents()):
            needed.add(entry)
    return needed


def pull_back(
    seeds: Mapping[Key, Any], order: list[Any], needed: set[Any], *, create_graph: bool
) -> dict[Key, Any]:
    """Carry cotangents from results to everything needed before them.

    Parameters
    ----------
    seeds : mapping
        Cotangents of the results, by (entry, slot).
    order : list
        `reachable` entries, latest first.
    needed : set
        Entries whose cotangents are wanted.
    create_graph : bool
        Note the derivative rules' own operations on the tape.

    Returns
    -------
    dict
        Cotangents by (entry, slot).
    """
    cotangents: dict[Key, list[Any]] = {key: [g] for key, g in seeds.items()}
    with grad_mode(create_graph):
        for entry in order:
            if not entry.is_leaf and any(parent in needed for parent in entry.parents()):
                _pull_back_entry(entry, needed, cotangents)
        return {key: total(terms) for key, terms in cotangents.items()}


def _pull_back_entry(entry: Entry, needed: set[Any], cotangents: dict[Key, list[Any]]) -> None:
    slots = range(len(entry.outputs))
    g = [total(cotangents.pop((entry, slot), ())) for slot in slots]
    if all(part is None for part in g):
        return
    wanted = [parent is not None and parent in needed for parent in entry.parents()]
    results, inputs = entry.results(), entry.recorded_inputs()
    single = entry.op.outputs == 1
    with on_behalf_of((*entry.scopes, f"∂{entry.op.name}"), entry.line):
        call = Call(entry.op, inputs, entry.params, results[0] if single else results)
        parts = entry.op.derivative.vjp(call, g[0] if single else g, wanted)
    for layer in state.layers:
        layer.on_derivative(entry, g, parts)
    for x, parent, part, is_wanted in zip(inputs, entry.entries, parts, wanted, strict=True):
        if is_wanted and part is not None:
            cotangents.setdefault((parent, x.slot), []).append(part)


def _check_not_freed(order: list[Any], root: Any) -> None:
    if root is not None and not root.is_leaf and root.freed:
        raise error("autodiff.backward_twice")
    for entry in order:
        if not entry.is_leaf and entry.freed:
            raise error("autodiff.stale_state", op="/".join((*entry.scopes, entry.op.name)))


def seed_for(y: Value, gradient: Any, what: str) -> Value:
    """The cotangent to start from: given, or 1 for a result of one element."""
    if gradient is None:
        if y.spec.size != 1:
            raise error("autodiff.not_scalar", what=what, shape=y.shape)
        if y.dtype.kind == "c":
            raise error("autodiff.complex_result", what=what)
        return lift(np.ones(y.shape, y.dtype))
    g = lift(gradient, y.dtype)
    if g.shape != y.shape:
        raise error("autodiff.gradient_shape", what=what, got=g.shape, expected=y.shape)
    return g


def backward(y: Value, gradient: Any, *, retain_graph: bool, create_graph: bool) -> None:
    """Add the derivatives of ``y`` to the ``grad`` of all leaves before it."""
    if y.entry is None:
        raise error("autodiff.not_required")
    seed = seed_for(y, gradient, "backward()")
    order = reachable([y.entry])
    _check_not_freed(order, y.entry)
    seeds = {(y.entry, y.slot): seed}
    found = pull_back(seeds, order, set(order), create_graph=create_graph)
    for leaf in reversed(order):
        if leaf.is_leaf and (leaf, 0) in found:
            _accumulate(leaf, found[leaf, 0], create_graph)
    if not (retain_graph or create_graph):
        for entry in order:
            if not entry.is_leaf:
                entry.free()


def _accumulate(leaf: Leaf, g: Value, create_graph: bool) -> None:
    tensor: Any = leaf.tensor()
    if tensor is None:
        return
    with grad_mode(create_graph):
        bottom = state.layers[0]
        before = bottom.get_grad(tensor)
        bottom.set_grad(tensor, g if before is None else before + g)


def gradients(
    roots: Sequence[tuple[Value, Value]], targets: Sequence[Value], *, create_graph: bool | None = None
) -> list[Any]:
    """Derivatives of results by some tensors; None where they do not depend on them.

    Parameters
    ----------
    roots : sequence of (result, cotangent)
        Where to start.
    targets : sequence of Value
        What to differentiate by.
    create_graph : bool, optional
        Whether the derivatives are differentiable themselves; by default only where something
        else than the targets requires a gradient, that is, inside another differentiation.
    """
    order = reachable(y.entry for y, _ in roots)
    _check_not_freed(order, None)
    ends = {t.entry for t in targets}
    if create_graph is None:
        create_graph = _depends_on_others(order, ends)
    seeds: dict[Key, Any] = {}
    for y, g in roots:
        if y.entry is not None:
            key = (y.entry, y.slot)
            seeds[key] = total([seeds[key], g]) if key in seeds else g
    found = pull_back(seeds, order, _leading_to(order, ends), create_graph=create_graph)
    return [found.get((t.entry, t.slot)) for t in targets]


def _depends_on_others(order: list[Any], ends: set[Any]) -> bool:
    return any(entry.is_leaf and entry not in ends for entry in order)


def outside_of(y: Value, targets: Sequence[Value]) -> Value:
    """A result as an outer differentiation may see it: cut off, unless others than the targets matter."""
    order = reachable([y.entry])
    return y if _depends_on_others(order, {t.entry for t in targets}) else wrap(y.data, duals=y.duals)


TAPE = Tape()
install(TAPE)
