"""What the machine can do at most."""

from __future__ import annotations

import time

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native.codegen import emit_assembly
from chainrule.compiler.native.pool import POOL
from chainrule.compiler.program.build import build
from chainrule.compiler.target import host, named
from chainrule.explain.stages.clock import CLOCKS, PYTHONS, measured
from chainrule.explain.stages.machine import Limits, copy_text, fma_text, limits

ROOF = Limits(flops=1e11, copying=((1 << 15, 4e11), (1 << 27, 2e10)), threads=2)


def test_limits_are_plausible_and_kept():
    found = limits()
    # From one operation per cycle of a slow core to AVX-512 at 6 GHz, with some room.
    assert 1e9 < found.flops < 1e12
    assert all(1e8 < rate < 1e13 for _, rate in found.copying)
    assert found.threads == POOL.threads
    start = time.perf_counter()
    assert limits() is found
    assert time.perf_counter() - start < 0.01


def test_roof_of_work():
    assert ROOF.peak == 2e11
    assert ROOF.ridge == 10
    assert ROOF.least_seconds(2e11, 1) == 1
    assert ROOF.least_seconds(1, 2e10) == 1
    assert ROOF.least_seconds(1, 1 << 15) == (1 << 15) / 4e11


@pytest.mark.parametrize("name", ["aarch64", "wasm32"])
def test_probes_are_emitted_for_other_targets(name):
    target = named(name)
    assert "multiply_adds" in emit_assembly(fma_text(target, 4), target)
    assert "copy_part" in emit_assembly(copy_text(4), target)


@pytest.mark.parametrize("clock", [*CLOCKS.values(), PYTHONS])
def test_every_clock_tells_how_often_and_about_how_long(clock):
    if clock != PYTHONS and host().architecture not in CLOCKS:
        pytest.skip("this processor has another clock")
    program = build(cr.record(lambda x: cr.sum(cr.exp(x @ x)), cr.ones((256, 256))))
    x = np.ones((256, 256), np.float32)
    times = measured(program, [x], clock)
    assert [count for _, count in times.calls] == [1] * len(program.calls)
    assert 0 < times.total < 2 * times.whole + 1e-4
