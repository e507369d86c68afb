"""Stages of compiled steps as text."""

from __future__ import annotations

import re

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.compiler.loops.form import Form
from chainrule.errors import ConfigError
from chainrule.explain import Explanation
from chainrule.explain.stages.formulas import place_text
from chainrule.explain.stages.text import STAGES


def softmax_of_linear(x, w, b):
    return cr.softmax(x @ w + b)


ARGUMENTS = (cr.ones((64, 784)), cr.ones((784, 10)), cr.ones(10))


@pytest.fixture(scope="module")
def found():
    return cr.explain(cr.compile(softmax_of_linear), *ARGUMENTS)


@pytest.fixture
def training():
    """A training step, its model and optimizer, and a batch."""
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = optim.Adam(model.parameters())

    @cr.compile
    def step(x, y):
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    rng = np.random.default_rng(3)
    return step, model, (cr.tensor(rng.normal(size=(5, 6)).astype("f4")), cr.tensor(rng.integers(0, 3, 5)))


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_is_text(found, name):
    assert found.stage(name).strip()


def test_loops_of_softmax_of_a_linear_layer(found):
    product, softmax = found.kernels
    assert product.loops.splitlines()[:3] == [
        "for i < 64, j < 10, k < 784:",
        "  contract.1[i, j] = Σ_k x[i, k] · w[k, j]  # in a register",
        "  add.1[i, j] = contract.1[i, j] + b[j]  # stored",
    ]
    assert softmax.loops.splitlines() == [
        "for i < 64:",
        "  for j < 10:",
        "    max.1[i] = max_j add.1[i, j]  # in a register",
        "  for j < 10:",
        "    exp.1[j] = e^(add.1[i, j] - max.1[i])  # kept for the row",
        "    sum.1[i] = Σ_j exp.1[j]  # in a register",
        "  for j < 10:",
        "    v6[i, j] = exp.1[j]/sum.1[i]  # stored",
    ]


def test_work_is_counted(found):
    product, softmax = found.kernels
    assert product.flops == 2 * 64 * 784 * 10 + 64 * 10
    assert product.nbytes == 4 * (64 * 784 + 784 * 10 + 10 + 64 * 10)
    # A maximum, a difference, an exponential, a sum and a quotient of each element.
    assert softmax.flops == 5 * 64 * 10
    assert softmax.nbytes == 4 * 2 * 64 * 10
    assert softmax.intensity == softmax.flops / softmax.nbytes


def test_kernels_know_the_users_line(found):
    for kernel in found.kernels:
        assert len(kernel.lines) == 1
        assert kernel.lines[0].endswith("return cr.softmax(x @ w + b)")
    assert found.kernels[1].scopes == ["softmax"]
    assert {node.op.name for node in found.kernels[1].nodes} == {"max", "subtract", "exp", "sum", "divide"}


def test_llvm_and_assembly_are_those_of_the_kernel(found):
    assert f"define void @{found.kernels[0].call.function}(" in found.stage("llvm")
    assert f"{found.kernels[0].call.function}:" in found.stage("asm")


def test_memory_lists_every_buffer(found):
    lines = found.stage("memory").splitlines()
    assert len(lines) == 2 + len(found.program.arena.lives)


def test_kernels_are_timed(found):
    assert all(kernel.seconds is not None and kernel.count == 1 for kernel in found.kernels)
    assert 0 < sum(kernel.seconds for kernel in found.kernels) == pytest.approx(found.times.total)
    # The product takes 200 times the operations of the softmax.
    assert found.kernels[0].seconds > found.kernels[1].seconds


def test_the_whole_takes_about_as_long_as_its_kernels():
    n = 512
    found = cr.explain(cr.compile(lambda x: x @ x), cr.ones((n, n)))
    assert found.times.total == pytest.approx(found.times.whole, rel=0.5)


def test_explaining_a_step_changes_nothing(training):
    step, model, batch = training
    before = [p.numpy().copy() for p in model.parameters()]
    cr.explain(step, *batch).stage("time")
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.numpy(), old)


def test_gradients_are_a_graph_of_their_own(training):
    step, _, batch = training
    found = cr.explain(step, *batch, stages="gradient graph").stage("gradient graph")
    assert found.startswith('graph "∂step"(')
    operations = [line for line in found.splitlines() if re.match(r"  [\w.]+: .* = \w+\(", line)]
    assert operations
    assert all("∂" in line for line in operations)


def test_derivatives_are_marked(training):
    step, _, batch = training
    kernels = cr.explain(step, *batch, stages="loops").kernels
    assert any(kernel.is_derivative for kernel in kernels)
    assert not all(kernel.is_derivative for kernel in kernels)


