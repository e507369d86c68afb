"""Hooks around the forward and the backward pass."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule import nn


def test_forward_hooks_see_and_replace():
    layer, seen = nn.Linear(2, 2), []
    layer.register_forward_pre_hook(lambda module, args: (args[0] * 2,))
    layer.register_forward_hook(lambda module, args, result: seen.append((module, args[0].tolist())))
    last = layer.register_forward_hook(lambda module, args, result: result * 0)
    x = cr.tensor([1.0, 2.0])
    assert layer(x).tolist() == [0.0, 0.0]
    assert seen == [(layer, [2.0, 4.0])]
    last.remove()
    last.remove()
    expected = (x * 2) @ layer.weight.T + layer.bias
    np.testing.assert_allclose(layer(x).numpy(), expected.numpy(), rtol=1e-6)


def test_handle_is_a_context():
    layer, seen = nn.ReLU(), []
    with layer.register_forward_hook(lambda *call: seen.append(call)):
        layer(cr.ones(2))
    layer(cr.ones(2))
    assert len(seen) == 1


def test_backward_hook_sees_the_gradients_of_inputs_and_results(rng):
    layer, seen = nn.Linear(3, 2), []
    layer.register_full_backward_hook(lambda module, by_input, by_output: seen.append((by_input, by_output)))
    x = cr.tensor(rng.standard_normal((4, 3)).astype(np.float32), requires_grad=True)
    v = rng.standard_normal((4, 2)).astype(np.float32)
    (layer(x) * v).sum().backward()
    ((by_input,), (by_output,)) = seen[0]
    np.testing.assert_array_equal(by_output.numpy(), v)
    np.testing.assert_array_equal(by_input.numpy(), x.grad.numpy())
    np.testing.assert_allclose(x.grad.numpy(), v @ layer.weight.numpy(), rtol=1e-5, atol=1e-6)
    assert layer.weight.grad is not None and len(seen) == 1


def test_backward_hook_without_a_gradient_by_the_input():
    layer, seen = nn.Linear(3, 2), []
    layer.register_full_backward_hook(lambda module, by_input, by_output: seen.append(by_input))
    layer(cr.ones((4, 3))).sum().backward()
    assert seen == [(None,)]


def test_backward_hook_replaces_the_gradient_by_the_input():
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    second.register_full_backward_hook(lambda module, by_input, by_output: (by_input[0] * 0,))
    second(first(cr.ones((1, 2)))).sum().backward()
    assert first.weight.grad.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert (second.weight.grad.numpy() != 0).any()


def test_backward_hook_of_a_layer_with_several_results():
    layer, norms = nn.LSTM(2, 3), []
    layer.register_full_backward_hook(
        lambda module, by_input, by_output: norms.append([g is None for g in by_output])
    )
    output, (_, c) = layer(cr.ones((4, 1, 2)))
    (output.sum() + c.sum()).backward()
    assert norms == [[False, True, False]]


def test_hooks_change_neither_results_nor_derivatives(rng):
    plain = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double()
    x = rng.standard_normal((5, 3))
    expected = plain(x).numpy()
    plain(x).sum().backward()
    gradients = [p.grad.numpy() for p in plain.parameters()]
    plain.zero_grad()
    for module in plain.modules():
        module.register_full_backward_hook(lambda *call: None)
    np.testing.assert_array_equal(plain(x).numpy(), expected)
    plain(x).sum().backward()
    for p, g in zip(plain.parameters(), gradients, strict=True):
        np.testing.assert_array_equal(p.grad.numpy(), g)
    cr.check_gradients(plain, x)


def test_gradient_norms_of_a_recorded_step():
    """A hook's own results can be outputs of a recording."""
    layer = nn.Linear(3, 2)
    norms = []
    layer.register_full_backward_hook(
        lambda module, by_input, by_output: norms.append(cr.sum(by_output[0] ** 2))
    )

    def step(x):
        norms.clear()
        layer(x).sum().backward()
        return norms[0]

    graph = cr.record(step, cr.ones((4, 3)))
    assert graph(cr.ones((4, 3)))[0].item() == 8.0
