"""Every distribution against its counterpart in SciPy, and its derivatives against differences."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

import chainrule as cr
from chainrule.errors import ConfigError, GradientError
from chainrule.stats import DISTRIBUTIONS
from chainrule.stats.composition import onto

CASES = [(row, example) for row in DISTRIBUTIONS.values() for example in row.examples]
SIGNIFICANCE = 1e-4


def over(cases):
    """Run a test on each case."""
    return pytest.mark.parametrize(
        ("row", "example"), cases, ids=[f"{row.name} {example}" for row, example in cases]
    )


def made(row, example, dtype="float64"):
    return row.cls(**{name: np.asarray(value, dtype) for name, value in example.items()})


def scipys(row, d):
    """SciPy's counterparts, one for each distribution of the batch."""
    parameters = {
        name: np.asarray(value) for name, value in row.scipy_parameters(d).items() if name != "values"
    }
    if "values" in row.scipy_parameters(d):
        return scipy_stats.rv_discrete(values=row.scipy_parameters(d)["values"])
    return getattr(scipy_stats, row.scipy)(**parameters)


def is_vector(d):
    return bool(d.event_shape)


def values_of(d, other):
    """Values inside the support, spread over it."""
    if is_vector(d):
        return np.asarray(d.sample(7, key=cr.random.key(1)))
    q = np.linspace(0.02, 0.98, 10).reshape(-1, *[1] * len(d.batch_shape))
    return np.asarray(other.ppf(q), np.float64) + np.zeros(d.batch_shape)


SCALAR = [case for case in CASES if not made(*case).event_shape]
every_scalar = over(SCALAR)
every_case = over(CASES)


