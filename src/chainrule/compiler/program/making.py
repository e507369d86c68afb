"""How a program came to be: for readers, for those who measure it; and the layout that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.program.arena import Arena
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, flat
from chainrule.compiler.program.entry import Entry, has_loops
from chainrule.compiler.program.layout import Layout, Slots, StatePlace
from chainrule.compiler.program.prepared import is_prepared
from chainrule.graph import Graph


@dataclass(frozen=True)
class Making:
    """What a program was made of.

    Attributes
    ----------
    graph : Graph
        What it computes, after all rewrites.
    calls_in_order : list of Call
        What its entry calls.
    arena : Arena
        Where buffers lie.
    entry : Entry
        The entry's text and slots.
    inputs, outputs, states : list of Buffer
        In the graph's order.
    at_risk : list of Buffer
        States that get new elements while something may still fail.
    """

    graph: Graph
    calls_in_order: Sequence[Call]
    arena: Arena
    entry: Entry
    inputs: Sequence[Buffer]
    outputs: Sequence[Buffer]
    states: Sequence[Buffer]
    at_risk: Sequence[Buffer] = ()

    @cached_property
    def calls(self) -> list[Call]:
        """All calls, those inside loops too, by their numbers."""
        return list(flat(self.calls_in_order))

    @cached_property
    def of_numpy(self) -> list[NumpyCall]:
        """Those that are left to NumPy."""
        return [call for call in self.calls if isinstance(call, NumpyCall)]


def layout_of(making: Making, graph: Graph) -> Layout:
    """The layout of a program that was made of a graph."""
    slots = slots_of(making)
    used = dict.fromkeys(x for call in making.calls for x in (*call.step.reads(), *call.step.writes()))
    kernels = [call.step for call in making.calls if isinstance(call.step, Nest | Anchor)]
    unstored = {x for step in kernels for x in step.unstored}
    constants = [x for x in used if x.kind == "constant" and x in slots]
    return Layout(
        len(making.entry.slots),
        making.arena.size,
        {
            slot: offset
            for buffer, offset in making.arena.offsets.items()
            for slot in slots.get(buffer, ())
            if buffer.size
        },
        [(slots[x], x.content) for x in constants if x.content is not None],
        [(slots[x], x.nbytes) for x in used if x.kind == "prepared" and x not in unstored],
        {
            number: slots[call.record]
            for number, call in enumerate(making.calls)
            if isinstance(call, KernelCall) and call.record is not None
        },
        _state_places(making, graph, slots),
        has_loops(making.calls_in_order),
        not all(map(_runs_alone, making.calls)),
        any(map(is_prepared, making.calls)),
    )


def slots_of(making: Making) -> dict[Buffer, Slots]:
    """In which slots the address of each buffer stands."""
    found: dict[Buffer, list[int]] = {}
    for slot, buffer in enumerate(making.entry.slots):
        found.setdefault(buffer, []).append(slot)
    return {buffer: tuple(places) for buffer, places in found.items()}


def _runs_alone(call: Call) -> bool:
    return isinstance(call, KernelCall) and call.pieces == 1


def _state_places(making: Making, graph: Graph, slots: Mapping[Buffer, Slots]) -> list[StatePlace]:
    """Rewrites leave out states that nothing depends on."""
    numbers = {id(state.tensor): number for number, state in enumerate(graph.states)}
    found = []
    for buffer, state in zip(making.states, making.graph.states, strict=True):
        number, is_assigned = numbers[id(state.tensor)], state.after is not None
        found.append(StatePlace(number, slots.get(buffer, ()), is_assigned, buffer in making.at_risk))
    return found
