"""Structures: equal ones have equal texts, and what changes a text changes the structure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.compiler import target
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.step import Step
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.program.kernels import calls_of, with_plans
from chainrule.compiler.program.structure import structure
from chainrule.graph.rewrites import rewrite

X = np.ones((6, 8), np.float32)


def steps_of(f: Any, *arrays: Any) -> list[Step]:
    graph, _ = rewrite(cr.record(f, *arrays))
    lowering = Lowering(graph)
    steps = lowering.run()
    return with_plans(fused(steps, {*lowering.buffers.values(), *lowering.outputs}), target.host())


def texts(step: Step) -> list[str]:
    """The code of a step that is written by itself, and so without looking for one like it."""
    return [call.text for call in calls_of([step], target.host()) if isinstance(call, KernelCall)]


def two_towers(x: Any) -> Any:
    cr.random.seed(0)
    layers = [part for _ in range(3) for part in (nn.Linear(8, 8), nn.LayerNorm(8), nn.GELU(), nn.Softmax())]
    return nn.Sequential(*layers)(x), cr.flip(x.T, (0,)) * x.sum(), cr.flip(x.T, (1,)) * x.sum()


def test_equal_structures_have_equal_texts():
    found = defaultdict(list)
    for step in steps_of(two_towers, X):
        if isinstance(step, Nest | Anchor):
            found[structure(step)].append(texts(step))
    assert any(len(group) > 1 for group in found.values())
    assert all(text == group[0] for group in found.values() for text in group)


def test_equal_steps_of_one_program_are_written_once():
    calls = calls_of(steps_of(two_towers, X), target.host())
    by_name = defaultdict(set)
    for call in calls:
        assert call.buffers == call.step.buffers()
        by_name[call.function].add(id(call.text))
    assert len(by_name) < len(calls)
    assert all(len(same) == 1 for same in by_name.values())


DIFFERENT = {
    "the sign of zero": (lambda x: cr.maximum(x, 0.0), lambda x: cr.maximum(x, -0.0), X),
    "the operation": (lambda x: x * x, lambda x: x - x, X),
    "the order of arguments": (lambda x, y: x - y * y, lambda x, y: y * y - x, X, X),
    "which argument is read twice": (lambda x, y: x * x * y, lambda x, y: x * y * y, X, X),
    "the place": (lambda x: cr.flip(x, (0,)) + x, lambda x: cr.flip(x, (1,)) + x, X),
    "a parameter": (lambda x: cr.sum(x, axis=0), lambda x: cr.sum(x, axis=1), np.ones((8, 8), np.float32)),
    "how it is folded": (lambda x: cr.max(x, axis=1), lambda x: cr.min(x, axis=1), X),
    "a bound": (lambda x: cr.pad(x, ((1, 2), (0, 0))), lambda x: cr.pad(x, ((2, 1), (0, 0))), X),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_structures_differ_in(what):
    f, g, *arrays = DIFFERENT[what]
    one, other = ([structure(step) for step in steps_of(h, *arrays)] for h in (f, g))
    assert one != other
    assert one == [structure(step) for step in steps_of(f, *arrays)]


def test_structures_differ_in_the_element_type():
    single, double = (steps_of(lambda x: x * x, X.astype(kind)) for kind in (np.float32, np.float64))
    assert structure(single[0]) != structure(double[0])
