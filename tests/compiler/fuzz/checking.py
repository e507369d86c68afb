"""Compiled programs against eager replay, as exactly as a program's conditioning lets one ask.

Where a float differs, the eager replay is repeated with every rounding changed at random by a unit or two in
the last place. What these replays differ by is what rounding may do to the result (Parker, "Monte Carlo
arithmetic", 1997). The compiled result may differ by a small multiple of that, and whole numbers that no
replay changes, not at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

from chainrule import dtypes
from chainrule.compiler.native.pool import get_threads, set_threads
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.program.build import build
from chainrule.compiler.program.program import Program
from chainrule.compiler.remat import with_less_kept
from chainrule.core.interpreter import EAGER, Eager, Value, lift, using_layers
from chainrule.core.op import Op
from chainrule.graph import Graph
from chainrule.ops.contract import letters

from .guards import guarded_results
from .programs import Recorded

THREADS = (1, 2, 3, 8)
_REPLAYS, _FACTOR, _UNITS = 12, 8, 8
# Rows that give elements as they are, where equal ones must stay equal.
_EXACT = {"maximum", "minimum", "where", "negative", "absolute", "cast", "max", "min", "cummax", "cummin"}
_EXACT |= {"gather", "scatter_set", "scatter_max", "scatter_min", "max_pool", "pool_read", "identity", "sign"}


@dataclass(frozen=True)
class Outcome:
    """Results, and the elements of states afterwards."""

    results: list[Any]
    states: list[Any]

    def arrays(self) -> list[Any]:
        return [*self.results, *self.states]


class Noisy(Eager):
    """Runs definitions, and changes each rounding by up to two units in the last place.

    What is added up has a rounding for each term, which leave as much as a random walk of so many steps.
    """

    def __init__(self, noise: np.random.Generator) -> None:
        self.noise = noise

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Compute, then change what was rounded."""
        found = super().apply(op, inputs, params, level)
        if op.family == "move" or op.name in _EXACT:
            return found
        results = found if isinstance(found, tuple) else (found,)
        changed = tuple(self.changed(x, math.sqrt(_terms(op, inputs, params, x))) for x in results)
        return changed if isinstance(found, tuple) else changed[0]

    def changed(self, x: Any, steps: float = 1) -> Any:
        """Other elements close by."""
        if dtypes.letter(x.dtype) != "f":
            return x
        eps = float(ml_dtypes.finfo(x.dtype).eps)
        factor = 1 + 2 * steps * eps * self.noise.uniform(-1, 1, x.shape)
        with np.errstate(all="ignore"):
            return lift(np.asarray(x.data.astype(np.float64) * factor).astype(x.dtype))


