"""Layers, losses and trainings give PyTorch's numbers, recorded by ``record_torch.py``."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.core import tree
from chainrule.core.interpreter import lift

from .cases import LAYER_CASES, LENGTHS, LOSS_CASES, STEPS, TRAININGS, arguments, load, trained

# The reference was computed in float64; each side rounds in its own order.
TOLERANCE = {"float64": 1e-11, "float32": 2e-5}
# In float64 too, PyTorch takes 1/6 as a float32 in this one's derivative.
ROUNDED_BY_PYTORCH = {"Hardsigmoid": 1e-7}
# Adam divides by a root that is near 0 at first, which magnifies rounding.
LOSS_TOLERANCE = {"float64": 1e-10, "float32": 1e-4}

RANDOM = {"Dropout"}
COMPARED = [key for key, (name, _) in LAYER_CASES.items() if name not in RANDOM]
each_dtype = pytest.mark.parametrize("dtype", TOLERANCE)


@pytest.fixture(scope="module")
def recorded():
    return load()


def part(reference, prefix):
    """The arrays below a key, by the rest of theirs."""
    prefix += "/"
    return {key.removeprefix(prefix): a for key, a in reference.items() if key.startswith(prefix)}


def in_order(reference, prefix):
    return list(part(reference, prefix).values())


def cast(array, dtype):
    return array.astype(dtype) if array.dtype.kind == "f" else array


def assert_close(found, expected, tolerance):
    assert found.shape == expected.shape
    np.testing.assert_allclose(np.asarray(found), expected, rtol=tolerance, atol=tolerance)


def check_layer_case(key, reference, dtype):
    """Compare results, gradients and state of one case in all recorded modes."""
    name, case = LAYER_CASES[key]
    module = nn.LAYERS[name].module(**case.params).to(dtype)
    modes = [mode for mode in ("train", "eval") if part(reference, f"{key}/{mode}/outputs")]
    assert modes
    module.load_state_dict(part(reference, f"{key}/state"))
    for mode in modes:
        module.train(mode == "train")
        module.zero_grad()
        check_call(f"{key}/{mode}", name, module, in_order(reference, f"{key}/inputs"), reference, dtype)


def check_call(prefix, name, module, arrays, reference, dtype):
    tolerance = max(TOLERANCE[dtype], ROUNDED_BY_PYTORCH.get(name, 0))
    inputs = [cr.tensor(cast(x, dtype), requires_grad=x.dtype.kind == "f") for x in arrays]
    lengths = {"lengths": LENGTHS} if prefix.split("/")[1] == "lengths" else {}
    outputs = [lift(y) for y in tree.leaves(module(*arguments(name, inputs), **lengths))]
    cotangents = in_order(reference, f"{prefix}/cotangents")
    for y, expected in zip(outputs, in_order(reference, f"{prefix}/outputs"), strict=True):
        assert_close(y, expected, tolerance)
    if any(y.requires_grad for y in outputs):
        sum((y * cast(v, dtype)).sum() for y, v in zip(outputs, cotangents, strict=True)).backward()
    for i, expected in part(reference, f"{prefix}/by_inputs").items():
        assert_close(inputs[int(i)].grad, expected, tolerance)
    by_parameters = {k: p.grad for k, p in module.named_parameters() if p.grad is not None}
    expected_by_parameters = part(reference, f"{prefix}/by_parameters")
    assert set(by_parameters) == set(expected_by_parameters)
    for k, expected in expected_by_parameters.items():
        assert_close(by_parameters[k], expected, tolerance)
    for k, expected in part(reference, f"{prefix}/state").items():
        assert_close(module.state_dict()[k], expected, tolerance)


def check_loss_case(key, reference, dtype):
    name, case, reduction = LOSS_CASES[key]
    row, expected, tolerance = nn.LOSSES[name], part(reference, key), TOLERANCE[dtype]
    target = cr.tensor(cast(expected["target"], dtype))
    for loss in (row.function, row.module):
        x = cr.tensor(cast(expected["input"], dtype), requires_grad=True)
        options = {**case.params, "reduction": reduction}
        value = loss(x, target, **options) if loss is row.function else loss(**options)(x, target)
        assert_close(value, expected["output"], tolerance)
        value.backward(cast(expected["cotangent"], dtype))
        assert_close(x.grad, expected["by_input"], tolerance)


@each_dtype
@pytest.mark.parametrize("key", COMPARED)
def test_layer_gives_the_recorded_numbers(key, dtype, recorded):
    check_layer_case(key, recorded, dtype)


@each_dtype
@pytest.mark.parametrize("key", LOSS_CASES)
def test_loss_gives_the_recorded_numbers(key, dtype, recorded):
    check_loss_case(key, recorded, dtype)


@pytest.mark.parametrize("name", nn.LAYERS)
def test_state_has_the_recorded_names_shapes_and_order(name, recorded):
    if name in RANDOM:
        assert not nn.LAYERS[name].module().state_dict()
        return
    own = nn.LAYERS[name].module(**nn.LAYERS[name].samples[0].params).state_dict()
    expected = part(recorded, f"{name}/0/state")
    assert [(k, a.shape) for k, a in own.items()] == [(k, a.shape) for k, a in expected.items()]


@each_dtype
@pytest.mark.parametrize("key", TRAININGS)
def test_training_takes_the_recorded_course(key, dtype, recorded):
    build, _, name, options = TRAININGS[key]
    model = build(nn).to(dtype)
    model.load_state_dict(part(recorded, f"{key}/state"))
    x, y = cr.tensor(cast(recorded[f"{key}/x"], dtype)), cr.tensor(recorded[f"{key}/y"])
    optimizer = getattr(optim, name)(model.parameters(), **options)
    losses = trained(model, lambda m: nn.cross_entropy(m(x), y), optimizer)
    assert len(losses) == STEPS
    assert losses[-1] < 0.9 * losses[0]
    np.testing.assert_allclose(losses, recorded[f"{key}/losses/{dtype}"], rtol=LOSS_TOLERANCE[dtype])


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_installed_pytorch_gives_the_same_from_other_numbers(rng):
    from .record_torch import reference

    found = reference(int(rng.integers(2**32)))
    for key in COMPARED:
        check_layer_case(key, found, "float64")
    for key in LOSS_CASES:
        check_loss_case(key, found, "float64")
