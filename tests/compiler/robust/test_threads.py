"""Compiled functions in several Python threads at once."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.turns import everyones
from chainrule.nn import functional as F

from .programs import CASES, agree, numbers, outcomes

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")


def together(*functions, seconds=30):
    """Run functions in threads of their own; all end in time and without an error."""
    problems = []

    def guarded(f):
        try:
            f()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=guarded, args=(f,), daemon=True) for f in functions]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
    if problems:
        raise problems[0]


def repeat(times, f, *args):
    def run():
        for _ in range(times):
            f(*args)

    return run


@pytest.fixture
def shared():
    """A state, two functions that add to it, and one that reads it twice."""
    w = cr.State(np.zeros(3000, np.float32), name="w")

    def add(x):
        w.assign(w + x)
        return w.sum()

    def add_two(x):
        w.assign(w + 2 * x)
        return w.max()

    def ends(x):
        return (w * x).max(), (w * x).min()

    compiled = [cr.compile(f) for f in (add, add_two, ends)]
    for f in compiled:
        f(cr.ones(()))
    w.assign(cr.zeros(3000))
    return w, *compiled


def test_one_function_in_several_threads():
    f = cr.compile(lambda x: F.softmax(x @ x.T, dim=-1))
    xs = [numbers(70, 40, seed=seed) for seed in range(4)]
    expected = [f(x).numpy() for x in xs]

    def check(x, y):
        np.testing.assert_array_equal(f(x).numpy(), y)

    together(*(repeat(200, check, x, y) for x, y in zip(xs, expected, strict=True)))


def test_several_functions_in_several_threads():
    names = ["scans", "folds_in_parts", "scatters", "mlp_step", "numpy_fallbacks"]
    cases = {name: CASES[name]() for name in names}
    alone = {}
    for name in names:
        case = CASES[name]()
        alone[name] = outcomes(case, cr.compile(case.function), times=6)
    compiled = {name: cr.compile(case.function) for name, case in cases.items()}
    found = {}

    def run(name):
        found[name] = outcomes(cases[name], compiled[name], times=6)

    together(*(repeat(1, run, name) for name in names))
    for name in names:
        agree(found[name], alone[name])


def test_two_steps_that_update_the_same_state(shared):
    w, add, add_two, _ = shared
    one = cr.ones(())
    together(repeat(1500, add, one), repeat(1500, add_two, one), repeat(1500, add, one))
    np.testing.assert_array_equal(w.numpy(), np.full(3000, 6000, np.float32))


def test_who_reads_a_state_sees_it_whole(shared):
    _, add, _, ends = shared
    one, seen = cr.ones(()), []

    def look():
        high, low = ends(one)
        seen.append((high.item(), low.item()))

    together(repeat(1500, add, one), repeat(1500, look), repeat(1500, look))
    assert len(seen) == 3000
    assert all(high == low for high, low in seen)


def test_recording_while_others_call(shared):
    w, add, _, ends = shared
    one = cr.ones(())

    def record(i):
        def f(x):
            w.assign(w + x)
            return w * i

        cr.compile(f)(one)

    together(repeat(800, add, one), repeat(800, ends, one), *(repeat(1, record, i) for i in range(8)))
    np.testing.assert_array_equal(w.numpy(), np.full(3000, 808, np.float32))


def test_python_assigns_a_state_while_a_program_updates_it(shared):
    """The program keeps the memory it writes to, so nothing is written where it was freed."""
    w, add, _, ends = shared
    one = cr.ones(())
    together(repeat(1500, add, one), repeat(1500, ends, one), repeat(1500, lambda: w.assign(cr.zeros(3000))))
    assert (w.numpy() == w.numpy()[0]).all()


def test_turns_are_not_kept(shared):
    _, add, _, _ = shared

    def take():
        with everyones():
            add(cr.ones(()))

    together(take, take)


def test_nested_compiled_functions_and_recursion():
    inner = cr.compile(lambda x: x * 2)
    outer = cr.compile(lambda x: inner(x) + inner(x + 1))

    @cr.compile
    def power(x, n):
        return cr.ones_like(x) if n == 0 else x * power(x, n - 1)

    x = numbers(5)
    np.testing.assert_allclose(outer(x).numpy(), (4 * x + 2).numpy(), rtol=1e-6)
    np.testing.assert_allclose(power(x, 5).numpy(), (x**5).numpy(), rtol=1e-5)
    together(*(repeat(50, outer, x) for _ in range(2)), *(repeat(50, power, x, 5) for _ in range(2)))
