"""Nests that read neighbouring places are computed in tiles of points, and read a place once for a tile."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.emit.neighbours import tiling_of
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.program.program import Program
from chainrule.compiler.target import host

LANES = host().vector_bytes // 4


def array(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def program(f: Any, *arrays: np.ndarray) -> Program:
    return build(cr.record(f, *map(cr.tensor, arrays)))


def tiled(found: Program) -> list[KernelCall]:
    """The kernels that are computed in tiles of points."""
    return [
        call
        for call in found.calls
        if isinstance(call, KernelCall)
        and isinstance(call.step, Nest)
        and tiling_of(call.step, LANES) is not None
    ]


def agree(f: Any, *arrays: np.ndarray) -> None:
    """As eager, and bitwise the same for any number of threads."""
    found, before, runs = program(f, *arrays), cr.get_threads(), []
    assert tiled(found)
    try:
        for threads in (1, 2):
            cr.set_threads(threads)
            runs.append(found.run(list(arrays))[0].copy())
    finally:
        cr.set_threads(before)
    np.testing.assert_array_equal(*runs)
    np.testing.assert_allclose(runs[0], f(*map(cr.tensor, arrays)).numpy(), rtol=1e-4, atol=1e-4)


def depthwise(stride: int = 1, dilation: int = 1) -> Any:
    """A convolution of single channels; images lie channels-last."""

    def f(x: Any, w: Any) -> Any:
        x = cr.relu(cr.moveaxis(x, -1, 1))
        return cr.relu(F.conv2d(x, w, None, stride, dilation, dilation, groups=w.shape[0]))

    return f


@pytest.mark.parametrize("channels", [8, LANES, 3 * LANES, 2 * LANES + 5])
@pytest.mark.parametrize("space", [(14, 14), (7, 11), (28, 3), (1, 40)])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_depthwise_convolutions_of_odd_extents(space, channels, stride, dilation):
    x, w = array(3, *space, channels), array(channels, 1, 3, 3, seed=1)
    agree(depthwise(stride, dilation), x, w)


def test_one_axis_and_larger_kernels():
    x, w = array(2, 60, 40), array(40, 1, 5, seed=1)
    agree(lambda x, w: F.conv1d(cr.exp(cr.moveaxis(x, -1, 1)), w, padding=2, groups=40), x, w)
    x, w = array(2, 19, 23, 24), array(24, 1, 5, 5, seed=1)
    agree(lambda x, w: F.conv2d(cr.exp(cr.moveaxis(x, -1, 1)), w, padding=2, groups=24), x, w)


def test_a_place_is_loaded_once_for_all_points_of_a_tile():
    found = program(depthwise(), array(1, 28, 28, 4 * LANES), array(4 * LANES, 1, 3, 3, seed=1))
    (call,) = tiled(found)
    sizes = [split.largest for split in tiling_of(call.step, LANES)]
    points, loads = np.prod(sizes), len(re.findall(r"load <\d+ x float>", call.text))
    assert points > 2
    assert loads == 9 + np.prod([size + 2 for size in sizes[-2:]]) < 18 * points


def test_what_reads_each_place_once_is_not_tiled():
    x, b = array(50, 60, 64), array(64, seed=1)
    assert not tiled(program(lambda x, b: cr.tanh(x) * b + x, x, b))


def test_small_images_are_left_to_all_threads():
    found = program(depthwise(), array(1, 3, 3, 960), array(960, 1, 3, 3, seed=1))
    assert not tiled(found)
