"""Memory: buffers that live at the same time do not overlap."""

from __future__ import annotations

import itertools
import random

import chainrule as cr
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.step import Opaque, Repeat
from chainrule.compiler.program.arena import ALIGNMENT, lives, planned
from chainrule.compiler.program.build import build
from chainrule.dtypes import float32, float64


def step(reads: list[Buffer], writes: list[Buffer]) -> Opaque:
    return Opaque("x", reads, writes, None)


def random_steps(rng: random.Random, known: list[Buffer], count: int) -> list[Opaque | Repeat]:
    """Steps that read what was written before, some of them repeated."""
    steps: list[Opaque | Repeat] = []
    for number in range(count):
        reads = rng.sample(known, min(len(known), rng.randint(0, 3)))
        made = Buffer(f"b{len(known)}", rng.choice((float32, float64)), rng.choice((0, 1, 7, 64, 1000)))
        if known and rng.random() < 0.2:
            inside = random_steps(rng, [*known], rng.randint(1, 3))
            steps.append(Repeat("scan", reads, [made], {"body": inside}, length=3))
        else:
            steps.append(step(reads, [made]))
        if number % 5:
            known.append(made)
    return steps


def check_no_overlap(steps: list[Opaque | Repeat]) -> int:
    """Number of pairs of buffers that share memory at different times."""
    arena, shared = planned(steps), 0
    for a, b in itertools.combinations(arena.lives, 2):
        first, second = ((arena.offsets[x.buffer], arena.offsets[x.buffer] + x.buffer.nbytes) for x in (a, b))
        overlap = first[0] < second[1] and second[0] < first[1]
        together = a.first <= b.last and b.first <= a.last
        assert not (overlap and together), (a, b)
        shared += overlap
    for life in arena.lives:
        offset = arena.offsets[life.buffer]
        assert offset % ALIGNMENT == 0
        assert offset + life.buffer.nbytes <= arena.size
    return shared


def test_no_two_live_buffers_overlap():
    shared = sum(check_no_overlap(random_steps(random.Random(seed), [], 25)) for seed in range(100))
    assert shared > 0


def test_a_chain_needs_two_places():
    buffers = [Buffer(f"b{i}", float32, 256) for i in range(10)]
    steps = [step([a], [b]) for a, b in itertools.pairwise(buffers)]
    assert planned(steps).size == 2 * 256 * 4


def test_what_a_loop_reads_lives_as_long_as_the_loop():
    outside, inside, after = (Buffer(name, float32, 16) for name in ("outside", "inside", "after"))
    body = [step([outside], [inside]), step([inside], [inside])]
    steps = [step([], [outside]), Repeat("scan", [outside], [], {"body": body}, length=2), step([], [after])]
    found = {life.buffer: life for life in lives(steps)}
    assert found[outside].last >= found[inside].last
    assert found[after].first > found[outside].last


def test_only_buffers_of_the_arena_are_placed():
    given, state = Buffer("x", float32, 4, "input"), Buffer("s", float32, 4, "state")
    made = Buffer("y", float32, 4)
    assert list(planned([step([given, state], [made])]).offsets) == [made]


def test_what_stays_in_registers_takes_no_memory():
    """Between two results of one kernel lie values that nobody else reads."""

    def f(x: cr.Tensor) -> list[cr.Tensor]:
        y = cr.exp(x)
        z = y * cr.sin(x)
        return [z + y, z - cr.tanh(y)]

    program = build(cr.record(f, cr.ones((64, 64))))
    assert program.report.kernels == 1
    assert program.arena.size == 0
