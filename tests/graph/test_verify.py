"""What `Graph.verify` finds."""

import dataclasses
import time

import numpy as np
import pytest

import chainrule as cr
from chainrule.core.interpreter import Symbol
from chainrule.core.op import Op
from chainrule.core.spec import Spec
from chainrule.errors import GraphError
from chainrule.graph import Graph


def simple():
    w = cr.State([1.0, 2.0], name="w")

    def f(x):
        y = cr.exp(x) + cr.tensor([1.0, 2.0])
        w.assign(w * y)
        return y

    return cr.record(f, cr.ones(2))


def looped():
    return cr.record(lambda x: cr.scan(lambda s, v: (s + v, s), cr.tensor(0.0), x), cr.ones(3))


def body_of(graph):
    return next(node.params["body"] for node in graph.nodes if "body" in node.params)


def reversed_nodes(graph):
    graph.nodes.reverse()


def repeated_node(graph):
    graph.nodes.append(graph.nodes[0])


def repeated_input(graph):
    graph.inputs.append(graph.inputs[0])


def other_shape(graph):
    graph.nodes[0].outputs[0].shape = (5,)


def other_dtype(graph):
    graph.nodes[0].outputs[0].dtype = np.dtype("float64")


def unknown_result(graph):
    graph.outputs.append(Symbol(Spec((), cr.float32), "ghost"))


def unknown_state(graph):
    graph.states[0].after = Symbol(graph.states[0].before.spec, "ghost")


def other_state(graph):
    graph.states[0].after = next(x for x in graph.nodes[0].outputs)
    graph.states[0].before.shape = (3,)


def other_constant(graph):
    graph.constants[next(iter(graph.constants))] = np.zeros(3, np.float32)


def missing_result(graph):
    graph.nodes[0].outputs = ()


def foreign_operation(graph):
    row = graph.nodes[0].op
    fields = {f.name: getattr(row, f.name) for f in dataclasses.fields(Op)}
    graph.nodes[0].op = Op(**{**fields, "body": lambda x: x})


def missing_input(graph):
    graph.nodes[1].inputs = graph.nodes[1].inputs[:1]


def wrong_parameter(graph):
    graph.nodes[0].params["axis"] = 3


def line_that_is_none(graph):
    graph.nodes[0].line = None


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (reversed_nodes, "used before it is defined"),
        (repeated_node, "defined twice"),
        (repeated_input, "defined twice"),
        (other_shape, "is declared f32.5., but exp gives f32.2."),
        (other_dtype, "is declared f64.2., but exp gives f32.2."),
        (unknown_result, r"ghost.* is used before it is defined \(in return\)"),
        (unknown_state, r"ghost.* is used before it is defined \(in state\)"),
        (other_state, "the state .* holds, or is assigned, f32.2."),
        (other_constant, "the constant .* has elements of f32.3."),
        (missing_result, "exp gives 1 results, 0 are declared"),
        (foreign_operation, "exp is no row of the table"),
        (missing_input, "add takes"),
        (wrong_parameter, "exp cannot have these inputs and parameters"),
        (line_that_is_none, "scopes and line of exp must be text"),
    ],
)
def test_damage_is_found(damage, said):
    graph = simple()
    graph.verify()
    damage(graph)
    with pytest.raises((GraphError, cr.errors.DTypeError), match=said):
        graph.verify()


def body_reversed(graph):
    body_of(graph).nodes.reverse()
    body_of(graph).nodes.append(body_of(graph).nodes[0])


def body_with_another_input(graph):
    body_of(graph).inputs.pop()


def body_with_another_output(graph):
    body_of(graph).outputs[0] = Symbol(Spec((7,), cr.float32), "s")


def body_with_state(graph):
    body_of(graph).states = simple().states


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (body_reversed, "graph body: .* is defined twice"),
        (body_with_another_input, "the inputs of scan's body body must be f32.., f32.., got f32.."),
        (body_with_another_output, "the outputs of scan's body body must be f32.., got f32.7."),
        (body_with_state, "scan's body body holds state"),
    ],
)
def test_damage_in_a_body_is_found(damage, said):
    graph = looped()
    graph.verify()
    damage(graph)
    with pytest.raises(GraphError, match=said):
        graph.verify()


def test_a_graph_of_ten_thousand_nodes_is_verified_quickly():
    def f(x):
        for _ in range(10_000):
            x = x * 0.5
        return x

    graph = cr.record(f, cr.zeros((3, 4)))
    start = time.perf_counter()
    graph.verify()
    seconds = time.perf_counter() - start
    print(f"10,000 nodes in {seconds:.3f} s")
    assert seconds < 2


def test_an_empty_graph_is_well_formed():
    Graph().verify()
    assert Graph().same_as(Graph.parse(str(Graph())))
