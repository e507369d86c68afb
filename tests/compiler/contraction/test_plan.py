"""Plans: what the cost model chooses, what is fixed by the form alone, and code for other machines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.form import Dim
from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.target import named

from ..undefined import undefined
from .forms import FORMS, forward
from .running import check, matmul, operands, run, text_of


@pytest.mark.parametrize("name", ["aarch64", "wasm32"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "int8"])
@pytest.mark.parametrize("form", ["3x3", "to weights", "depthwise", "attention"])
def test_objects_for_other_machines_need_no_library(name, form, dtype):
    kind = dtypes.canonical(dtype)
    typed = replace(FORMS[form], a=kind, b=kind, c=kind)
    assert undefined(text_of(plan(typed, named(name))), name) == set()


@pytest.mark.parametrize(
    ("cpu", "most"), [("x86-64-v2", 16), ("x86-64-v3", 16), ("x86-64-v4", 32)], ids=["SSE", "AVX2", "AVX-512"]
)
def test_accumulators_fit_into_registers(machine, cpu, most):
    for size in (8, 64, 1000):
        rows, vectors = plan(matmul(size, size, size), machine(cpu)).tile
        assert rows * vectors + vectors < most


def test_nothing_is_packed_that_is_read_once(machine):
    chosen = plan(matmul(1, 512, 512), machine("native"))
    assert not chosen.pack_a and not chosen.pack_b


def test_columns_that_are_not_contiguous_are_packed(machine):
    chosen = plan(matmul(256, 256, 256, "NT"), machine("native"))
    assert chosen.nest.kind is Kind.OUTER and chosen.pack_b


def test_pieces_depend_on_the_form_alone(machine, monkeypatch):
    form, target = matmul(300, 300, 300), machine("native")
    before = plan(form, target).phases
    monkeypatch.setenv("CHAINRULE_THREADS", "64")
    assert plan(form, target).phases == before
    assert before[-1] > 8


def test_packed_once_is_packed_for_good(machine):
    """The phase that packs B is left out the second time, and B itself is gone by then."""
    form = matmul(100, 64, 80, "NT")
    chosen = plan(form, machine("native"), kind=Kind.OUTER, exchange=False, pieces=6)
    assert chosen.stages[0] == "pack"
    given = operands(form, 1)
    expected = given.expected()
    packed = np.full(chosen.whole_b_bytes + 64, 0xFF, np.uint8)
    run(chosen, given, packed=packed, phases=[0])
    given.b.flat[:] = np.nan
    for _ in range(2):
        given.c.flat[:] = np.nan
        run(chosen, given, packed=packed, phases=range(1, len(chosen.phases)))
        np.testing.assert_array_equal(given.c.flat, expected)


def test_a_plan_says_what_it_does(machine):
    text = str(plan(forward(1, 14, 14, 64, 32, 3), machine("x86-64-v4"), tile=(14, 2), pieces=1))
    assert "196 x 32 x 576" in text
    assert "outer products, tiles of 14 x 2 vectors of 16" in text
    assert "1 pieces" in text


@pytest.mark.parametrize("extents", [(0, 5, 9), (5, 0, 9), (5, 9, 0)])
@pytest.mark.parametrize("kind", Kind)
def test_empty_loops_of_a_deep_nest(machine, extents, kind):
    n, h, w = extents
    depth = (Dim(n, a=100, b=7), Dim(h, a=-10, b=3), Dim(w, a=1, b=1))
    form = replace(matmul(4, 20, 1), depth=depth)
    check(form, machine("native"), kind=kind, depth=9)


@pytest.mark.parametrize("empty", ["m", "n", "k"])
def test_empty_extents(machine, empty):
    sizes = {"m": 5, "n": 20, "k": 7} | {empty: 0}
    check(matmul(**sizes), machine("native"))
