"""Convolutions in all their forms, as contractions over overlapping windows."""

from __future__ import annotations

import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.nest import Kind

from .forms import FORMS, depthwise, forward, to_weights, to_weights_in_rows
from .running import check


@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
@pytest.mark.parametrize("name", FORMS)
def test_forms(machine, name, cpu):
    check(FORMS[name], machine(cpu))


@pytest.mark.parametrize("name", FORMS)
def test_forms_in_pieces_and_blocks(machine, name):
    """Pieces run backwards; blocks of the depth cut through its loops."""
    chosen = check(FORMS[name], machine("native"), pieces=13, depth=20, order=-1)
    assert max(chosen.phases) > 1


def test_tiles_cross_short_rows(machine):
    chosen = plan(forward(1, 7, 7, 512, 512, 3), machine("native"), tile=(14, 2))
    assert [split.largest for split in chosen.rows] == [2, 7]


def test_long_depth_is_cut_for_threads(machine):
    form = to_weights(16, 28, 28, 1, 32, 3)
    chosen = check(form, machine("native"), depth=700, pieces=8)
    assert chosen.depth_chunks > 1
    assert chosen.stages == ("sums", "results")


@pytest.mark.parametrize("shape", [(8, 16, 16, 24, 144, 1), (16, 16, 16, 48, 24, 1), (64, 8, 8, 20, 40, 1)])
def test_a_long_depth_is_cut_alone(machine, shape):
    """Each piece reads its own part of both operands, and nobody else reads that."""
    chosen = check(to_weights(*shape), machine("native"))
    assert chosen.row_chunks == chosen.column_chunks == 1
    assert chosen.depth_chunks >= 6


@pytest.mark.parametrize("pieces", [1, 4, 16])
@pytest.mark.parametrize("packed", [False, True])
def test_rows_of_taps_run_inside_a_block_of_the_depth(machine, pieces, packed):
    """What all of them read of a block that is far stays near."""
    form, choices = to_weights_in_rows(16, 16, 16, 32, 24, 3), {"pack_a": packed, "pack_b": packed}
    chosen = check(form, machine("native"), exchange=True, pieces=pieces, depth=200, order=-1, **choices)
    assert chosen.inside == 1


def test_what_is_near_is_cut_by_rows_of_taps(machine):
    chosen = check(to_weights_in_rows(2, 8, 8, 16, 24, 4), machine("native"), exchange=True, depth=32)
    assert chosen.inside == 0
    assert chosen.units[0] == 4


def test_depthwise_runs_along_channels(machine):
    chosen = plan(depthwise(1, 14, 14, 64, 3), machine("native"))
    assert chosen.nest.kind is Kind.LANEWISE
    assert chosen.lane_loops == (0,)
