"""What every registered layer must do; a new one is found and tested by itself."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.errors import ConfigError

from .samples import SAMPLES, built, called, drawn

each_sample = pytest.mark.parametrize(("name", "i"), SAMPLES)
each_layer = pytest.mark.parametrize("name", nn.LAYERS)
each_mode = pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
BOUNDARIES = [
    (name, option, value, kind)
    for name, row in nn.LAYERS.items()
    for option, constraint in row.module.constraints.items()
    for kind in ("good", "bad")
    for value in getattr(constraint, kind)
]


def sample_of(name, i, rng):
    return built(name, i, rng), drawn(nn.LAYERS[name], i, rng)


@each_mode
@each_sample
def test_recorded_gives_what_eager_gives(name, i, training, rng):
    module, inputs = sample_of(name, i, rng)
    module.train(training)
    cr.random.seed(7)
    graph = cr.record(module, *inputs)
    graph.verify()
    before = module.state_dict()
    expected = called(module, *inputs)
    after = module.state_dict()
    module.load_state_dict(before)
    cr.random.seed(7)
    for y, e in zip(graph(*inputs), expected, strict=True):
        assert np.isfinite(e.numpy()).all()
        np.testing.assert_array_equal(y.numpy(), e.numpy())
    for key, value in module.state_dict().items():
        np.testing.assert_array_equal(value, after[key])


@each_mode
@each_sample
def test_gradients_by_inputs_and_parameters(name, i, training, rng):
    module, inputs = sample_of(name, i, rng)
    module.train(training)
    names = [key for key, _ in module.named_parameters()]
    parameters = [p.numpy() for p in module.parameters()]

    def f(inputs, parameters):
        cr.random.seed(7)
        return nn.functional_call(module, dict(zip(names, parameters, strict=True)), *inputs)

    cr.check_gradients(f, inputs, parameters, order=2)


@each_sample
def test_state_dict_carries_everything(name, i, rng):
    module, inputs = sample_of(name, i, rng)
    other = nn.LAYERS[name].module(**nn.LAYERS[name].samples[i].params).double()
    other.load_state_dict(module.state_dict())
    module.eval(), other.eval()
    for a, b in zip(called(module, *inputs), called(other, *inputs), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@each_sample
def test_a_copy_is_equal_and_independent(name, i, rng):
    module, inputs = sample_of(name, i, rng)
    module.eval()
    other = copy.deepcopy(module)
    before = called(other, *inputs)
    for p in module.parameters():
        p.assign(p + 1)
    for a, b in zip(called(other, *inputs), before, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@each_sample
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_results_have_the_type_of_inputs_and_parameters(name, i, dtype, rng):
    module, inputs = sample_of(name, i, rng)
    module.to(dtype)
    given = [x.astype(dtype) if x.dtype.kind == "f" else x for x in inputs]
    assert {str(y.dtype) for y in called(module, *given)} == {dtype}
    assert {str(p.dtype) for p in module.parameters()} <= {dtype}


@each_sample
def test_everything_is_computed_under_the_layers_name(name, i, rng):
    module, inputs = sample_of(name, i, rng)
    holder = nn.Sequential({"part": module})
    graph = cr.record(holder, *inputs)
    assert {node.scopes[1] for node in graph.nodes} <= {f"{name} 'part'"}
    assert len(graph.nodes) > 0 or name == "Identity"


@each_sample
def test_representation_shows_the_options(name, i, rng):
    row = nn.LAYERS[name]
    params = row.samples[i].params
    shown = repr(row.module(**params))
    assert shown.startswith(f"{name}(") and shown.endswith(")")
    required = [key for key in ("in_features", "kernel_size", "num_features", "hidden_size") if key in params]
    for key in required:
        assert f"{key}=" in shown


@each_layer
def test_train_and_eval_set_the_mode(name):
    row = nn.LAYERS[name]
    module = row.module(**row.samples[0].params)
    assert module.training
    assert module.eval() is module and not module.training
    assert module.train() is module and module.training


@pytest.mark.parametrize(("name", "option", "value", "kind"), BOUNDARIES)
def test_options_are_held_to_their_constraints(name, option, value, kind):
    row = nn.LAYERS[name]
    options = {**row.samples[0].params, option: value}
    if kind == "good":
        assert isinstance(row.module(**options), nn.Module)
    else:
        with pytest.raises(ConfigError, match=rf"^{name}: {option} must be in .*, got "):
            row.module(**options)


@each_layer
def test_options_of_the_constructor_are_constrained(name):
    module = nn.LAYERS[name].module
    given = [key for sample in nn.LAYERS[name].samples for key in sample.params]
    assert set(given) <= set(module.constraints)


@each_layer
def test_layer_states_its_formula_and_shows_an_example(name):
    row = nn.LAYERS[name]
    assert row.formula
    assert row.module.__doc__
    assert ".. math::" in row.module.__doc__ or "see `" in row.module.__doc__ or row.family == "shaping"
