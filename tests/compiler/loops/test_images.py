"""Large batches go through the beginning of a network by a few images at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.options import Options
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import RepeatCall
from chainrule.compiler.program.prepared import is_prepared
from chainrule.compiler.program.program import Program
from chainrule.compiler.target import host

# Caches of a small processor, so that small networks overflow them.
SMALL = replace(host(), caches=replace(host().caches, l1=1 << 13, l2=1 << 14, l3=1 << 16))


def array(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


class Block(nn.Module):
    """Convolutions of all kinds, with padding and strides, a residual, and a product at the end."""

    def __init__(self) -> None:
        self.first = nn.Conv2d(3, 16, 3, padding=1)
        self.norm = nn.BatchNorm2d(16)
        self.depthwise = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.strided = nn.Conv2d(16, 24, 3, stride=2, padding=1)
        self.last = nn.Linear(24, 10)

    def __call__(self, x: Any) -> Any:
        x = cr.relu(self.norm(self.first(x)))
        x = x + cr.relu(self.depthwise(x))
        x = F.max_pool2d(cr.relu(self.strided(x)), 2)
        return self.last(x.mean(axis=(2, 3)))


def program(f: Any, *tensors: Any, **options: bool) -> Program:
    with cr.no_grad():
        return build(cr.record(f, *tensors), Options(**options), SMALL)


def lengths(found: Program) -> list[int]:
    """Groups of each loop."""
    return [call.step.length for call in found.calls_in_order if isinstance(call, RepeatCall)]


def results(found: Program, *arrays: np.ndarray) -> list[np.ndarray]:
    """Of one thread and of two; they must be the same."""
    before, runs = cr.get_threads(), []
    try:
        for threads in (1, 2):
            cr.set_threads(threads)
            runs.append([x.copy() for x in found.run(list(arrays))])
    finally:
        cr.set_threads(before)
    for first, second in zip(*runs, strict=True):
        np.testing.assert_array_equal(first, second)
    return runs[0]


def network() -> Any:
    cr.random.seed(5)
    model = Block()
    model.eval()
    return model


@pytest.mark.parametrize("winograd", [False, True])
@pytest.mark.parametrize(("images", "groups"), [(6, 3), (15, 5), (16, 8)])
def test_groups_of_images_give_what_the_whole_batch_does(images, groups, winograd):
    model, x = network(), cr.tensor(array(images, 3, 14, 14))
    found = program(model, x, winograd=winograd)
    assert lengths(found) == [groups]
    with cr.no_grad():
        wanted = model(x).numpy()
    np.testing.assert_allclose(results(found, x.numpy())[0], wanted, rtol=1e-4, atol=1e-5)


def test_values_between_steps_take_the_memory_of_one_group():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))
    with cr.no_grad():
        whole = build(cr.record(model, x))
    assert 2 * program(model, x).report.arena < whole.report.arena


def test_weights_are_packed_once_for_all_groups_and_calls():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))
    found = program(model, x)
    inside = [
        call for loop in found.calls_in_order if isinstance(loop, RepeatCall) for call in loop.parts["body"]
    ]
    assert inside and not any(map(is_prepared, inside))


def test_values_that_others_read_are_left_for_the_whole_batch():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))

    def f(x):
        y = cr.relu(model.first(x))
        return model(x), y, y.mean(axis=0)

    found = program(f, x)
    assert lengths(found)
    with cr.no_grad():
        wanted = [y.numpy() for y in f(x)]
    for ours, other in zip(results(found, x.numpy()), wanted, strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-4, atol=1e-5)


def test_what_depends_on_all_images_stands_before_the_loop():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))
    found = program(lambda x: model(x - x.mean(axis=0)), x)
    assert lengths(found)
    with cr.no_grad():
        wanted = model(x - x.mean(axis=0)).numpy()
    np.testing.assert_allclose(results(found, x.numpy())[0], wanted, rtol=1e-4, atol=1e-5)


def test_what_fits_into_the_caches_is_not_cut():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))
    with cr.no_grad():
        assert not lengths(build(cr.record(model, x)))


def test_a_program_that_assigns_states_is_not_cut():
    model, x = network(), cr.tensor(array(16, 3, 14, 14))
    model.train()
    assert not lengths(program(model, x))


def test_large_weights_keep_the_batch_together():
    w = cr.tensor(array(256, 256))
    x = cr.tensor(array(64, 256))

    def f(x):
        for _ in range(6):
            x = cr.tanh(x @ w)
        return x

    assert not lengths(program(f, x))
