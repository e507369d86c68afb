"""Recurrent layers: lengths, directions, cells."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.core import tree

each_kind = pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
LENGTHS = [4, 1, 6, 0]


def leaves(result):
    return [y.numpy() for y in tree.leaves(result)]


@each_kind
@pytest.mark.parametrize("bidirectional", [False, True])
def test_lengths_give_what_each_sequence_gives_alone(kind, bidirectional, rng):
    layer = kind(3, 2, num_layers=2, bidirectional=bidirectional).double()
    x = rng.standard_normal((6, 4, 3))
    output, *states = leaves(layer(x, lengths=LENGTHS))
    for i, length in enumerate(LENGTHS[:3]):
        alone, *states_alone = leaves(layer(x[:length, i]))
        np.testing.assert_allclose(output[:length, i], alone, rtol=1e-12)
        assert (output[length:, i] == 0).all()
        for both, one in zip(states, states_alone, strict=True):
            np.testing.assert_allclose(both[:, i], one, rtol=1e-12)
    assert (output[:, 3] == 0).all() and all((state[:, 3] == 0).all() for state in states)


@each_kind
def test_what_lies_past_the_end_does_not_matter(kind, rng):
    layer = kind(3, 2, bidirectional=True).double()
    x = rng.standard_normal((6, 4, 3))
    other = x.copy()
    for i, length in enumerate(LENGTHS):
        other[length:, i] = rng.standard_normal((6 - length, 3))
    for a, b in zip(leaves(layer(x, lengths=LENGTHS)), leaves(layer(other, lengths=LENGTHS)), strict=True):
        np.testing.assert_array_equal(a, b)
    leaf = cr.tensor(x, requires_grad=True)
    layer(leaf, lengths=LENGTHS)[0].sum().backward()
    past = np.arange(6)[:, None] >= np.array(LENGTHS)
    assert (leaf.grad.numpy()[past] == 0).all() and (leaf.grad.numpy()[~past] != 0).any()


@each_kind
def test_recorded_with_lengths_as_an_input(kind, rng):
    """One recording serves all lengths."""
    layer = kind(3, 2, batch_first=True).double()
    x = rng.standard_normal((3, 5, 3))
    graph = cr.record(lambda x, n: layer(x, lengths=n), x, np.array([5, 5, 5]))
    graph.verify()
    for lengths in ([5, 2, 1], [1, 1, 4]):
        given = np.array(lengths)
        replayed = [y.numpy() for y in graph(x, given)]
        for a, b in zip(replayed, leaves(layer(x, lengths=given)), strict=True):
            np.testing.assert_array_equal(a, b)


@each_kind
def test_gradients_of_a_recorded_step_are_the_eager_ones(kind, rng):
    layer = kind(3, 2, num_layers=2, bidirectional=True).double()
    x = rng.standard_normal((4, 2, 3))

    def loss(x):
        layer.zero_grad()
        output, _ = layer(x, lengths=[4, 2])
        (output * output).sum().backward()
        return [p.grad for p in layer.parameters()]

    graph = cr.record(loss, x)
    for a, b in zip(graph(x), loss(x), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-10, atol=1e-12)


@each_kind
def test_gradients_with_lengths(kind, rng):
    layer = kind(2, 2, bidirectional=True).double()
    cr.check_gradients(lambda x: layer(x, lengths=[3, 1]), rng.standard_normal((3, 2, 2)))


@pytest.mark.parametrize(
    ("kind", "cell"), [(nn.RNN, nn.RNNCell), (nn.LSTM, nn.LSTMCell), (nn.GRU, nn.GRUCell)]
)
def test_cell_is_one_step_of_the_layer(kind, cell, rng):
    layer, step = kind(3, 2).double(), cell(3, 2).double()
    step.load_state_dict({name.removesuffix("_l0"): a for name, a in layer.state_dict().items()})
    x = rng.standard_normal((5, 4, 3))
    state = None
    outputs = []
    for row in x:
        state = step(row, state)
        outputs.append(state[0] if isinstance(state, tuple) else state)
    output, last = layer(x)
    np.testing.assert_allclose(cr.stack(outputs).numpy(), output.numpy(), rtol=1e-12)
    for a, b in zip(leaves(last), leaves(state), strict=True):
        np.testing.assert_allclose(a[0], b, rtol=1e-12)


def test_sequences_of_one_stream_go_on_from_the_last_state(rng):
    layer = nn.LSTM(3, 2).double()
    x = rng.standard_normal((7, 2, 3))
    whole, (h, c) = layer(x)
    first, state = layer(x[:4])
    second, (h2, c2) = layer(x[4:], state)
    np.testing.assert_allclose(cr.concatenate([first, second]).numpy(), whole.numpy(), rtol=1e-12)
    np.testing.assert_allclose(h2.numpy(), h.numpy(), rtol=1e-12)
    np.testing.assert_allclose(c2.numpy(), c.numpy(), rtol=1e-12)


def test_dropout_between_layers_in_training_only(rng):
    layer = nn.GRU(3, 4, num_layers=2, dropout=0.5)
    x = rng.standard_normal((5, 2, 3)).astype(np.float32)
    cr.random.seed(1)
    first = layer(x)[0].numpy()
    assert (layer(x)[0].numpy() != first).any()
    cr.random.seed(1)
    np.testing.assert_array_equal(layer(x)[0].numpy(), first)
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].numpy(), layer(x)[0].numpy())
