"""Clipping beyond PyTorch's numbers: limits, recording, values that are not finite."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import optim
from chainrule.errors import ConfigError, NonFiniteError


def with_gradients(*gradients):
    params = []
    for g in gradients:
        p = cr.State(np.zeros(np.shape(g), np.float32), name=f"w{len(params)}").requires_grad_()
        p.grad = None if g is None else cr.tensor(g)
        params.append(p)
    return params


def test_parameters_without_a_gradient_are_left_out():
    p, q = with_gradients([3.0, 4.0], [1.0])
    q.grad = None
    assert optim.clip_grad_norm_([p, q], 10.0).item() == 5.0
    optim.clip_grad_value_([p, q], 3.5)
    assert p.grad.tolist() == [3.0, 3.5]
    assert q.grad is None


def test_no_gradients_have_norm_zero():
    assert optim.clip_grad_norm_([], 1.0).item() == 0.0


def test_one_tensor_is_taken_alone():
    (p,) = with_gradients([3.0, 4.0])
    assert optim.clip_grad_norm_(p, 5.0).item() == 5.0


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_refused_on_request(value):
    params = with_gradients([1.0], [2.0, value])
    assert not math.isfinite(optim.clip_grad_norm_(params, 1.0).item())
    params = with_gradients([1.0], [2.0, value])
    with pytest.raises(NonFiniteError, match="first gradient that is not finite: w1"):
        optim.clip_grad_norm_(params, 1.0, error_if_nonfinite=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_norm": -1.0}, "max_norm must be in"),
        ({"max_norm": 1.0, "norm_type": 0}, "norm_type must be in"),
        ({"max_norm": 1.0, "error_if_nonfinite": 1}, "error_if_nonfinite must be in"),
    ],
)
def test_wrong_limits_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        optim.clip_grad_norm_(with_gradients([1.0]), **options)
    with pytest.raises(ConfigError, match="clip_value must be in"):
        optim.clip_grad_value_(with_gradients([1.0]), -1.0)
