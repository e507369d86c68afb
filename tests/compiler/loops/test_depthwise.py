"""Convolutions of single channels: nests and lanewise products, the same numbers in all three directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.kernel import Anchor
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.rules.depthwise import Taps
from chainrule.compiler.target import host
from chainrule.graph.rewrites import rewrite
from chainrule.ops.window import Axis

BOUNDS = {"float64": 1e-12, "float32": 2e-5, "float16": 2e-2}
GEOMETRIES = range(40)


def numbers(seed: int, *shape: int, dtype: str = "float32") -> Any:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(dtype)


def loss(x: Any, w: Any, settings: dict[str, Any]) -> Any:
    y = F.conv2d(cr.relu(x), w, groups=w.shape[0], **settings)
    return (y * y * cr.cos(y)).sum()


def all_directions(settings: dict[str, Any]) -> Any:
    """The loss, and what it gives to data and weight."""

    def f(x: Any, w: Any) -> Any:
        gradients = cr.grad(lambda x, w: loss(x, w, settings), argnums=(0, 1))(x, w)
        return loss(x, w, settings), *gradients

    return f


def geometry(seed: int) -> tuple[Any, Any, dict[str, Any]]:
    """Data, weight and settings of a random convolution; the seed names it."""
    rng = np.random.default_rng(seed)
    kernel, dilation = rng.integers(1, 5, 2), rng.integers(1, 3, 2)
    space = [int(rng.integers((k - 1) * d + 1, 12)) for k, d in zip(kernel, dilation, strict=True)]
    channels, images = int(rng.choice([8, 9, 16, 24, 33, 100])), int(rng.integers(1, 5))
    dtype = "float64" if seed % 2 else "float32"
    x = numbers(seed, images, channels, *space, dtype=dtype)
    w = numbers(seed + 1000, channels, 1, *map(int, kernel), dtype=dtype)
    pairs = {"stride": rng.integers(1, 4, 2), "padding": rng.integers(0, 3, 2), "dilation": dilation}
    return x, w, {name: tuple(map(int, pair)) for name, pair in pairs.items()}


def assert_as_eager(f: Any, *arrays: np.ndarray, bound: float) -> None:
    tensors = [cr.tensor(x) for x in arrays]
    for found, expected in zip(cr.compile(f)(*tensors), f(*tensors), strict=True):
        exact = expected.numpy().astype(np.float64)
        np.testing.assert_allclose(found.numpy(), exact, rtol=bound, atol=bound * np.abs(exact).max())


@pytest.mark.parametrize("seed", GEOMETRIES)
def test_all_directions_of_any_geometry(seed):
    x, w, settings = geometry(seed)
    assert_as_eager(all_directions(settings), x, w, bound=BOUNDS[str(x.dtype)])


@pytest.mark.parametrize("seed", GEOMETRIES)
def test_images_that_are_given_channels_last(seed):
    """Windows that step over them read them as they lie, and nothing in a border."""
    x, w, settings = geometry(seed)
    last = np.ascontiguousarray(x.transpose(0, 2, 3, 1))

    def f(x: Any, w: Any) -> Any:
        y = F.conv2d(cr.transpose(x, (0, 3, 1, 2)), w, groups=w.shape[0], **settings)
        return (cr.transpose(y, (0, 2, 3, 1)),)

    assert_as_eager(f, last, w, bound=BOUNDS[str(x.dtype)])


def test_windows_that_step_over_a_given_image_need_no_copy_of_it():
    f = lambda x, w: F.conv2d(cr.transpose(x, (0, 3, 1, 2)), w, groups=32, padding=1, stride=2)  # noqa: E731
    x, w = numbers(1, 2, 9, 8, 32), numbers(2, 32, 1, 3, 3)
    given = {buffer for step in steps_of(f, x, w) for buffer in step.writes() if buffer.size > x.size // 2}
    assert not given


@pytest.mark.parametrize("dtype", BOUNDS)
def test_sums_are_taken_in_the_type_that_the_row_computes_in(dtype):
    x, w = numbers(1, 3, 16, 9, 8, dtype=dtype), numbers(2, 16, 1, 3, 3, dtype=dtype)
    f = all_directions({"padding": 1, "stride": 2})
    assert_as_eager(f, x, w, bound=BOUNDS[dtype])


def test_one_axis_and_three():
    one = lambda x, w: (F.conv1d(x, w, groups=12, padding=2, stride=2),)  # noqa: E731
    three = lambda x, w: (F.conv3d(x, w, groups=8, padding=1, stride=(1, 2, 1)),)  # noqa: E731
    assert_as_eager(one, numbers(1, 2, 12, 11), numbers(2, 12, 1, 5), bound=2e-5)
    assert_as_eager(three, numbers(1, 2, 8, 4, 5, 6), numbers(2, 8, 1, 2, 3, 2), bound=2e-5)


def test_results_do_not_depend_on_the_number_of_threads():
    f = cr.compile(all_directions({"padding": 1, "stride": 2}))
    x, w = cr.tensor(numbers(1, 8, 48, 16, 16)), cr.tensor(numbers(2, 48, 1, 3, 3))
    before, found = cr.get_threads(), []
    try:
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            found.append([y.numpy().copy() for y in f(x, w)])
    finally:
        cr.set_threads(before)
    for others in found[1:]:
        for a, b in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(a, b)


def test_an_infinity_stays_where_taps_meet_it():
    x = numbers(1, 1, 8, 5, 5)
    x[0, 3, 2, 2] = np.inf
    f = lambda g, w: F.conv_transpose2d(g, w, groups=8, stride=2, padding=1)  # noqa: E731
    g, w = cr.tensor(x), cr.tensor(np.abs(numbers(2, 8, 1, 3, 3)))
    np.testing.assert_array_equal(np.isfinite(cr.compile(f)(g, w).numpy()), np.isfinite(f(g, w).numpy()))


def steps_of(f: Any, *arrays: np.ndarray) -> list[Any]:
    graph, _ = rewrite(cr.record(f, *map(cr.tensor, arrays)))
    lowering = Lowering(graph)
    steps = lowering.run()
    return fused(steps, {*lowering.buffers.values(), *lowering.outputs})


@pytest.mark.parametrize("stride", [1, 2])
def test_nothing_is_copied_and_only_the_weight_has_a_contraction(stride):
    x, w = numbers(1, 4, 32, 8, 8), numbers(2, 32, 1, 3, 3)
    steps = steps_of(all_directions({"padding": 1, "stride": stride}), x, w)
    forms = [step.product.detail.form for step in steps if isinstance(step, Anchor)]
    assert [form.shape for form in forms] == [(32, 9, 1, 4 * (8 // stride) ** 2)]
    names = [{node.op.name for node in step.nodes} for step in steps]
    assert {"reshape"} not in names, "images and groups are merged in memory"


@pytest.mark.parametrize(("kernel", "dtype"), [(7, "float32"), (9, "float64")])
def test_many_taps(kernel, dtype):
    x, w = numbers(1, 2, 24, 11, 12, dtype=dtype), numbers(2, 24, 1, kernel, kernel, dtype=dtype)
    assert_as_eager(all_directions({"padding": kernel // 2}), x, w, bound=10 * BOUNDS[dtype])


def test_lanes_run_along_channels_of_the_weight():
    x, w = numbers(1, 2, 40, 9, 9), numbers(2, 40, 1, 3, 3)
    (anchor,) = (step for step in steps_of(all_directions({}), x, w) if isinstance(step, Anchor))
    assert plan(anchor.product.detail.form, host()).nest.kind is Kind.LANEWISE


@pytest.mark.parametrize(
    ("axis", "counts", "number"),
    [
        (Axis(8, 3, 1, 1, 1, 1, 1), (8, 1), 3),
        (Axis(8, 3, 2, 1, 1, 1, 1), (4, 1), 3),
        (Axis(4, 3, 1, 1, 2, 1, 2), (4, 2), 2),
        (Axis(4, 1, 1, 0, 1, 1, 2), (4, 2), 1),
    ],
)
def test_taps(axis, counts, number):
    taps = Taps(axis)
    assert taps.counts == counts
    assert taps.count == number
    # Every tap of every result is met exactly once.
    for q in range(counts[0]):
        for r in range(counts[1]):
            met = [axis.b * j + taps.shift - r for j in range(number)]
            places = [axis.s * q + axis.d * j - taps.inner.lo for j in range(number)]
            found = {k: p for k, p in zip(met, places, strict=True) if 0 <= k < axis.k and 0 <= p < axis.n}
            p = axis.b * q + r
            expected = {}
            for k in range(axis.k):
                place = axis.s * p + axis.d * k - axis.lo
                if place % axis.b == 0 and 0 <= place // axis.b < axis.n:
                    expected[k] = place // axis.b
            assert found == expected
