"""Compiled functions in other processes: fork, spawn, Ctrl-C, the end of the interpreter, reentrance."""

from __future__ import annotations

import os

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
needs_signals = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")

COMMON = """
import gc, multiprocessing, os, signal, sys, threading, time
import numpy as np
import chainrule as cr

w = cr.State(np.zeros(200_000, np.float32), name="w")

@cr.compile
def add(x):
    w.assign(w + x)
    return w.max() - w.min()

@cr.compile
def long(x, steps):
    def body(c):
        return c[0] + 1, cr.tanh(c[1] * 1.01)
    return cr.while_loop(lambda c: c[0] < steps, body, (cr.zeros(()), x))

one = cr.ones(())
"""


@needs_fork
def test_a_child_goes_on(run_python):
    out = run_python(
        COMMON
        + """
cr.set_threads(2)
for _ in range(5):
    add(one)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        before = w.numpy()[0]
        good = float(add(one)) == 0 and w.numpy()[0] == before + 1
        fresh = float(cr.compile(lambda x: x * 3)(one)) == 3
        os._exit(0 if good and fresh else 1)
    assert os.waitpid(child, 0)[1] == 0
assert w.numpy()[0] == 5
print("done")
"""
    )
    assert out == "done\n"


@needs_fork
def test_a_child_finds_states_whole_while_another_thread_updates_them(run_python):
    out = run_python(
        COMMON
        + """
over = threading.Event()
def update():
    while not over.is_set():
        add(one)
add(one)
thread = threading.Thread(target=update)
thread.start()
for _ in range(10):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        whole = w.numpy().max() == w.numpy().min()
        os._exit(0 if whole and float(add(one)) == 0 else 1)
    assert os.waitpid(child, 0)[1] == 0
over.set()
thread.join()
print("done")
"""
    )
    assert out == "done\n"


@needs_fork
def test_a_child_is_not_stopped_by_a_recording_of_another_thread(run_python):
    out = run_python(
        COMMON
        + """
over = threading.Event()
def record():
    i = 0
    while not over.is_set():
        i += 1
        def f(x):
            w.assign(w + x * 0)
            return w[0] * i
        cr.compile(f)(one)
add(one)
thread = threading.Thread(target=record)
thread.start()
for _ in range(8):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        good = w.numpy()[0] == 1 and float(cr.compile(lambda x: x + w[1])(one)) == 2
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0
over.set()
thread.join()
print("done")
"""
    )
    assert out == "done\n"


def test_spawned_processes(run_python):
    out = run_python(
        """
import multiprocessing
import chainrule as cr

square = cr.compile(lambda x: (x * x).sum())

def work(n):
    return float(square(cr.full((n,), 2.0)))

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, [1, 2, 3, 1000]))
"""
    )
    assert out == "[4.0, 8.0, 12.0, 4000.0]\n"


@needs_signals
def test_interrupting_a_long_run(run_python):
    out = run_python(
        COMMON
        + """
x = cr.ones(1000)
long(x, cr.tensor(3.0))
for _ in range(3):
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        while True:
            long(x, cr.tensor(50_000.0))
            add(one)
    except KeyboardInterrupt:
        pass
    timer.join()
    assert w.numpy().max() == w.numpy().min()
    assert float(add(one)) == 0
assert float(long(x, cr.tensor(3.0))[0]) == 3
print("done")
"""
    )
    assert out == "done\n"


def test_the_end_of_the_interpreter_while_a_thread_runs(run_python):
    out = run_python(
        COMMON
        + """
long(cr.ones(1000), cr.tensor(3.0))
running = threading.Event()
def run():
    running.set()
    while True:
        long(cr.ones(1000), cr.tensor(2000.0))
threading.Thread(target=run, daemon=True).start()
running.wait()
time.sleep(0.05)
print("done")
"""
    )
    assert out == "done\n"


@needs_signals
def test_a_signal_handler_that_calls_compiled_functions(run_python):
    """Where the interrupted thread is in the middle of the same program, the handler is told so."""
    out = run_python(
        COMMON
        + """
calls, refused = 0, 0
def handler(number, frame):
    global calls, refused
    calls += 1
    try:
        add(one)
    except cr.errors.GraphError:
        refused += 1
add(one)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
mine = 1
end = time.monotonic() + 1.0
while time.monotonic() < end:
    assert float(add(one)) == 0
    mine += 1
signal.setitimer(signal.ITIMER_REAL, 0)
assert calls > 20
assert w.numpy()[0] == mine + calls - refused, (w.numpy()[0], mine, calls, refused)
print("done")
"""
    )
    assert out == "done\n"
