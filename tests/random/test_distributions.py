"""Draws against the distributions that they name.

Each test asks for a p-value above 10⁻⁴ at a fixed key, which a right sampler misses once in 10,000 keys.
"""

import numpy as np
import pytest
from scipy import stats

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, ShapeError

SIZE = 20_000
SIGNIFICANCE = 1e-4
R = cr.random

CONTINUOUS = {
    "uniform": (lambda **o: R.uniform(SIZE, -1.0, 3.0, **o), stats.uniform(-1, 4)),
    "normal": (lambda **o: R.normal(SIZE, -1.0, 3.0, **o), stats.norm(-1, 3)),
    "truncated_normal": (lambda **o: R.truncated_normal(SIZE, -1.0, 2.0, **o), stats.truncnorm(-1, 2)),
    "truncated_normal far above": (
        lambda **o: R.truncated_normal(SIZE, 9.0, 10.0, **o),
        stats.truncnorm(9, 10),
    ),
    "truncated_normal far below": (
        lambda **o: R.truncated_normal(SIZE, -99.0, -7.0, **o),
        stats.truncnorm(-99, -7),
    ),
    "truncated_normal moved": (
        lambda **o: R.truncated_normal(SIZE, 1.0, 4.0, 2.0, 0.5, **o),
        stats.truncnorm(-2, 4, 2, 0.5),
    ),
    "exponential": (lambda **o: R.exponential(SIZE, 4.0, **o), stats.expon(scale=0.25)),
    "laplace": (lambda **o: R.laplace(SIZE, 1.0, 2.0, **o), stats.laplace(1, 2)),
    "cauchy": (lambda **o: R.cauchy(SIZE, 1.0, 2.0, **o), stats.cauchy(1, 2)),
    "gumbel": (lambda **o: R.gumbel(SIZE, 1.0, 2.0, **o), stats.gumbel_r(1, 2)),
    "gamma 0.3": (lambda **o: R.gamma(0.3, 2.0, SIZE, **o), stats.gamma(0.3, scale=0.5)),
    "gamma 1": (lambda **o: R.gamma(1.0, 2.0, SIZE, **o), stats.gamma(1, scale=0.5)),
    "gamma 40": (lambda **o: R.gamma(40.0, 2.0, SIZE, **o), stats.gamma(40, scale=0.5)),
    "gamma 1e5": (lambda **o: R.gamma(1e5, 1e5, SIZE, **o), stats.gamma(1e5, scale=1e-5)),
    "beta": (lambda **o: R.beta(0.4, 3.0, SIZE, **o), stats.beta(0.4, 3)),
    "dirichlet": (lambda **o: R.dirichlet([0.4, 1.0, 2.0], (SIZE, 3), **o)[:, 0], stats.beta(0.4, 3)),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_numbers_pass_kolmogorov_and_smirnovs_test(name, dtype):
    draw, expected = CONTINUOUS[name]
    drawn = draw(key=R.key(11), dtype=dtype)
    assert drawn.dtype == dtype
    assert stats.kstest(drawn.numpy().astype(np.float64), expected.cdf).pvalue > SIGNIFICANCE


COUNTS = {
    "integers": (lambda **o: R.integers(-3, 8, SIZE, **o), stats.randint(-3, 8)),
    "integers of many": (lambda **o: R.integers(3 * 2**61, shape=SIZE, **o) // 2**58, stats.randint(0, 24)),
    "bernoulli": (lambda **o: R.bernoulli(0.3, SIZE, **o).astype("int64"), stats.bernoulli(0.3)),
    "categorical": (
        lambda **o: R.categorical(probs=[0.2, 0.0, 0.5, 0.3], shape=SIZE, **o),
        stats.rv_discrete(values=(range(4), [0.2, 0.0, 0.5, 0.3])),
    ),
    "choice": (
        lambda **o: R.choice([5, 7, 6], SIZE, p=[0.2, 0.5, 0.3], **o),
        stats.rv_discrete(values=([5, 6, 7], [0.2, 0.3, 0.5])),
    ),
    "poisson 0.2": (lambda **o: R.poisson(0.2, SIZE, **o), stats.poisson(0.2)),
    "poisson 9.9": (lambda **o: R.poisson(9.9, SIZE, **o), stats.poisson(9.9)),
    "poisson 10": (lambda **o: R.poisson(10.0, SIZE, **o), stats.poisson(10)),
    "poisson 300": (lambda **o: R.poisson(300.0, SIZE, **o), stats.poisson(300)),
    "binomial 5": (lambda **o: R.binomial(5, 0.3, SIZE, **o), stats.binom(5, 0.3)),
    "binomial 20": (lambda **o: R.binomial(20, 0.5, SIZE, **o), stats.binom(20, 0.5)),
    "binomial 400": (lambda **o: R.binomial(400, 0.9, SIZE, **o), stats.binom(400, 0.9)),
    "binomial rare": (lambda **o: R.binomial(10**6, 1e-5, SIZE, **o), stats.binom(10**6, 1e-5)),
    "multinomial": (
        lambda **o: R.multinomial(30, [0.2, 0.5, 0.3], (SIZE, 3), **o)[:, 1],
        stats.binom(30, 0.5),
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_pass_the_chi_squared_test(name):
    draw, expected = COUNTS[name]
    drawn = draw(key=R.key(12)).numpy()
    assert drawn.dtype == np.int64
    found, times = np.unique(drawn, return_counts=True)
    awaited = expected.pmf(found) * SIZE
    usual = awaited >= 5
    observed = np.append(times[usual], SIZE - times[usual].sum())
    wanted = np.append(awaited[usual], SIZE - awaited[usual].sum())
    if wanted[-1] < 5:
        observed, wanted = observed[:-1], wanted[:-1] * observed[:-1].sum() / wanted[:-1].sum()
    assert stats.chisquare(observed, wanted).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("mean", [1e6, 1e12])
def test_large_poisson_counts_are_normally_distributed(mean):
    z = (R.poisson(mean, SIZE, key=R.key(13)).numpy() - mean) / mean**0.5
    assert stats.kstest(z, "norm").pvalue > SIGNIFICANCE


def test_multinomial_counts_hang_together_as_they_should():
    p = np.array([0.1, 0.2, 0.3, 0.4])
    counts = R.multinomial(20, p, (SIZE, 4), key=R.key(14)).numpy()
    assert (counts.sum(axis=1) == 20).all()
    expected = 20 * (np.diag(p) - np.outer(p, p))
    np.testing.assert_allclose(np.cov(counts.T), expected, atol=5 * 5 / SIZE**0.5)


def test_choice_without_replacement_takes_one_after_the_other():
    p = np.array([0.1, 0.2, 0.3, 0.4])
    pairs = np.stack(
        [R.choice(4, 2, replace=False, p=p, key=key).numpy() for key in R.split(R.key(15), 1500)]
    )
    times = np.zeros((4, 4))
    np.add.at(times, (pairs[:, 0], pairs[:, 1]), 1)
    expected = p[:, None] * p / (1 - p[:, None]) * 1500
    off = ~np.eye(4, dtype=bool)
    assert times[~off].sum() == 0
    assert stats.chisquare(times[off], expected[off]).pvalue > SIGNIFICANCE


def test_all_orders_are_equally_likely():
    orders = [tuple(R.permutation(4, key=key).tolist()) for key in R.split(R.key(16), 2400)]
    _, times = np.unique(orders, axis=0, return_counts=True)
    assert len(times) == 24
    assert stats.chisquare(times).pvalue > SIGNIFICANCE


def test_doubles_have_53_random_digits_and_singles_24():
    double = R.uniform(1000, dtype="float64", key=R.key(0)).numpy() * 2.0**53
    assert (double == np.floor(double)).all()
    for digit in range(53):
        assert 400 < (np.floor(double / 2.0**digit) % 2).sum() < 600
    single = R.uniform(1000, key=R.key(0)).numpy().astype(np.float64) * 2.0**24
    assert (single == np.floor(single)).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_uniform_numbers_stay_below_one_in_every_type(dtype):
    drawn = R.uniform(5000, dtype=dtype, key=R.key(1))
    values = drawn.numpy().astype(np.float64)
    assert drawn.dtype.name == dtype
    assert values.min() >= 0
    assert values.max() < 1
    assert abs(values.mean() - 0.5) < 5 * (1 / 12 / 5000) ** 0.5


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64"])
def test_integers_reach_all_that_a_type_holds(dtype):
    limits = np.iinfo(dtype)
    low, high = int(limits.min), int(limits.max) + 1
    drawn = R.integers(low, high, 4000, dtype=dtype, key=R.key(17))
    assert drawn.dtype == dtype
    share = (drawn.numpy().astype(np.float64) - low) / (high - low)
    assert share.min() < 0.004
    assert share.max() > 0.995
    assert abs(share.mean() - 0.5) < 5 * (1 / 12 / 4000) ** 0.5
    single = R.integers(high - 1, high, 3, dtype=dtype, key=R.key(18))
    assert single.tolist() == [high - 1] * 3


def test_parameters_give_shape_and_type():
    assert R.normal(mean=cr.zeros((2, 1)), std=cr.ones(3)).shape == (2, 3)
    assert R.normal((4, 3), mean=cr.zeros(3)).shape == (4, 3)
    assert R.gamma(cr.ones(3, "float64")).dtype == "float64"
    assert R.poisson(cr.ones((2, 3))).shape == (2, 3)
    assert R.categorical(cr.ones((4, 5, 2)), axis=1).shape == (4, 2)
    assert R.choice(cr.ones((4, 5)), (2, 3), axis=1).shape == (4, 2, 3)
    assert R.permutation(cr.ones((4, 5)), axis=1).shape == (4, 5)


def test_parameters_of_different_places_are_drawn_independently():
    drawn = R.normal(mean=cr.zeros(1000), key=R.key(2)).numpy()
    assert len(set(drawn.tolist())) > 990


def test_shuffle_carries_derivatives_to_where_elements_come_from():
    x = cr.tensor([1.0, 2.0, 3.0, 4.0])
    weights = cr.tensor([10.0, 20.0, 30.0, 40.0])
    order = R.permutation(4, key=R.key(3)).tolist()
    slope = cr.grad(lambda x: (R.shuffle(x, key=R.key(3)) * weights).sum())(x)
    assert [slope.tolist()[i] for i in order] == weights.tolist()


REFUSED = [
    (lambda: R.normal((2,), mean=cr.zeros(3)), ShapeError, "does not fit the shape"),
    (
        lambda: R.uniform(3, dtype="int64"),
        DTypeError,
        "dtype must be one of bfloat16, float16, float32, float64",
    ),
    (lambda: R.integers(5, 5), ConfigError, "no whole number from low = 5"),
    (lambda: R.integers(0.5), DTypeError, "high must be an integer"),
    (lambda: R.integers(0, 300, dtype="int8"), DTypeError, "that int8 can hold"),
    (lambda: R.integers(3, dtype="float32"), DTypeError, "that float32 can hold"),
    (lambda: R.gamma(-1.0), ConfigError, r"gamma: concentration must lie in \(0, ∞\), got -1.0"),
    (lambda: R.gamma(1.0, [1.0, 0.0]), ConfigError, r"gamma: rate must lie in \(0, ∞\), got 0.0"),
    (lambda: R.beta(1.0, 0.0), ConfigError, "beta: concentration0 must lie in"),
    (lambda: R.exponential(rate=float("nan")), ConfigError, "exponential: rate must lie in"),
    (lambda: R.laplace(scale=0.0), ConfigError, "laplace: scale must lie in"),
    (lambda: R.poisson(-1.0), ConfigError, "poisson: rate must lie in"),
    (lambda: R.poisson(1e30), ConfigError, "poisson: rate must lie in"),
    (lambda: R.binomial(2.5, 0.5), ConfigError, "binomial: total_count must lie in"),
    (lambda: R.binomial(2, 1.5), ConfigError, "binomial: p must lie in"),
    (lambda: R.bernoulli(cr.tensor([0.5, 1.5])), ConfigError, "p must lie between 0 and 1, got 1.5"),
    (lambda: R.categorical(), ConfigError, "give logits= or probs="),
    (lambda: R.categorical([1.0], probs=[1.0]), ConfigError, "give logits= or probs="),
    (lambda: R.categorical(probs=[-0.5, 1.5]), ConfigError, "probs must lie in"),
    (lambda: R.categorical(probs=[0.0, 0.0]), ConfigError, "probs must lie in"),
    (lambda: R.categorical(2.0), ShapeError, "at least one category"),
    (lambda: R.categorical(cr.zeros((2, 0))), ShapeError, "at least one category"),
    (lambda: R.multinomial(3, [0.5, 0.5], (2, 3)), ShapeError, "does not fit the shape"),
    (lambda: R.truncated_normal(3, 2.0, 1.0), ConfigError, "there is .next to. nothing"),
    (lambda: R.truncated_normal(3, 50.0, 60.0), ConfigError, "there is .next to. nothing"),
    (lambda: R.choice(3, 4, replace=False), ConfigError, "4 different elements cannot be taken from 3"),
    (
        lambda: R.choice(3, 3, replace=False, p=[0.5, 0.5, 0.0]),
        ConfigError,
        "only 2 have a probability above 0",
    ),
    (lambda: R.choice(3, p=[0.5, 0.5]), ShapeError, "one probability for each of the 3 elements"),
    (lambda: R.choice(2.5), ShapeError, "give a number of elements"),
    (lambda: R.shuffle(3.0), ShapeError, "give a number of elements"),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_wrong_calls_are_refused_by_name(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
