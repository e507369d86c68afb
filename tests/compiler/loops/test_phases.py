"""Convolutions of spread data, phase by phase: the same numbers, and no product with an inserted zero."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.kernel import Anchor
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.rules.depthwise import Taps
from chainrule.compiler.loops.rules.phases import Phase
from chainrule.graph.rewrites import rewrite
from chainrule.ops.window import Axis

BOUNDS = {"float64": 1e-12, "float32": 4e-5, "float16": 2e-2}
CONVOLUTIONS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def numbers(seed: int, *shape: int, dtype: str = "float32") -> Any:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(dtype)


def all_directions(convolution: Any, settings: dict[str, Any]) -> Any:
    """A loss, and what it gives to data and weight."""

    def loss(x: Any, w: Any) -> Any:
        y = convolution(cr.relu(x), w, **settings)
        return (y * y * cr.cos(y)).sum()

    return lambda x, w: (loss(x, w), *cr.grad(loss, argnums=(0, 1))(x, w))


def some_settings(rng: np.random.Generator, ndim: int) -> dict[str, Any]:
    ranges = {"stride": (1, 5 if ndim < 3 else 3), "padding": (0, 4), "dilation": (1, 3)}
    pairs = {name: tuple(map(int, rng.integers(*ends, ndim))) for name, ends in ranges.items()}
    return {**pairs, "groups": int(rng.choice([1, 1, 2, 3]))}


def channels(rng: np.random.Generator, groups: int) -> tuple[int, int]:
    ins, outs = (groups * int(rng.choice([1, 2, 3, 8, 17])) for _ in range(2))
    return ins, outs


def strided(seed: int) -> tuple[Any, Any, Any]:
    """A random convolution in all directions, its data and weight; the seed names it."""
    rng = np.random.default_rng(seed)
    ndim = 1 + seed % 3
    settings = some_settings(rng, ndim)
    ins, outs = channels(rng, settings["groups"])
    kernel = tuple(map(int, rng.integers(1, 6 if ndim < 3 else 4, ndim)))
    least = [
        max(1, (k - 1) * d + 1 - 2 * p)
        for k, d, p in zip(kernel, settings["dilation"], settings["padding"], strict=True)
    ]
    space = [n + int(rng.integers(0, 7)) for n in least]
    dtype = "float64" if seed % 2 else "float32"
    x = numbers(seed, int(rng.integers(1, 4)), ins, *space, dtype=dtype)
    w = numbers(seed + 1000, outs, ins // settings["groups"], *kernel, dtype=dtype)
    return all_directions(CONVOLUTIONS[ndim], settings), x, w


def transposed(seed: int) -> tuple[Any, Any, Any]:
    """The same for a random transposed convolution."""
    rng = np.random.default_rng(seed)
    ndim = 1 + seed % 3
    settings = some_settings(rng, ndim)
    ins, outs = channels(rng, settings["groups"])
    kernel = tuple(map(int, rng.integers(1, 6 if ndim < 3 else 4, ndim)))
    steps = list(zip(settings["stride"], settings["dilation"], strict=True))
    settings["output_padding"] = tuple(int(rng.integers(0, max(pair))) for pair in steps)
    # The result has at least one element if the data has so many.
    space = [
        2 * p // s + 1 + int(rng.integers(0, 5))
        for p, s in zip(settings["padding"], settings["stride"], strict=True)
    ]
    dtype = "float64" if seed % 2 else "float32"
    x = numbers(seed, int(rng.integers(1, 4)), ins, *space, dtype=dtype)
    w = numbers(seed + 1000, ins, outs // settings["groups"], *kernel, dtype=dtype)
    return all_directions(TRANSPOSED[ndim], settings), x, w


def assert_as_eager(f: Any, *arrays: np.ndarray, bound: float) -> None:
    tensors = [cr.tensor(x) for x in arrays]
    for found, expected in zip(cr.compile(f)(*tensors), f(*tensors), strict=True):
        exact = expected.numpy().astype(np.float64)
        np.testing.assert_allclose(found.numpy(), exact, rtol=bound, atol=bound * np.abs(exact).max())


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("random", [strided, transposed])
def test_all_directions_of_any_geometry(random, seed):
    f, x, w = random(seed)
    assert_as_eager(f, x, w, bound=BOUNDS[str(x.dtype)])


def test_a_stride_longer_than_the_kernel_leaves_zeros():
    f = all_directions(F.conv2d, {"stride": (3, 2)})
    assert_as_eager(f, numbers(1, 2, 5, 9, 8), numbers(2, 4, 5, 1, 2), bound=4e-5)


def test_sums_of_half_precision_are_rounded_once():
    f = all_directions(F.conv2d, {"stride": 2, "padding": 1})
    x, w = numbers(1, 2, 16, 9, 8, dtype="float16"), numbers(2, 24, 16, 3, 3, dtype="float16")
    assert_as_eager(f, x / 4, w / 4, bound=BOUNDS["float16"])


def test_results_do_not_depend_on_the_number_of_threads():
    f = cr.compile(all_directions(F.conv2d, {"padding": 1, "stride": 2}))
    x, w = cr.tensor(numbers(1, 8, 48, 16, 16)), cr.tensor(numbers(2, 32, 48, 3, 3))
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
    f = lambda g, w: F.conv_transpose2d(g, w, stride=2, padding=1)  # noqa: E731
    g, w = cr.tensor(x), cr.tensor(np.abs(numbers(2, 8, 16, 3, 3)))
    np.testing.assert_array_equal(np.isfinite(cr.compile(f)(g, w).numpy()), np.isfinite(f(g, w).numpy()))


def kernels_of(f: Any, *arrays: np.ndarray) -> list[Any]:
    graph, _ = rewrite(cr.record(f, *map(cr.tensor, arrays)))
    lowering = Lowering(graph)
    steps = lowering.run()
    return fused(steps, {*lowering.buffers.values(), *lowering.outputs})


def multiplications(kernels: list[Any]) -> list[int]:
    return [step.product.detail.form.multiplications for step in kernels if isinstance(step, Anchor)]


@pytest.mark.parametrize(("stride", "phases"), [((2, 2), 4), ((1, 3), 1), ((2, 1), 2)])
def test_each_phase_is_a_product_with_its_own_taps(stride, phases):
    f = lambda g, w: (F.conv_transpose2d(g, w, stride=stride),)  # noqa: E731
    found = multiplications(kernels_of(f, numbers(1, 2, 8, 5, 6), numbers(2, 8, 16, 3, 3)))
    assert len(found) == phases
    # Pairs of a result p and a tap k that meet an element, or one of the border.
    pairs = [
        sum((p + k - 2) % s == 0 for p in range((n - 1) * s + 3) for k in range(3))
        for n, s in zip((5, 6), stride, strict=True)
    ]
    assert sum(found) == 2 * 8 * 16 * math.prod(pairs)


def test_results_that_no_tap_meets_are_zeros_without_a_product():
    f = lambda g, w: (F.conv_transpose2d(g, w, stride=2, output_padding=1),)  # noqa: E731
    arrays = numbers(1, 2, 8, 4, 4), numbers(2, 8, 16, 1, 1)
    assert multiplications(kernels_of(f, *arrays)) == [2 * 8 * 16 * 4 * 4]
    assert_as_eager(f, *arrays, bound=4e-5)


def test_many_phases_stay_one_product():
    f = lambda g, w: (F.conv_transpose2d(g, w, stride=5),)  # noqa: E731
    assert len(multiplications(kernels_of(f, numbers(1, 1, 8, 3, 3), numbers(2, 8, 16, 6, 6)))) == 1


def test_phases_that_are_alike_are_columns_of_one_product_with_what_follows_on_it():
    f = lambda g, w, b: (cr.relu(F.conv_transpose2d(g, w, stride=4) + b),)  # noqa: E731
    arrays = numbers(1, 2, 8, 5, 6), numbers(2, 8, 16, 4, 4), numbers(3, 16, 1, 1)
    kernels = [step for step in kernels_of(f, *arrays) if isinstance(step, Anchor)]
    assert multiplications(kernels) == [2 * 5 * 6 * 8 * 16 * 16]
    assert kernels[0].members, "bias and ReLU are computed on the accumulators"
    assert_as_eager(f, *arrays, bound=4e-5)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("kernel", [(6, 6), (4, 3), (2, 6, 1), (10,)])
def test_windows_side_by_side_in_all_directions(kernel, groups):
    """As patches are embedded: each element is met once."""
    settings = {"stride": kernel, "groups": groups}
    f = all_directions(CONVOLUTIONS[len(kernel)], settings)
    space = [k * n for k, n in zip(kernel, (2, 3, 2), strict=False)]
    x = numbers(1, 2, 3 * groups, *space, dtype="float64")
    assert_as_eager(f, x, numbers(2, 4 * groups, 3, *kernel, dtype="float64"), bound=1e-12)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("apart", [2, 3, 4])
@pytest.mark.parametrize("before", [-2, 0, 1, 3])
def test_phases_meet_every_tap_once(kernel, apart, before):
    axis = Axis(5, kernel, 1, before, 2, 1, apart)
    taps, met = Taps(axis), set()
    for r in range(apart):
        phase = Phase(taps, r)
        for q in range(phase.results):
            for number, j in enumerate(phase.met):
                tap = phase.first_tap + apart * number
                assert 0 <= tap < kernel
                met.add((apart * q + r, tap, q + j - taps.inner.lo))
    places = {(p, k): p + k - before for p in range(axis.m) for k in range(kernel)}
    expected = {(p, k, at // apart) for (p, k), at in places.items() if at % apart == 0}
    assert met == expected
