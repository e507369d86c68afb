"""The networks of the command fit every input that they say they take."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.cli.models import DEFAULT_MODELS, MODELS, build_model
from chainrule.cli.options import LEARNING_RATES, choose
from chainrule.data import InputSpec
from chainrule.data.spec import INPUT_KINDS
from chainrule.errors import ConfigError
from chainrule.optim import OPTIMIZERS

SHAPES = {
    "image": [(1, 8, 8), (3, 28, 28), (3, 64, 48), (1, 1, 7), (4, 13, 5)],
    "table": [(1,), (30,)],
    "sequence": [(5, 3), (1, 1)],
}
CASES = [(name, kind, shape) for name, row in MODELS.items() for kind in row.inputs for shape in SHAPES[kind]]


@pytest.mark.parametrize(("name", "kind", "shape"), CASES, ids=str)
def test_gives_a_row_of_scores_for_each_sample(name, kind, shape, rng):
    model = build_model(name, kind, shape, 3)
    scores = model(cr.tensor(rng.normal(size=(2, *shape)).astype(np.float32)))
    assert scores.shape == (2, 3)
    cr.nn.cross_entropy(scores, cr.tensor([0, 2])).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize("kind", INPUT_KINDS)
def test_every_kind_of_input_has_a_network(kind):
    assert kind in MODELS[DEFAULT_MODELS[kind]].inputs


def test_refuses_inputs_that_it_does_not_take():
    with pytest.raises(ConfigError, match="--model cnn does not take a table"):
        build_model("cnn", "table", (4,), 2)


def test_every_optimizer_has_a_learning_rate():
    assert set(LEARNING_RATES) == set(OPTIMIZERS)


def test_more_samples_mean_fewer_epochs():
    spec = InputSpec("x", "table", (4,))
    epochs = [choose({}, spec, samples).epochs for samples in (10, 1_000, 10_000, 1_000_000)]
    assert epochs == sorted(epochs, reverse=True)
    assert epochs[0] <= 40
    assert epochs[-1] >= 3
