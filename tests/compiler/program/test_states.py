"""Where the states of a program lie from call to call."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim


@pytest.fixture
def training():
    cr.random.seed(3)
    model = nn.Linear(4, 2)
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    @cr.compile
    def step(x):
        optimizer.zero_grad()
        (model(x) ** 2).mean().backward()
        optimizer.step()

    x = cr.tensor(np.random.default_rng(3).standard_normal((8, 4), np.float32))
    step(x)
    return model, optimizer, lambda: step(x)


def test_states_stay_when_the_learning_rate_changes(training):
    model, optimizer, step = training
    before = [id(p.data) for p in model.parameters()]
    for lr in (0.01, 0.02):
        optimizer.param_groups[0]["lr"] = lr
        step()
        assert [id(p.data) for p in model.parameters()] == before


def test_only_the_state_that_is_held_moves(training):
    model, _, step = training
    weight, bias = model.parameters()
    held, weight_before, bias_before = weight.numpy(), id(weight.data), id(bias.data)
    elements = held.copy()
    step()
    assert id(weight.data) != weight_before
    assert id(bias.data) == bias_before
    np.testing.assert_array_equal(held, elements)
    assert not np.array_equal(weight.numpy(), elements)


def test_a_state_that_is_given_another_array_is_read_from_there(training):
    model, _, step = training
    weight, _ = model.parameters()
    weight.data = np.full_like(weight.data, 100)
    step()
    # Adam's steps are about as long as the learning rate.
    assert 0 < np.abs(weight.numpy() - 100).max() < 1
