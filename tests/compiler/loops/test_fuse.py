"""Which definitions share a kernel: counts for well-known functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.program.build import build
from chainrule.compiler.program.program import Program


def program(f: Callable[..., Any], *shapes: tuple[int, ...]) -> Program:
    rng = np.random.default_rng(0)
    arrays = [rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes]
    graph = cr.record(f, *map(cr.tensor, arrays))
    found = build(graph)
    for y, z in zip(found.run(arrays), graph(*arrays), strict=True):
        np.testing.assert_allclose(y, z.data, rtol=2e-5, atol=2e-6)
    return found


def layer_norm(x: Any, g: Any, b: Any) -> Any:
    mean = cr.mean(x, axis=-1, keepdims=True)
    return (x - mean) / cr.sqrt(cr.var(x, axis=-1, keepdims=True) + 1e-5) * g + b


def cross_entropy(x: Any, y: Any) -> Any:
    return -cr.sum(cr.log_softmax(x, axis=-1) * y, axis=-1)


def adam(p: Any, g: Any, m: Any, v: Any) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    return p - 0.01 * (m / 0.1) / (cr.sqrt(v / 0.001) + 1e-8), m, v


ROW_BY_ROW = {
    "chain": (lambda x, y: cr.tanh(x * y + 1.0) - x, [(8, 40), (8, 40)]),
    "softmax": (lambda x: cr.softmax(x, axis=-1), [(8, 40)]),
    "log_softmax": (lambda x: cr.log_softmax(x, axis=-1), [(8, 40)]),
    "layer_norm": (layer_norm, [(8, 40), (40,), (40,)]),
    "cross_entropy": (cross_entropy, [(8, 40), (8, 40)]),
    "adam": (adam, [(9, 50)] * 4),
    "transposed": (lambda x: cr.transpose(x, (1, 0)) * 2.0, [(8, 40)]),
}


@pytest.mark.parametrize("name", ROW_BY_ROW)
def test_is_one_kernel(name):
    f, shapes = ROW_BY_ROW[name]
    assert program(f, *shapes).report.kernels == 1


def test_batch_norm_folds_columns_and_then_normalises():
    def batch_norm(x: Any) -> Any:
        mean, var = cr.mean(x, axis=0), cr.var(x, axis=0)
        return (x - mean) / cr.sqrt(var + 1e-5)

    found = program(batch_norm, (30, 40))
    nests = [call.step for call in found.calls if isinstance(call.step, Nest)]
    assert any(nest.columns for nest in nests)
    assert len(nests) <= 5


def test_bias_and_activation_are_computed_on_the_accumulators():
    found = program(lambda x, w, b: cr.relu(x @ w + b), (8, 16), (16, 32), (32,))
    (call,) = found.calls
    assert isinstance(call.step, Anchor)
    assert call.step.result in call.step.local


def test_the_gradient_of_a_softmax_shares_its_rows():
    found = program(lambda x, g: cr.vjp(cr.softmax, x)[1](g)[0], (8, 40), (8, 40))
    assert found.report.kernels == 1


def test_the_gradient_of_attention_reads_no_exponentials():
    def attention(x: Any, v: Any, g: Any) -> Any:
        return cr.vjp(lambda x, v: cr.softmax(x, axis=-1) @ v, x, v)[1](g)

    found = program(attention, (3, 8, 40), (3, 40, 6), (3, 8, 6))
    nests = [call.step for call in found.calls if isinstance(call.step, Nest)]
    (backward,) = [nest for nest in nests if any(x.name.startswith("contract") for x in nest.reads())]
    large = [x for x in backward.reads() if x.size == 3 * 8 * 40]
    assert len(large) == 2, "the quotients, and what comes back for them"


def test_overwriting_waits_for_readers():
    s = cr.State(np.arange(6.0, dtype=np.float32))

    def step(x: Any) -> Any:
        y = cr.flip(s, (0,)) + x
        s.assign(s * 2.0)
        return y

    x = np.ones(6, np.float32)
    found = build(cr.record(step, x))
    (y,) = found.run([x])
    np.testing.assert_array_equal(y, np.arange(6.0)[::-1] + 1)
    np.testing.assert_array_equal(s.data, np.arange(6.0) * 2)


def test_parts_of_what_is_joined_are_one_kernel():
    """Each part is written to its own place by the kernel that makes what they are made of."""

    def gates(x: Any, y: Any) -> Any:
        h = cr.tanh(x * y)
        return cr.concatenate([h * x, h + y, h * h * y, x - h], axis=1)

    assert program(gates, (8, 40), (8, 40)).report.kernels == 1
    assert program(lambda x: cr.concatenate([x, x * 2.0], axis=0), (8, 40)).report.kernels == 1


def test_parts_of_different_sizes_are_kernels_of_their_own():
    assert program(lambda x: cr.concatenate([x, x[:, :7] * 2.0], axis=1), (8, 40)).report.kernels == 2


def test_what_a_part_overwrites_is_written_before_it():
    def spread(x: Any) -> Any:
        return cr.pad(x * 2.0, ((1, 1), (2, 0))) + 1.0

    program(spread, (8, 40))


def test_sums_that_were_alone_join_what_comes_to_read_the_same():
    """When y is summed nothing else reads it yet; the sum of products comes to."""

    def f(x: Any, y: Any) -> Any:
        deviation = x - cr.mean(x, axis=0)
        spread = cr.sum(deviation * deviation, axis=0)
        return spread, cr.sum(y, axis=0), cr.sum(deviation * y, axis=0)

    made = program(f, (600, 40), (600, 40))
    large = [call.step for call in made.making.calls if any(x.size >= 600 * 40 for x in call.step.reads())]
    assert [len(step.members) for step in large] == [1, 3]


def test_a_sum_of_old_elements_does_not_move_behind_their_assignment():
    state = cr.nn.Parameter(np.ones((600, 40), np.float32))

    @cr.compile
    def step(x: Any) -> Any:
        before = cr.sum(state, axis=0)
        state.assign(state * 2.0 + x)
        return before, cr.sum(state * x, axis=0)

    x = cr.tensor(np.full((600, 40), 3.0, np.float32))
    before, after = step(x)
    np.testing.assert_array_equal(before.numpy(), np.full(40, 600.0))
    np.testing.assert_array_equal(after.numpy(), np.full(40, 600 * 5 * 3.0))
