"""Pooling of windows that lie apart: computed where its input is; its derivative from a byte a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.loops.kernel import Nest

# Input and window: even and odd rests, windows that are not square, one window, many taps.
CASES = [
    ((2, 16, 8, 6), (2, 2)),
    ((3, 5, 9, 11), (2, 3)),
    ((2, 3, 7, 7), (3, 3)),
    ((1, 4, 5, 5), (5, 5)),
    ((2, 3, 13, 12), (6, 4)),
]


def numbers(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def both_ways(pool: Callable[[Any], Any], seed: int = 0) -> Callable[[Any], Any]:
    """A pooling with its derivative, by fixed weights."""

    def f(x: Any) -> Any:
        def loss(x: Any) -> Any:
            y = pool(x)
            return cr.sum(y * cr.tensor(numbers(seed, y.shape)))

        return pool(x), cr.grad(loss)(x)

    return f


def assert_alike(f: Callable[..., Any], *args: Any, tolerance: float = 1e-5) -> Any:
    compiled = cr.compile(f)
    for made, expected in zip(compiled(*args), f(*args), strict=True):
        np.testing.assert_allclose(made.numpy(), expected.numpy(), rtol=tolerance, atol=tolerance)
    return compiled.recording_for(*args)[0].program


@pytest.mark.parametrize(("shape", "window"), CASES)
@pytest.mark.parametrize("has_relu", [False, True])
def test_values_and_derivatives(shape: tuple[int, ...], window: tuple[int, int], has_relu: bool):
    """Whatever is left over at an end gets a zero as its derivative."""

    def pool(x: Any) -> Any:
        return F.max_pool2d(cr.relu(x) if has_relu else x, window)

    assert_alike(both_ways(pool), cr.tensor(numbers(1, shape)))


def test_the_first_of_equals_and_what_is_no_number():
    """NaN is larger than all numbers; of equal elements the first is meant."""
    x = np.zeros((1, 2, 4, 4), np.float32)
    x[0, 0, :2, :2] = [[1, np.nan], [np.nan, 5]]
    x[0, 0, 2:, :2] = [[-np.inf, -np.inf], [-np.inf, -np.inf]]
    x[0, 1, :2, 2:] = [[np.inf, 3], [np.inf, 2]]
    f = both_ways(lambda x: F.max_pool2d(x, 2))
    for made, expected in zip(cr.compile(f)(cr.tensor(x)), f(cr.tensor(x)), strict=True):
        np.testing.assert_array_equal(made.numpy(), expected.numpy())


def test_relu_of_what_is_no_number():
    """A ReLU takes NaN for zero, before a pooling as well."""
    x = numbers(4, (2, 3, 4, 6))
    x[0, 1, :, :3], x[1, 2, 0, 0] = np.nan, np.inf
    assert_alike(both_ways(lambda x: F.max_pool2d(cr.relu(x), 2)), cr.tensor(x))


@pytest.mark.parametrize("dtype", ["float64", "float16", "int32"])
def test_other_types(dtype: str):
    x = cr.tensor((numbers(5, (2, 3, 6, 7)) * 10).astype(dtype))
    np.testing.assert_array_equal(
        cr.compile(lambda x: F.max_pool2d(x, 2))(x).numpy(), F.max_pool2d(x, 2).numpy()
    )


def training_step(pool: int) -> tuple[Callable[..., Any], Any]:
    """Two blocks of convolution, batch norm, ReLU and pooling, with derivatives."""
    cr.random.seed(3)
    blocks: list[nn.Module] = []
    for ins, outs in ((3, 16), (16, 24)):
        blocks += [nn.Conv2d(ins, outs, 3, padding=1, bias=False), nn.BatchNorm2d(outs)]
        blocks += [nn.ReLU(), nn.MaxPool2d(pool)]
    model = nn.Sequential(*blocks)

    def step(x: Any) -> Any:
        model.zero_grad()
        loss = cr.sum(cr.square(model(x)))
        loss.backward()
        return [p.grad for p in model.parameters()]

    return step, cr.tensor(numbers(7, (6, 3, 21, 18)))


@pytest.mark.parametrize("pool", [2, 3])
def test_nothing_of_full_size_is_kept_between_a_batch_norm_and_a_pooling(pool: int):
    """Normalised values, the ReLU's mask and its results are computed in windows, and nowhere stored."""
    step, x = training_step(pool)
    step(x)
    program = assert_alike(step, x, tolerance=1e-3)
    assert program.report.rewrites["relu behind a pooling"] == 2
    nests = [c.step for c in program.calls if isinstance(c.step, Nest)]
    poolings = [nest for nest in nests if any(node.op.name == "max_pool" for node in nest.nodes)]
    for nest in (nest for nest in poolings if any(node.op.name == "pool_tap" for node in nest.nodes)):
        written = [x for x in nest.writes() if x not in nest.unstored]
        assert np.dtype(np.int8) in [x.dtype for x in written]
        largest = max(x.size for x in nest.reads())
        assert all(x.size <= largest // 2 for x in written), "windows write what they read"
