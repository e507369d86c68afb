"""Convolutions in Winograd's tiles: exact matrices, small errors, the same for any number of threads."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.loops.expr import Buffer, Expr, Read
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.rules.cook_toom import POINTS, TAPS, matrices
from chainrule.compiler.loops.rules.small_matrix import applied
from chainrule.compiler.loops.rules.winograd import tiling_of
from chainrule.ops.window import conv_params, geometry

# How much larger than those of the plain sum errors may be, root mean squares; two to three are usual.
LARGER = 4


def numbers(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def error(found: Any, exact: Any) -> float:
    """The root of the mean square of what is wrong."""
    return float(np.sqrt(np.mean((found.numpy() - exact) ** 2)))


def number_of_kernels(compiled: Any) -> int:
    return compiled.report().recordings[-1].kernels


@pytest.mark.parametrize("results", POINTS)
def test_matrices_filter_exactly(results):
    """Every pair of a filter and data that are one at one place and zero elsewhere."""
    by = matrices(results)
    for tap, at in itertools.product(range(TAPS), range(results + TAPS - 1)):
        products = [row[tap] * column[at] for row, column in zip(by.filter, by.data, strict=True)]
        found = [sum(a * x for a, x in zip(row, products, strict=True)) for row in by.result]
        assert found == [int(at - tap == i) for i in range(results)]


@pytest.mark.parametrize("results", POINTS)
@pytest.mark.parametrize("which", ["data", "filter", "result"])
def test_shared_sums_are_the_matrix(results, which):
    """Applied to unit vectors, with sums and differences shared, the matrix gives its columns."""
    matrix = getattr(matrices(results), which)
    reads = [Read(Buffer(str(i), np.dtype(np.float64), 1), Form(0, ())) for i in range(len(matrix[0]))]
    found = applied(matrix, reads, lambda x: x)
    for i, read in enumerate(reads):
        column = [_value(x, read) for x in found]
        np.testing.assert_allclose(column, [float(row[i]) for row in matrix], rtol=1e-15, atol=1e-15)


def _value(x: Expr, one: Read) -> float:
    """An expression's value where one element is one and all others are zero."""
    if isinstance(x, Read):
        return float(x is one)
    if not x.children():
        return float(x.value)
    return x.op.numpy(*(_value(y, one) for y in x.children()))


SHAPES = [
    # images, input and output channels, height and width, padding
    (1, 32, 32, (16, 16), 1),
    (2, 48, 40, (13, 9), 1),
    (3, 64, 64, (8, 21), 0),
    (1, 33, 65, (17, 14), 2),
    (2, 128, 96, (5, 30), (1, 0)),
    # Tiles of three results, and points that would lie whole pages apart.
    (1, 128, 128, (14, 14), 1),
    (1, 256, 256, (8, 8), 1),
]


@pytest.mark.parametrize(("n", "ins", "outs", "space", "padding"), SHAPES)
def test_results_differ_by_rounding_alone(n, ins, outs, space, padding):
    x, w, bias = numbers(1, n, ins, *space), numbers(2, outs, ins, 3, 3), numbers(3, outs)

    def f(x: Any, w: Any, bias: Any) -> Any:
        return cr.relu(F.conv2d(x, w, bias, padding=padding))

    plain, tiled = cr.compile(f), cr.compile(f, winograd=True)
    exact = f(*(cr.tensor(a.astype(np.float64)) for a in (x, w, bias))).numpy()
    of_plain, of_tiled = (error(g(*map(cr.tensor, (x, w, bias))), exact) for g in (plain, tiled))
    assert 0 < of_tiled < LARGER * of_plain
    assert number_of_kernels(tiled) > number_of_kernels(plain)


def test_threads_make_no_difference():
    x, w = cr.tensor(numbers(1, 2, 64, 19, 23)), cr.tensor(numbers(2, 64, 64, 3, 3))
    f = cr.compile(lambda x, w: F.conv2d(x, w, padding=1), winograd=True)
    before = cr.get_threads()
    try:
        results = []
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            results.append(f(x, w).numpy())
    finally:
        cr.set_threads(before)
    for other in results[1:]:
        np.testing.assert_array_equal(other, results[0])


