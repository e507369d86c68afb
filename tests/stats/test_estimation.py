"""Estimates from data: against closed forms, against SciPy, and where there is none."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

import chainrule as cr
from chainrule import stats
from chainrule.errors import ConfigError, ConvergenceError, DataError
from chainrule.stats import fit, map_estimate, maximum_likelihood
from chainrule.stats.starts import STARTS

F = np.float64
KEY = cr.random.key(8)

# Distributions with examples to draw data from, what is known beforehand, and a start far from the truth.
TRUTHS = {
    "Normal": (stats.Normal(F(2.0), F(0.5)), {}, {"loc": 0.5, "scale": 2.0}),
    "LogNormal": (stats.LogNormal(F(0.4), F(0.5)), {}, {"loc": 0.0, "scale": 2.0}),
    "HalfNormal": (stats.HalfNormal(F(2.0)), {}, {"scale": 0.5}),
    "Exponential": (stats.Exponential(F(2.0)), {}, {"rate": 0.1}),
    "Bernoulli": (stats.Bernoulli(F(0.2)), {}, {"probs": 0.9}),
    "Geometric": (stats.Geometric(F(0.2)), {}, {"probs": 0.9}),
    "Binomial": (stats.Binomial(12, F(0.2)), {"total_count": 12}, {"probs": 0.9}),
    "Poisson": (stats.Poisson(F(4.5)), {}, {"rate": 0.3}),
    "Categorical": (stats.Categorical(np.array([0.2, 0.5, 0.3])), {}, {"probs": [0.6, 0.2, 0.2]}),
    "Multinomial": (
        stats.Multinomial(9, np.array([0.2, 0.5, 0.3])),
        {"total_count": 9},
        {"probs": [0.6, 0.2, 0.2]},
    ),
    "MultivariateNormal": (
        stats.MultivariateNormal(np.array([0.5, -1.0]), covariance_matrix=np.array([[2.0, 0.6], [0.6, 0.5]])),
        {},
        {"loc": [0.0, 0.0], "covariance_matrix": [[1.0, 0.0], [0.0, 1.0]]},
    ),
}


def data_of(d, n=400):
    return d.sample(n, key=KEY).numpy()


@pytest.mark.parametrize("method", ["newton", "lbfgs"])
@pytest.mark.parametrize("name", TRUTHS)
def test_the_gradient_leads_to_the_closed_form(name, method):
    d, known, start = TRUTHS[name]
    x = data_of(d)

    class Model(type(d)):
        def __init__(self, **free):
            super().__init__(**known, **free)

    found = maximum_likelihood(Model, x, start, method=method, tolerance=1e-6 if method == "lbfgs" else 1e-9)
    rule = STARTS[type(d)]
    assert rule.is_exact
    for parameter, expected in rule.rule(x, known).items():
        got = found.parameters[parameter].numpy()
        np.testing.assert_allclose(got, expected, rtol=1e-4 if method == "lbfgs" else 1e-7, atol=1e-6)
    assert found.steps > 0
    assert found.method == method


def test_closed_forms_and_truths_cover_each_other():
    smooth = {cls.__name__ for cls, start in STARTS.items() if start.is_exact and start.is_smooth}
    assert smooth == set(TRUTHS)


@pytest.mark.parametrize("name", TRUTHS)
def test_fit_starts_at_the_closed_form_and_stays(name):
    d, known, _ = TRUTHS[name]
    x = data_of(d)
    found = fit(type(d), x, **known)
    for parameter, expected in STARTS[type(d)].rule(x, known).items():
        np.testing.assert_allclose(found.parameters[parameter].numpy(), expected, rtol=1e-8)
    assert found.gradient_norm < 1e-8
    assert found.log_likelihood == pytest.approx(float(found.model.log_prob(x).sum()))


SEARCHED = {
    "Gamma": (stats.Gamma(F(2.0), F(3.0)), lambda x: scipy_stats.gamma.fit(x, floc=0), ("a", "scale")),
    "Beta": (stats.Beta(F(2.0), F(3.0)), lambda x: scipy_stats.beta.fit(x, floc=0, fscale=1), ("a", "b")),
    "StudentT": (stats.StudentT(F(4.0), F(1.0), F(2.0)), scipy_stats.t.fit, ()),
    "Cauchy": (stats.Cauchy(F(1.0), F(2.0)), scipy_stats.cauchy.fit, ()),
    "Chi2": (stats.Chi2(F(5.0)), lambda x: scipy_stats.chi2.fit(x, floc=0, fscale=1), ()),
}


@pytest.mark.parametrize("name", SEARCHED)
def test_fits_without_closed_form_are_as_likely_as_scipys(name):
    d, by_scipy, _ = SEARCHED[name]
    x = data_of(d)
    found = fit(type(d), x)
    theirs = getattr(scipy_stats, {"StudentT": "t"}.get(name, name.lower()))
    assert found.log_likelihood >= theirs.logpdf(x, *by_scipy(x)).sum() - 1e-5
    for parameter, true in d.given.items():
        error = abs(float(found.parameters[parameter]) - float(true))
        assert error < 4 * float(found.standard_errors[parameter])


def test_dirichlet_is_fitted_too():
    d = stats.Dirichlet(np.array([0.8, 2.0, 4.0]))
    found = fit(stats.Dirichlet, data_of(d, 1000))
    error = abs(found.parameters["concentration"].numpy() - d.concentration.numpy())
    assert (error < 4 * found.standard_errors["concentration"].numpy()).all()


def test_standard_errors_are_those_of_theory():
    x = data_of(stats.Normal(F(2.0), F(0.5)))
    found = fit(stats.Normal, x)
    scale = float(found.parameters["scale"])
    assert float(found.standard_errors["loc"]) == pytest.approx(scale / 20, rel=1e-6)
    assert float(found.standard_errors["scale"]) == pytest.approx(scale / 800**0.5, rel=1e-6)
    coins = fit(stats.Bernoulli, [1, 0, 0, 1, 1, 1, 0, 1])
    assert float(coins.standard_errors["probs"]) == pytest.approx((0.625 * 0.375 / 8) ** 0.5, rel=1e-6)
    low, high = coins.interval("probs", 0.95)
    assert (float(low), float(high)) == pytest.approx((0.625 - 0.3355, 0.625 + 0.3355), abs=1e-3)
    shares = fit(stats.Categorical, [0] * 20 + [1] * 30 + [2] * 50)
    np.testing.assert_allclose(
        shares.standard_errors["probs"].numpy(), np.sqrt([0.2 * 0.8, 0.3 * 0.7, 0.25]) / 10, rtol=1e-6
    )


def test_confidence_intervals_hold_the_truth_about_as_often_as_they_say():
    d = stats.Gamma(F(2.0), F(3.0))
    held = 0
    for key in cr.random.split(KEY, 50):
        found = fit(stats.Gamma, d.sample(60, key=key))
        low, high = found.interval("rate", 0.9)
        held += low <= 3.0 <= high
    # 45 are expected, with a standard deviation of 2.1; Wald's intervals of 60 draws are a little skewed.
    assert 36 <= held <= 50


def test_maxima_without_a_gradient_are_given_in_closed_form():
    x = data_of(stats.Uniform(F(1.0), F(3.0)))
    found = fit(stats.Uniform, x)
    assert found.method == "closed form"
    assert float(found.parameters["low"]) == x.min()
    assert np.isnan(float(found.standard_errors["low"]))
    laplace = fit(stats.Laplace, [1.0, 2.0, 7.0])
    assert float(laplace.parameters["loc"]) == 2.0
    assert float(laplace.parameters["scale"]) == 2.0
    never = fit(stats.Bernoulli, [0, 0, 0])
    assert (never.method, float(never.parameters["probs"])) == ("closed form", 0.0)


def test_a_regression_is_a_model_too():
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, 200)
    y = 1.5 - 0.7 * x + 0.3 * rng.standard_normal(200)
    found = maximum_likelihood(
        lambda a, b, scale: stats.Normal(a + b * x, scale),
        y,
        {"a": 0.0, "b": 0.0, "scale": 1.0},
        sets={"scale": stats.POSITIVE},
    )
    slope, intercept, *_, error = scipy_stats.linregress(x, y)
    assert float(found.parameters["b"]) == pytest.approx(slope, rel=1e-8)
    assert float(found.parameters["a"]) == pytest.approx(intercept, rel=1e-8)
    assert float(found.standard_errors["b"]) == pytest.approx(error * (198 / 200) ** 0.5, rel=1e-6)
    assert found.aic == pytest.approx(2 * 3 - 2 * found.log_likelihood)
    assert found.bic == pytest.approx(3 * np.log(200) - 2 * found.log_likelihood)


def test_maximum_a_posteriori_is_the_mode_of_the_conjugate_posterior():
    found = map_estimate(stats.Bernoulli, {"probs": stats.Beta(F(3.0), F(2.0))}, [1] * 7 + [0] * 3)
    assert float(found.parameters["probs"]) == pytest.approx(float(stats.Beta(10.0, 5.0).mode), rel=1e-6)
    x = np.array([1.2, 0.7, 1.9])
    prior = {"rate": stats.Gamma(F(2.0), F(3.0))}
    rate = map_estimate(stats.Exponential, prior, x)
    assert float(rate.parameters["rate"]) == pytest.approx((2 + 3 - 1) / (3 + x.sum()), rel=1e-8)
    assert rate.log_prior == pytest.approx(float(prior["rate"].log_prob(rate.parameters["rate"])))
    between = map_estimate(lambda loc: stats.Normal(loc, F(1.0)), {"loc": stats.Uniform(F(-1.0), F(4.0))}, x)
    assert float(between.parameters["loc"]) == pytest.approx(x.mean(), rel=1e-7)


def test_with_little_data_the_prior_holds_and_with_much_the_data():
    prior = {"loc": stats.Normal(F(0.0), F(1.0))}

    def model(loc):
        return stats.Normal(loc, F(1.0))

    few, many = (map_estimate(model, prior, np.full(n, 3.0)) for n in (1, 1000))
    assert float(few.parameters["loc"]) == pytest.approx(1.5)
    assert float(many.parameters["loc"]) == pytest.approx(3 * 1000 / 1001)


def test_printed_estimates(monkeypatch):
    found = fit(stats.Poisson, [2, 4, 3, 3])
    assert str(found).splitlines()[0] == "rate = 3., standard error 0.866"
    assert "4 observations" in str(found)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert "标准误差 0.866" in str(found)


REFUSED = [
    (
        lambda: fit(stats.Gamma, [1.0, -2.0]),
        DataError,
        r"hold -2.0, which Gamma never gives \(support \[0, ∞\)",
    ),
    (lambda: fit(stats.Poisson, [1.5]), DataError, "which Poisson never gives"),
    (lambda: fit(stats.Binomial, [3, 12], total_count=10), DataError, "which Binomial never gives"),
    (lambda: fit(stats.Normal, []), DataError, "needs at least 1 observations"),
    (lambda: fit(stats.Normal, [1.0, np.nan]), DataError, "not finite"),
    (lambda: fit(stats.Mixture, [1.0]), ConfigError, "no first guess for Mixture"),
    (
        lambda: fit(stats.Normal, [1.0, 2.0], method="adam"),
        ConfigError,
        "method must be one of 'newton', 'lbfgs'",
    ),
    (
        lambda: maximum_likelihood(stats.Normal, [1.0], {"mean": 0.0}),
        ConfigError,
        "mean in start is no parameter of the model; it has loc, scale",
    ),
    (lambda: maximum_likelihood(stats.Normal, [1.0], {}), ConfigError, "start must be a dict"),
    (
        lambda: maximum_likelihood(stats.Normal, [1.0, 2.0], {"loc": 0.0, "scale": -1.0}),
        ConfigError,
        r"scale must lie in \(0, ∞\), got -1.0",
    ),
    (
        lambda: maximum_likelihood(
            lambda high: stats.Uniform(F(0.0), high), [1.0, 2.0], {"high": 1.5}, sets={"high": stats.POSITIVE}
        ),
        DataError,
        "hold 2.0, which Uniform never gives",
    ),
    (
        lambda: map_estimate(stats.Normal, {"loc": 3.0}, [1.0]),
        ConfigError,
        "prior loc must be a distribution",
    ),
    # One observation: the likelihood grows without end as the scale goes to 0.
    (
        lambda: maximum_likelihood(stats.Normal, [1.0], {"loc": 0.0, "scale": 1.0}, max_steps=30),
        ConvergenceError,
        "the gradient still has norm",
    ),
    # Only the sum of a and b is told by the data.
    (
        lambda: maximum_likelihood(
            lambda a, b: stats.Normal(a + b, F(1.0)), [1.0, 2.0, 3.0], {"a": 0.0, "b": 0.0}
        ),
        ConvergenceError,
        "the data do not tell the parameters apart",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_wrong_calls_and_problems_without_solution_are_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
