"""Penalties, and that both ways of using them are one."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import optim
from chainrule.errors import ConfigError

PENALTIES = [optim.L1(0.3), optim.L2(0.4), optim.ElasticNet(0.3, 0.4), optim.L1(0.0)]
each_penalty = pytest.mark.parametrize("penalty", PENALTIES, ids=str)


def parameters():
    return [cr.State([1.5, -2.0, 0.25]).requires_grad_(), cr.State([[-0.5]]).requires_grad_()]


@each_penalty
def test_gradient_is_the_penaltys_derivative(penalty):
    params = parameters()
    (penalty(params) + 0 * params[0].sum() + 0 * params[1].sum()).backward()
    for p in params:
        np.testing.assert_allclose(p.grad, penalty.gradient(p) + 0 * p.detach(), rtol=1e-6)


@each_penalty
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_in_the_loss_and_in_the_optimizer_it_is_the_same(penalty, name):
    inside, outside = parameters(), parameters()
    with_penalty = optim.get(name, inside, lr=0.1, regularizer=penalty)
    plain = optim.get(name, outside, lr=0.1)
    for _ in range(5):
        for optimizer, params, extra in ((with_penalty, inside, 0.0), (plain, outside, penalty(outside))):
            optimizer.zero_grad()
            (sum((p * p).sum() for p in params) + extra).backward()
            optimizer.step()
    for p, q in zip(inside, outside, strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-5)


def test_l2_is_weight_decay():
    penalised, decayed = parameters(), parameters()
    for optimizer, params in (
        (optim.SGD(penalised, lr=0.1, regularizer=optim.L2(0.3)), penalised),
        (optim.SGD(decayed, lr=0.1, weight_decay=0.3), decayed),
    ):
        sum(p.sum() for p in params).backward()
        optimizer.step()
    assert all(np.array_equal(p, q) for p, q in zip(penalised, decayed, strict=True))


@pytest.mark.parametrize(("strength", "expected"), [(0.5, [0.05, 1.75]), (1.0, [0.0, 1.5])])
def test_l1_shrinks_and_makes_small_parameters_vanish(strength, expected):
    """The smallest value of (p - a)² + λ|p| is at max(a - λ/2, 0); descent ends within a step of it."""
    p = cr.State([1.0, 1.0]).requires_grad_()
    optimizer = optim.GD([p], lr=0.01, regularizer=optim.L1(strength))
    for _ in range(600):
        optimizer.zero_grad()
        ((p - cr.tensor([0.3, 2.0])) ** 2).sum().backward()
        optimizer.step()
    np.testing.assert_allclose(p, expected, atol=0.01 * (0.6 + strength))


def test_one_group_may_go_without():
    p, q = parameters()
    groups = [{"params": [p]}, {"params": [q], "regularizer": None}]
    optimizer = optim.GD(groups, lr=1.0, regularizer=optim.L2(1.0))
    (0 * p.sum() + 0 * q.sum()).backward()
    optimizer.step()
    assert p.tolist() == [0.0, 0.0, 0.0]
    assert q.tolist() == [[-0.5]]


@pytest.mark.parametrize("value", [-0.1, float("nan"), "0.1", None])
@pytest.mark.parametrize("make", [optim.L1, optim.L2, optim.ElasticNet])
def test_strength_is_not_negative(make, value):
    with pytest.raises(ConfigError, match=r"must be in \[0, ∞\)"):
        make(value)
