"""What runs for long leaks nothing: memory, threads, open files."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.program.build import build

_STATUS = Path("/proc/self/statm")
needs_proc = pytest.mark.skipif(not _STATUS.exists(), reason="this system does not tell what a process holds")


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(_STATUS.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def record_again_and_again(times: int) -> None:
    x = cr.ones(4)
    for i in range(times):
        cr.compile(lambda x, i=i: cr.sin(x) * (i % 7) + x.sum())(x)


def check_growth(run, times, per_round):
    """Run once to warm up, then once more: memory grows by less than so many bytes per round."""
    run(times)
    gc.collect()
    before, files, threads = resident(), open_files(), threading.active_count()
    run(times)
    gc.collect()
    assert resident() - before < per_round * times
    assert open_files() == files
    assert threading.active_count() == threads


@needs_proc
def test_recompiling_leaks_nothing():
    check_growth(record_again_and_again, 60, per_round=60_000)


@needs_proc
@pytest.mark.slow
def test_recompiling_ten_thousand_times_leaks_nothing():
    check_growth(record_again_and_again, 5_000, per_round=8_000)


def call_again_and_again(times: int) -> None:
    f, x = cr.compile(lambda x: x * 2 + 1), cr.ones(4)
    for _ in range(times):
        f(x)


@needs_proc
def test_calls_leak_nothing():
    check_growth(call_again_and_again, 30_000, per_round=20)


@needs_proc
@pytest.mark.slow
def test_ten_million_calls_leak_nothing():
    """A megabyte at most."""
    check_growth(call_again_and_again, 5_000_000, per_round=0.2)


def test_a_program_goes_when_nobody_needs_it():
    gc.disable()
    try:
        program = build(cr.record(lambda x: cr.exp(x).sum(), cr.ones(3)))
        program.run([np.ones(3, np.float32)])
        gone = weakref.ref(program)
        del program
        assert gone() is None
    finally:
        gc.enable()


def test_a_program_keeps_neither_arguments_nor_results():
    program = build(cr.record(lambda x: cr.linalg.inv(x), cr.eye(3)))
    x = np.eye(3, dtype=np.float32)
    (y,) = program.run([x])
    gone = weakref.ref(x), weakref.ref(y)
    del x, y
    gc.collect()
    assert gone[0]() is None
    assert gone[1]() is None
