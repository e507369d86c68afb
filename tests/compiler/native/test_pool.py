"""The fork-join pool: every piece is run once, whatever happens around it."""

from __future__ import annotations

import re
import threading
import time
from importlib.resources import files

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.cores import container_cores, usable_cores
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import emit_object
from chainrule.compiler.native.pool import MOST_THREADS, POOL
from chainrule.compiler.target import host, named

# Bits of MXCSR: denormal results, and denormal operands, are taken as zero.
FLUSH_TO_ZERO = 0x8040


def counts_of(pieces: int) -> np.ndarray:
    return np.zeros(pieces, np.int64)


@pytest.mark.parametrize("number", [1, 2, 3, 8])
@pytest.mark.parametrize("pieces", [0, 1, 2, 3, 64, 1000])
def test_every_piece_is_run_once(jobs, threads, number, pieces):
    threads(number)
    counts = counts_of(max(pieces, 1))
    POOL.run(jobs.count, address(counts), pieces)
    assert counts[:pieces].tolist() == [1] * pieces


def test_a_hundred_thousand_jobs(jobs, threads):
    threads(2)
    counts = counts_of(16)
    jobs.many(POOL.address, jobs.count, address(counts), 16, 100_000)
    assert counts.tolist() == [100_000] * 16


def test_more_threads_than_cores(jobs, threads):
    threads(usable_cores() + 6)
    counts = counts_of(16)
    jobs.many(POOL.address, jobs.count, address(counts), 16, 2000)
    assert counts.tolist() == [2000] * 16


@pytest.mark.parametrize("number", [2, 5])
def test_pieces_run_at_the_same_time(jobs, threads, number):
    threads(number)
    words = counts_of(65)
    words[64] = number
    POOL.run(jobs.meet, address(words), number)
    assert sorted(words[1 : 1 + number]) == list(range(1, 1 + number))


@pytest.mark.parametrize(("number", "pieces", "first"), [(2, 4, [0, 2]), (2, 7, [0, 3]), (3, 8, [0, 2, 5])])
def test_each_thread_begins_with_a_range_of_its_own(jobs, threads, number, pieces, first):
    threads(number)
    words = counts_of(65)
    words[64] = number
    POOL.run(jobs.meet, address(words), pieces)
    assert sorted(words[1 : 1 + pieces]) == list(range(1, 1 + pieces))
    assert sorted(np.argsort(words[1 : 1 + pieces])[:number]) == first


def test_results_are_bitwise_equal_for_any_number_of_threads(jobs, threads):
    floats = np.random.default_rng(7).normal(size=(50, 1000)).astype(np.float32)
    found = []
    for number in (1, 2, 3, 8):
        threads(number)
        sums = np.zeros(50, np.float32)
        arguments = np.array([address(floats), address(sums)], np.int64)
        POOL.run(jobs.sum, address(arguments), 50)
        found.append(sums.tobytes())
    np.testing.assert_allclose(sums, floats.sum(axis=1), rtol=1e-3, atol=1e-3)
    assert len(set(found)) == 1


@pytest.mark.skipif(host().architecture != "x86_64", reason="bits of the register MXCSR")
def test_all_threads_treat_denormal_numbers_as_the_caller_does(jobs, threads):
    threads(3)
    native = POOL._made()
    change = function(native._library, "set_float_mode", "void", "i64")
    usual = function(native._library, "float_mode", "i64")()
    denormal, kept = np.array([1e-40], np.float32), np.zeros(1000, np.float32)
    arguments = np.array([address(denormal), address(kept)], np.int64)
    for mode, expected in ((usual, 2 * denormal[0]), (usual | FLUSH_TO_ZERO, 0.0), (usual, 2 * denormal[0])):
        for _ in range(50):
            kept[:] = 1.0
            pool = POOL.address
            change(mode)
            jobs.many(pool, jobs.keep, address(arguments), 1000, 1)
            change(usual)
            assert (kept == expected).all()


def test_jobs_of_several_python_threads_at_once(jobs, threads):
    threads(3)
    counts = [counts_of(8) for _ in range(4)]

    def call(own: np.ndarray) -> None:
        for _ in range(50):
            jobs.many(POOL.address, jobs.count, address(own), 8, 500)

    callers = [threading.Thread(target=call, args=(own,)) for own in counts]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [own.tolist() for own in counts] == [[25_000] * 8] * 4


