"""Results in the place of an operand that nobody needs any more."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.compiler.program.arena import Life, planned
from chainrule.compiler.program.build import build

ROWS, COLUMNS = 40, 48
W = cr.tensor(np.random.default_rng(1).standard_normal((COLUMNS, COLUMNS)))


def far(x):
    """Computed by a kernel of its own, so that its result has memory of its own."""
    return cr.cumsum(x, 1)


REPLACING = {
    "pointwise": lambda h: far(cr.sin(h)),
    "rows in several phases": lambda h: far(cr.softmax(h, -1)),
    "beside a fold": lambda h: far(cr.sin(h)) + cr.sin(h).sum(0),
    "on accumulators": lambda h: far(h + far(cr.cos(W[:ROWS])) @ W),
}
KEEPING = {
    "needed later": lambda h: far(cr.sin(h)) + h,
    "read elsewhere": lambda h: far(cr.sin(h) + cr.flip(h, 1)),
    "transposed": lambda h: far(cr.sin(h[:, :ROWS].T)),
    "an operand of the product": lambda h: far(h + h @ W),
}


def places(function):
    """The place of the first result of `far`, places of those made of it, the result and the expected one."""
    x = np.random.default_rng(2).standard_normal((ROWS, COLUMNS))

    def whole(x):
        return function(far(x))

    program = build(cr.record(whole, cr.tensor(x)))
    (y,) = program.run([x])
    lives = sorted(program.arena.lives, key=lambda life: life.first)
    first, *others = [life for life in lives if life.buffer.size == ROWS * COLUMNS]
    begins = [program.arena.offsets[life.buffer] for life in others if life.first == first.last]
    return program.arena.offsets[first.buffer], begins, y, whole(cr.tensor(x)).numpy()


@pytest.mark.parametrize("name", REPLACING)
def test_a_result_replaces_what_is_read_for_the_last_time(name):
    first, begins, y, expected = places(REPLACING[name])
    assert first in begins
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", KEEPING)
def test_a_result_does_not_replace_what_is_still_needed(name):
    first, begins, y, expected = places(KEEPING[name])
    assert first not in begins
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-9)


def test_what_is_replaced_ends_where_its_successor_begins():
    cr.random.seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(256, 3)
    )
    optimizer, loss = optim.Adam(model.parameters()), nn.CrossEntropyLoss()

    def step(x, y):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    x, y = cr.tensor(np.ones((8, 1, 8, 8), np.float32)), cr.tensor(np.arange(8) % 3)
    step(x, y)
    arena = build(cr.record(step, x, y)).arena
    shared = [pair for pair in itertools.combinations(arena.lives, 2) if _is_shared(arena, *pair)]
    assert any(a.last == b.first for a, b in shared)
    for a, b in shared:
        assert a.last <= b.first or b.last <= a.first
        if b.first in (a.last, a.first):
            assert arena.offsets[a.buffer] == arena.offsets[b.buffer]


def _is_shared(arena, a: Life, b: Life) -> bool:
    begin, other = arena.offsets[a.buffer], arena.offsets[b.buffer]
    return begin < other + b.buffer.nbytes and other < begin + a.buffer.nbytes


def test_without_kernels_nothing_is_replaced():
    assert planned([]).size == 0
