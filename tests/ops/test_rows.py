"""Every row of the table, by discovery."""

import pytest

import chainrule as cr
from chainrule.ops import TABLE

ROWS = [row for row in TABLE.values() if row.samples]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_agrees_with_its_rules_and_derivatives(row):
    assert cr.check_op(row) > 0


@pytest.mark.parametrize("row", [row for row in ROWS if row.family != "random"], ids=lambda row: row.name)
def test_samples_have_different_extents_and_a_zero(row):
    shapes = [shape for case in row.samples for shape in case.shapes]
    assert any(0 in shape for shape in shapes)
    assert any(len(set(shape)) > 1 for shape in shapes)


def test_rows_without_samples_are_named():
    assert [row.name for row in TABLE.values() if not row.samples] == ["cond", "scan", "while_loop"]
