"""Convolutions in all their forms, as contractions over overlapping windows."""

from __future__ import annotations

import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.nest import Kind

from .forms import FORMS, depthwise, forward, to_weights
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


def test_depthwise_runs_along_channels(machine):
    chosen = plan(depthwise(1, 14, 14, 64, 3), machine("native"))
    assert chosen.nest.kind is Kind.LANEWISE
    assert chosen.lane_loops == (0,)
