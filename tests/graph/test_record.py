"""Recording: what a function did, replayed, equals running it."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import GraphError
from chainrule.ops import TABLE

ROWS = [(row, case) for row in TABLE.values() for case in row.samples]


@pytest.mark.parametrize(("row", "case"), ROWS, ids=[f"{r.name}{i}" for i, (r, _) in enumerate(ROWS)])
def test_every_row_records_and_replays(row, case, rng):
    arrays = case.draw(rng, row.domain)
    graph = cr.record(lambda *x: row(*x, **case.params), *arrays)
    graph.verify()
    expected = row(*arrays, **case.params)
    for y, other in zip(graph(*arrays), expected if isinstance(expected, tuple) else [expected], strict=True):
        np.testing.assert_array_equal(y.numpy(), other.numpy())


def test_derivatives_are_part_of_the_graph(rng):
    f = cr.grad(lambda x: cr.sum(cr.softmax(x) * x))
    x = cr.tensor(rng.standard_normal((3, 4)))
    graph = cr.record(f, x)
    graph.verify()
    np.testing.assert_array_equal(graph(x)[0].numpy(), f(x).numpy())


def test_nodes_know_their_scope_and_line():
    graph = cr.record(lambda x: cr.softmax(x), cr.zeros((2, 3)))
    assert all(node.scopes == ("softmax",) for node in graph.nodes)
    assert all("test_record.py" in node.line for node in graph.nodes)


def test_derivative_nodes_are_attributed_to_their_operation():
    graph = cr.record(cr.grad(lambda x: cr.sum(cr.tanh(x))), cr.zeros(3))
    assert ("∂tanh",) in [node.scopes for node in graph.nodes]


def test_a_training_step_reads_and_assigns_state():
    w = cr.State([1.0, 1.0], name="w").requires_grad_()

    def step(x):
        loss = cr.sum((w * x - 1.0) ** 2)
        loss.backward()
        w.assign(w.detach() - 0.1 * w.grad)
        w.grad = None
        return loss

    x = cr.tensor([1.0, 2.0])
    graph = cr.record(step, x)
    graph.verify()
    assert w.tolist() == [1.0, 1.0]
    assert w.grad is None
    assert [s.tensor is w for s in graph.states] == [True]
    replayed = [float(graph(x)[0]) for _ in range(3)]
    after = w.tolist()
    w.assign([1.0, 1.0])
    assert replayed == [float(step(x)) for _ in range(3)]
    assert after == w.tolist()


def test_random_state_is_an_implicit_input_and_output():
    cr.random.seed(5)
    graph = cr.record(lambda: cr.random.normal((4,)))
    first, second = graph()[0].tolist(), graph()[0].tolist()
    cr.random.seed(5)
    assert first == cr.random.normal((4,)).tolist()
    assert second == cr.random.normal((4,)).tolist()
    assert first != second


def test_one_state_may_get_the_elements_that_another_gives_up():
    now, before = cr.State([1.0]), cr.State([0.0])

    def step(x):
        total = now + x
        before.assign(now)
        now.assign(total)

    graph = cr.record(step, cr.ones(1))
    for expected in (1.0, 6.0):
        graph(cr.tensor([5.0]))
        assert before.item() == expected and now.item() == expected + 5


def test_an_input_that_is_given_back_becomes_a_tensor():
    (y,) = cr.record(lambda x: x, cr.ones(2))(np.zeros(2, np.float32))
    assert isinstance(y, cr.Tensor)


def test_plain_tensors_from_outside_are_constants():
    k = cr.tensor([1.0, 2.0])
    graph = cr.record(lambda x: x + k, cr.zeros(2))
    assert len(graph.constants) == 1
    assert graph(cr.ones(2))[0].tolist() == [2.0, 3.0]


def test_specs_may_stand_for_arguments():
    graph = cr.record(lambda x: x @ x, cr.Spec((3, 3), cr.float32))
    assert str(graph.outputs[0].spec) == "f32[3, 3]"


def test_text_names_states_constants_and_results():
    w = cr.State([1.0, 1.0], name="w")
    text = str(cr.record(lambda x: w * x + 0.5, cr.zeros(2), name="affine"))
    assert text.splitlines()[0] == "graph affine(x0: f32[2]):"
    assert "  state w: f32[2]" in text
    assert "  const k0: f32[] = 0.5" in text
    assert text.splitlines()[-1] == "  return v1"


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: x if x.sum() > 0 else -x, "cr.where"),
        (lambda x: x * x.sum().item(), "not known while a function is recorded"),
        (lambda x: x * float(x[0]), "not known while a function is recorded"),
        (lambda x: cr.tensor(np.asarray(x)), "not known while a function is recorded"),
        (lambda x: x[x > 0], "not known while a function is recorded"),
    ],
)
def test_asking_for_elements_while_recording_is_refused(f, said):
    with pytest.raises(GraphError, match=said):
        cr.record(f, cr.ones(2))


def test_a_symbolic_tensor_that_escaped_is_refused():
    kept = []
    cr.record(lambda x: kept.append(x) or x, cr.ones(2))
    with pytest.raises(GraphError, match="recording is over"):
        kept[0] + 1.0


def test_a_graph_refuses_other_shapes():
    graph = cr.record(lambda x: x + 1.0, cr.ones(2))
    with pytest.raises(GraphError, match="Record the function again"):
        graph(cr.ones(3))
    with pytest.raises(GraphError, match="expected 1 inputs, got 0"):
        graph()


def test_verify_finds_damage():
    graph = cr.record(lambda x: cr.exp(x) + 1.0, cr.ones(2))
    graph.nodes.reverse()
    with pytest.raises(GraphError, match="used before it is defined"):
        graph.verify()
    graph.nodes.reverse()
    graph.nodes.append(graph.nodes[0])
    with pytest.raises(GraphError, match="defined twice"):
        graph.verify()
    graph.nodes.pop()
    graph.nodes[0].outputs[0].shape = (5,)
    with pytest.raises(GraphError, match="declared"):
        graph.verify()
