"""Random programs: compiled code gives what eager replay gives, twice over, on any number of threads.

A failing program is shrunk and printed as a graph. To try more, by hand::

    export CHAINRULE_FUZZ_PROGRAMS=100000 CHAINRULE_FUZZ_SEED=1
    make test-slow ARGS="tests/compiler/fuzz -n 0 -s" | tee fuzz.log
"""

from __future__ import annotations

import collections
import os

import numpy as np
import pytest

from chainrule.compiler.loops import kernel
from chainrule.core.op import TABLE

from .programs import Recorded, recorded
from .shrinking import fails, shrunk, told

FIRST = int(os.environ.get("CHAINRULE_FUZZ_SEED", "0")) * 1_000_000
SLOW_PROGRAMS = int(os.environ.get("CHAINRULE_FUZZ_PROGRAMS", "2000"))
TOGETHER = 5
PROGRAMS, PARTS = 2000, 40


def check(seeds: range, pieces: int, monkeypatch: pytest.MonkeyPatch) -> collections.Counter[str]:
    """Try the programs of some seeds, several in one graph; count the rows that they are made of.

    With small pieces even small work is cut up, so that threads have something to do.
    """
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", pieces)
    rows: collections.Counter[str] = collections.Counter()
    for first in seeds[::TOGETHER]:
        chosen = range(first, min(first + TOGETHER, seeds.stop))
        case = recorded(chosen)
        rows.update(node.op.name for node in case.graph.nodes)
        if fails(case):
            pytest.fail(told(shrunk(case), chosen), pytrace=False)
    return rows


@pytest.mark.parametrize("part", range(PARTS))
def test_compiled_programs_are_eager_ones(part, monkeypatch):
    each = PROGRAMS // PARTS
    rows = check(range(part * each, (part + 1) * each), (64, 1 << 15)[part % 2], monkeypatch)
    assert rows.total() > 5 * each


@pytest.mark.slow
def test_more_programs(monkeypatch):
    for start in range(0, SLOW_PROGRAMS, 1000):
        seeds = range(FIRST + PROGRAMS + start, FIRST + PROGRAMS + min(start + 1000, SLOW_PROGRAMS))
        print(f"programs {seeds.start} to {seeds.stop}", flush=True)
        check(seeds, (64, 1 << 15)[start // 1000 % 2], monkeypatch)


def test_productions_reach_most_rows():
    rows = {
        node.op.name
        for first in range(0, 1000, 50)
        for node in recorded(range(first, first + 50)).graph.nodes
    }
    assert {"conv", "contract", "scan", "while_loop", "cond", "gather", "scatter_add", "argsort"} <= rows
    assert len(rows) > 100


def test_seeds_determine_programs():
    first, second = recorded(range(20)), recorded(range(20))
    assert first.graph.same_as(second.graph)
    for x, y in zip(first.arrays, second.arrays, strict=True):
        np.testing.assert_array_equal(x, y)


def test_a_wrong_program_is_found_and_shrunk(monkeypatch):
    """A compiler that adds where it should subtract is found out by what is left of a large program."""
    monkeypatch.setitem(TABLE["subtract"].__dict__, "emit", TABLE["add"].emit)
    cases = (recorded([seed]) for seed in range(100))
    case = next(case for case in cases if _uses(case, "subtract") and fails(case))
    small = shrunk(case)
    assert [node.op.name for node in small.graph.nodes] == ["subtract"]


def _uses(case: Recorded, row: str) -> bool:
    return any(node.op.name == row for node in case.graph.nodes)
