"""Initialisers: the distributions they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.nn import init

SHAPE = (300, 20, 3, 5)
FAN_IN, FAN_OUT = 20 * 15, 300 * 15
COUNT = math.prod(SHAPE)

# What is drawn, the standard deviation it must have, and its bound if it has one.
SCALED = {
    "xavier_uniform": (lambda p: init.xavier_uniform_(p, 2.0), 2 * math.sqrt(2 / (FAN_IN + FAN_OUT)), True),
    "xavier_normal": (lambda p: init.xavier_normal_(p, 2.0), 2 * math.sqrt(2 / (FAN_IN + FAN_OUT)), False),
    "kaiming_uniform": (lambda p: init.kaiming_uniform_(p, nonlinearity="relu"), math.sqrt(2 / FAN_IN), True),
    "kaiming_normal": (lambda p: init.kaiming_normal_(p, mode="fan_out"), math.sqrt(2 / FAN_OUT), False),
    "kaiming_slope": (lambda p: init.kaiming_normal_(p, a=0.5), math.sqrt(2 / 1.25 / FAN_IN), False),
    "lecun_uniform": (init.lecun_uniform_, math.sqrt(1 / FAN_IN), True),
    "lecun_normal": (init.lecun_normal_, math.sqrt(1 / FAN_IN), False),
}


@pytest.mark.parametrize("key", SCALED)
def test_scale_follows_the_fans(key):
    draw, std, bounded = SCALED[key]
    cr.random.seed(11)
    p = nn.Parameter(np.zeros(SHAPE, np.float32))
    assert draw(p) is p
    values = p.numpy()
    # Five standard errors of mean and of standard deviation.
    assert abs(values.mean()) < 5 * std / math.sqrt(COUNT)
    assert abs(values.std() / std - 1) < 5 / math.sqrt(2 * COUNT)
    largest = abs(values).max() / std
    assert 0.999 * math.sqrt(3) < largest <= math.sqrt(3) * (1 + 1e-6) if bounded else largest > 3.5


def test_every_initialiser_has_a_formula_and_returns_its_tensor():
    required = {"constant_": {"val": 2.0}}
    for name, row in init.INITIALIZERS.items():
        p = nn.Parameter(np.full((4, 6), np.nan, np.float32))
        assert row.formula and row.function is getattr(init, name)
        assert row.function(p, **required.get(name, {})) is p
        assert np.isfinite(p.numpy()).all() and p.requires_grad


def test_constants():
    p = nn.Parameter(np.zeros((2, 3)))
    assert init.constant_(p, 1.5).tolist() == [[1.5] * 3] * 2
    assert init.ones_(p).tolist() == [[1.0] * 3] * 2
    assert init.zeros_(p).tolist() == [[0.0] * 3] * 2


def test_truncated_normal_is_the_normal_within_its_bounds():
    cr.random.seed(3)
    p = init.trunc_normal_(nn.Parameter(np.zeros(40_000)), mean=1.0, std=2.0, a=0.0, b=3.0)
    values = p.numpy()
    assert values.min() >= 0.0 and values.max() <= 3.0
    # Half a standard deviation to the left of the mean, one to the right.
    phi = lambda t: math.exp(-t * t / 2) / math.sqrt(2 * math.pi)  # noqa: E731
    share = 0.5 * (math.erf(1 / math.sqrt(2)) + math.erf(0.5 / math.sqrt(2)))
    mean = 1.0 + 2.0 * (phi(-0.5) - phi(1.0)) / share
    assert abs(values.mean() - mean) < 5 * values.std() / math.sqrt(values.size)


@pytest.mark.parametrize("shape", [(6, 3), (3, 6), (4, 2, 3)])
def test_orthogonal_rows_or_columns(shape):
    w = init.orthogonal_(nn.Parameter(np.zeros(shape)), gain=2.0).numpy().reshape(shape[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_gains():
    expected = {"linear": 1, "sigmoid": 1, "tanh": 5 / 3, "relu": 2**0.5, "selu": 0.75, "conv2d": 1}
    assert {name: init.calculate_gain(name) for name in expected} == expected
    assert init.calculate_gain("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04))
    assert init.calculate_gain("leaky_relu") == pytest.approx(math.sqrt(2 / (1 + 1e-4)))


def test_a_generator_repeats_itself():
    p = nn.Parameter(np.zeros((3, 4)))
    first = init.normal_(p, generator=cr.random.Generator(5)).numpy().copy()
    second = init.normal_(p, generator=cr.random.Generator(6)).numpy().copy()
    again = init.normal_(p, generator=cr.random.Generator(5)).numpy()
    np.testing.assert_array_equal(first, again)
    assert (first != second).all()


# A layer, and the bound of all its parameters' uniform distribution.
UNIFORM = [
    (lambda: nn.Linear(50, 40), 1 / math.sqrt(50)),
    (lambda: nn.Conv2d(8, 30, (3, 2), groups=2), 1 / math.sqrt(4 * 6)),
    (lambda: nn.LSTM(20, 30), 1 / math.sqrt(30)),
    (lambda: nn.GRUCell(20, 30), 1 / math.sqrt(30)),
]


@pytest.mark.parametrize(("build", "bound"), UNIFORM)
def test_layers_begin_with_pytorchs_distributions(build, bound):
    cr.random.seed(2)
    for p in build().parameters():
        values = p.numpy() / bound
        assert abs(values).max() <= 1 + 1e-6
        assert abs(values).max() > 1 - 20 / p.size
        assert abs(values.std() - 1 / math.sqrt(3)) < 4 / math.sqrt(p.size) / math.sqrt(3)


def test_embedding_begins_normal_with_a_padding_of_zero():
    cr.random.seed(2)
    table = nn.Embedding(200, 50, padding_idx=3).weight.numpy()
    assert (table[3] == 0).all()
    rest = np.delete(table, 3, axis=0)
    assert abs(rest.mean()) < 5 / math.sqrt(rest.size) and abs(rest.std() - 1) < 5 / math.sqrt(2 * rest.size)
