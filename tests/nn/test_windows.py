"""Windows beyond the conformance tests: indices, unpooling, transposes, padding modes, resizing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.errors import ConfigError, OutOfRangeError, ShapeError
from chainrule.ops import TABLE

SHAPES = {1: (2, 3, 9), 2: (2, 3, 6, 7), 3: (1, 2, 4, 5, 6)}
SPACES = pytest.mark.parametrize("space", SHAPES)


def picked(x, indices, space):
    """Elements at indices into the flattened space axes."""
    flat = x.reshape(*x.shape[:-space], -1)
    return np.take_along_axis(flat, indices.reshape(*indices.shape[:-space], -1), -1).reshape(indices.shape)


@SPACES
@pytest.mark.parametrize("options", [{}, {"stride": 1, "padding": 1}, {"dilation": 2, "ceil_mode": True}])
def test_max_pool_says_where_it_found_its_elements(space, options, rng):
    x = rng.standard_normal(SHAPES[space])
    pool = getattr(F, f"max_pool{space}d")
    y, indices = pool(x, 2, return_indices=True, **options)
    assert indices.dtype == np.int64
    np.testing.assert_array_equal(picked(x, indices.numpy(), space), y.numpy())
    np.testing.assert_array_equal(pool(x, 2, **options).numpy(), y.numpy())
    layer = getattr(nn, f"MaxPool{space}d")(2, return_indices=True, **options)
    np.testing.assert_array_equal(layer(x[0])[1].numpy(), indices.numpy()[0])


@SPACES
def test_adaptive_max_pool_says_where_it_found_its_elements(space, rng):
    x = rng.standard_normal(SHAPES[space])
    y, indices = getattr(F, f"adaptive_max_pool{space}d")(x, 3, return_indices=True)
    np.testing.assert_array_equal(picked(x, indices.numpy(), space), y.numpy())
    for p in itertools.product(range(3), repeat=space):
        region = tuple(slice(q * n // 3, -(-(q + 1) * n // 3)) for q, n in zip(p, x.shape[2:], strict=True))
        expected = x[(slice(None), slice(None), *region)].max(axis=tuple(range(2, 2 + space)))
        np.testing.assert_array_equal(y.numpy()[(..., *p)], expected)


@SPACES
def test_unpooling_puts_elements_back(space, rng):
    x = rng.standard_normal(SHAPES[space])
    y, indices = getattr(F, f"max_pool{space}d")(x, 2, return_indices=True)
    back = getattr(F, f"max_unpool{space}d")(y, indices, 2, output_size=x.shape).numpy()
    assert back.shape == x.shape
    np.testing.assert_array_equal(back[back != 0], x[back != 0])
    assert np.count_nonzero(back) == y.size
    again = getattr(F, f"max_pool{space}d")(np.where(back != 0, x, -9.0), 2)
    np.testing.assert_array_equal(again.numpy(), y.numpy())


def test_unpooling_of_windows_that_overlap_keeps_one_of_the_equal_elements():
    x = np.array([[1.0, 5.0, 2.0, 3.0]])
    y, indices = F.max_pool1d(x, 2, stride=1, return_indices=True)
    assert F.max_unpool1d(y, indices, 2, stride=1).tolist() == [[0.0, 5.0, 0.0, 3.0]]
    cr.check_gradients(lambda t: F.max_unpool1d(t, indices, 2, stride=1), y.numpy())


@SPACES
@pytest.mark.parametrize("groups", [1, 2])
def test_transposed_convolution_is_the_transpose(space, groups, rng):
    r""":math:`\langle y, K x \rangle = \langle K^T y, x \rangle` with the same weight."""
    stride, dilation, padding = 2, (2, 1, 1)[:space], (1, 2, 0)[:space]
    w = rng.standard_normal((4, 2 // groups, *(3, 2, 2)[:space]))
    x = rng.standard_normal((2, 2, *(9, 8, 7)[:space]))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    y = getattr(F, f"conv{space}d")(x, w, **options).numpy()
    v = rng.standard_normal(y.shape)
    transpose = getattr(F, f"conv_transpose{space}d")
    shortest = transpose(v, w, **options)
    missing = tuple(n - m for n, m in zip(x.shape[2:], shortest.shape[2:], strict=True))
    back = transpose(v, w, output_padding=missing, **options).numpy()
    assert back.shape == x.shape
    np.testing.assert_allclose(np.vdot(v, y), np.vdot(back, x), rtol=1e-10)
    by_input = cr.vjp(lambda t: getattr(F, f"conv{space}d")(t, w, **options), x)[1](v)
    np.testing.assert_allclose(back, np.asarray(by_input[0]).reshape(x.shape), rtol=1e-10, atol=1e-12)


def test_transposed_convolution_reaches_a_wanted_size():
    layer = nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1)
    for size in (7, 8):
        assert layer(cr.ones((1, 2, 4, 4)), output_size=(size, 7)).shape == (1, 3, size, 7)
    with pytest.raises(ConfigError, match=r"output_size \(9, 7\) cannot be reached.*\(7, 7\) to \(8, 8\)"):
        layer(cr.ones((1, 2, 4, 4)), output_size=(9, 7))


@SPACES
@pytest.mark.parametrize(
    ("mode", "numpys"), [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")]
)
def test_padding_modes_are_a_padding_before(space, mode, numpys, rng):
    x = rng.standard_normal(SHAPES[space])
    layer = getattr(nn, f"Conv{space}d")(x.shape[1], 2, 3, padding=2, padding_mode=mode).double()
    padded = np.pad(x, [(0, 0), (0, 0), *[(2, 2)] * space], numpys)
    expected = getattr(F, f"conv{space}d")(padded, layer.weight, layer.bias)
    np.testing.assert_allclose(layer(x).numpy(), expected.numpy(), rtol=1e-12)
    np.testing.assert_allclose(layer(x[0]).numpy(), expected.numpy()[0], rtol=1e-12)
    assert f"padding_mode='{mode}'" in repr(layer)


@SPACES
def test_average_pooling_divides_by_what_is_asked_for(space, rng):
    if space == 1:
        with pytest.raises(TypeError):
            nn.AvgPool1d(2, divisor_override=3)
        return
    x = rng.standard_normal(SHAPES[space])
    sums = getattr(F, f"avg_pool{space}d")(x, 2).numpy() * 2**space
    by_three = getattr(F, f"avg_pool{space}d")(x, 2, divisor_override=3)
    np.testing.assert_allclose(by_three.numpy(), sums / 3, rtol=1e-12)


@SPACES
def test_interpolation_by_areas_is_adaptive_pooling(space, rng):
    x = rng.standard_normal(SHAPES[space])
    expected = getattr(F, f"adaptive_avg_pool{space}d")(x, 3)
    np.testing.assert_array_equal(F.interpolate(x, size=3, mode="area").numpy(), expected.numpy())
    half = F.interpolate(x, scale_factor=0.5, mode="area")
    assert half.shape[2:] == tuple(n // 2 for n in x.shape[2:])


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: F.max_unpool1d(cr.ones((1, 2)), cr.tensor([[0]]), 2), ShapeError, "must have one shape"),
        (lambda: F.max_unpool1d(cr.ones((1, 2)), cr.tensor([[0, 9]]), 2), OutOfRangeError, "index 9 is out"),
        (
            lambda: nn.AdaptiveMaxPool2d((1, 2, 3)),
            ConfigError,
            "output_size must be one number, or 2 of them",
        ),
        (lambda: nn.ConvTranspose1d(2, 3, 3, groups=2), ConfigError, "out_channels is 3, which 2 groups"),
        (
            lambda: F.conv_transpose1d(cr.ones((1, 2, 3)), cr.ones((2, 1, 2)), output_padding=1),
            ConfigError,
            "output_padding 1 must be smaller than the stride 1",
        ),
        (
            lambda: nn.ConvTranspose1d(2, 3, 3)(cr.ones((1, 4, 5))),
            ShapeError,
            r"input axis 1 must be 2, got 4 .*Did you mean ConvTranspose1d\(4, 3, \(3,\)\)",
        ),
        (lambda: nn.Conv1d(2, 3, 3, padding_mode="mirror"), ConfigError, "padding_mode must be in"),
        (lambda: F.interpolate(cr.ones((2, 3)), 2), ShapeError, "must be .*, got 2 axes"),
        (
            lambda: F.interpolate(cr.ones((1, 2, 3)), 2, mode="bilinear"),
            ShapeError,
            "is for 2 space axes, got 1",
        ),
        (lambda: F.interpolate(cr.ones((1, 2, 3)), 2, align_corners=True), ConfigError, "has no meaning"),
        (lambda: F.interpolate(cr.ones((1, 2, 3)), 2, mode="spline"), ConfigError, "mode must be one of"),
        (lambda: F.interpolate(cr.ones((1, 2, 3))), ConfigError, "either the new extents or the factors"),
        (lambda: F.interpolate(cr.ones((1, 2, 3)), 2, 2, mode="area"), ConfigError, "either the new extents"),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()


def test_where_the_largest_elements_are_between_gaps_and_beside_padding():
    """Places are counted through elements, not through the gaps between them; padding is never one."""
    geometry = {"stride": (1,), "padding": ((1, 1),), "dilation": (1,), "input_dilation": (2,)}
    index = lambda x: TABLE["pool_index"](x, window=(3,), **geometry)  # noqa: E731
    for x in ([[[3.0, 1.0, 4.0]]], [[[-np.inf] * 3]], [[[3.0, np.nan, 4.0]]]):
        # Spread and padded: · a · b · c ·, windows a, ab, b, bc, c.
        expected = [0, 1 if np.isnan(x[0][0][1]) else 0, 1, 1 if np.isnan(x[0][0][1]) else 2, 2]
        if x[0][0][0] == -np.inf:
            expected[3] = 1
        for f in (index, cr.compile(index)):
            assert f(cr.tensor(x)).tolist() == [[expected]]
