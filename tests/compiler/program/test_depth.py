"""Deep networks: what it takes to compile them grows as they do, and equal layers have equal code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.compiler.loops import fuse
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.program.program import Program
from chainrule.errors import GraphError

X, Y = np.linspace(-1, 1, 40, dtype=np.float32).reshape(8, 5), np.arange(8) % 3


def step_of(depth: int) -> Callable[[], Any]:
    """A training step of a network of equal layers."""
    cr.random.seed(0)
    layers = [part for _ in range(depth) for part in (nn.Linear(5, 5), nn.ReLU())]
    model, x, y = nn.Sequential(*layers, nn.Linear(5, 3)), cr.tensor(X), cr.tensor(Y)
    optimizer, loss_of = optim.Adam(model.parameters()), nn.CrossEntropyLoss()

    def step() -> Any:
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def program_of(function: Callable[..., Any], *args: Any) -> Program:
    compiled = cr.compile(function)
    compiled(*args)
    (recording,) = compiled._signatures
    return recording.program


def kernels_of(program: Program) -> list[KernelCall]:
    return [call for call in program.calls if isinstance(call, KernelCall)]


def python_calls(function: Callable[[], Any]) -> int:
    """How many functions of Python are called: the same at each run, unlike a time."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def test_calls_of_python_grow_as_the_depth_does():
    program_of(step_of(2))  # what is made once in a process
    eight, sixteen, thirty_two = (python_calls(lambda d=d: program_of(step_of(d))) for d in (8, 16, 32))
    growth = (thirty_two - sixteen) / (sixteen - eight)
    # 2 for a line, 4 for a parabola; a little less than a line, since layers share their code.
    assert growth <= 2, (eight, sixteen, thirty_two)


def test_equal_layers_have_equal_code():
    of_eight, of_sixteen = (program_of(step_of(depth)).report for depth in (8, 16))
    assert of_sixteen.kernels > 1.7 * of_eight.kernels
    assert of_sixteen.distinct <= 1.3 * of_eight.distinct


def test_kernels_that_share_only_what_they_read_stay_small():
    kernels = kernels_of(program_of(step_of(16)))
    widest = max(len(kernel.buffers) for kernel in kernels)
    assert fuse._MOST_BUFFERS // 2 < widest <= fuse._MOST_BUFFERS_OF_CHAINS
    # All updates read the learning rate: in one kernel they would have two hundred buffers. One that is
    # begun within the bound is completed beyond it.
    updates = [k for k in kernels if sum(x.kind == "state" for x in k.step.writes()) > 3]
    assert updates
    assert max(len(kernel.buffers) for kernel in updates) <= fuse._MOST_BUFFERS + 8


def test_a_long_chain_is_cut_into_kernels_of_a_bounded_size():
    def chain(x: Any) -> Any:
        kept = []
        for k in range(300):
            x = cr.sin(x) + k
            kept.append(x)
        return kept

    x = cr.tensor(X)
    compiled = cr.compile(chain)
    found = compiled(x)
    (recording,) = compiled._signatures
    kernels = kernels_of(recording.program)
    assert 1 < len(kernels) < 12
    assert max(len(kernel.buffers) for kernel in kernels) <= fuse._MOST_BUFFERS_OF_CHAINS
    for got, expected in zip(found, chain(x), strict=True):
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_rests_while_a_function_is_compiled(enabled):
    seen = []

    def note(x: Any) -> Any:
        seen.append(gc.isenabled())
        return x + 1

    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        cr.compile(note)(cr.tensor(X))
        assert gc.isenabled() is enabled
        assert seen == [False]
        with pytest.raises(GraphError):
            cr.compile(lambda x: x if x.sum() > 0 else -x)(cr.tensor(X))
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
