"""The driver: from one pass over many nodes to what it refuses."""

import time

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import GraphError
from chainrule.graph import rewrites
from chainrule.graph.rewrites import Exact, Rewrite, rewrite
from chainrule.graph.rewrites.row import REWRITES


def chain(length):
    def f(x):
        for i in range(length // 4):
            x = cr.transpose(cr.exp(x) * 1.0 + float(i))
        return x

    return cr.record(f, cr.zeros((3, 3)))


def seconds(graph):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        rewrite(graph)
        best = min(best, time.perf_counter() - start)
    return best


def test_time_grows_with_the_number_of_nodes():
    small, large = chain(500), chain(4000)
    assert len(large.nodes) == 4000
    ratio = seconds(large) / seconds(small)
    print(f"8 times the nodes, {ratio:.1f} times the time")
    assert ratio < 24


def test_transposes_move_through_a_long_chain_and_cancel():
    new, counts = rewrite(chain(400))
    assert counts["transpose after a pointwise operation"] > 0
    assert "transpose" not in {node.op.name for node in new.nodes}


def test_verify_is_on_in_tests():
    assert rewrites.VERIFY


def test_rows_that_undo_each_other_are_reported():
    def turned(here):
        return here.again(*here.inputs)

    row = Rewrite("endless, for a test", "x = x", Exact.BITS, turned, ("exp",))
    try:
        with pytest.raises(GraphError, match="endless, for a test"):
            rewrite(cr.record(cr.exp, cr.ones(2), name="f"), [row])
    finally:
        del REWRITES[row.name]


def test_a_replacement_of_another_spec_is_not_taken():
    def wider(here):
        return cr.ops.TABLE["broadcast_to"](here.x, shape=(5, *here.shape))

    row = Rewrite("wider, for a test", "x = x", Exact.BITS, wider, ("exp",))
    try:
        graph = cr.record(cr.exp, cr.ones(2))
        new, counts = rewrite(graph, [row])
        assert not counts and new.same_as(graph)
    finally:
        del REWRITES[row.name]


def test_states_keep_their_elements_and_those_not_needed_are_left_out():
    used, unused = cr.State([1.0, 2.0], name="used"), cr.State([3.0], name="unused")

    def f(x):
        unused * 2.0
        used.assign(used + x)
        return x

    graph = cr.record(f, cr.zeros(2))
    new, _ = rewrite(graph)
    assert [s.tensor is used for s in new.states] == [True]
    assert used.tolist() == [1.0, 2.0]
    new(cr.ones(2))
    assert used.tolist() == [2.0, 3.0]


def test_a_state_that_is_given_its_own_elements_is_not_assigned():
    w = cr.State([1.0], name="w")

    def f(x):
        w.assign(w * 1.0)
        return w + x

    new, _ = rewrite(cr.record(f, cr.zeros(1)))
    assert [s.after for s in new.states] == [None]


def test_states_may_change_places():
    a, b = cr.State([1.0]), cr.State([2.0])

    def f():
        old = a * 1.0
        a.assign(b)
        b.assign(old)

    new, _ = rewrite(cr.record(f))
    new()
    assert (a.item(), b.item()) == (2.0, 1.0)


def test_results_may_be_inputs_constants_and_repeated():
    graph = cr.record(lambda x: (x, x * 1.0, cr.tensor([2.0]) * 3.0, cr.exp(x), cr.exp(x)), cr.ones(2))
    new, _ = rewrite(graph)
    assert [node.op.name for node in new.nodes] == ["exp"]
    np.testing.assert_array_equal(new(cr.ones(2))[2].numpy(), [6.0])
    assert new.outputs[0] is new.outputs[1] and new.outputs[3] is new.outputs[4]


def test_what_fails_at_run_time_fails_there_after_rewriting_too():
    graph = cr.record(lambda x: x + cr.tensor([1.0, 2.0])[cr.tensor([5])], cr.ones(1))
    new, _ = rewrite(graph)
    with pytest.raises(cr.errors.OutOfRangeError):
        new(cr.ones(1))