def _terms(op: Op, inputs: Sequence[Value], params: dict[str, Any], result: Any) -> int:
    """How many terms an element of a sum or a product of matrices has."""
    if op.name == "contract":
        in_a, in_b, out = letters(params["spec"])
        extents = dict(zip(in_a + in_b, (*inputs[0].shape, *inputs[1].shape), strict=True))
        return math.prod(n for letter, n in extents.items() if letter not in out) or 1
    if op.name == "conv":
        return math.prod(inputs[1].shape[1:]) or 1
    return max(1, inputs[0].size // max(1, result.size)) if op.name == "sum" else 1


def values_of(
    graph: Graph, arrays: Sequence[Any], states: Sequence[Any], layer: Eager = EAGER
) -> dict[Any, Any]:
    """The elements of all variables, as a layer computes them."""
    given = [lift(x) for x in (*arrays, *states)]
    if isinstance(layer, Noisy):
        given = [layer.changed(x) for x in given]
    values = dict(zip([*graph.inputs, *(s.before for s in graph.states)], given, strict=True))
    values |= {symbol: lift(x) for symbol, x in graph.constants.items()}
    with using_layers([layer]), np.errstate(all="ignore"):
        for node in graph.nodes:
            found: Any = node.op(*(values[x] for x in node.inputs), **node.params)
            values.update(zip(node.outputs, found if isinstance(found, tuple) else (found,), strict=True))
    return values


def replayed(graph: Graph, arrays: Sequence[Any], states: Sequence[Any], layer: Eager = EAGER) -> Outcome:
    """What a graph gives eagerly."""
    values = values_of(graph, arrays, states, layer)
    after = [values[s.before if s.after is None else s.after].data for s in graph.states]
    return Outcome([values[x].data for x in graph.outputs], after)


def run(program: Program, case: Recorded, states: Sequence[Any]) -> Outcome:
    """What a program gives."""
    for s, x in zip(case.graph.states, states, strict=True):
        s.tensor.data = x.copy()
    with guarded_results() as beside:
        results = program.run(case.arrays)
    assert not beside, beside
    return Outcome(results, [s.tensor.data.copy() for s in case.graph.states])


def problems(case: Recorded) -> list[str]:
    """What is wrong with a compiled program; empty if nothing is."""
    found = _problems(case, DEFAULT)
    if not found and any(node.again for node in with_less_kept(case.graph).nodes):
        found = [f"computed again: {x}" for x in _problems(case, Options(remat=True))]
    return found


def _problems(case: Recorded, options: Options) -> list[str]:
    before = [x.copy() for x in case.arrays]
    program = build(case.graph, options)
    found, first = [], None
    threads = get_threads()
    try:
        for number in THREADS:
            set_threads(number)
            outcome = run(program, case, case.states)
            first = outcome if first is None else first
            found += _unequal(outcome, first, f"{number} threads")
    finally:
        set_threads(threads)
    assert first is not None
    found += mismatches(case.graph, case.arrays, case.states, first)
    found += mismatches(case.graph, case.arrays, first.states, run(program, case, first.states))
    if any(a.tobytes() != b.tobytes() for a, b in zip(before, case.arrays, strict=True)):
        found.append("an argument was written to")
    return found


def _unequal(a: Outcome, b: Outcome, when: str) -> list[str]:
    pairs = zip(a.arrays(), b.arrays(), strict=True)
    return [
        f"array {i} is not the same with {when}"
        for i, (x, y) in enumerate(pairs)
        if x.tobytes() != y.tobytes()
    ]


def mismatches(graph: Graph, arrays: Sequence[Any], states: Sequence[Any], found: Outcome) -> list[str]:
    """Results that rounding does not explain."""
    eager = replayed(graph, arrays, states)
    names = [*(x.name for x in graph.outputs), *(f"state {s.before.name}" for s in graph.states)]
    pairs = list(zip(names, found.arrays(), eager.arrays(), strict=True))
    suspects = [i for i, (_, x, y) in enumerate(pairs) if not _is_close(x, y, 0.0)]
    if not suspects:
        return []
    replays = [
        replayed(graph, arrays, states, Noisy(np.random.default_rng(seed))).arrays()
        for seed in range(_REPLAYS)
    ]
    told = []
    for i in suspects:
        name, x, y = pairs[i]
        if not _is_close(x, y, _spread(y, [replay[i] for replay in replays])):
            told.append(f"{name}: {_described(x, y)}")
    return told


def _spread(y: Any, replays: Sequence[Any]) -> float:
    """How far rounding moves a result; without limit where whole numbers, NaN or infinity change."""
    if dtypes.letter(y.dtype) != "f":
        return 0.0 if all(np.array_equal(y, z) for z in replays) else np.inf
    y, replays = y.astype(np.float64), [z.astype(np.float64) for z in replays]
    if any(not np.array_equal(np.isfinite(y), np.isfinite(z)) for z in replays):
        return np.inf
    with np.errstate(all="ignore"):
        return max(float(np.abs(np.where(np.isfinite(y), z - y, 0.0)).max(initial=0.0)) for z in replays)


def _is_close(x: Any, y: Any, spread: float) -> bool:
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    if spread == np.inf:
        return True
    if dtypes.letter(x.dtype) != "f":
        return bool(np.array_equal(x, y))
    limits = ml_dtypes.finfo(x.dtype)
    x, y = x.astype(np.float64), y.astype(np.float64)
    with np.errstate(all="ignore"):
        allowed = _UNITS * float(limits.eps) * abs(y) + _FACTOR * spread + float(limits.smallest_normal)
        return bool(np.all((x == y) | (np.isnan(x) & np.isnan(y)) | (abs(x - y) <= allowed)))


def _described(x: Any, y: Any) -> str:
    if x.shape != y.shape or x.dtype != y.dtype:
        return f"{x.dtype}{x.shape} instead of {y.dtype}{y.shape}"
    wrong = (x != y) & ~((x != x) & (y != y))
    with np.errstate(all="ignore"):
        distance = np.where(
            wrong, np.nan_to_num(abs(x.astype(np.float64) - y.astype(np.float64)), nan=np.inf), -1
        )
    worst = int(distance.argmax())
    got, wanted = x.reshape(-1)[worst], y.reshape(-1)[worst]
    return f"{wrong.sum()} of {x.size} elements differ, most at {worst}: {got} instead of {wanted}"
