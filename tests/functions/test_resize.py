"""Resizing by its definition, and what each mode keeps; PyTorch's numbers are compared in tests/nn."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError
from chainrule.functions.resize import COORDINATES, MODES

from .compare import numbers, same


def place(p, n, m, coordinates):
    """Where place p of m reads in an axis of extent n."""
    if coordinates == "half_pixel":
        return (p + 0.5) * n / m - 0.5
    return p * n / m if coordinates == "asymmetric" else p * (n - 1) / max(m - 1, 1)


def read(x, s, mode, coordinates):
    """One element of a vector at a place between its elements."""
    at = lambda k: x[min(max(k, 0), len(x) - 1)]  # noqa: E731
    if mode == "nearest":
        return at(math.floor(s if coordinates == "asymmetric" else s + 0.5))
    k, t = math.floor(s), s - math.floor(s)
    if mode == "linear":
        return (1 - t) * at(k) + t * at(k + 1)
    a = -0.75
    weights = [
        a * (t + 1) ** 3 - 5 * a * (t + 1) ** 2 + 8 * a * (t + 1) - 4 * a,
        (a + 2) * t**3 - (a + 3) * t**2 + 1,
        (a + 2) * (1 - t) ** 3 - (a + 3) * (1 - t) ** 2 + 1,
        a * (2 - t) ** 3 - 5 * a * (2 - t) ** 2 + 8 * a * (2 - t) - 4 * a,
    ]
    return sum(w * at(k - 1 + i) for i, w in enumerate(weights))


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("n", "m"), [(5, 9), (9, 4), (1, 3), (4, 1), (5, 5)])
def test_each_axis_is_read_at_its_places(mode, coordinates, n, m):
    x = numbers((2, 1, n))
    got = cr.resize(cr.tensor(x), m, mode=mode, coordinates=coordinates)
    expected = np.zeros((2, 1, m))
    for p in range(m):
        s = place(p, n, m, coordinates)
        expected[:, 0, p] = [read(row[0], s, mode, coordinates) for row in x]
    same(got, expected)


@pytest.mark.parametrize("mode", MODES)
def test_axes_are_resized_one_by_one(mode):
    x = numbers((2, 3, 4, 5), 2)
    both = cr.resize(x, (7, 3), mode=mode)
    same(both, cr.resize(cr.resize(x, 7, mode=mode, axes=[2]), 3, mode=mode, axes=[-1]).numpy())
    cr.check_gradients(lambda t: cr.resize(t, (7, 3), mode=mode), x)
    recorded = cr.record(lambda t: cr.resize(t, (7, 3), mode=mode), x)
    np.testing.assert_array_equal(recorded(x)[0].numpy(), both.numpy())


def test_aligned_corners_keep_first_and_last_and_straight_lines():
    line = np.linspace(-1.0, 3.0, 6)
    got = cr.resize(line, 11, mode="linear", coordinates="align_corners", axes=[0])
    same(got, np.linspace(-1.0, 3.0, 11))


@pytest.mark.parametrize("mode", ["linear", "cubic"])
@pytest.mark.parametrize("coordinates", COORDINATES)
def test_a_constant_stays_constant(mode, coordinates):
    got = cr.resize(np.full((1, 1, 5), 2.5), 13, mode=mode, coordinates=coordinates)
    same(got, np.full((1, 1, 13), 2.5))


def test_a_scale_counts_as_itself_and_not_as_the_quotient_of_extents():
    x = numbers((1, 1, 5))
    got = cr.resize(cr.tensor(x), scale=1.5, mode="linear")
    same(got, np.array([[[read(x[0, 0], (p + 0.5) / 1.5 - 0.5, "linear", "half_pixel") for p in range(7)]]]))


@pytest.mark.parametrize("dtype", ["uint8", "bool", "float16", "complex64"])
def test_the_nearest_element_keeps_its_type(dtype):
    x = numbers((1, 2, 3), 1, dtype)
    got = cr.resize(cr.tensor(x), scale=2)
    assert got.dtype == x.dtype
    np.testing.assert_array_equal(got.numpy(), x.repeat(2, axis=2))
    assert cr.resize(np.array([1, 2]), 3, mode="linear", axes=[0]).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.resize(cr.ones((1, 1, 3))), ConfigError, "either the new extents or the factors"),
        (lambda: cr.resize(cr.ones((1, 1, 3)), 2, scale=2), ConfigError, "either the new extents"),
        (lambda: cr.resize(cr.ones((1, 1, 3)), (2, 3)), ShapeError, "one for each of the axes"),
        (lambda: cr.resize(cr.ones((1, 1, 3)), 0), ShapeError, "one positive number"),
        (lambda: cr.resize(cr.ones((1, 1, 0)), 2), ShapeError, "none of these may be empty"),
        (
            lambda: cr.resize(cr.ones((1, 1, 3)), 2, mode="bicubic"),
            ConfigError,
            "'nearest', 'linear', 'cubic'",
        ),
        (
            lambda: cr.resize(cr.ones((1, 1, 3)), 2, coordinates="pixel"),
            ConfigError,
            "coordinates must be one",
        ),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()


def test_transposed_convolution_checks_its_channels():
    one = {"stride": [1], "padding": [0], "output_padding": [0], "dilation": [1]}
    with pytest.raises(ShapeError, match="input axis 1 must be 3"):
        cr.conv_transpose(cr.ones((1, 2, 4)), cr.ones((3, 1, 2)), **one)
    with pytest.raises(ShapeError, match="weight must have 3 axes"):
        cr.conv_transpose(cr.ones((1, 2, 4)), cr.ones((2, 1)), **one)