def test_the_number_of_threads_changes_while_jobs_run(jobs, threads):
    threads(2)
    counts, over = counts_of(8), threading.Event()

    def call() -> None:
        while not over.is_set():
            POOL.run(jobs.count, address(counts), 8)

    caller = threading.Thread(target=call)
    caller.start()
    for number in [4, 1, 3, 2] * 10:
        threads(number)
    over.set()
    caller.join()
    assert counts.min() == counts.max() > 0


def test_a_job_within_a_piece(jobs, threads):
    threads(2)
    counts = counts_of(40)
    arguments = np.array([POOL.address, address(counts)], np.int64)
    jobs.many(POOL.address, jobs.nested, address(arguments), 10, 1000)
    assert counts.tolist() == [1000] * 40


def test_sleeping_threads_wake_up(jobs, threads):
    threads(3)
    counts = counts_of(4)
    for _ in range(100):
        time.sleep(0.001)
        POOL.run(jobs.count, address(counts), 4)
    assert counts.tolist() == [100] * 4


def test_idle_threads_use_no_processor_time(jobs, threads):
    threads(4)
    POOL.run(jobs.nothing, 0, 100)
    time.sleep(0.05)
    began = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - began < 0.01


def test_a_job_takes_microseconds(jobs, threads):
    threads(2)
    pool = POOL.address
    taken = []
    for _ in range(20):
        began = time.perf_counter()
        jobs.many(pool, jobs.nothing, None, 2, 1000)
        taken.append((time.perf_counter() - began) / 1000)
    assert min(taken) < 5e-6


def test_threads_end_when_there_are_fewer(jobs, threads):
    def running() -> int:
        return sum(thread.name == "chainrule" for thread in threading.enumerate())

    threads(5)
    POOL.run(jobs.nothing, 0, 5)
    assert running() == 4
    threads(2)
    POOL.run(jobs.nothing, 0, 5)
    assert running() == 1


@pytest.mark.parametrize(
    ("processor", "target"), [("pool_aarch64.ll", "aarch64"), ("pool_other.ll", "wasm32")]
)
def test_the_pool_for_other_processors(processor, target):
    folder = files("chainrule.compiler.native")
    defined, needed = set(), set()
    for name in ("pool.ll", processor):
        text = folder.joinpath(name).read_text(encoding="utf-8")
        emit_object(text, named(target))
        defined |= set(re.findall(r"^define .*@(\w+)\(", text, re.MULTILINE))
        needed |= set(re.findall(r"^declare .*@(\w+)\(", text, re.MULTILINE))
    assert needed - defined == {"PyThread_acquire_lock", "PyThread_release_lock"}


@pytest.mark.parametrize("number", [0, -1, 1.5, "two", True, None, MOST_THREADS + 1])
def test_bad_numbers_of_threads(number):
    with pytest.raises(
        cr.errors.ConfigError, match=r"set_threads must be a whole number from 1 to 1024, got "
    ):
        cr.set_threads(number)


def test_numbers_of_other_integer_types(threads):
    threads(np.int64(3))
    assert cr.get_threads() == 3


def test_the_environment_sets_the_number(monkeypatch):
    monkeypatch.setattr(POOL, "_threads", None)
    monkeypatch.setenv("CHAINRULE_THREADS", "3")
    assert cr.get_threads() == 3
    monkeypatch.setenv("CHAINRULE_THREADS", "")
    assert cr.get_threads() == usable_cores()
    monkeypatch.setenv("CHAINRULE_THREADS", "many")
    with pytest.raises(cr.errors.ConfigError, match="CHAINRULE_THREADS must be a whole number"):
        cr.get_threads()
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(cr.errors.ConfigError, match="CHAINRULE_THREADS 必须是 1 到 1024 之间的整数"):
        cr.get_threads()


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu.max": "250000 100000\n"}, 2),
        ({"cpu.max": "50000 100000\n"}, 0),
        ({"cpu.max": "nonsense\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
        ({}, 8),
    ],
)
def test_cores_of_a_container(tmp_path, files, cores):
    for name, content in files.items():
        path = tmp_path / "group" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert container_cores(8, tmp_path / "group") == cores
