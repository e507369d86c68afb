"""Bijectors: inverses, stretching, images, and the distributions that they make."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError
from chainrule.stats import (
    BIJECTORS,
    Affine,
    Compose,
    Covariance,
    Exp,
    Inverse,
    Power,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
    TransformedDistribution,
    Triangle,
)

EXAMPLES = {
    "Affine": Affine(np.float64(0.5), np.float64(-2.0)),
    "Exp": Exp(),
    "Sigmoid": Sigmoid(),
    "Tanh": Tanh(),
    "Softplus": Softplus(),
    "Power": Power(-1.5),
    "Softmax": Softmax(),
    "Triangle": Triangle(),
    "Covariance": Covariance(),
    "Inverse": Inverse(Softplus()),
    "Compose": Compose([Exp(), Power(2.0), Affine(np.float64(1.0), np.float64(-3.0))]),
}
every_bijector = pytest.mark.parametrize("bijector", EXAMPLES.values(), ids=EXAMPLES.keys())


def point(bijector):
    """Something that a bijector can be applied to."""
    if bijector.domain.event_ndim:
        return np.array([0.3, -0.5, 0.8, 0.1, -0.2, 0.4])
    return np.array([0.2, 0.7, 1.4]) if bijector.domain is cr.stats.POSITIVE else np.array([-1.2, 0.3, 1.4])


def test_every_bijector_is_tried_here():
    assert set(EXAMPLES) == set(BIJECTORS)


@every_bijector
def test_the_inverse_undoes_it_and_the_result_lies_in_the_codomain(bijector):
    x = point(bijector)
    y = bijector(x)
    np.testing.assert_allclose(bijector.inverse(y).numpy(), x, rtol=1e-12)
    assert bool(bijector.codomain.contains(y).all())


def free_part(bijector, y):
    """The entries of a result that determine the others."""
    if isinstance(bijector, Softmax):
        return y[..., :-1]
    if isinstance(bijector, Triangle | Covariance):
        rows, columns = np.tril_indices(y.shape[-1])
        return y[rows, columns]
    return y


@every_bijector
def test_log_det_is_the_logarithm_of_the_jacobians_determinant(bijector):
    x = point(bijector)
    if bijector.domain.event_ndim:
        jacobian = cr.jacobian(lambda x: free_part(bijector, bijector(x)))(x).numpy()
        expected = np.linalg.slogdet(jacobian)[1]
    else:
        slope = cr.grad(lambda x: bijector(x).sum())(x).numpy()
        expected = np.log(abs(slope))
        assert (np.asarray(bijector.increasing) == (slope > 0)).all()
    np.testing.assert_allclose(bijector.log_det(x).numpy(), expected, rtol=1e-10)


@every_bijector
def test_it_is_differentiable_both_ways(bijector):
    x = point(bijector)
    cr.check_gradients(bijector.forward, x, seed=0)
    cr.check_gradients(bijector.log_det, x, seed=0)
    if not isinstance(bijector, Covariance):  # Off the symmetric matrices its inverse is not defined.
        cr.check_gradients(bijector.inverse, bijector(x).numpy(), seed=0)


def test_wrong_bijectors_are_refused():
    with pytest.raises(ConfigError, match="exponent must lie in"):
        Power(0.0)
    with pytest.raises(ConfigError, match="3 is not a bijector"):
        Compose([Exp(), 3])
    with pytest.raises(ShapeError, match="4 numbers do not fill a triangle"):
        Triangle()(np.zeros(4))


MADE = {
    "log-normal": (
        TransformedDistribution(cr.stats.Normal(np.float64(0.5), np.float64(0.8)), Exp()),
        scipy_stats.lognorm(0.8, scale=np.exp(0.5)),
    ),
    "shifted and turned gamma": (
        TransformedDistribution(
            cr.stats.Gamma(np.float64(2.0), np.float64(3.0)), Affine(np.float64(1.0), np.float64(-2.0))
        ),
        None,
    ),
    "Weibull": (
        TransformedDistribution(
            cr.stats.Exponential(np.float64(1.0)), [Power(1 / 1.7), Affine(np.float64(0.0), np.float64(2.5))]
        ),
        scipy_stats.weibull_min(1.7, scale=2.5),
    ),
    "inverse gamma": (
        TransformedDistribution(cr.stats.Gamma(np.float64(3.0), np.float64(2.0)), Power(-1.0)),
        scipy_stats.invgamma(3.0, scale=2.0),
    ),
    "logit-normal": (
        TransformedDistribution(cr.stats.Normal(np.float64(0.2), np.float64(1.0)), Sigmoid()),
        None,
    ),
    "log-uniform": (
        TransformedDistribution(cr.stats.Uniform(np.float64(0.0), np.float64(2.0)), Exp()),
        scipy_stats.loguniform(1.0, np.exp(2.0)),
    ),
}
every_made = pytest.mark.parametrize(("d", "other"), MADE.values(), ids=MADE.keys())


@every_made
def test_transformed_distributions(d, other):
    q = np.array([0.03, 0.3, 0.5, 0.9])
    x = d.quantile(q)
    np.testing.assert_allclose(d.cdf(x).numpy(), q, rtol=1e-9)
    slope = cr.jvp(d.cdf, (x,), (cr.ones_like(x),))[1]
    np.testing.assert_allclose(d.prob(x).numpy(), slope.numpy(), rtol=1e-9)
    if other is not None:
        np.testing.assert_allclose(x.numpy(), other.ppf(q), rtol=1e-9)
        np.testing.assert_allclose(d.log_prob(x).numpy(), other.logpdf(x.numpy()), rtol=1e-9)
    draws = d.sample(5000, key=cr.random.key(7))
    assert scipy_stats.kstest(draws.numpy(), lambda x: d.cdf(x).numpy()).pvalue > 1e-4
    assert np.isfinite(d.log_prob(draws).numpy()).all()


@every_made
def test_outside_their_support_transformed_densities_are_zero(d, other):
    limits = [float(d.support.low), float(d.support.high)]
    outside = [limit + step for limit, step in zip(limits, (-0.5, 0.5), strict=True) if np.isfinite(limit)]
    assert outside
    x = np.array(outside)
    assert (d.log_prob(x).numpy() == -np.inf).all()
    assert (cr.grad(lambda x: d.prob(x).sum())(x).numpy() == 0).all()


def test_draws_of_a_transformed_distribution_carry_derivatives():
    key = cr.random.key(3)

    def mean(loc, scale):
        d = TransformedDistribution(cr.stats.Normal(loc, scale), [Exp(), Affine(1.0, 2.0)])
        return d.rsample(4, key=key).mean()

    cr.check_gradients(mean, 0.3, 0.5, seed=0)


def test_a_shift_and_stretch_keeps_moments_and_entropy_in_closed_form():
    d = TransformedDistribution(cr.stats.Gamma(2.0, 3.0), Affine(1.0, -2.0))
    assert float(d.mean) == pytest.approx(1 - 2 * 2 / 3)
    assert float(d.variance) == pytest.approx(4 * 2 / 9)
    assert float(d.entropy()) == pytest.approx(scipy_stats.gamma(2, scale=1 / 3).entropy() + np.log(2))
    with pytest.raises(ConfigError, match="no mean in closed form"):
        TransformedDistribution(cr.stats.Normal(0.0, 1.0), Tanh()).mean  # noqa: B018


def test_vectors_are_transformed_too():
    base = cr.stats.MultivariateNormal([0.1, -0.3], scale_tril=[[0.7, 0.0], [0.2, 0.5]])
    simplex = TransformedDistribution(base, Softmax())
    assert simplex.event_shape == (3,)
    draws = simplex.sample(6, key=cr.random.key(0))
    assert draws.shape == (6, 3)
    total = TransformedDistribution(base, Exp())
    x = np.array([1.2, 0.7])
    expected = base.log_prob(np.log(x)).numpy() - np.log(x).sum()
    np.testing.assert_allclose(total.log_prob(x).numpy(), expected, rtol=1e-6)
    with pytest.raises(ConfigError, match="no cdf: its draws are vectors"):
        total.cdf(x)


def test_discrete_distributions_are_not_transformed():
    with pytest.raises(ConfigError, match="Poisson is discrete"):
        TransformedDistribution(cr.stats.Poisson(2.0), Exp())
    with pytest.raises(ConfigError, match="base must be a distribution"):
        TransformedDistribution(3.0, Exp())