@every_case
def test_log_prob(row, example):
    d = made(row, example)
    other = scipys(row, d)
    x = values_of(d, other)
    if isinstance(other, scipy_stats.rv_discrete):
        expected = np.log(other.pmf(x))
    elif hasattr(other, "logpdf"):
        expected = np.stack([other.logpdf(part) for part in x]) if is_vector(d) else other.logpdf(x)
    else:
        expected = np.stack([other.logpmf(part) for part in x]) if is_vector(d) else other.logpmf(x)
    np.testing.assert_allclose(d.log_prob(x).numpy(), expected, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(d.prob(x).numpy(), np.exp(expected), rtol=1e-10, atol=1e-10)


@every_scalar
def test_cdf(row, example):
    d = made(row, example)
    other = scipys(row, d)
    x = values_of(d, other)
    for moved in (x, x + 0.3, x - 5.0):
        np.testing.assert_allclose(d.cdf(moved).numpy(), other.cdf(moved), rtol=1e-10, atol=1e-13)


@every_scalar
def test_quantile(row, example):
    d = made(row, example)
    other = scipys(row, d)
    q = np.array([1e-6, 0.03, 0.3, 0.5, 0.77, 1 - 1e-6]).reshape(-1, *[1] * len(d.batch_shape))
    expected = other.ppf(q) + np.zeros(d.batch_shape)
    np.testing.assert_allclose(d.quantile(q).numpy(), expected, rtol=1e-9, atol=1e-12)
    assert np.isnan(d.quantile(np.array(1.5)).numpy()).all()
    if d.support.discrete:
        found = d.quantile(q)
        assert bool((d.cdf(found) >= q).all())
        assert bool((d.cdf(found - 1) < q).all())


@every_case
def test_moments_and_entropy(row, example):
    d = made(row, example)
    other = scipys(row, d)
    if row.name == "MultivariateNormal":
        mean, variance, entropy = other.mean, np.diag(other.cov), other.entropy()
    elif row.name == "Multinomial":
        mean, variance, entropy = d.total_count * d.probs, np.diag(other.cov()), other.entropy()
    else:
        mean, variance, entropy = other.mean(), other.var(), other.entropy()
    shape = d.batch_shape + d.event_shape
    if row.name in ("Cauchy", "StudentT"):
        # SciPy calls a mean infinite that does not exist.
        mean = np.where(np.isinf(mean), np.nan, mean)
    for got, expected in ((d.mean, mean), (d.variance, variance), (d.stddev, np.sqrt(variance))):
        assert got.shape == shape
        np.testing.assert_allclose(got.numpy(), np.broadcast_to(expected, shape), rtol=1e-10, atol=1e-12)
    assert d.entropy().shape == d.batch_shape
    np.testing.assert_allclose(d.entropy().numpy(), entropy, rtol=1e-9, atol=1e-10)


def has_a_mode(row, example):
    """Whether the density has one largest value, and that a closed form."""
    return row.name not in ("Uniform", "Multinomial") and not np.isnan(made(row, example).mode.numpy()).any()


@over([case for case in CASES if has_a_mode(*case)])
def test_the_mode_is_where_the_probability_is_largest(row, example):
    d = made(row, example)
    top = d.mode
    others = d.sample(200, key=cr.random.key(2))
    assert bool((d.log_prob(top) >= d.log_prob(others) - 1e-12).all())


@every_case
def test_draws_have_shape_type_moments_and_distribution(row, example):
    n = 20_000
    d = made(row, example, "float32")
    draws = d.sample(n, key=cr.random.key(3))
    assert draws.shape == (n, *d.batch_shape, *d.event_shape)
    assert draws.dtype == "float32"
    assert bool(d.support.contains(draws).all())
    exact = made(row, example)
    x = draws.numpy().astype(np.float64)
    mean, spread = exact.mean.numpy(), exact.stddev.numpy()
    # NaN where there is no mean, and infinite where there is no variance: nothing is asked there.
    assert not (abs(x.mean(axis=0) - mean) > 5 * spread / n**0.5 + 1e-6).any()
    if not is_vector(d) and not d.support.discrete:
        others = scipys(row, exact)
        for place in np.ndindex(d.batch_shape):
            cdf = others.cdf(x.reshape(n, *d.batch_shape))[(slice(None), *place)]
            assert scipy_stats.kstest(cdf, "uniform").pvalue > SIGNIFICANCE


def inside(example):
    """Whether all probabilities lie strictly between 0 and 1, where the bijectors have an inverse."""
    return not any(name == "probs" and np.isin(value, (0.0, 1.0)).any() for name, value in example.items())


SMOOTH = [(row, example) for row, example in CASES if inside(example) and row.name != "Uniform"]


@over(SMOOTH)
def test_log_prob_is_differentiable_by_its_parameters(row, example):
    d = made(row, example)
    x = values_of(d, scipys(row, d))[2:6]
    maps = {name: onto(row.cls.parameters[name]) for name in example}
    held = {name: np.asarray(example[name], np.float64) for name, f in maps.items() if f is None}
    free = {
        name: f.inverse(np.asarray(example[name], np.float64)) for name, f in maps.items() if f is not None
    }

    def by_parameters(free):
        return row.cls(**held, **{name: maps[name](u) for name, u in free.items()}).log_prob(x)

    cr.check_gradients(by_parameters, free, seed=0)


SMOOTH_VALUES = [case for case in CASES if not made(*case).support.discrete and case[0].name != "Dirichlet"]


@over(SMOOTH_VALUES)
def test_log_prob_is_differentiable_by_its_value(row, example):
    d = made(row, example)
    cr.check_gradients(d.log_prob, values_of(d, scipys(row, d))[2:6], seed=0)


def test_the_density_of_dirichlet_is_differentiable_by_its_value():
    d = cr.stats.Dirichlet(np.array([0.5, 2.0, 3.5]))
    cr.check_gradients(lambda u: d.log_prob(cr.softmax(u)), np.array([0.1, 0.5, -0.3]), seed=0)


@over([case for case in SCALAR if not made(*case).support.discrete])
def test_cdf_is_differentiable(row, example):
    d = made(row, example)
    x = values_of(d, scipys(row, d))[1:8:3]
    slope = cr.jvp(d.cdf, (x,), (np.ones_like(x),))[1]
    np.testing.assert_allclose(slope.numpy(), d.prob(x).numpy(), rtol=1e-9)
    q = np.array([0.2, 0.6]).reshape(-1, *[1] * len(d.batch_shape)) + np.zeros(d.batch_shape)
    width = cr.jvp(d.quantile, (q,), (np.ones_like(q),))[1]
    np.testing.assert_allclose(width.numpy() * d.prob(d.quantile(q)).numpy(), 1.0, rtol=1e-8)


@every_case
def test_reparametrised_draws_follow_their_quantiles(row, example):
    d = made(row, example)
    key = cr.random.key(4)
    if not d.reparametrised:
        with pytest.raises(GradientError, match="score function"):
            d.rsample(key=key)
        return
    assert d.rsample(3, key=key).tolist() == d.sample(3, key=key).tolist()
    if is_vector(d) or row.name in ("Beta", "StudentT"):
        return  # These are made of several draws each; their slopes are tested on expected values.
    q = d.cdf(d.sample(3, key=key))
    for name, value in example.items():
        others = {k: np.asarray(v, np.float64) for k, v in example.items() if k != name}
        point = np.asarray(value, np.float64)

        def of_draw(p, others=others, name=name):
            return row.cls(**{name: p}, **others).rsample(3, key=key)

        def of_quantile(p, others=others, name=name):
            return row.cls(**{name: p}, **others).quantile(q)

        got, expected = (cr.jvp(f, (point,), (np.ones_like(point),))[1] for f in (of_draw, of_quantile))
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-6)


