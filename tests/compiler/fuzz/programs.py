"""Random programs as recorded graphs with arguments."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule as cr
from chainrule.graph import Graph

from . import control, folds, moves, pointwise, products  # noqa: F401  (register productions)
from .arguments import arguments, numbers
from .draft import FLOATS, Draft, shape


@dataclass(eq=False)
class Recorded:
    """A graph, what it is called with, and the elements its states begin with."""

    graph: Graph
    arrays: list[Any]
    states: list[Any]


def recorded(seeds: Sequence[int]) -> Recorded:
    """The programs of some seeds as one graph."""
    sources = [random.Random(seed) for seed in seeds]
    given = [arguments(rng, rng.randint(1, 3)) for rng in sources]
    own = [_states(rng) for rng in sources]
    ends = np.cumsum([len(part) for part in given])

    def all_programs(*xs: Any) -> list[Any]:
        parts = [xs[end - len(part) : end] for part, end in zip(given, ends, strict=True)]
        return [y for rng, part, s in zip(sources, parts, own, strict=True) for y in _program(rng, part, s)]

    arrays = [x for part in given for x in part]
    with np.errstate(all="ignore"):
        graph = cr.record(all_programs, *map(cr.tensor, arrays))
    return Recorded(graph, arrays, [s.tensor.data.copy() for s in graph.states])


def _states(rng: random.Random) -> list[Any]:
    """A few states, often of the same shape and type."""
    if rng.random() < 0.6:
        return []
    extents, dtype = shape(rng), rng.choice(FLOATS)
    found = [cr.State(numbers(rng, extents, dtype)) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        found.append(cr.State(numbers(rng, (2,), np.dtype(np.uint32))))
    return found


def _program(rng: random.Random, xs: Sequence[Any], states: Sequence[Any]) -> list[Any]:
    """Some productions, in the midst and at the end of which states are assigned; several results."""
    draft = Draft(rng, [*xs, *states])
    draft.grow(rng.randint(1, 4))
    if draft.flip(0.3):
        _assign(draft, states)
    draft.grow(rng.randint(1, 4))
    _assign(draft, states)
    made = draft.values[len(xs) + len(states) :]
    return [*made[-1:], *rng.sample(draft.values, min(len(draft.values), rng.randint(1, 3)))]


def _assign(draft: Draft, states: Sequence[Any]) -> None:
    """New elements of states: computed ones, moved ones, or the old ones of another."""
    old = {id(s): s.detach() * 1 for s in states} if draft.flip(0.5) else {}
    for s in states:
        fit = [y for y in draft.values if y.shape == s.shape and y.dtype == s.dtype]
        fit += [old[id(o)] for o in states if id(o) in old and o.shape == s.shape and o.dtype == s.dtype]
        if draft.flip(0.3) and s.ndim:
            fit.append(cr.flip(draft.rng.choice(fit), (0,)))
        if draft.flip(0.8):
            s.assign(draft.rng.choice(fit))
