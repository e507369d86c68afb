"""What every registered loss must do; a new one is found and tested by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.errors import ConfigError, ShapeError

from .samples import LOSS_SAMPLES, drawn

each_sample = pytest.mark.parametrize(("name", "i"), LOSS_SAMPLES)
each_loss = pytest.mark.parametrize("name", nn.LOSSES)
CLASSES = (nn.losses.Target.CLASSES, nn.losses.Target.CLASSES_OR_PROBABILITIES)
BOUNDARIES = [
    (name, option, value, kind)
    for name, row in nn.LOSSES.items()
    for option, constraint in row.module.constraints.items()
    for kind in ("good", "bad")
    for value in getattr(constraint, kind)
]


def options(name, i, **others):
    return {**nn.LOSSES[name].samples[i].params, **others}


@each_sample
def test_gradients_by_input_and_target(name, i, rng):
    row = nn.LOSSES[name]
    inputs = drawn(row, i, rng)
    # A distance of signs has no derivative by the signs.
    held = row.target is nn.losses.Target.SIGNS
    if held:
        x, target = inputs
        cr.check_gradients(lambda x: row.function(x, target, **options(name, i)), x)
    else:
        cr.check_gradients(lambda x, t: row.function(x, t, **options(name, i)), *inputs)


@each_sample
def test_recorded_gives_what_eager_gives(name, i, rng):
    row = nn.LOSSES[name]
    module, inputs = row.module(**options(name, i)), drawn(row, i, rng)
    graph = cr.record(module, *inputs)
    graph.verify()
    (y,) = graph(*inputs)
    expected = module(*inputs)
    assert y.shape == () and math.isfinite(y)
    np.testing.assert_array_equal(y.numpy(), expected.numpy())
    np.testing.assert_array_equal(row.function(*inputs, **options(name, i)).numpy(), expected.numpy())


@each_sample
def test_sum_is_the_sum_of_none(name, i, rng):
    row = nn.LOSSES[name]
    inputs = drawn(row, i, rng)
    parts = row.function(*inputs, **options(name, i, reduction="none"))
    total = row.function(*inputs, **options(name, i, reduction="sum"))
    assert parts.shape == (inputs[1].shape if row.target not in CLASSES else parts.shape)
    np.testing.assert_allclose(total.numpy(), parts.numpy().sum(), rtol=1e-13)


@each_loss
def test_a_column_is_not_compared_with_a_row(name):
    row = nn.LOSSES[name]
    takes_classes = row.target in CLASSES
    # Scores (5, 1) go with labels (5,): they are of one class.
    third = ((5, 3), (5, 1)) if takes_classes else ((5, 1), (5,))
    for of_input, of_target in [((5,), (5, 1)), ((5, 1), (1, 5)), third]:
        target = cr.zeros(of_target, "int64") if takes_classes else cr.ones(of_target)
        with pytest.raises(ShapeError):
            row.function(cr.ones(of_input), target)


@pytest.mark.parametrize(("name", "option", "value", "kind"), BOUNDARIES)
def test_options_are_held_to_their_constraints(name, option, value, kind):
    module = nn.LOSSES[name].module
    if kind == "good":
        assert getattr(module(**{option: value}), option) == value
    else:
        with pytest.raises(ConfigError, match=rf"^{module.__name__}: {option} must be in .*, got "):
            module(**{option: value})


@each_loss
def test_loss_states_its_formula(name):
    row = nn.LOSSES[name]
    assert row.formula in row.module.__doc__
    assert ".. math::" in row.function.__doc__


def test_confident_and_wrong_scores_stay_finite():
    scores = cr.tensor([[1e4, -1e4], [-1e4, 1e4]], requires_grad=True)
    loss = nn.cross_entropy(scores, cr.tensor([1, 1]))
    loss.backward()
    assert loss.item() == 1e4
    np.testing.assert_array_equal(scores.grad.numpy(), [[0.5, -0.5], [0.0, 0.0]])
    logits = cr.tensor([1e4, -1e4, 0.0], requires_grad=True)
    loss = nn.binary_cross_entropy_with_logits(logits, cr.tensor([0.0, 1.0, 1.0]), reduction="sum")
    loss.backward()
    np.testing.assert_allclose(loss.item(), 2e4 + math.log(2), rtol=1e-6)
    np.testing.assert_array_equal(logits.grad.numpy(), [1.0, -1.0, -0.5])


def test_a_probability_of_zero_costs_a_hundred():
    p = cr.tensor([0.0, 1.0], requires_grad=True)
    loss = nn.binary_cross_entropy(p, cr.tensor([1.0, 0.0]), reduction="none")
    loss.sum().backward()
    np.testing.assert_array_equal(loss.numpy(), [100.0, 100.0])
    assert np.isfinite(p.grad.numpy()).all()


def test_ignored_samples_count_for_nothing(rng):
    scores, labels = cr.tensor(rng.standard_normal((6, 4))), rng.integers(0, 4, 6)
    kept = np.array([True, False, True, True, False, True])
    ignoring = nn.cross_entropy(scores, np.where(kept, labels, -100), label_smoothing=0.2)
    np.testing.assert_allclose(
        ignoring.item(), nn.cross_entropy(scores[kept], labels[kept], label_smoothing=0.2).item(), rtol=1e-12
    )


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_labels_of_any_integer_type(dtype):
    scores = cr.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    expected = nn.cross_entropy(scores, cr.tensor([2, 1]))
    assert nn.cross_entropy(scores, cr.tensor([2, 1], dtype=dtype)).item() == expected.item()


def test_class_weights_are_saved_with_the_loss():
    loss = nn.CrossEntropyLoss(weight=[1.0, 2.0])
    np.testing.assert_array_equal(loss.state_dict()["weight"], [1.0, 2.0])
    assert list(loss.parameters()) == []
