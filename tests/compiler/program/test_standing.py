"""Borders of zeros that stand: they are written once, whatever a program does meanwhile."""

from __future__ import annotations

import itertools

import numpy as np

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Opaque
from chainrule.compiler.program.arena import planned
from chainrule.compiler.program.build import build
from chainrule.compiler.program.prepared import is_prepared
from chainrule.dtypes import float32

RNG = np.random.default_rng(11)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def blocks(x, *weights):
    """Convolutions with padding, of one size and then of another, with what follows them."""
    for i, w in enumerate(weights):
        x = F.relu(F.conv2d(x, w, padding=1, stride=2 if i == 2 else 1))
    return x.sum((2, 3))


def zeros_in(program):
    """The calls that only write zeros into a part of a buffer: at each run, and once."""
    found = [call for call in program.calls if not call.step.reads()]
    return [x for x in found if not is_prepared(x)], [x for x in found if is_prepared(x)]


def test_borders_are_written_once():
    weights = [cr.State(normal(8, 8, 3, 3), name="w") for _ in range(6)]
    x = cr.tensor(normal(2, 8, 12, 10))
    program = build(cr.record(lambda x: blocks(x, *weights), x))
    at_each_run, once = zeros_in(program)
    assert not at_each_run
    assert once
    for _ in range(3):
        x = cr.tensor(normal(2, 8, 12, 10))
        np.testing.assert_allclose(program.run([x.numpy()])[0], blocks(x, *weights), rtol=1e-4, atol=1e-3)


def test_buffers_with_the_same_border_share_memory():
    weights = [cr.State(normal(8, 8, 3, 3), name="w") for _ in range(8)]
    x = cr.tensor(normal(2, 8, 12, 10))
    program = build(cr.record(lambda x: blocks(x, *weights), x))
    bordered = {x for call in zeros_in(program)[1] for x in call.step.writes()}
    places = {(program.arena.offsets[x], x.nbytes) for x in bordered}
    assert len(places) < len(bordered)
    others = {(program.arena.offsets[x.buffer], x.buffer.nbytes) for x in program.arena.lives}
    for (first, size), (second, other) in itertools.product(places, others):
        same = (first, size) == (second, other)
        assert same or first + size <= second or second + other <= first


def test_a_training_step_that_runs_again_and_again():
    weights = [cr.State(normal(8, 8, 3, 3), name="w").requires_grad_() for _ in range(4)]
    twins = [cr.State(w.numpy().copy(), name="w").requires_grad_() for w in weights]

    def step(x, weights):
        loss = blocks(x, *weights).mean()
        loss.backward()
        for w in weights:
            w.assign(w.detach() - 0.01 * w.grad)
            w.grad = None
        return loss

    compiled = cr.compile(lambda x: step(x, weights))
    for _ in range(4):
        x = cr.tensor(normal(2, 8, 12, 10))
        np.testing.assert_allclose(compiled(x).numpy(), step(x, twins).numpy(), rtol=1e-4)
    for w, twin in zip(weights, twins, strict=True):
        np.testing.assert_allclose(w.numpy(), twin.numpy(), rtol=1e-3, atol=1e-4)


def test_buffers_that_stay_apart_overlap_only_with_their_like():
    buffers = [Buffer(f"b{i}", float32, 256) for i in range(9)]
    steps = [Opaque("x", [a], [b], None) for a, b in itertools.pairwise(buffers)]
    words = dict(zip(buffers[::2], "aabba", strict=True))
    arena = planned(steps, words)
    for one, other in itertools.combinations(buffers, 2):
        if words.get(one) != words.get(other):
            assert arena.offsets[one] != arena.offsets[other]
    assert arena.size < sum(x.nbytes for x in buffers)