def test_rewrites_are_counted(training):
    step, _, batch = training
    found = cr.explain(step, *batch, stages="graph")
    shown = found.stage("graph")
    assert f"as recorded: {len(found.graph.nodes)} operations" in shown
    for name, count in found.program.report.rewrites.items():
        assert f"{name} × {count}" in shown


def test_kernels_of_a_loop_are_counted_as_often_as_they_run():
    def running(x):
        return cr.scan(lambda c, row: (c + cr.exp(row), c), cr.zeros(4), x)[0]

    found = cr.explain(cr.compile(running), cr.ones((7, 4)))
    (repeated,) = [kernel for kernel in found.kernels if kernel.count != 1]
    assert repeated.count == 7
    assert "(7 times)" in found.stage("time")
    assert "x[t][i]" in repeated.loops


def test_convolutions_read_guarded_windows():
    shapes = cr.ones((2, 1, 5, 5)), cr.ones((3, 1, 3, 3))
    found = cr.explain(lambda x, w: nn.functional.conv2d(x, w, padding=1), *shapes, stages="loops")
    text = found.stage("loops")
    assert "Σ_" in text
    assert "if 0 ≤ -1 + " in text


def test_what_numpy_does_is_said():
    with pytest.warns(cr.errors.FallbackWarning):
        found = cr.explain(cr.compile(lambda x: cr.linalg.cholesky(x)), cr.eye(3))
    assert len([kernel for kernel in found.kernels if kernel.kind == "numpy"]) == len(
        found.program.report.fallbacks
    )
    assert "left to NumPy" in found.stage("llvm")


def test_a_plain_function_is_compiled_where_stages_are_wanted():
    found = cr.explain(lambda x: cr.exp(x), cr.ones(3), stages=["loops"])
    assert found.stage("loops").splitlines()[-2:] == ["  for i < 3:", "    v0[i] = e^x[i]  # stored"]


def test_no_stages_of_a_compiled_step_are_its_numbers():
    found = cr.explain(cr.compile(lambda x: cr.exp(x)), 2.0, stages=())
    assert isinstance(found, Explanation)
    assert "e^" in found.text()


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (Form(0, (10, 1)), "i, j"),
        (Form(0, (0, 1)), "j"),
        (Form(0, (1, 64)), "j, i"),
        (Form(0, (20, 1)), "20·i + j"),
        (Form(9, (10, -1)), "9 + 10·i - j"),
        (Form(0, (0, -1)), "-j"),
        (Form(0, (0, 0)), ""),
        (Form(4, (0, 0)), "4"),
    ],
)
def test_places(form, shown):
    assert place_text(form, (64, 10), ("i", "j")) == shown


def test_states_are_restored_after_an_error():
    table = cr.State(np.arange(4.0), name="table")

    @cr.compile
    def step(i):
        table.assign(table.detach() + 1.0)
        return table[i]

    with pytest.raises(cr.errors.OutOfRangeError, match="index 9 is out of range"):
        cr.explain(step, cr.tensor([9])).stage("time")
    np.testing.assert_array_equal(table.numpy(), np.arange(4.0))


def test_a_cotangent_has_no_stages():
    with pytest.raises(ConfigError, match=r"a cotangent has no part\. Give one of the two"):
        cr.explain(lambda x: cr.exp(x), cr.ones(3), cotangent=cr.ones(3), stages="loops")


def test_a_cotangent_of_a_compiled_step_gives_its_numbers():
    found = cr.explain(cr.compile(lambda x: cr.exp(x)), cr.zeros(3), cotangent=cr.ones(3))
    assert isinstance(found, Explanation)
    np.testing.assert_array_equal(found.gradients["x"], np.ones(3))


@pytest.mark.parametrize("stages", [3, ["loops", 3], "loop", {"loops": 1, "x": 2}])
def test_stages_that_are_none(stages):
    with pytest.raises(ConfigError, match="there is no stage"):
        cr.explain(lambda x: cr.exp(x), cr.ones(3), stages=stages)


def test_unknown_stage(found):
    with pytest.raises(ConfigError, match=r"no stage loop\. Did you mean loops\? Stages are graph, "):
        found.stage("loop")


def test_stage_that_was_not_asked_for():
    found = cr.explain(lambda x: cr.exp(x), cr.ones(3), stages="loops")
    with pytest.raises(ConfigError, match=r"stage time was not asked for\. Asked for were loops"):
        found.stage("time")


def test_backend_without_stages():
    with pytest.raises(ConfigError, match="backend='numpy', which has no stages"):
        cr.explain(cr.compile(lambda x: cr.exp(x), backend="numpy"), cr.ones(3))


def test_chinese(found, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    shown = found.text()
    assert "内核" in shown
    assert "在寄存器中" in cr.explain(softmax_of_linear, *ARGUMENTS, stages="loops").text()
