"""What a program needs to run besides its code, as plain data: where everything lies that it works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Numbers of slots, in which kernels find addresses.
Slots = tuple[int, ...]


@dataclass(frozen=True)
class StatePlace:
    """One of the states of a graph.

    Attributes
    ----------
    number : int
        Which one.
    slots : tuple of int
        Where its address belongs.
    is_assigned : bool
        Whether it gets new elements.
    is_at_risk : bool
        Whether it gets them while something may still fail.
    """

    number: int
    slots: Slots
    is_assigned: bool
    is_at_risk: bool


@dataclass(frozen=True)
class Layout:
    """Where everything lies, and what a run has to mind.

    Attributes
    ----------
    slots : int
        How many addresses kernels look up.
    arena : int
        Bytes of the block that buffers share.
    offsets : mapping
        For slots of buffers in it, where these begin.
    constants : sequence of (slots, array)
        Arrays that are part of the program.
    prepared : sequence of (slots, bytes)
        What is computed before the first call, and again when states have changed.
    records : mapping
        For calls that may meet an index out of range, by their numbers, slots of where they note it.
    states : sequence of StatePlace
        Those that it reads or assigns.
    has_loops, uses_pool, has_prepared : bool
        Whether signals have to be looked for, threads are used, and something is computed once.
    """

    slots: int
    arena: int
    offsets: Mapping[int, int]
    constants: Sequence[tuple[Slots, np.ndarray]]
    prepared: Sequence[tuple[Slots, int]]
    records: Mapping[int, Slots]
    states: Sequence[StatePlace]
    has_loops: bool
    uses_pool: bool
    has_prepared: bool
