"""Plans: what the cost model chooses, what is fixed by the form alone, and code for other machines."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.cost import unevenness
from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.native.machine import CacheSizes
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


def test_packed_groups_are_not_whole_pages_apart(machine):
    """A tile of many vectors reads as many groups side by side."""
    for depth in (256, 250, 512):
        form = matmul(1, 300, depth, "NT")
        chosen = check(form, machine("native"), kind=Kind.OUTER, exchange=False, pack_b=True, lasting="b")
        assert chosen.stages[0] == "pack"
        assert chosen.group >= chosen.lanes * depth
        assert chosen.group * 4 % 4096 != 0


def test_a_row_times_weights_that_last_reads_them_in_one_run(usual):
    """In a loop over steps they are packed once; at a single run as they lie."""
    form = matmul(1, 1024, 256, "NT")
    assert plan(form, usual).nest.kind is Kind.INNER
    assert plan(form, usual, lasting="b", in_loop=True).packs_once


def test_weights_of_a_loop_are_not_cold(usual):
    """At the next step nothing else has driven them out, as other layers do before a network's next call."""
    choices = {
        "kind": Kind.OUTER,
        "exchange": False,
        "tile": (6, 4),
        "depth": 2048,
        "pack_b": True,
        "lasting": "b",
    }
    of_loop, of_calls = (plan(matmul(32, 512, 2048), usual, in_loop=x, **choices) for x in (True, False))
    assert of_loop.fetched_beside is None
    assert of_loop.cost.packing < of_calls.cost.packing


@pytest.fixture
def usual(machine):
    """A target whose caches are those of a usual processor, wherever the tests run."""
    return replace(machine("native"), caches=CacheSizes())


def test_panels_that_come_from_afar_are_fetched_beside_the_work(usual):
    """The last tiles ask for what lies behind the last panel: that may be anywhere, and is never used."""
    form = matmul(90, 70, 300, "NT")
    chosen = plan(form, usual, kind=Kind.OUTER, exchange=False, lasting="b", pieces=3)
    near = plan(form, usual, kind=Kind.OUTER, exchange=False, pieces=3)
    assert chosen.pack_b_whole and chosen.fetched_beside is not None
    assert "llvm.prefetch" in text_of(chosen)
    assert near.fetched_beside is None and "llvm.prefetch" not in text_of(near)
    check(form, usual, kind=Kind.OUTER, exchange=False, lasting="b", pieces=3)


@pytest.mark.parametrize("form", [matmul(1, 1024, 300), matmul(3, 2048, 129), matmul(2000, 1, 1024, "TN")])
def test_rows_a_page_apart_are_read_a_few_at_a_time(usual, form):
    """Far from each other they would drive each other out of the cache; each is read from end to end."""
    chosen = check(form, usual)
    if form.shape[1:3] == (1, 1024):
        assert chosen.blocks.steps <= 8
        assert chosen.column_chunks == 1


@pytest.mark.parametrize(("columns", "most"), [(1024, 4), (1000, 24)])
def test_short_sums_are_stored_in_tiles_of_few_rows_where_these_share_sets(usual, columns, most):
    chosen = plan(matmul(512, columns, 9), usual)
    assert chosen.tile[0] <= most
    wide = plan(matmul(512, columns, 512), usual)
    assert wide.tile[0] > 4 or usual.registers < 32


@pytest.mark.parametrize("columns", [1, 5, 16, 37])
@pytest.mark.parametrize("depth", [1, 17, 32, 47, 100])
def test_inner_products_of_any_length(machine, columns, depth):
    check(matmul(1, columns, depth, "NT"), machine("native"), kind=Kind.INNER)


# Rows, columns and depth; how many columns are read side by side, and how far ahead others are asked for.
COLUMNS = {
    "near": ((1, 64, 300), 2, 0),
    "far": ((1, 800, 300), 2, 2),
    "far and long": ((1, 200, 3000), 4, 0),
    "read by several rows": ((2, 800, 300), 4, 0),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_short_columns_of_inner_products_are_fetched_ahead(usual, name):
    """The last columns ask for what lies behind them, which may be anywhere."""
    (rows, columns, depth), count, ahead = COLUMNS[name]
    few = replace(usual, caches=replace(usual.caches, l2=1 << 18))
    chosen = check(matmul(rows, columns, depth, "NT"), few, kind=Kind.INNER, exchange=False)
    assert (chosen.side_by_side, chosen.fetched_ahead) == (count, ahead)
    assert ("llvm.prefetch" in text_of(chosen)) is (ahead > 0)


# Rows, columns and depth, and pieces: multiplications count, or what is read if that takes longer.
PIECES = {
    "small": ((64, 64, 64), 1),
    "a few times that": ((96, 96, 96), 4),
    "little is read": ((1, 512, 128), 1),
    "much is read": ((1, 1024, 1024), 8),
}


@pytest.mark.parametrize("name", PIECES)
def test_what_takes_a_microsecond_or_two_is_worth_a_piece(usual, name):
    shape, pieces = PIECES[name]
    assert plan(matmul(*shape, "NT"), usual).pieces == pieces


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


def _tiles_of_halves(chosen: Plan) -> list[int]:
    """Tiles that two threads begin with, unit by unit."""
    *batch, rows, columns, depth = chosen.units

    def sizes(count: int, chunks: int) -> list[int]:
        return [count * (i + 1) // chunks - count * i // chunks for i in range(chunks)]

    works = [
        r * c
        for _ in range(math.prod(batch))
        for r in sizes(chosen.row_tile_count, rows)
        for c in sizes(chosen.columns.count, columns)
        for _ in range(depth)
    ]
    half = len(works) // 2
    return [sum(works[:half]), sum(works[half:])]


@pytest.mark.parametrize("rows", [31, 52, 64, 65, 91])
@pytest.mark.parametrize("taps", [1, 3])
def test_unevenness_is_what_the_larger_half_has_more(machine, rows, taps):
    """Chunks of rows and columns are not alike; with a piece for each unit, half a unit is given away."""
    form = Contraction(
        (Dim(taps, a=7, c=rows * 192),),
        (Dim(rows, a=1, c=192),),
        (Dim(192, b=1, c=1),),
        (Dim(300, a=rows, b=192),),
        *(np.dtype(np.float32),) * 3,
    )
    for pieces in (8, 16, 32):
        chosen = plan(form, machine("x86-64-v4"), pieces=pieces)
        first, second = _tiles_of_halves(chosen)
        assert 1 <= unevenness(chosen) <= max(first, second) / ((first + second) / 2)
        alone = replace(chosen, pieces=1)
        assert unevenness(alone) == max(first, second) / ((first + second) / 2)
