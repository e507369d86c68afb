"""Scans whose rows are independent are cut into shares, each of which makes all steps by itself."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.compiler.loops.kernel import Anchor
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall, RepeatCall, flat
from chainrule.compiler.program.program import Program

ROWS, WIDTH, STEPS = 32, 64, 300


def array(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def program_of(f, *arrays: np.ndarray) -> Program:
    return build(cr.record(f, *map(cr.tensor, arrays)))


def loops(program: Program) -> list[RepeatCall]:
    return [call for call in flat(program.calls_in_order) if isinstance(call, RepeatCall)]


def shares(f, *arrays: np.ndarray) -> list[int]:
    return [loop.step.shares for loop in loops(program_of(f, *arrays))]


def recurrence(x, h, w):
    """A plain recurrent layer: rows of h depend on their own past alone."""

    def step(h, x):
        h = cr.tanh(x + h @ w)
        return h, h

    return cr.scan(step, h, x)


def inputs(steps: int = STEPS, rows: int = ROWS) -> tuple[np.ndarray, ...]:
    return array(steps, rows, WIDTH), array(rows, WIDTH, seed=1), array(WIDTH, WIDTH, seed=2) / 16


def agree(f, *arrays: np.ndarray) -> None:
    """Compiled as eager, and bitwise the same for any number of threads."""
    wanted = [np.asarray(x.numpy()) for x in f(*map(cr.tensor, arrays))]
    before, found = cr.get_threads(), []
    try:
        for threads in (1, 2, 3):
            cr.set_threads(threads)
            found.append(program_of(f, *arrays).run(arrays))
    finally:
        cr.set_threads(before)
    for a, *others in zip(*found, strict=True):
        assert all((a == b).all() for b in others)
    for a, b in zip(found[0], wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("rows", [16, 32, 48])
def test_rows_of_a_recurrence_are_cut_into_shares(rows):
    given = inputs(steps=20, rows=rows)
    assert shares(recurrence, *given) == [rows // 8]
    agree(recurrence, *given)


def test_more_steps_than_shares_make_between_two_meetings():
    agree(recurrence, *inputs(steps=300))


def test_a_loop_from_the_last_step_to_the_first():
    def backwards(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + h @ w), h), h, x, reverse=True)

    assert shares(backwards, *inputs(steps=20)) == [4]
    agree(backwards, *inputs(steps=20))


def test_what_each_row_reads_of_its_own_from_outside():
    def scaled(x, h, w, scale):
        return cr.scan(lambda h, x: (cr.tanh(x * scale + h @ w), x.sum(axis=1)), h, x)

    given = (*inputs(steps=20), array(ROWS, 1, seed=3))
    assert shares(scaled, *given) == [4]
    agree(scaled, *given)


def test_sequences_that_all_rows_share():
    def steps(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + h @ w), h), h, x)

    _, h, w = inputs(steps=20)
    given = array(20, WIDTH), h, w
    assert shares(steps, *given) == [4]
    agree(steps, *given)


def test_rows_that_meet_are_not_cut():
    def mixed(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + h @ w - h.mean(axis=0)), h), h, x)

    def shifted(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + cr.roll(h, 1, 0)), h @ w), h, x)

    def turned(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + (h @ w).T[:ROWS, :ROWS].sum()), h), h, x)

    for f in (mixed, shifted, turned):
        assert shares(f, *inputs(steps=20)) == [1]
        agree(f, *inputs(steps=20))


def test_the_number_of_a_row_matters():
    def numbered(x, h, w):
        number = cr.arange(ROWS, dtype=cr.float32).reshape((ROWS, 1))
        return cr.scan(lambda h, x: (cr.tanh(x + h @ w + number), h), h, x)

    agree(numbered, *inputs(steps=20))


def test_a_square_state_is_cut_along_its_rows_and_not_its_columns():
    def square(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(w @ h + x), h), h, x)

    given = array(20, WIDTH, WIDTH), array(WIDTH, WIDTH, seed=1), array(WIDTH, WIDTH, seed=2) / 16
    assert shares(square, *given) == [1]
    agree(square, *given)
    assert shares(recurrence, *given) == [8]


def test_little_work_is_not_cut():
    assert shares(recurrence, *inputs(steps=20, rows=8)) == [1]
    assert shares(recurrence, array(2, 32, 4), array(32, 4), array(4, 4)) == [1]


def test_weights_larger_than_a_cache_are_not_read_by_every_share():
    wide = 512
    given = array(4, ROWS, wide), array(ROWS, wide), array(wide, wide) / 64
    assert shares(recurrence, *given) == [1]
    agree(recurrence, *given)


@pytest.mark.parametrize("shape", [(20, ROWS, WIDTH), (4, ROWS, 512)])
def test_weights_are_packed_before_the_loop(shape):
    def transposed(x, h, w):
        return cr.scan(lambda h, x: (cr.tanh(x + h @ w.T), h), h, x)

    width = shape[-1]
    given = array(*shape), array(ROWS, width), array(width, width) / 64
    program = program_of(transposed, *given)
    (loop,) = loops(program)
    order = program.calls_in_order
    packing = order[order.index(loop) - 1]
    (product,) = [call for call in loop.parts["body"] if isinstance(call.step, Anchor)]
    assert packing.step is product.step and product.step.plan.stages == ("pack", "sums")
    assert packing.function != product.function and not packing.once
    agree(transposed, *given)


def test_weights_that_last_are_packed_once_for_all_calls():
    cr.random.seed(0)
    layer, x = nn.LSTM(24, 64), array(5, ROWS, 24)

    def predict(x):
        with cr.no_grad():
            return layer(x)[0]

    program = build(cr.record(predict, cr.tensor(x)))
    packing = [call for call in program.calls_in_order if isinstance(call, KernelCall) and call.once]
    (loop,) = loops(program)
    assert any(call.step in [x.step for x in loop.parts["body"]] for call in packing)
    for _ in range(2):
        np.testing.assert_allclose(program.run([x])[0], predict(cr.tensor(x)).numpy(), rtol=1e-4, atol=1e-5)
        layer.weight_hh_l0.assign(layer.weight_hh_l0.numpy() * 2)


def test_what_a_loop_changes_is_packed_at_every_step():
    def growing(x, w):
        def step(w, x):
            return w + 0.01 * cr.tanh(w @ w.T), (x @ w.T).sum()

        return cr.scan(step, w, x)

    given = array(5, 48, 48), array(48, 48) / 8
    (loop,) = loops(program_of(growing, *given))
    assert loop.parts["before"] == []
    agree(growing, *given)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("lengths", [None, "some"])
def test_recurrent_layers(kind, lengths):
    cr.random.seed(0)
    layer = kind(12, WIDTH)
    known = None if lengths is None else np.arange(ROWS) % 20 + 1

    def gradient(x):
        y = layer(x, lengths=known)[0]
        return y, cr.grad(lambda x: (layer(x, lengths=known)[0] ** 2).sum())(x)

    x = array(20, ROWS, 12)
    assert max(shares(gradient, x)) == 4
    agree(gradient, x)


def test_results_are_written_where_they_are_kept():
    def twice(x, h, w):
        def step(h, x):
            y = cr.tanh(x + h @ w)
            return y * 0.5, (y, y @ w)

        h, (a, b) = cr.scan(step, h, x)
        return h, a, b

    given = inputs(steps=20)
    (loop,) = loops(program_of(twice, *given))
    written = [x for call in loop.parts["body"] for x in call.step.writes()]
    assert len([x for x in written if x.name.startswith("steps")]) == 2
    assert not any(x.name.startswith("tanh") for x in written)
    agree(twice, *given)


def test_a_result_that_is_given_twice_and_carried_on():
    def alike(x, h, w):
        def step(h, x):
            y = cr.tanh(x + h @ w)
            return y, (y, y, h)

        h, (a, b, c) = cr.scan(step, h, x)
        return h, a, b, c

    agree(alike, *inputs(steps=20))
