"""Signals while native code runs: handlers run soon, and what they raise leaves states as they were."""

from __future__ import annotations

import os

import pytest

import chainrule as cr
from chainrule import nn
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.native.codegen import emit_assembly
from chainrule.compiler.program import interrupt, looks
from chainrule.compiler.target import named

from .programs import STEPS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")

COMMON = """
import os, signal, threading, time
import numpy as np
import chainrule as cr
from chainrule.compiler.program import interrupt

w = cr.State(np.zeros(100, np.float32), name="w")
x, h = cr.ones(100), cr.ones(7)

def forever(x):
    w.assign(w + 1)
    y = cr.while_loop(lambda c: c.sum() < 1e9, lambda c: cr.tanh(c) + w, x)
    w.assign(w + y)
    return y

def step_by_step(xs):
    w.assign(w + 1)
    return cr.scan(lambda c, x: (cr.tanh(c) + x, None), w[0], xs)[0]

def signal_after(seconds, number=signal.SIGINT):
    threading.Timer(seconds, os.kill, (os.getpid(), number)).start()

def interrupted(f, *args):
    signal_after(0.3)
    try:
        f(*args)
    except KeyboardInterrupt:
        return True
    return False
"""


def test_an_endless_loop_is_ended_by_ctrl_c(run_python):
    out = run_python(
        COMMON
        + """
step = cr.compile(forever)
for _ in range(3):
    assert interrupted(step, x)
    assert (w.numpy() == 0).all()
w.assign(cr.full(100, 1e8))
assert float(step(x).sum()) >= 1e9
assert (w.numpy() > 1e8).all()
print("done")
"""
    )
    assert out == "done\n"


LOOPS = {
    "long_scan": "cr.scan(lambda c, x: (cr.tanh(c) + x, None), h, cr.ones((20_000_000,)))[0]",
    "scan_in_a_loop": "cr.while_loop(lambda c: c[0] > 0, lambda c: "
    "cr.scan(lambda d, x: (cr.tanh(d) + x, None), c, cr.ones(3))[0] + 1, h)",
    "loop_in_a_scan": "cr.scan(lambda c, x: "
    "(cr.while_loop(lambda d: d[0] > 0, lambda d: cr.tanh(d) + x, c), None), h, cr.ones(3))[0]",
    "loop_in_a_choice": "cr.cond(h[0] > 0, lambda c: cr.while_loop(lambda d: d[0] > 0, lambda d: d + 1, c), "
    "lambda c: c, h)",
    "numpy": "cr.while_loop(lambda c: c[0, 0] > 0, lambda c: cr.linalg.inv(c), cr.eye(3))",
    "scan_in_shares_of_rows": "cr.scan(lambda c, x: (cr.tanh(c @ cr.full((64, 64), 0.1) + x), None), "
    "cr.ones((32, 64)), cr.ones((20_000_000,)))[0]",
    "large_steps": "cr.while_loop(lambda c: c[0, 0] > -9, lambda c: cr.tanh(c @ c), cr.ones((500, 500)))",
}


@pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")
@pytest.mark.parametrize("loop", LOOPS)
def test_loops_of_all_kinds_are_ended(run_python, loop):
    out = run_python(
        COMMON
        + f"""
import warnings
warnings.simplefilter("ignore", cr.errors.FallbackWarning)
f = cr.compile(lambda h: {LOOPS[loop]})
cr.compile(lambda h: h + 1)(h)
assert interrupted(f, h)
print("done")
"""
    )
    assert out == "done\n"


def test_processors_without_a_clock_count_steps(run_python):
    out = run_python(
        COMMON
        + """
interrupt.CLOCKS.clear()
assert interrupted(cr.compile(forever), x)
assert (w.numpy() == 0).all()
print("done")
"""
    )
    assert out == "done\n"


def test_a_handler_that_raises_nothing_disturbs_nothing(run_python):
    out = run_python(
        COMMON
        + """
calls = []
def handler(number, frame):
    calls.append(number)
    if len(calls) == 3:
        raise KeyboardInterrupt
count = cr.compile(lambda n: cr.while_loop(lambda c: c != n, lambda c: c + 1, cr.zeros((), dtype=cr.int64)))
assert count(cr.tensor(10)).item() == 10
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
try:
    count(cr.tensor(-1))
except KeyboardInterrupt:
    pass
assert len(calls) == 3
assert count(cr.tensor(100_000_000)).item() == 100_000_000
signal.setitimer(signal.ITIMER_REAL, 0)
print("done")
"""
    )
    assert out == "done\n"


def test_loops_of_other_threads_go_on(run_python):
    """Python handles signals in the main thread; the run of another one is neither ended nor disturbed."""
    out = run_python(
        COMMON
        + """
step = cr.compile(step_by_step)
xs = cr.ones(5_000_000)
found, over = [], threading.Event()
def run():
    found.append(float(step(xs)))
    over.set()
threading.Thread(target=run).start()
signal_after(0.5)
try:
    over.wait()
    time.sleep(5)
    print("not interrupted")
except KeyboardInterrupt:
    pass
over.wait()
assert (w.numpy() == 1).all()
w.assign(cr.zeros(100))
np.testing.assert_allclose(found, [float(step_by_step(xs[:2000]))], rtol=1e-5)
print("done")
"""
    )
    assert out == "done\n"


def test_what_any_handler_raises_ends_the_run(run_python):
    out = run_python(
        COMMON
        + """
class Late(Exception):
    pass

def handler(number, frame):
    raise Late("too late")

signal.signal(signal.SIGUSR1, handler)
step = cr.compile(forever)
for _ in range(2):
    signal_after(0.3, signal.SIGUSR1)
    try:
        step(x)
    except Late as problem:
        print(problem)
assert (w.numpy() == 0).all()
"""
    )
    assert out == "too late\n" * 2


def test_a_training_step_with_a_scan_copies_no_state():
    """Its states are assigned behind the loop, so none is at risk when it is interrupted."""
    case = STEPS["lstm_step"]()
    step = cr.compile(case.function)
    step(*case.args)
    (recording,) = [r for rs in step._kept.values() for r in rs]
    assert recording.program._has_loops
    assert recording.program._at_risk == []


def test_programs_without_loops_read_no_clock():
    step = cr.compile(lambda x: nn.functional.softmax(x @ x))
    step(cr.ones((3, 3)))
    (recording,) = [r for rs in step._kept.values() for r in rs]
    assert not recording.program._has_loops


def test_arm_reads_the_clock_that_programs_may_read(monkeypatch):
    monkeypatch.setattr(interrupt, "clock", lambda: interrupt.CLOCKS["aarch64"])
    b = Builder(Module(), "f", [("ptr", "dynamic")])
    looks.start(b)
    b.finish()
    assert "CNTVCT_EL0" in emit_assembly(str(b.module), named("aarch64")).upper()
