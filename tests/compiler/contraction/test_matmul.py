"""Matrix products."""

from __future__ import annotations

import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.nest import Kind

from .running import check, matmul

SHAPES = [
    (1, 1, 1),
    (4, 64, 9),
    (64, 64, 32),
    (33, 10, 70),
    (100, 100, 100),
    (70, 130, 300),
    (1, 200, 100),
    (200, 1, 100),
]


@pytest.mark.parametrize("how", ["NN", "NT", "TN", "TT"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))
def test_products(machine, shape, how):
    check(matmul(*shape, how), machine("native"))


@pytest.mark.parametrize("tile", [(1, 1), (3, 2), (14, 2), (8, 3), (5, 4)])
def test_tiles_can_be_chosen(machine, tile):
    chosen = check(matmul(43, 150, 37), machine("native"), tile=tile)
    assert chosen.tile[0] <= tile[0] and chosen.tile[1] <= tile[1]


@pytest.mark.parametrize("pack_a", [False, True])
@pytest.mark.parametrize("pack_b", [False, True])
@pytest.mark.parametrize("how", ["NN", "NT", "TN", "TT"])
@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
def test_operands_are_packed_or_not(machine, cpu, how, pack_a, pack_b):
    check(matmul(43, 50, 37, how), machine(cpu), pack_a=pack_a, pack_b=pack_b, exchange=False)


@pytest.mark.parametrize("depth", [16, 40, 99])
@pytest.mark.parametrize("pack", [False, True])
def test_depth_in_blocks(machine, depth, pack):
    chosen = check(matmul(30, 40, 100), machine("native"), depth=depth, pack_a=pack, pack_b=pack)
    assert chosen.is_blocked


@pytest.mark.parametrize("pieces", [1, 2, 5, 64, 1000])
def test_pieces_in_any_order(machine, pieces):
    for order in (1, -1):
        check(matmul(70, 130, 30), machine("native"), pieces=pieces, order=order)


@pytest.mark.parametrize("how", ["NN", "NT", "TN", "TT"])
@pytest.mark.parametrize("exchange", [False, True])
def test_rows_and_columns_exchanged(machine, how, exchange):
    chosen = check(matmul(21, 50, 30, how), machine("native"), exchange=exchange)
    assert chosen.nest.exchanged == exchange


@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
@pytest.mark.parametrize("shape", [(1, 40, 100), (2, 16, 64), (1, 5, 3), (40, 1, 33)])
def test_inner_products(machine, cpu, shape):
    chosen = check(matmul(*shape, "NT"), machine(cpu), kind=Kind.INNER, tile=(2, 2))
    assert chosen.nest.kind is Kind.INNER


def test_matrix_times_vector_runs_along_what_is_contiguous(machine):
    target = machine("native")
    assert plan(matmul(1, 512, 512, "NT"), target).nest.kind is Kind.INNER
    assert plan(matmul(1, 512, 512, "NN"), target).nest.kind is Kind.OUTER
