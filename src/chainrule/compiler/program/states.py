"""The states of a program: where their elements lie at a call.

Most calls find all of them where they were. A state that was given another array since, as a learning rate is
by its schedule, or whose array somebody else holds by now, is bound anew; the others stay.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Sequence

import numpy as np

from chainrule.compiler.native.arrays import address
from chainrule.compiler.ownership import WRITES, contiguous, held_by_others, writable
from chainrule.compiler.program.layout import Layout, StatePlace
from chainrule.core.interpreter import Value
from chainrule.graph import Graph


class StateArrays:
    """The arrays of a program's states, and their addresses among its slots.

    Parameters
    ----------
    graph : Graph
        Holds the states.
    layout : Layout
        Says where their addresses belong.
    slots : ndarray
        What kernels look up.

    Attributes
    ----------
    are_assigned : bool
        Whether any gets new elements.
    """

    def __init__(self, graph: Graph, layout: Layout, slots: np.ndarray) -> None:
        states = [(place, graph.states[place.number].tensor) for place in layout.states]
        self._read = _Group([state for state in states if not state[0].is_assigned], contiguous, slots)
        self._own = _Group([state for state in states if state[0].is_assigned], writable, slots)
        self.are_assigned = any(place.is_assigned for place in layout.states)

    def bind(self) -> tuple[list[np.ndarray], bool]:
        """The arrays of all states, those to be written to being theirs alone; and whether any has moved."""
        read, read_moved = self._read.bind(lambda arrays: [])
        if not self.are_assigned:
            return read, read_moved
        WRITES.count += 1
        own, own_moved = self._own.bind(held_by_others)
        return [*read, *own], read_moved or own_moved


class _Group:
    """States that are used in the same way.

    Parameters
    ----------
    states : sequence of (StatePlace, tensor)
        With their places.
    take : callable
        Gives the array of a tensor that can be used in this way.
    slots : ndarray
        What kernels look up.
    """

    def __init__(
        self,
        states: Sequence[tuple[StatePlace, Value]],
        take: Callable[[Value], np.ndarray],
        slots: np.ndarray,
    ) -> None:
        self._tensors = [tensor for _, tensor in states]
        self._slots_of = [list(place.slots) for place, _ in states]
        self._take, self._slots = take, slots
        # What the latest call has met; that keeps none of them alive.
        self._met: list[Callable[[], np.ndarray | None]] = [_nothing] * len(states)

    def bind(self, unusable: Callable[[list[np.ndarray]], list[int]]) -> tuple[list[np.ndarray], bool]:
        """All arrays, and whether any is not where it was; ``unusable`` finds others to be taken anew."""
        arrays = [tensor.data for tensor in self._tensors]
        places = {*unusable(arrays), *self._moved(arrays)}
        if not places:
            return arrays, False
        # Who asks whether others hold an array must not hold it.
        arrays.clear()
        for place in places:
            self._bind(place)
        return [tensor.data for tensor in self._tensors], True

    def _moved(self, arrays: Sequence[np.ndarray]) -> list[int]:
        known = [met() for met in self._met]
        if all(map(operator.is_, known, arrays)):
            return []
        return [place for place, array in enumerate(arrays) if array is not known[place]]

    def _bind(self, place: int) -> None:
        array = self._take(self._tensors[place])
        self._slots[self._slots_of[place]] = address(array)
        self._met[place] = weakref.ref(array)


def _nothing() -> None:
    """Stands for an array that is not known yet."""
