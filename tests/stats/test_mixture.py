"""Mixtures against sums of densities, and the shapes of batches."""

import numpy as np
import pytest
from scipy import integrate
from scipy import stats as scipy_stats

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError
from chainrule.stats import Exponential, Mixture, MultivariateNormal, Normal, Poisson, Uniform

W = np.array([0.3, 0.7])
TWO = Mixture(W, [Normal(np.float64(-1.0), np.float64(0.5)), Normal(np.float64(2.0), np.float64(1.5))])
PARTS = [scipy_stats.norm(-1, 0.5), scipy_stats.norm(2, 1.5)]
X = np.array([-3.0, -1.0, 0.2, 2.5, 40.0])


def test_density_distribution_function_and_moments():
    density = sum(w * part.pdf(X) for w, part in zip(W, PARTS, strict=True))
    np.testing.assert_allclose(TWO.prob(X[:-1]).numpy(), density[:-1], rtol=1e-12)
    logs = np.logaddexp(*(np.log(w) + part.logpdf(X) for w, part in zip(W, PARTS, strict=True)))
    np.testing.assert_allclose(TWO.log_prob(X).numpy(), logs, rtol=1e-12)
    below = sum(w * part.cdf(X) for w, part in zip(W, PARTS, strict=True))
    np.testing.assert_allclose(TWO.cdf(X).numpy(), below, rtol=1e-12)
    mean = integrate.quad(lambda x: x * float(TWO.prob(x)), -6, 12)[0]
    variance = integrate.quad(lambda x: (x - mean) ** 2 * float(TWO.prob(x)), -6, 12)[0]
    assert float(TWO.mean) == pytest.approx(mean, rel=1e-6)
    assert float(TWO.variance) == pytest.approx(variance, rel=1e-5)


def test_log_prob_is_differentiable_by_weights_and_parameters():
    def log_prob(logits, loc, scale):
        return Mixture(cr.softmax(logits), [Normal(loc, scale), Exponential(scale)]).log_prob(
            np.array([-1.0, 0.5])
        )

    cr.check_gradients(log_prob, np.array([0.2, -0.4]), np.float64(0.3), np.float64(0.8), seed=0)


def test_where_no_component_reaches_the_density_is_zero_with_zero_derivatives():
    d = Mixture([0.5, 0.5], [Uniform(0.0, 1.0), Exponential(2.0)])
    assert d.log_prob([-1.0, 0.5, 3.0]).tolist()[0] == -np.inf
    slope = cr.grad(lambda x: d.prob(x).sum())(cr.tensor([-1.0, 3.0]))
    assert slope.tolist()[0] == 0
    assert np.isfinite(slope.numpy()).all()


def test_draws_come_from_the_mixture():
    draws = TWO.sample(10_000, key=cr.random.key(1)).numpy()
    assert scipy_stats.kstest(draws, lambda x: TWO.cdf(x).numpy()).pvalue > 1e-4


def test_components_may_be_discrete_vectors_or_batches():
    counts = Mixture([0.5, 0.5], [Poisson(1.0), Poisson(9.0)])
    assert float(counts.prob(np.arange(60.0)).sum()) == pytest.approx(1, abs=1e-5)
    assert float(counts.log_prob(0.5)) == -np.inf
    assert float(counts.cdf(3.7)) == float(counts.cdf(3.0))
    corners = Mixture(
        [0.2, 0.8],
        [MultivariateNormal([x, x], covariance_matrix=np.eye(2, dtype="float32")) for x in (0.0, 3.0)],
    )
    assert corners.sample(5, key=cr.random.key(0)).shape == (5, 2)
    assert corners.mean.tolist() == pytest.approx([2.4, 2.4])
    assert corners.variance.tolist() == pytest.approx([2.44, 2.44])
    batch = Mixture([[0.5, 0.5], [0.1, 0.9]], [Normal([0.0, 1.0], 1.0), Normal(5.0, 1.0)])
    assert batch.batch_shape == (2,)
    assert batch.log_prob(cr.zeros((3, 1))).shape == (3, 2)
    assert batch.sample((4, 3), key=cr.random.key(0)).shape == (4, 3, 2)


def test_wrong_mixtures_are_refused():
    with pytest.raises(ConfigError, match="at least one component"):
        Mixture([1.0], [])
    with pytest.raises(ShapeError, match="2 weights along the last axis, but 1 components"):
        Mixture([0.5, 0.5], [Normal(0.0, 1.0)])
    with pytest.raises(ConfigError, match=r"Mixture: weights must lie in {x : xᵢ ≥ 0, ∑ xᵢ = 1}"):
        Mixture([0.5, 0.6], [Normal(0.0, 1.0), Normal(1.0, 1.0)])
    with pytest.raises(ShapeError, match="draws of one shape and kind"):
        Mixture([0.5, 0.5], [Normal(0.0, 1.0), Poisson(1.0)])
    with pytest.raises(ConfigError, match="components must be a distribution"):
        Mixture([1.0], [3])


def test_a_value_of_another_shape_is_refused_by_name():
    with pytest.raises(ShapeError, match=r"Normal\.log_prob: axis -1 is 3 in value but 2 in batch"):
        Normal([0.0, 1.0], 1.0).log_prob(cr.zeros(3))
    with pytest.raises(ShapeError, match="the last axes of a value must be"):
        MultivariateNormal([0.0, 1.0], scale_tril=[[1.0, 0.0], [0.0, 1.0]]).log_prob(cr.zeros(3))
    with pytest.raises(ShapeError, match="Normal: axis -1 is 2 in loc but 3 in scale"):
        Normal([0.0, 1.0], [1.0, 1.0, 1.0])
    with pytest.raises(ShapeError, match="describe draws of different sizes, 3 and 2"):
        MultivariateNormal([0.0, 1.0, 2.0], scale_tril=[[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(ShapeError, match="probs must have at least 1 axes"):
        cr.stats.Categorical(probs=0.5)
    with pytest.raises(ConfigError, match="give exactly one of probs, logits, got none"):
        cr.stats.Bernoulli()
    with pytest.raises(ConfigError, match="give exactly one of probs, logits, got probs, logits"):
        cr.stats.Bernoulli(probs=0.5, logits=0.0)
    with pytest.raises(ConfigError, match=r"low must be below high, got low = 2\.0 and high = 1\.0"):
        Uniform([0.0, 2.0], [1.0, 1.0])
