"""Less memory for a little time: what ``remat=True`` computes again, and that it never takes more."""

from __future__ import annotations

import numpy as np
import pytest
from tests.compiler.golden.measure import recorded, trained
from tests.compiler.golden.models import EXAMPLES

import chainrule as cr
from chainrule import nn
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.options import Options
from chainrule.compiler.program.schedule import Schedule, schedule
from chainrule.compiler.remat import with_less_kept
from chainrule.compiler.target import host
from chainrule.graph import Graph
from chainrule.graph.rewrites import rewrite
from chainrule.train import Trainer

every_example = pytest.mark.parametrize("name", EXAMPLES)


class Deep(nn.Module):
    """Blocks in which each derivative needs what the forward pass made, as in most networks."""

    def __init__(self, block, depth=4):
        self.blocks = nn.Sequential(*[block() for _ in range(depth)])
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        y = self.blocks(x)
        return self.head(y.mean(axis=tuple(range(2, y.ndim))) if y.ndim > 2 else y)


def convolutions():
    """A convolution, whose batch norm's derivative needs its result, and a ReLU."""
    return nn.Sequential(nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())


def perceptrons():
    return nn.Sequential(nn.LayerNorm(16), nn.Linear(16, 64), nn.GELU(), nn.Linear(64, 16))


DEEP = {"convolutions": (convolutions, (32, 16, 12, 12)), "perceptrons": (perceptrons, (512, 16))}


def deep(name: str) -> Graph:
    """A training step of a network of blocks."""
    block, shape = DEEP[name]
    cr.random.seed(1)
    trainer = Trainer(Deep(block), "cross_entropy", "sgd", lr=0.1, compile=False, verbose=0)
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=shape).astype(np.float32), rng.integers(0, 4, shape[0])
    return rewrite(cr.record(trainer.train_step, cr.tensor(x), cr.tensor(y)))[0]


def scheduled(graph: Graph, *, remat: bool) -> Schedule:
    return schedule(graph, Options(remat=remat), host())


@every_example
def test_losses_and_states_stay_the_same(name):
    expected, before = trained(EXAMPLES[name], "llvm")
    losses, after = trained(EXAMPLES[name], "llvm", remat=True)
    np.testing.assert_allclose(losses, expected, rtol=2e-6)
    for key, array in after.items():
        np.testing.assert_allclose(array, before[key], rtol=1e-4, atol=1e-5, err_msg=key)


@every_example
def test_the_arena_never_grows(name):
    graph, _ = rewrite(recorded(EXAMPLES[name]))
    assert scheduled(graph, remat=True).arena.size <= scheduled(graph, remat=False).arena.size


@pytest.mark.parametrize("name", DEEP)
def test_deep_networks_take_a_quarter_less(name):
    graph = deep(name)
    assert scheduled(graph, remat=True).arena.size < 0.75 * scheduled(graph, remat=False).arena.size


@pytest.mark.parametrize("name", DEEP)
def test_graphs_compute_the_same(name):
    graph = deep(name)
    less = with_less_kept(graph)
    less.verify()
    rng = np.random.default_rng(3)
    arguments = [
        cr.tensor(
            rng.normal(size=x.shape).astype(np.float32) if x.dtype.kind == "f" else np.zeros(x.shape, int)
        )
        for x in graph.inputs
    ]
    before = {s.tensor: np.array(s.tensor.detach()) for s in graph.states}
    expected = [np.array(x) for x in graph(*arguments)]
    changed = {tensor: np.array(tensor.detach()) for tensor in before}
    for tensor, array in before.items():
        tensor.assign(cr.tensor(array))
    for found, wanted in zip(less(*arguments), expected, strict=True):
        np.testing.assert_array_equal(np.array(found), wanted)
    for tensor, array in changed.items():
        np.testing.assert_array_equal(np.array(tensor.detach()), array)


def test_only_what_is_cheap_is_made_again():
    again = [node for name in DEEP for node in with_less_kept(deep(name)).nodes if node.again]
    assert again
    assert {node.op.family for node in again} <= {"pointwise", "move"}


def test_without_a_derivative_nothing_is_made_again():
    model = Deep(perceptrons)
    graph, _ = rewrite(cr.record(model, cr.ones((64, 16))))
    assert [node.op for node in with_less_kept(graph).nodes if node.again] == []


def test_the_graph_itself_stays_as_it_is():
    graph = deep("convolutions")
    nodes = list(graph.nodes)
    with_less_kept(graph)
    assert graph.nodes == nodes
    assert not any(node.again for node in nodes)
