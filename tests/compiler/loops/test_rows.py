"""What later passes over a row need lies in memory of a row for each piece."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.loops import kernel
from chainrule.compiler.program.build import build

ROWS = [(7, 33), (64, 1000), (3, 5, 40), (1, 100), (300, 1), (129, 17), (64, 96), (6, 11, 300), (8, 400)]


def softmax(x):
    return cr.softmax(x, axis=-1)


def standardised(x):
    y = cr.exp(x)
    centred = y - cr.mean(y, axis=-1, keepdims=True)
    return centred / cr.sqrt(cr.mean(centred * centred, axis=-1, keepdims=True) + 1e-5)


def given(shape, dtype=np.float32):
    return np.random.default_rng(4).normal(size=shape).astype(dtype)


@pytest.mark.parametrize("pieces", [64, 1 << 15])
@pytest.mark.parametrize("shape", ROWS)
@pytest.mark.parametrize("f", [softmax, standardised])
def test_results_are_the_same(f, shape, pieces, monkeypatch):
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", pieces)
    x = cr.tensor(given(shape))
    np.testing.assert_allclose(np.array(cr.compile(f)(x)), np.array(f(x)), rtol=2e-5, atol=1e-6)


# The shape of an array, and how many of its rows are worked on together.
TOGETHER = {
    "short rows": ((64, 96), 4),
    "the longest of four": ((64, 192), 4),
    "longer rows": ((64, 193), 2),
    "the longest of two": ((64, 384), 2),
    "long rows": ((64, 385), 1),
    "an even number of rows": ((6, 7, 10), 2),
    "an odd number of rows": ((3, 7, 10), 1),
    "fewer groups than pieces": ((40, 96), 1),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_short_rows_are_worked_on_together(name, monkeypatch):
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 1 if name == "fewer groups than pieces" else 1 << 15)
    shape, together = TOGETHER[name]
    program = build(cr.record(softmax, cr.tensor(given(shape))))
    (nest,) = (call.step for call in program.making.calls)
    assert kernel.rows_together(nest) == together


def test_a_state_is_assigned_row_by_row():
    state, x = cr.nn.Parameter(given((64, 50))), given((64, 50))
    expected = np.array(cr.softmax(cr.tensor(given((64, 50)) + x), axis=-1))

    @cr.compile
    def step(x):
        state.assign(cr.softmax(state + x, axis=-1))

    step(cr.tensor(x))
    np.testing.assert_allclose(np.array(state), expected, rtol=2e-5)


def test_threads_do_not_meet_in_a_row(monkeypatch):
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 64)
    x, before = cr.tensor(given((500, 70))), cr.get_threads()
    f, found = cr.compile(softmax), []
    try:
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            found += [np.array(f(x)) for _ in range(20)]
    finally:
        cr.set_threads(before)
    assert all(np.array_equal(y, found[0]) for y in found)


@pytest.mark.parametrize("f", [softmax, standardised])
def test_rows_take_little_memory(f):
    x = cr.tensor(given((4096, 512)))
    program = build(cr.record(f, x))
    assert program.report.arena < x.size * 4 // 16


def test_what_others_read_is_whole():
    def both(x):
        y = cr.exp(x)
        return y, y / cr.sum(y, axis=-1, keepdims=True)

    x = cr.tensor(given((100, 37)))
    for found, expected in zip(cr.compile(both)(x), both(x), strict=True):
        np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-5)


def test_a_loop_in_shares_keeps_its_own():
    """Each share of the rows runs the whole loop: memory of pieces would be met by several of them."""
    x, w = cr.tensor(given((64, 24))), cr.tensor(given((24, 24)))

    def f(x):
        step = lambda h, t: (cr.softmax(h @ w + t, axis=-1), h)  # noqa: E731
        return cr.scan(step, x, cr.arange(9).astype(np.float32))

    before, compiled = cr.get_threads(), cr.compile(f)
    try:
        found = []
        for threads in (1, 2, 3):
            cr.set_threads(threads)
            found.append([np.array(y) for y in compiled(x)])
    finally:
        cr.set_threads(before)
    for results in found:
        for y, one, expected in zip(results, found[0], f(x), strict=True):
            assert np.array_equal(y, one)
            np.testing.assert_allclose(y, np.array(expected), rtol=1e-4, atol=1e-6)
