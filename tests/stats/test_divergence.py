"""Kullback and Leibler's divergence against sums, integrals and draws."""

import numpy as np
import pytest
from scipy import integrate

import chainrule as cr
from chainrule import stats
from chainrule.errors import ConfigError
from chainrule.stats import DIVERGENCES, kl_divergence

F = np.float64
PAIRS = {
    "Normal": (stats.Normal(F(0.3), F(0.8)), stats.Normal(F(-0.5), F(1.4))),
    "LogNormal": (stats.LogNormal(F(0.3), F(0.8)), stats.LogNormal(F(-0.5), F(1.4))),
    "HalfNormal": (stats.HalfNormal(F(0.8)), stats.HalfNormal(F(1.4))),
    "Laplace": (stats.Laplace(F(0.3), F(0.8)), stats.Laplace(F(-0.5), F(1.4))),
    "Cauchy": (stats.Cauchy(F(0.3), F(0.8)), stats.Cauchy(F(-0.5), F(1.4))),
    "Exponential": (stats.Exponential(F(0.8)), stats.Exponential(F(1.4))),
    "Gamma": (stats.Gamma(F(2.5), F(0.8)), stats.Gamma(F(1.5), F(1.4))),
    "Chi2": (stats.Chi2(F(2.5)), stats.Gamma(F(1.5), F(1.4))),
    "Exponential Gamma": (stats.Exponential(F(0.8)), stats.Gamma(F(1.5), F(1.4))),
    "Gamma Exponential": (stats.Gamma(F(2.5), F(0.8)), stats.Exponential(F(1.4))),
    "Beta": (stats.Beta(F(2.5), F(1.8)), stats.Beta(F(1.5), F(3.0))),
    "Uniform": (stats.Uniform(F(0.2), F(0.7)), stats.Uniform(F(0.0), F(1.5))),
    "Uniform Normal": (stats.Uniform(F(0.2), F(0.7)), stats.Normal(F(0.0), F(1.5))),
    "Bernoulli": (stats.Bernoulli(F(0.2)), stats.Bernoulli(F(0.7))),
    "Geometric": (stats.Geometric(F(0.2)), stats.Geometric(F(0.7))),
    "Binomial": (stats.Binomial(9, F(0.2)), stats.Binomial(9, F(0.7))),
    "Binomial of more": (stats.Binomial(9, F(0.2)), stats.Binomial(12, F(0.7))),
    "Poisson": (stats.Poisson(F(2.5)), stats.Poisson(F(4.0))),
    "Categorical": (
        stats.Categorical(np.array([0.2, 0.0, 0.8])),
        stats.Categorical(np.array([0.3, 0.3, 0.4])),
    ),
}
VECTORS = {
    "Dirichlet": (stats.Dirichlet(np.array([1.5, 2.0, 0.7])), stats.Dirichlet(np.array([0.9, 1.0, 2.0]))),
    "MultivariateNormal": (
        stats.MultivariateNormal(np.array([0.3, 0.1]), covariance_matrix=np.array([[1.0, 0.4], [0.4, 0.6]])),
        stats.MultivariateNormal(np.array([-0.5, 0.4]), scale_tril=np.array([[0.9, 0.0], [-0.2, 1.1]])),
    ),
}


def gap(p, q, x):
    return float(p.log_prob(x)) - float(q.log_prob(x))


def by_hand(p, q):
    """The divergence as a sum over values, or as an integral over shares of draws."""
    if p.support.discrete:
        chances = {x: float(p.prob(F(x))) for x in range(200)}
        return sum(chance * gap(p, q, F(x)) for x, chance in chances.items() if chance)
    return integrate.quad(lambda share: gap(p, q, p.quantile(F(share))), 0, 1, limit=500, epsabs=1e-10)[0]


@pytest.mark.parametrize("name", PAIRS)
def test_closed_forms(name):
    p, q = PAIRS[name]
    found = kl_divergence(p, q)
    assert found.is_exact
    assert float(found) == pytest.approx(by_hand(p, q), rel=1e-7)
    assert float(kl_divergence(p, p)) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("name", VECTORS)
def test_closed_forms_of_vectors(name):
    p, q = VECTORS[name]
    found = kl_divergence(p, q)
    x = p.sample(40_000, key=cr.random.key(0))
    gaps = (p.log_prob(x) - q.log_prob(x)).numpy()
    assert abs(float(found) - gaps.mean()) < 4 * gaps.std() / len(gaps) ** 0.5
    assert float(kl_divergence(p, p)) == pytest.approx(0, abs=1e-14)


def test_every_closed_form_is_tried_here():
    tried = {(type(p), type(q)) for p, q in (PAIRS | VECTORS).values()}
    assert set(DIVERGENCES) <= tried


def test_where_q_gives_less_the_divergence_is_infinite():
    assert float(kl_divergence(stats.Uniform(0.0, 2.0), stats.Uniform(0.0, 1.0))) == np.inf
    assert float(kl_divergence(stats.Binomial(9, 0.2), stats.Binomial(5, 0.7))) == np.inf


def test_estimates_agree_with_integrals_within_their_standard_error():
    p, q = stats.StudentT(F(5.0)), stats.Normal(F(0.0), F(1.3))
    found = kl_divergence(p, q, key=cr.random.key(0))
    assert not found.is_exact
    assert found.samples == 10_000
    assert 0 < float(found.standard_error) < 0.01
    assert abs(float(found) - by_hand(p, q)) < 4 * float(found.standard_error)
    assert "Monte Carlo, 10000 draws" in str(found)
    assert "closed form" in str(kl_divergence(q, q))


def test_divergences_are_differentiable():
    def closed(a, b):
        return kl_divergence(stats.Gamma(a, 1.0), stats.Gamma(2.0, b)).value

    def estimated(loc):
        q = stats.Laplace(loc, 1.0)
        return kl_divergence(stats.Normal(0.0, 1.0), q, samples=50, key=cr.random.key(0)).value

    cr.check_gradients(closed, 1.5, 0.7, seed=0)
    cr.check_gradients(estimated, 0.4, order=1, seed=0)


def test_what_is_no_distribution_is_refused():
    with pytest.raises(ConfigError, match="q must be a distribution of"):
        kl_divergence(stats.Normal(0.0, 1.0), 3)
    with pytest.raises(ConfigError, match="samples must be a whole number of at least 2"):
        kl_divergence(stats.StudentT(3.0), stats.Normal(0.0, 1.0), samples=1)
