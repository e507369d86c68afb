"""Results are the same bits with any number of threads, and whatever lay in memory before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native.arrays import address
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.program.making import slots_of

from .poison import PATTERN, poisoned
from .programs import CASES, Case, agree, outcomes

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")

_found: dict[str, list[bytes]] = {}


def compiled(make: Callable[[], Case]) -> list[bytes]:
    case = make()
    return outcomes(case, cr.compile(case.function))


def expected(name: str) -> list[bytes]:
    """What two runs on clean memory give, computed once."""
    if name not in _found:
        _found[name] = compiled(CASES[name])
    return _found[name]


@pytest.mark.parametrize("name", CASES)
def test_the_number_of_threads_makes_no_difference(name, threads):
    for number in (1, 2, 3, 8):
        threads(number)
        agree(compiled(CASES[name]), expected(name))


@pytest.mark.parametrize("pattern", [PATTERN, 0x7F, 0x01])
@pytest.mark.parametrize("name", CASES)
def test_what_lay_in_memory_makes_no_difference(name, pattern):
    wanted = expected(name)
    with poisoned(pattern):
        agree(compiled(CASES[name]), wanted)


@pytest.mark.parametrize("name", ["numpy_fallbacks", "scans", "mlp_step"])
def test_two_runs_in_one_arena_do_not_disturb_each_other(name):
    case, other = CASES[name](), CASES[name]()
    step, again = cr.compile(case.function), cr.compile(other.function)
    agree(outcomes(case, step, times=3), outcomes(other, again, times=3))


def test_results_that_nobody_writes_would_show():
    x = cr.ones(3)
    program = build(cr.record(cr.exp, x))
    program._run = lambda *addresses: None
    with poisoned():
        (found,) = program.run([x.numpy()])
    assert np.isnan(found).all()


def test_an_arena_that_is_read_too_early_would_show():
    x = np.arange(8, dtype=np.float32)
    program = build(cr.record(lambda x: cr.sort(x * 2) + 1, cr.tensor(x)))
    right = program.run([x])[0]
    places = slots_of(program.making)
    buffer = next(b for b in program.arena.offsets if len(places[b]) > 1)
    # The last kernel that uses the buffer is given memory that no kernel writes.
    program._memory = np.zeros(buffer.nbytes, np.uint8)
    program._slots[places[buffer][-1]] = address(program._memory)
    with poisoned():
        wrong = program.run([x])[0]
    assert not np.array_equal(wrong, right)


def test_most_programs_have_work_for_several_threads():
    """Else the tests with several threads would show nothing."""
    cases = {name: make() for name, make in CASES.items()}
    programs = {name: build(cr.record(case.function, *case.args)) for name, case in cases.items()}
    several = {
        name
        for name, program in programs.items()
        if any(isinstance(call, KernelCall) and call.pieces > 1 for call in program.calls)
    }
    assert several >= {"matmul_with_a_deep_sum", "large_matmul", "folds_in_parts", "scatters", "convolutions"}
