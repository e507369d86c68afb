"""Errors of the special functions, against as many digits as one likes where SciPy has too few itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import special

from chainrule.core.op import TABLE
from chainrule.ops.pointwise import incomplete

from .running import CPUS, Case, compiled, run

Array = Any
SEED = 11
FLOAT64, INT64 = np.dtype(np.float64), np.dtype(np.int64)


def computed(name: str, *arrays: Array, cpu: str = CPUS[-1]) -> Array:
    """A row of float64 numbers (orders are int64), compiled."""
    case = Case(TABLE[name], tuple(x.dtype for x in arrays))
    return run(compiled([case], cpu), case, 16, [np.ascontiguousarray(x) for x in arrays])


def relative(found: Array, exact: Array) -> float:
    """The largest relative error; 0 where both are the same."""
    with np.errstate(all="ignore"):
        error = np.abs(found - exact) / np.abs(exact)
    return float(np.max(np.where(found == exact, 0.0, error)))


def powers_of_ten(rng: np.random.Generator, low: float, high: float, count: int = 200) -> Array:
    return 10 ** rng.uniform(low, high, count)


def gamma_series(a: float, x: float) -> mpf:
    a, x = mpf(a), mpf(x)
    return x**a * mp.exp(-x) / mp.gamma(a + 1) * mp.hyp1f1(1, a + 1, x)


def beta_series(a: float, b: float, x: float) -> mpf:
    a, b, x = mpf(a), mpf(b), mpf(x)
    if x > a / (a + b):
        return 1 - beta_series(b, a, 1 - x)
    return x**a * (1 - x) ** b / (a * mp.beta(a, b)) * mp.hyp2f1(a + b, 1, a + 1, x)


def exactly(function: Callable[..., mpf], *arrays: Array) -> Array:
    with mp.workdps(50):
        return np.array([float(function(*map(float, numbers))) for numbers in zip(*arrays, strict=True)])


@pytest.mark.parametrize("cpu", CPUS)
def test_gammainc(cpu):
    rng = np.random.default_rng(SEED)
    a = powers_of_ten(rng, -4, 4)
    x = special.gammaincinv(a, rng.uniform(size=a.size))
    a, x = a[x > 1e-250], x[x > 1e-250]
    assert relative(computed("gammainc", a, x, cpu=cpu), exactly(gamma_series, a, x)) < 2e-14


def gamma_quadrature(a: float, x: float) -> mpf:
    """The integral of the density, by its places in standard deviations from a."""
    a, x = mpf(a), mpf(x)
    root, norm = mp.sqrt(a), mp.loggamma(a)

    def density(s: mpf) -> mpf:
        t = a + root * s
        return root * mp.exp((a - 1) * mp.log(t) - t - norm)

    end = (x - a) / root
    return mp.quad(density, mp.linspace(end - 16, end, 9))


def test_gammainc_of_large_parameters():
    """On both sides of where the expansion for large parameters begins, and where SciPy has no digits."""
    rng = np.random.default_rng(SEED)
    a = np.array([2e5, 0.999999e6, 1.000001e6, 1e7, 1e9, 1e12] * 4)
    x = a + rng.uniform(-7, 4, a.size) * np.sqrt(a)
    assert relative(computed("gammainc", a, x), exactly(gamma_quadrature, a, x)) < 2e-13


@pytest.mark.parametrize("cpu", CPUS)
def test_betainc(cpu):
    rng = np.random.default_rng(SEED)
    a, b = powers_of_ten(rng, -3, 4), powers_of_ten(rng, -3, 4)
    x = special.betaincinv(a, b, rng.uniform(size=a.size))
    usual = (x > 1e-250) & (x < 1)
    a, b, x = a[usual], b[usual], x[usual]
    assert relative(computed("betainc", a, b, x, cpu=cpu), exactly(beta_series, a, b, x)) < 1e-13


def test_betainc_where_one_part_is_tiny():
    """A small b leaves nearly nothing below any x; that is not the difference of 1 and something near 1."""
    a, b, x = (np.array(z) for z in ([9.2, 2.0, 4.1e5], [1.7e-3, 1e-30, 4.2], [0.93, 0.84140566, 0.99998415]))
    assert relative(computed("betainc", a, b, x), exactly(beta_series, a, b, x)) < 1e-13


@pytest.mark.parametrize("cpu", CPUS)
def test_quantiles_are_inverses(cpu):
    """The function of the quantile is the probability, up to what rounding the quantile does to it."""
    rng = np.random.default_rng(SEED)
    a, b, q = powers_of_ten(rng, -1, 5), powers_of_ten(rng, -1, 5), rng.uniform(size=200)
    q[::4] = powers_of_ten(rng, -80, 0, 50)
    x = computed("gammaincinv", a, q, cpu=cpu)
    assert relative(x, special.gammaincinv(a, q)) < 1e-10
    slope = np.exp(special.xlogy(a, x) - x - special.gammaln(a)) / q
    held_back(x, q, slope, computed("gammainc", a, x, cpu=cpu), np.inf)
    x = computed("betaincinv", a, b, q, cpu=cpu)
    slope = np.exp(special.xlogy(a, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b)) / q
    held_back(x, q, slope, computed("betainc", a, b, x, cpu=cpu), 1.0)


def held_back(x: Array, q: Array, slope: Array, back: Array, end: float) -> None:
    """From a quantile its probability comes back, but of those that vanish."""
    held = (x > 1e-290) & (x < end)
    assert held.sum() > 100
    assert np.all(np.abs(back / q - 1)[held] < 1e-14 * (100 + slope)[held])


def test_quantiles_that_scipy_has_not():
    a, b, q = (
        np.array(z) for z in ([1.0494444407343793, 2.0], [0.7786225571045811, 1e-38], [6.9e-56, 1e-38])
    )
    x = computed("betaincinv", a, b, q)
    assert relative(exactly(beta_series, a, b, x), q) < 1e-13


def test_ends_of_the_incomplete_functions():
    inf, nan = np.inf, np.nan
    a = np.array([0.0, 0.0, inf, inf, -1.0, 1.0, nan])
    x = np.array([0.0, 1.0, 1.0, inf, 1.0, inf, 1.0])
    np.testing.assert_array_equal(computed("gammainc", a, x), [nan, 1, 0, nan, nan, 1, nan])
    a, b = np.array([0.0, 1.0, inf, 1.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0, inf, 0.0, -1.0])
    for at, expected in (
        (0.0, [0, 0, 0, 0, nan, nan]),
        (0.5, [1, 0, 0, 1, nan, nan]),
        (1.0, [1, 1, 1, 1, nan, nan]),
    ):
        np.testing.assert_array_equal(computed("betainc", a, b, np.full(6, at)), expected)
    q = np.array([0.0, 1.0, -0.1, 1.1, nan])
    np.testing.assert_array_equal(computed("gammaincinv", np.ones(5), q), [0, inf, nan, nan, nan])
    np.testing.assert_array_equal(computed("betaincinv", np.ones(5), np.ones(5), q), [0, 1, nan, nan, nan])


@pytest.mark.parametrize("cpu", CPUS)
def test_integrals_with_logarithms(cpu):
    """The definition's own absolute error is below 1e-10; the places are the same here."""
    rng = np.random.default_rng(SEED)
    m, n = rng.integers(0, 4, (2, 200))
    a, b = powers_of_ten(rng, -2, 3), powers_of_ten(rng, -2, 3)
    x = a * powers_of_ten(rng, -1, 1)
    found, expected = computed("gamma_integral", n, a, x, cpu=cpu), incomplete._gamma_integral(n, a, x)
    assert np.all(np.abs(found - expected) < 1e-10 * (1 + np.abs(expected)))
    x = rng.uniform(size=200)
    found, expected = (
        computed("beta_integral", m, n, a, b, x, cpu=cpu),
        incomplete._beta_integral(m, n, a, b, x),
    )
    assert np.all(np.abs(found - expected) < 1e-10 * (1 + np.abs(expected)))


