"""The order of axes in memory spreads from what a value is computed from."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.axes import in_memory_order
from chainrule.compiler.loops.expr import Buffer, Constant, Read, walk
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.layout import memory_order
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.step import Definition, Opaque
from chainrule.dtypes import float32


def read(*strides: int, size: int = 120) -> Read:
    return Read(Buffer("x", float32, size), Form(0, strides))


def test_axes_lie_as_in_what_is_read():
    channels_last = read(60, 1, 15, 3)
    assert memory_order(channels_last, (2, 3, 4, 5), range(4)) == [0, 2, 3, 1]


def test_reads_along_some_axes_only_do_not_count():
    assert memory_order(read(0, 1, 0), (2, 3, 4), range(3)) == [0, 1, 2]


def test_numbers_lie_row_by_row():
    assert memory_order(Constant(0.0, float32), (2, 3), range(2)) == [0, 1]


def test_only_axes_that_are_kept_count():
    assert memory_order(read(1, 2, 6), (2, 3, 4), [0, 1]) == [1, 0]


def definition(value: Read, extents: tuple[int, ...], place: tuple[int, ...], *folded: int) -> Definition:
    target = Buffer("y", float32, 120)
    return Definition(target, Form(0, place), extents, value, "add" if folded else None, frozenset(folded))


def test_fastest_axis_comes_last_and_axes_of_one_element_go():
    step = in_memory_order(definition(read(1, 0, 2), (2, 1, 3), (1, 0, 2)))
    assert step.extents == (3, 2)
    assert step.place == Form(0, (2, 1))


def test_folds_of_the_fastest_axis_are_rows():
    step = in_memory_order(definition(read(12, 4, 1), (2, 3, 4), (3, 1, 0), 2))
    assert (step.extents, step.folded) == ((2, 3, 4), frozenset({2}))


def test_folds_of_slower_axes_are_columns():
    step = in_memory_order(definition(read(12, 4, 1), (2, 3, 4), (0, 4, 1), 0))
    assert (step.extents, step.folded) == ((3, 2, 4), frozenset({1}))


def products(f, *shapes: tuple[int, ...]) -> list[Opaque]:
    arrays = [cr.tensor(np.ones(shape, np.float32)) for shape in shapes]
    steps = Lowering(cr.record(f, *arrays)).run()
    return [step for step in steps if isinstance(step, Opaque) and step.name == "contraction"]


@pytest.mark.parametrize("stride", [1, 2])
def test_taps_and_channels_of_a_weight_lie_as_in_the_input(stride):
    def to_weight(x, w):
        images = cr.relu(x).transpose(0, 3, 1, 2)
        convolved = lambda w: F.conv2d(images, w, stride=stride, padding=1)  # noqa: E731
        return cr.grad(lambda w: (convolved(w) ** 2).sum())(w)

    (*_, last) = products(to_weight, (2, 8, 8, 16), (24, 16, 3, 5))
    channels, taps, more_taps = last.detail.form.rows
    assert [(d.extent, d.c) for d in (channels, taps, more_taps)] == [(16, 1), (3, 5 * 16), (5, 16)]
    assert (channels.a, more_taps.a) == (1, 16), "a run in the input is a run in the weight"


def test_gradients_that_lead_to_a_weight_lie_as_what_they_are_computed_from():
    """The first layer's gradient, which no other reads, is written image by image, as its factors lie."""

    def to_weight(x, w, scale):
        convolved = lambda w: F.conv2d(x, w, padding=1)  # noqa: E731
        return cr.grad(lambda w: (convolved(w) ** 2 * scale).sum())(w)

    *_, last = products(to_weight, (2, 3, 8, 10), (24, 3, 3, 3), (2, 24, 8, 10))
    along_rows, along_columns, images = sorted(
        last.detail.form.depth, key=lambda d: [8, 10, 2].index(d.extent)
    )
    assert [images.b, along_rows.b, along_columns.b] == [8 * 10 * 24, 10 * 24, 24]
    assert [d.b for d in last.detail.form.columns] == [1]


@pytest.mark.parametrize("images", [1, 2])
def test_planes_that_are_padded_lie_row_by_row(images):
    """So that each thread pads rows of all of them, and reads those that it has padded."""
    f = lambda x, w: F.conv2d(x, w, padding=1)  # noqa: E731
    (step,) = products(f, (images, 3, 8, 10), (24, 3, 3, 3))
    kernel_rows, kernel_columns, channels = step.detail.form.depth
    assert [d.a for d in (kernel_rows, channels, kernel_columns)] == [3 * 12, 12, 1]


def test_images_of_one_element_do_not_change_how_a_result_lies():
    (step,) = products(lambda x, w: F.conv2d(x, w), (1, 16, 8, 8), (24, 16, 3, 3))
    assert [d.c for d in step.detail.form.columns] == [1]


def test_what_an_optimizer_computes_with_a_gradient_lies_row_by_row():
    """A gradient with channels last is copied once; states, which lie row by row, are met in order."""

    def moment(x, w, m):
        g = cr.grad(lambda w: (F.conv2d(x, w, padding=1) ** 2).sum())(w)
        return 0.9 * m + 0.1 * g

    shapes = [(2, 16, 8, 8), (24, 16, 3, 3), (24, 16, 3, 3)]
    rng = np.random.default_rng(5)
    arrays = [cr.tensor(rng.normal(size=shape).astype(np.float32)) for shape in shapes]
    steps = Lowering(cr.record(moment, *arrays)).run()
    (step,) = [step for step in steps if isinstance(step, Definition) and len(step.value.buffers) == 2]
    in_rows = (144, 9, 3, 1)
    assert step.place.coefs == in_rows
    assert all(node.form.coefs == in_rows for node in walk(step.value) if isinstance(node, Read))
    made, expected = cr.compile(moment)(*arrays), moment(*arrays)
    np.testing.assert_allclose(made.numpy(), expected.numpy(), rtol=1e-3, atol=1e-3)
