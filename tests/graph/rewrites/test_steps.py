"""Whole training steps: rewritten, they are shorter and do the same."""

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.graph.rewrites import INFERENCE, rewrite


class Attention(nn.Module):
    """One head of self-attention over a sequence, with a residual and layer norm."""

    def __init__(self):
        # A bias of keys shifts all scores of a row alike: its gradient is a rounding error, too.
        self.q, self.k, self.v = nn.Linear(8, 8), nn.Linear(8, 8, bias=False), nn.Linear(8, 8)
        self.norm, self.out = nn.LayerNorm(8), nn.Linear(8, 3)

    def forward(self, x):
        scores = self.q(x) @ self.k(x).transpose(0, 2, 1) / 8**0.5
        mixed = cr.softmax(scores, axis=-1) @ self.v(x)
        return self.out(self.norm(x + mixed).mean(axis=1))


class Recurrent(nn.Module):
    """A recurrent layer, and its last state as scores."""

    def __init__(self, kind):
        self.layer, self.out = kind(5, 7), nn.Linear(7, 3)

    def forward(self, x):
        return self.out(self.layer(x)[0][-1])


def mlp():
    layers = nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3)
    return nn.Sequential(*layers), (4, 6)


def cnn(bias=False):
    # In training norms make the gradients of biases rounding errors, which Adam makes large.
    first = nn.Conv2d(2, 4, 3, padding=1, bias=bias), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)
    second = nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=bias), nn.BatchNorm2d(6), nn.ReLU()
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(24, 3)), (4, 2, 8, 8)


def rnn():
    return Recurrent(nn.RNN), (6, 4, 5)


def lstm():
    return Recurrent(nn.LSTM), (6, 4, 5)


def gru():
    return Recurrent(nn.GRU), (6, 4, 5)


def attention():
    return Attention(), (4, 5, 8)


MODELS = [mlp, cnn, rnn, lstm, gru, attention]


def recorded(build):
    cr.random.seed(7)
    model, shape = build()
    optimizer = optim.Adam(model.parameters(), lr=0.01)

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape).astype(np.float32)
    return cr.record(step, x, np.array([0, 1, 2, 1])), (x, np.array([0, 1, 2, 1]))


def run(graph, given, steps):
    """Losses of some steps and the states after them; the states are put back."""
    before = [s.tensor.numpy().copy() for s in graph.states]
    losses = [float(graph(*given)[0]) for _ in range(steps)]
    after = {s.before.name: s.tensor.numpy().copy() for s in graph.states}
    for state, old in zip(graph.states, before, strict=True):
        state.tensor.assign(old)
    return losses, after


@pytest.mark.parametrize("build", MODELS)
def test_a_rewritten_training_step_does_the_same_with_fewer_nodes(build):
    graph, given = recorded(build)
    text = graph.to_text(full=True)
    new, counts = rewrite(graph)
    print(f"{build.__name__}: {len(graph.nodes)} nodes, rewritten {len(new.nodes)}: {dict(counts)}")
    assert graph.to_text(full=True) == text
    assert len(new.nodes) < len(graph.nodes)
    assert [x.spec for x in new.inputs] == [x.spec for x in graph.inputs]
    losses, states = run(graph, given, 3)
    other_losses, other_states = run(new, given, 3)
    assert losses[2] < losses[0]
    np.testing.assert_allclose(other_losses, losses, rtol=1e-5)
    assert set(other_states) <= set(states)
    for name, value in other_states.items():
        np.testing.assert_allclose(value, states[name], rtol=2e-3, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("build", MODELS)
def test_a_rewritten_graph_is_settled_and_reads_back(build):
    new, _ = rewrite(recorded(build)[0])
    again, counts = rewrite(new)
    assert counts == {}
    assert again.same_as(new)
    assert cr.Graph.parse(new.to_text(full=True)).same_as(new)


@pytest.mark.parametrize("build", MODELS)
def test_lines_and_scopes_are_those_of_the_program(build):
    graph, _ = recorded(build)
    new, _ = rewrite(graph)
    known = {(node.scopes, node.line) for node in graph.nodes}
    assert {(node.scopes, node.line) for node in new.nodes} <= known


def scans(graph):
    return [node for node in graph.nodes if node.op.name == "scan"]


def test_the_derivative_of_an_lstm_computes_nothing_again():
    graph, _ = recorded(lstm)
    forward, backward = scans(rewrite(graph)[0])
    assert len(scans(graph)) == 3
    assert not forward.params["reverse"] and backward.params["reverse"]
    names = [node.op.name for node in backward.params["body"].nodes]
    assert names.count("contract") == 1
    assert not {"sigmoid", "tanh", "slice", "pad"} & set(names)
    # The derivative by the recurrent weights is one product after the loop.
    assert backward.params["carries"] == 2


def test_products_of_inputs_leave_a_loop_written_by_hand():
    rng = np.random.default_rng(5)
    w, u = (cr.State(rng.standard_normal((n, 4)).astype(np.float32)) for n in (3, 4))

    def loss(x):
        w.requires_grad_(), u.requires_grad_()
        last, _ = cr.scan(lambda h, v: (cr.tanh(v @ w + h @ u), None), cr.zeros((2, 4)), x)
        return cr.sum(last * last)

    def step(x):
        y = loss(x)
        y.backward()
        found = w.grad, u.grad
        w.grad = u.grad = None
        return y, *found

    x = rng.standard_normal((5, 2, 3)).astype(np.float32)
    graph = cr.record(step, x)
    new, counts = rewrite(graph)
    assert counts["products of sequences"] >= 1 and counts["steps remembered"] >= 1
    assert counts["products summed by steps"] == 2
    for scan in scans(new):
        assert [node.op.name for node in scan.params["body"].nodes].count("contract") == 1
    for a, b in zip(graph(x), new(x), strict=True):
        np.testing.assert_allclose(b.numpy(), a.numpy(), rtol=1e-4, atol=1e-5)


def test_batch_norm_is_folded_into_the_weights_for_inference():
    model, shape = cnn(bias=True)
    model.train()
    model(cr.tensor(np.random.default_rng(0).standard_normal(shape)))
    model.eval()
    graph = cr.record(model, cr.Spec(shape, cr.float32))
    new, counts = rewrite(graph, INFERENCE)
    assert counts["scale folded into weights"] == counts["scale of a sum"] == 2
    large = [n for n in new.nodes if n.outputs[0].spec.size >= 4 * 4 * 8 * 8 and n.op.name != "conv"]
    assert [node.op.name for node in large] == ["add", "greater", "where"]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    np.testing.assert_allclose(new(x)[0].numpy(), graph(x)[0].numpy(), rtol=1e-4, atol=1e-5)
