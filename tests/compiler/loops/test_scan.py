"""Scans: states whose values are kept lie one behind the other, and sequences are read where they lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall, RepeatCall
from chainrule.compiler.program.program import Program

STEPS, ROWS, WIDTH = 6, 3, 5


def array(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def checked(f: Callable[..., Any], *arrays: np.ndarray) -> Program:
    """The program of a function, which gives what the eager function gives."""
    given = [cr.tensor(x) for x in arrays]
    program = build(cr.record(f, *given))
    wanted = f(*given)
    for y, z in zip(program.run(arrays), wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
        np.testing.assert_allclose(y, z.numpy(), rtol=2e-5, atol=2e-6)
    return program


def kernels_of_a_step(program: Program) -> int:
    (loop,) = [call for call in program.calls if isinstance(call, RepeatCall)]
    return sum(isinstance(call, KernelCall) for call in loop.parts["body"])


def kernels_outside(program: Program) -> int:
    return sum(isinstance(call, KernelCall) for call in program.calls_in_order)


def inputs() -> tuple[np.ndarray, np.ndarray]:
    return array(STEPS, ROWS, WIDTH), array(ROWS, WIDTH, seed=1)


@pytest.mark.parametrize("reverse", [False, True])
def test_values_before_each_step_are_kept_without_copies(reverse):
    def f(x, h):
        last, (before, after) = cr.scan(
            lambda h, x: ((new := cr.tanh(h + x)), (h, new)), h, x, reverse=reverse
        )
        return last * 2, before * 2, after * 2

    assert kernels_of_a_step(checked(f, *inputs())) == 1


@pytest.mark.parametrize("reverse", [False, True])
def test_kept_values_that_are_results_themselves(reverse):
    def f(x, h):
        last, before = cr.scan(lambda h, x: (cr.tanh(h + x), h), h, x, reverse=reverse)
        return last, before

    checked(f, *inputs())


def test_values_before_each_step_alone():
    assert kernels_of_a_step(checked(lambda x, h: cr.scan(lambda h, x: (h * x, h), h, x)[1], *inputs())) == 1


def test_one_step():
    checked(lambda x, h: cr.scan(lambda h, x: (h * x, h), h, x)[1] + 1.0, array(1, WIDTH), array(WIDTH))


def test_no_step():
    def f(x, h):
        last, before = cr.scan(lambda h, x: (h * x, h), h, x)
        return last + 1.0, before

    checked(f, np.zeros((0, WIDTH), np.float32), array(WIDTH))


def test_a_line_of_delays():
    """A state's next value may be another state: both are kept, and one is not the other's."""

    def f(x, a, b):
        def step(both, x):
            a, b = both
            return (x, a), (a, b)

        (a, b), (old_a, old_b) = cr.scan(step, (a, b), x)
        return a + b, old_a * old_b

    checked(f, array(STEPS, WIDTH), array(WIDTH, seed=1), array(WIDTH, seed=2))


def test_two_states_with_the_same_next_value():
    def f(x, a, b):
        def step(both, x):
            a, b = both
            new = cr.tanh(a + b * x)
            return (new, new), (a, b, new)

        (a, b), kept = cr.scan(step, (a, b), x)
        return (a - b, *kept)

    checked(f, array(STEPS, WIDTH), array(WIDTH, seed=1), array(WIDTH, seed=2))


def test_integers_and_numbers_without_axes():
    def f(x):
        last, before = cr.scan(lambda n, x: (n + x, n), cr.tensor(3), x)
        return last * 1, before * 1

    (found,) = [checked(f, np.arange(STEPS))]
    assert found.report.fallbacks == ()


def test_the_state_is_read_whole_while_rows_of_the_next_one_are_made():
    """Rows of the next state read all rows of this one, which must not be overwritten meanwhile."""

    def f(x, w):
        last, before = cr.scan(lambda h, x: (cr.tanh(w @ h + x), h), w, x)
        return last * 1.0, before * 1.0

    checked(f, array(9, 32, 32), array(32, 32, seed=1) / 4)


PLACES = {
    "a part": lambda x: x[2:8],
    "every second": lambda x: x[::2],
    "from the last": lambda x: cr.flip(x, axis=0),
    "the same each time": lambda x: cr.broadcast_to(x[3], (STEPS, ROWS, WIDTH)),
}


@pytest.mark.parametrize("name", PLACES)
def test_sequences_are_read_where_they_lie(name):
    def f(x, h):
        return cr.scan(lambda h, x: (cr.tanh(h + x), h * x), h, PLACES[name](x))

    program = checked(f, array(2 * STEPS, ROWS, WIDTH), array(ROWS, WIDTH, seed=1))
    # The first state is copied, and nothing else.
    assert kernels_outside(program) == 1


def test_steps_whose_elements_lie_apart_are_copied():
    def f(x, h):
        return cr.scan(lambda h, x: (cr.tanh(h + x), h * x), h, cr.transpose(x, (2, 0, 1)))

    program = checked(f, array(ROWS, WIDTH, STEPS), array(ROWS, WIDTH, seed=1))
    assert kernels_outside(program) == 2


def test_a_loop_in_a_loop():
    def f(x, h):
        def outer(h, rows):
            last, before = cr.scan(lambda s, row: (cr.tanh(s + row), s), h, rows[1:])
            return last, before * 2.0

        return cr.scan(outer, h, x)

    checked(f, array(4, STEPS, WIDTH), array(WIDTH, seed=1))
