"""Folds of columns: wide and narrow rows, many folds at a time, runs of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.emit.columns import Run, run_of, side_by_side, units_of_columns
from chainrule.compiler.loops.expr import Buffer, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.step import Definition

LANES = 16
SHAPES = [(300, 5), (64, 40, 33), (7, 300, 130), (2048, 272), (3, 2, 1), (32, 2048, 144)]


def nest(parts: int, rows: int, width: int, folds: int) -> Nest:
    """Sums of several arrays by columns."""
    extents = (parts, rows, width)
    members = []
    for i in range(folds):
        source = Buffer(f"x{i}", np.dtype(np.float32), parts * rows * width)
        target = Buffer(f"y{i}", np.dtype(np.float32), parts * width)
        value = Read(source, Form(0, row_major(extents)))
        members.append(Definition(target, Form(0, (width, 0, 1)), extents, value, "add", frozenset({1})))
    return Nest(extents, 1, members, columns=True)


@pytest.mark.parametrize(
    ("width", "folds", "vectors"),
    [(16, 1, 1), (144, 1, 9), (144, 9, 1), (192, 9, 2), (40, 2, 3), (640, 1, 20)],
)
def test_blocks_are_whole_parts_of_a_row(width, folds, vectors):
    assert side_by_side(nest(2, 8, width, folds), LANES) == vectors


def test_rows_that_are_one_block_need_no_runs():
    assert run_of(nest(4, 10_000, 144, 1), LANES) is None
    assert units_of_columns(nest(4, 10_000, 144, 1), LANES) == 4


def test_runs_are_as_many_rows_as_the_cache_holds():
    run = run_of(nest(4, 10_000, 1024, 2), LANES)
    assert isinstance(run, Run)
    assert run.axis == 1
    assert 1 <= run.count < 10_000
    assert units_of_columns(nest(4, 10_000, 1024, 2), LANES) == 4


def numbers(seed: int, shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sums_maxima_and_products_of_columns(shape):
    def f(x: Any, y: Any) -> Any:
        axes = tuple(range(len(shape) - 1))
        return (x * y).sum(axes), x.max(axes), (x + y).sum(axes), cr.square(x).sum(axes)

    x, y = cr.tensor(numbers(1, shape)), cr.tensor(numbers(2, shape))
    for found, expected in zip(cr.compile(f)(x, y), f(x, y), strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=2e-5, atol=2e-3)


def test_sums_do_not_depend_on_the_number_of_threads():
    f = cr.compile(lambda x: (x.sum((0, 1)), cr.square(x).sum((0, 1))))
    x = cr.tensor(numbers(3, (64, 100, 272)))
    before, found = cr.get_threads(), []
    try:
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            found.append([y.numpy().copy() for y in f(x)])
    finally:
        cr.set_threads(before)
    for others in found[1:]:
        for a, b in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_short_axes_share_is_computed_once():
    """What is spread over places of 2 × 2 is computed once for all four, which are written out."""

    def f(x: Any, y: Any) -> Any:
        return (x * (1 / (1 + cr.square(cr.square(y))))).sum(axis=(0, 1, 2, 3, 4))

    x, y = cr.tensor(numbers(1, (4, 28, 2, 14, 2, 16))), cr.tensor(numbers(2, (4, 28, 1, 14, 1, 16)))
    found = cr.compile(f)
    recording, _ = found.recording_for(x, y)
    texts = [c.text for c in recording.program.calls if isinstance(c.step, Nest) and c.step.columns]
    assert [text.count("fdiv") for text in texts] == [1]
    np.testing.assert_allclose(found(x, y).numpy(), f(x, y).numpy(), rtol=1e-4, atol=1e-4)
