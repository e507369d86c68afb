"""What is emitted calls no library on any target, and a lane does not depend on its neighbours."""

import re

import numpy as np
import pytest

from chainrule.compiler.llvm.math.accuracy import FUNCTIONS
from chainrule.compiler.native.codegen import emit_assembly
from chainrule.compiler.target import named

from .measuring import CPUS, FLOAT32, FLOAT64, arity, kernel, kernel_text, target

ELSEWHERE = ["aarch64", "wasm32"]
_CALL = re.compile(r"^\s+(?:callq?|bl|jmp|b)\s+([A-Za-z_]\w*)", re.MULTILINE)


def called(name, kind, dtype, lanes):
    text = kernel_text(name, dtype, lanes, kind.has_fma)
    return set(_CALL.findall(emit_assembly(text, kind)))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("where", [*ELSEWHERE, CPUS[0]])
def test_no_library_is_called(name, where):
    kind = named(where) if where in ELSEWHERE else target(where)
    for dtype in (FLOAT32, FLOAT64):
        assert called(name, kind, dtype, kind.vector_bytes // dtype.itemsize) == set()


@pytest.mark.parametrize("name", ["exp", "sin", "round", "power"])
@pytest.mark.parametrize("where", [*ELSEWHERE, *CPUS])
def test_no_library_is_called_for_single_numbers(name, where):
    kind = named(where) if where in ELSEWHERE else target(where)
    assert called(name, kind, FLOAT64, 1) == set()


def test_a_call_would_be_found():
    text = "declare double @sin(double)\ndefine double @f(double %x) {\n %y = call double @sin(double %x)\n"
    text += " %z = fadd double %y, 1.0\n ret double %z\n}"
    for kind in (named("aarch64"), named("wasm32"), target(CPUS[0])):
        assert _CALL.findall(emit_assembly(text, kind)) != []


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
@pytest.mark.parametrize("name", ["sin", "tan", "exp", "log", "lgamma"])
def test_lanes_are_independent(name, dtype):
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.uniform(-20, 20, 64), np.exp(rng.uniform(0, 80, 64))])
    x = rng.permutation(x).astype(dtype)
    wide, single = kernel(name, dtype, CPUS[-1]), kernel(name, dtype, CPUS[-1], lanes=1)
    np.testing.assert_array_equal(wide(x), single(x))
    np.testing.assert_array_equal(wide(x[::-1].copy()), wide(x)[::-1])


def test_arity_is_that_of_the_rows():
    from chainrule.ops import TABLE

    assert {name: arity(name) for name in FUNCTIONS if name != "polygamma"} == {
        name: len(TABLE[name].args) for name in FUNCTIONS if name != "polygamma"
    }
