"""The pool in other processes: fork, spawn, Ctrl-C, and the end of the interpreter."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

COMMON = f"""
import atexit, multiprocessing, os, signal, sys, threading, time
from pathlib import Path
import numpy as np
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.native.pool import POOL, set_threads
from chainrule.compiler.target import host

text = Path({str(Path(__file__).with_name("jobs.ll"))!r}).read_text()
library = load([text], host(), symbols={{"parallel": POOL.parallel}})
counts = np.zeros(8, np.int64)

def run(name="count", pieces=8):
    counts[:] = 0
    POOL.run(library.address(name), address(counts), pieces)
    return counts[:pieces].tolist() == [1] * pieces

def workers():
    return sum(thread.name == "chainrule" for thread in threading.enumerate())

set_threads(3)
assert run() and workers() == 2
"""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@needs_fork
def test_fork(run_python):
    # As an error, Python's warning of a fork with several threads would be lost. Before 3.13 a thread is
    # joined a moment before it has ended.
    warn = "import warnings\nwarnings.simplefilter('always')\n" if sys.version_info >= (3, 13) else ""
    out = run_python(
        warn
        + COMMON
        + """
for _ in range(20):
    child = os.fork()
    if child == 0:
        os._exit(0 if workers() == 0 and run() and workers() == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert run() and workers() == 2
print("done")
"""
    )
    assert out == "done\n"


@needs_fork
def test_fork_while_jobs_run_on_another_thread(run_python):
    out = run_python(
        "import warnings\nwarnings.simplefilter('ignore', DeprecationWarning)\n"
        + COMMON
        + """
many = function(library, "many", "void", "ptr", "ptr", "ptr", "i64", "i64")
others, over = np.zeros(8, np.int64), threading.Event()

def call():
    while not over.is_set():
        many(POOL.address, library.address("count"), address(others), 8, 200)

caller = threading.Thread(target=call)
caller.start()
for _ in range(10):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os._exit(0 if run() and workers() == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0
over.set()
caller.join()
assert run() and others.min() == others.max() > 0
print("done")
"""
    )
    assert out == "done\n"


@needs_fork
def test_fork_while_another_thread_compiles(run_python):
    out = run_python(
        "import warnings\nwarnings.simplefilter('ignore', DeprecationWarning)\n"
        + COMMON
        + """
over = threading.Event()
os.environ["CHAINRULE_CACHE"] = "off"

def compile_on():
    while not over.is_set():
        load([text], host(), symbols={"parallel": POOL.parallel})

caller = threading.Thread(target=compile_on)
caller.start()
for _ in range(10):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        load([text], host(), symbols={"parallel": POOL.parallel})
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
over.set()
caller.join()
print("done")
"""
    )
    assert out == "done\n"


def test_the_first_jobs_come_from_several_threads_at_once(run_python):
    body = COMMON.replace("set_threads(3)\nassert run() and workers() == 2\n", "")
    body = body.replace('library = load([text], host(), symbols={"parallel": POOL.parallel})\n', "")
    out = run_python(
        body
        + """
sys.setswitchinterval(1e-6)
set_threads(3)
found = []
together = threading.Barrier(8)

def call():
    together.wait()
    found.append((POOL.parallel, POOL.address))

callers = [threading.Thread(target=call) for _ in range(8)]
for caller in callers:
    caller.start()
for caller in callers:
    caller.join()
print(len(set(found)), workers())
"""
    )
    assert out == "1 2\n"


def test_spawn(run_python):
    body = COMMON.replace("set_threads(3)\nassert run() and workers() == 2\n", "")
    out = run_python(
        body
        + """
def child(number):
    set_threads(3)
    sys.exit(0 if run() and workers() == 2 else 1)

if __name__ == "__main__":
    set_threads(2)
    assert run()
    process = multiprocessing.get_context("spawn").Process(target=child, args=(1,))
    process.start()
    process.join()
    print(process.exitcode)
"""
    )
    assert out == "0\n"


@pytest.mark.skipif(os.name != "posix", reason="signals are sent another way there")
def test_ctrl_c_arrives_when_the_call_ends_and_the_pool_goes_on(run_python):
    out = run_python(
        COMMON
        + """
for name, seconds in [("slow", 0.05), ("count", 0.02)]:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        while True:
            run(name)
    except KeyboardInterrupt:
        print("interrupted")
    assert run() and run("slow", pieces=3)
"""
    )
    assert out == "interrupted\n" * 2


def test_exit_with_sleeping_workers(run_python):
    assert run_python(COMMON + "time.sleep(0.1)\nprint('end')") == "end\n"


def test_exit_right_after_a_job(run_python):
    assert run_python(COMMON + "run()\nprint('end')") == "end\n"


def test_exit_while_a_job_runs_on_a_daemon_thread(run_python):
    out = run_python(
        COMMON
        + """
def call():
    while True:
        POOL.run(library.address("slow"), address(counts), 8)

threading.Thread(target=call, daemon=True).start()
time.sleep(0.1)
print("end")
"""
    )
    assert out == "end\n"


def test_jobs_at_exit_after_the_workers_have_ended(run_python):
    early = "import atexit\natexit.register(lambda: print(run(), workers()))\n"
    assert run_python(early + COMMON) == "True 0\n"


def test_a_job_where_no_thread_can_be_started(run_python):
    out = run_python(
        COMMON
        + """
set_threads(2)
def refuse(self):
    raise RuntimeError("can't start new thread")
threading.Thread.start = refuse
print(run(), workers())
"""
    )
    assert out == "True 0\n"


@pytest.mark.slow
def test_exit_many_times(run_python):
    for _ in range(20):
        assert run_python(COMMON + "run()") == ""
