"""Numbers that move smoothly with their parameters have the derivatives of their quantiles."""

import mpmath
import numpy as np
import pytest
from scipy import special, stats

import chainrule as cr
from chainrule.random.gamma_slope import log_slope

KEY = cr.random.key(4)
F64 = {"dtype": "float64", "key": KEY}

LOCATED = {
    "uniform": (lambda a, b: cr.random.uniform(5, a, b, **F64), (-0.5, 2.0)),
    "normal": (lambda a, b: cr.random.normal(5, a, b, **F64), (-0.5, 2.0)),
    "laplace": (lambda a, b: cr.random.laplace(5, a, b, **F64), (-0.5, 2.0)),
    "cauchy": (lambda a, b: cr.random.cauchy(5, a, b, **F64), (-0.5, 2.0)),
    "gumbel": (lambda a, b: cr.random.gumbel(5, a, b, **F64), (-0.5, 2.0)),
    "exponential": (lambda a: cr.random.exponential(5, a, **F64), (2.0,)),
    "truncated_normal": (lambda *p: cr.random.truncated_normal(5, *p, **F64), (-0.5, 2.0, 0.3, 1.5)),
    "truncated_normal above": (lambda *p: cr.random.truncated_normal(5, *p, **F64), (4.0, 5.0, 0.3, 1.5)),
}


@pytest.mark.parametrize("name", LOCATED)
def test_derivatives_by_locations_scales_and_bounds(name):
    draw, point = LOCATED[name]
    cr.check_gradients(draw, *point, seed=0)


@pytest.mark.parametrize("a", [0.001, 0.05, 0.5, 1.0, 2.5, 30.0, 1e4])
@pytest.mark.parametrize("q", [1e-3, 0.3, 0.56, 0.9, 0.999])
def test_the_slope_of_gamma_numbers_is_that_of_their_quantile(a, q):
    logs = float(np.log(special.gammaincinv(a, q))) if a > 0.005 else (np.log(q) + special.gammaln(a + 1)) / a
    with mpmath.workdps(40):
        x, of_log = mpmath.e ** mpmath.mpf(logs), mpmath.mpf(a) * logs
        rise = mpmath.diff(lambda b: mpmath.gammainc(b, 0, x, regularized=True), mpmath.mpf(a))
        exact = -rise / mpmath.e ** (of_log - x - mpmath.loggamma(a))
    got = float(log_slope(cr.tensor(np.float64(a)), cr.tensor(np.float64(logs))))
    assert abs(got / float(exact) - 1) < 2e-12
    single = float(log_slope(cr.tensor(a), cr.tensor(logs)))
    assert abs(single / float(exact) - 1) < 1e-4


@pytest.mark.parametrize(("a", "logs"), [(0.3, -2.0), (0.3, 0.5), (4.0, 1.0), (4.0, 1.7)])
def test_the_slope_can_be_differentiated_again(a, logs):
    cr.check_gradients(log_slope, cr.tensor(a), cr.tensor(logs), seed=0)


@pytest.mark.parametrize("a", [0.2, 1.0, 6.0])
def test_gamma_numbers_follow_their_quantile(a):
    drawn = cr.random.gamma(a, 2.0, 5, **F64).numpy()
    q = stats.gamma.cdf(drawn, a, scale=0.5)
    expected = (stats.gamma.ppf(q, a + 1e-6, scale=0.5) - stats.gamma.ppf(q, a - 1e-6, scale=0.5)) / 2e-6
    alpha = cr.tensor(np.full(5, a))
    reverse = cr.grad(lambda alpha: cr.random.gamma(alpha, 2.0, 5, **F64).sum())(alpha)
    np.testing.assert_allclose(reverse.numpy(), expected, rtol=1e-6)
    forward = cr.jvp(lambda alpha: cr.random.gamma(alpha, 2.0, 5, **F64), (alpha,), (cr.ones(5, "float64"),))[
        1
    ]
    np.testing.assert_allclose(forward.numpy(), reverse.numpy(), rtol=1e-12)
    by_rate = cr.grad(lambda rate: cr.random.gamma(a, rate, 5, **F64).sum())(2.0)
    np.testing.assert_allclose(float(by_rate), -drawn.sum() / 2, rtol=1e-6)


def test_expected_slopes_are_those_of_expected_values():
    n, key = 100_000, cr.random.key(5)

    def mean_log(a):
        return cr.log(cr.random.gamma(a, 1.0, n, dtype="float64", key=key)).mean()

    def mean_beta(a, b):
        return cr.random.beta(a, b, n, dtype="float64", key=key).mean()

    # The standard deviations of the slopes, measured, are below 1; so five standard errors are below 0.016.
    assert abs(float(cr.grad(mean_log)(3.0)) - special.polygamma(1, 3.0)) < 0.016
    assert abs(float(cr.grad(mean_beta)(2.0, 3.0)) - 3 / 25) < 0.016
    assert abs(float(cr.grad(mean_beta, 1)(2.0, 3.0)) + 2 / 25) < 0.016


def test_tiny_concentrations_give_finite_numbers_and_slopes():
    a = cr.tensor([1e-3, 1e-2])
    drawn = cr.random.beta(a, a, (1000, 2), key=KEY)
    assert bool(cr.isfinite(drawn).all())
    slope = cr.grad(lambda a: cr.random.dirichlet(a, (1000, 2), key=KEY)[:, 0].mean())(a)
    assert bool(cr.isfinite(slope).all())


def test_counts_have_no_derivative():
    assert not cr.random.poisson(cr.tensor(3.0, requires_grad=True)).requires_grad
    assert not cr.random.binomial(5, cr.tensor(0.5, requires_grad=True)).requires_grad