@pytest.mark.parametrize("cpu", CPUS)
def test_bessel_i(cpu):
    rng = np.random.default_rng(SEED)
    n = rng.integers(-40, 40, 300)
    x = rng.normal(size=300) * powers_of_ten(rng, -2, 2.3, 300)
    exact = exactly(lambda n, x: mp.re(mp.besseli(abs(int(n)), x)), n.astype(float), x)
    assert relative(computed("bessel_i", n, x, cpu=cpu), exact) < 1e-13


def test_bessel_i_of_large_orders_and_at_ends():
    n, x = (
        np.array([1474, 100, 0, 1, 2, 0]),
        np.array([650.2047603334905, 720.0, 800.0, -np.inf, -np.inf, np.nan]),
    )
    found = computed("bessel_i", n, x)
    exact = exactly(lambda n, x: mp.re(mp.besseli(abs(int(n)), x)), n[:2].astype(float), x[:2])
    assert relative(found[:2], exact) < 1e-11
    np.testing.assert_array_equal(found[2:], [np.inf, -np.inf, np.inf, np.nan])


@pytest.mark.parametrize("cpu", CPUS)
def test_spherical_bessel(cpu):
    """Relative to the function's size around a place: it has zeros."""
    rng = np.random.default_rng(SEED)
    n, x = rng.integers(0, 60, 300), powers_of_ten(rng, -2, 2.5, 300)
    exact = exactly(lambda n, x: mp.sqrt(mp.pi / (2 * x)) * mp.besselj(n + 0.5, x), n.astype(float), x)
    found = computed("spherical_bessel", n, x, cpu=cpu)
    size = np.where(n < x, np.maximum(np.abs(exact), 1 / x), np.abs(exact))
    assert np.max(np.abs(found - exact) / size) < 1e-12
    np.testing.assert_array_equal(
        computed("spherical_bessel", n, -x, cpu=cpu), np.where(n % 2, -found, found)
    )


def test_ends_of_spherical_bessel():
    n, x = np.array([0, 1, 3, 0, -1]), np.array([0.0, 0.0, np.inf, np.nan, 1.0])
    np.testing.assert_array_equal(computed("spherical_bessel", n, x), [1, 0, 0, np.nan, np.nan])


def test_polygamma_of_orders_that_differ_from_lane_to_lane():
    rng = np.random.default_rng(SEED)
    n, x = rng.integers(0, 9, 300), rng.uniform(0.05, 50, 300)
    assert relative(computed("polygamma", n, x), special.polygamma(n, x)) < 1e-13
    n, x = np.array([1, 2, 1, 1]), np.array([np.inf, -2.0, -2.5, 1e300])
    assert relative(computed("polygamma", n, x), special.polygamma(n, x)) < 1e-14
    assert np.isnan(computed("polygamma", np.array([1]), np.array([np.nan])))