def test_a_training_step_is_the_same_but_for_rounding():
    def losses(**options: Any) -> list[float]:
        cr.random.seed(0)
        model = nn.Sequential(
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 32, 3), nn.Flatten(), nn.Linear(3200, 4)
        )
        optimizer = cr.optim.SGD(model.parameters(), lr=0.01)

        @cr.compile(**options)
        def step(x: Any, y: Any) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        x, y = cr.tensor(numbers(1, 4, 32, 12, 12)), cr.tensor(np.arange(4))
        return [float(step(x, y)) for _ in range(5)]

    np.testing.assert_allclose(losses(winograd=True), losses(), rtol=1e-4)


def test_weights_are_transformed_once_and_anew_when_they_change():
    model = nn.Conv2d(64, 64, 3, padding=1).eval()
    x = cr.tensor(numbers(1, 1, 64, 16, 16))
    predict = cr.compile(model, winograd=True)
    with cr.no_grad():
        predict(x)
        model.weight.assign(model.weight * 2.0)
        expected = model(x).numpy()
        np.testing.assert_allclose(predict(x).numpy(), expected, atol=1e-5)


NOT_IN_TILES = {
    "stride 2": ((64, 64, 3, 3), {"stride": 2}),
    "one channel": ((64, 1, 3, 3), {}),
    "taps of 5": ((64, 64, 5, 5), {}),
    "dilated": ((64, 64, 3, 3), {"dilation": 2}),
    "groups": ((64, 2, 3, 3), {"groups": 32}),
}


@pytest.mark.parametrize("name", NOT_IN_TILES)
def test_other_convolutions_are_sums_as_ever(name):
    shape, params = NOT_IN_TILES[name]
    x = cr.tensor(numbers(1, 1, shape[1] * params.get("groups", 1), 16, 16))
    w = cr.tensor(numbers(2, *shape))
    plain, tiled = (cr.compile(lambda x, w: F.conv2d(x, w, **params), winograd=way) for way in (False, True))
    np.testing.assert_array_equal(tiled(x, w).numpy(), plain(x, w).numpy())


def test_float64_is_summed_as_ever():
    x, w = (cr.tensor(numbers(1, *shape).astype(np.float64)) for shape in ((1, 64, 16, 16), (64, 64, 3, 3)))
    plain, tiled = (cr.compile(lambda x, w: F.conv2d(x, w), winograd=way) for way in (False, True))
    np.testing.assert_array_equal(tiled(x, w).numpy(), plain(x, w).numpy())


# Images, channels and windows, and the results of a tile along an axis: with few tiles of many channels it is
# the transformed weights that take the time, and smaller tiles have fewer of them.
CHOICES = {
    "many tiles": ((1, 64, 56), 4),
    "few tiles of an image": ((1, 256, 14), 3),
    "the same of eight images": ((8, 256, 14), 4),
    "fewer tiles, more channels": ((1, 512, 7), 2),
}


@pytest.mark.parametrize("name", CHOICES)
def test_tiles_are_smaller_where_weights_outweigh_data(name):
    (images, channels, windows), results = CHOICES[name]
    axes = geometry((windows, windows), (3, 3), conv_params((1, 1), ((1, 1), (1, 1))))
    found = tiling_of(images, channels, channels, axes, 1)
    assert found is not None
    assert found.results == results


def test_large_tiles_are_for_many_channels():
    axes = geometry((56, 56), (3, 3), conv_params((1, 1), ((1, 1), (1, 1))))
    found = tiling_of(1, 64, 64, axes, 1)
    assert found is not None
    assert (found.results, found.points, found.counts) == (4, 36, (14, 14))
    assert tiling_of(1, 2, 2, axes, 1) is None
    assert Fraction(found.points, found.results**2) < TAPS**2