def is_bounded(row, example):
    return made(row, example).support not in (cr.stats.REAL, cr.stats.VECTORS)


@over([case for case in CASES if is_bounded(*case)])
def test_outside_the_support_the_probability_is_zero_with_zero_derivatives(row, example):
    d = made(row, example)
    outside = np.full(d.batch_shape + d.event_shape, -3.5)
    assert (d.log_prob(outside).numpy() == -math.inf).all()
    names = [name for name in example if name != "total_count"]
    held = {name: np.asarray(v, np.float64) for name, v in example.items() if name == "total_count"}

    def total(x, *values):
        return row.cls(**held, **dict(zip(names, values, strict=True))).prob(x).sum()

    point = [np.asarray(example[name], np.float64) for name in names]
    slopes = cr.grad(total, tuple(range(len(point) + 1)))(outside, *point)
    assert all((slope.numpy() == 0).all() for slope in slopes)
    # At NaN, NaN.
    assert np.isnan(d.log_prob(np.full(d.event_shape, math.nan)).numpy()).all()


@every_case
def test_single_precision_stays_single(row, example):
    d = made(row, example, "float32")
    x = d.sample(2, key=cr.random.key(5))
    found = [x, d.log_prob(x), d.prob(x), d.mean, d.variance, d.entropy()]
    if not is_vector(d):
        found += [d.cdf(x), d.quantile(0.3), d.quantile(np.float32(0.7))]
    assert [y.dtype.name for y in found] == ["float32"] * len(found)


@every_case
def test_log_prob_can_be_recorded_with_its_parameters(row, example):
    d = made(row, example)
    x = values_of(d, scipys(row, d))[:3]
    point = {name: cr.tensor(np.asarray(value, np.float64)) for name, value in example.items()}
    graph = cr.record(lambda x, p: row.cls(**p).log_prob(x), cr.tensor(x), point)
    np.testing.assert_array_equal(graph(cr.tensor(x), *point.values())[0].numpy(), d.log_prob(x).numpy())


@every_case
def test_draws_can_be_recorded(row, example):
    d = made(row, example)
    key = cr.random.key(6)
    graph = cr.record(lambda key: d.sample(2, key=key), key)
    assert graph(key)[0].tolist() == d.sample(2, key=key).tolist()


PARAMETERS = [
    (row, example, name) for row in DISTRIBUTIONS.values() for example in row.examples[:1] for name in example
]


@pytest.mark.parametrize(
    ("row", "example", "name"), PARAMETERS, ids=[f"{row.name}.{name}" for row, _, name in PARAMETERS]
)
def test_parameters_outside_their_set_are_refused_by_name(row, example, name):
    allowed = row.cls.parameters[name]
    assert allowed.bad
    for wrong in allowed.bad:
        with pytest.raises(ConfigError, match=f"{row.name}: {name} must lie in"):
            row.cls(**{**example, name: wrong})


ONE = [
    case
    for case in PARAMETERS
    if case[0].cls.parameters[case[2]].event_ndim == 0 and case[0].name != "Uniform"
]


@pytest.mark.parametrize(("row", "example", "name"), ONE, ids=[f"{row.name}.{name}" for row, _, name in ONE])
def test_parameters_at_the_edge_of_their_set_are_taken(row, example, name):
    for right in row.cls.parameters[name].good:
        assert row.cls(**{**example, name: right}).given[name].tolist() is not None


@pytest.mark.parametrize("row", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_every_distribution_is_documented_and_its_formula_can_be_read(row):
    from chainrule.explain.formula import parse, to_latex

    assert parse(to_latex(parse(row.formula))) == parse(row.formula)
    assert ">>>" in row.cls.__doc__
    assert getattr(cr.stats, row.name) is row.cls
