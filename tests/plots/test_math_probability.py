"""Densities, probabilities, ellipses and the limit theorems have the right numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

import chainrule as cr
from chainrule import plots
from chainrule.errors import ConfigError, DataError, ShapeError


class LogNormal:
    """A distribution as chainrule's are: ``log_prob`` and ``cdf`` of tensors."""

    def log_prob(self, x):
        return -cr.log(x) - cr.log(x) ** 2 / 2 - 0.5 * np.log(2 * np.pi)

    def cdf(self, x):
        return 0.5 + 0.5 * cr.erf(cr.log(x) / 2**0.5)


def labels(figure):
    return [entry.get_text() for entry in figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (stats.norm(1, 2), stats.norm(1, 2).pdf),
        (lambda x: cr.exp(-x * x), lambda x: np.exp(-x * x)),
        (LogNormal(), stats.lognorm(1).pdf),
        (cr.stats.Normal(1.0, 2.0), stats.norm(1, 2).pdf),
        (cr.stats.Gamma(2.0, 0.5), stats.gamma(2, scale=2).pdf),
    ],
    ids=["scipy", "function", "log_prob", "Normal", "Gamma"],
)
def test_density_of_each_kind_of_distribution(distribution, expected):
    figure = plots.densities(distribution, (-3, 4))
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(y, expected(x), rtol=1e-6, atol=1e-12)


def test_distribution_functions_stand_beside_the_densities():
    figure = plots.densities({"scipy": stats.expon(), "own": LogNormal()}, (0.01, 4), cdf=True)
    for line, expected in zip(figure.axes[1].lines, (stats.expon().cdf, stats.lognorm(1).cdf), strict=True):
        np.testing.assert_allclose(line.get_ydata(), expected(line.get_xdata()), atol=1e-6)
    assert labels(figure) == ["scipy", "own"]


def test_interval_comes_from_the_quantiles():
    low, high = plots.densities({"a": stats.norm(0, 1), "b": stats.norm(5, 1)}).axes[0].get_xlim()
    assert -3.6 < low < -3.0
    assert 8.0 < high < 8.6


@pytest.mark.parametrize(
    "distribution",
    [stats.binom(4, 0.3), lambda k: stats.binom(4, 0.3).pmf(np.asarray(k)), cr.stats.Binomial(4, 0.3)],
    ids=["scipy", "function", "Binomial"],
)
def test_stems_are_as_high_as_the_probabilities(distribution):
    figure = plots.probabilities(distribution, [0, 1, 2, 3, 4])
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(y, stats.binom(4, 0.3).pmf([0, 1, 2, 3, 4]), rtol=1e-6)
    np.testing.assert_array_equal(x, [0, 1, 2, 3, 4])


def test_stems_of_several_distributions_stand_side_by_side():
    figure = plots.probabilities({"a": stats.poisson(2), "b": stats.poisson(3)})
    one, other = (line.get_xdata() for line in figure.axes[0].lines)
    assert not set(one) & set(other)
    np.testing.assert_allclose(np.round(one), np.round(other))


def test_histogram_of_density_has_area_one():
    samples = np.random.default_rng(3).normal(size=500)
    figure = plots.histogram(samples, density=stats.norm())
    area = sum(bar.get_width() * bar.get_height() for bar in figure.axes[0].patches)
    np.testing.assert_allclose(area, 1)
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(y, stats.norm().pdf(x))


def test_histograms_count_in_the_same_bins():
    figure = plots.histogram({"a": [0, 1, 1], "b": [1, 2, np.nan]}, bins=[0, 1, 2])
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [1, 2, 0, 2]


COVARIANCE = np.array([[2.0, 1.0], [1.0, 1.5]])


def test_ellipse_has_the_eigenvectors_as_axes():
    figure = plots.joint_density(mean=[1, -1], covariance=COVARIANCE, ellipses=[2.0])
    (ellipse,) = figure.axes[0].patches
    boundary = ellipse.get_path().vertices[:8] @ np.diag([ellipse.width, ellipse.height]) / 2
    turn = np.radians(ellipse.angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    on_it = boundary[::3] @ rotation.T
    distances = np.einsum("ni,ij,nj->n", on_it, np.linalg.inv(COVARIANCE), on_it)
    np.testing.assert_allclose(distances, 4, rtol=1e-6)
    np.testing.assert_allclose(
        [ellipse.width / 4, ellipse.height / 4], np.sqrt(np.linalg.eigvalsh(COVARIANCE)[::-1])
    )


def test_moments_of_samples_where_none_are_given():
    samples = np.random.default_rng(4).normal(size=(60, 2))
    figure = plots.joint_density(samples=samples, ellipses=[1.0])
    np.testing.assert_allclose(figure.axes[0].patches[0].center, samples.mean(axis=0))
    widths = [figure.axes[0].patches[0].width / 2, figure.axes[0].patches[0].height / 2]
    np.testing.assert_allclose(widths, np.sqrt(np.linalg.eigvalsh(np.cov(samples.T))[::-1]))


@pytest.mark.parametrize(
    "density",
    [
        stats.multivariate_normal([0, 1], COVARIANCE),
        lambda x, y: stats.multivariate_normal([0, 1], COVARIANCE).pdf(np.stack([x, y], axis=-1)),
        cr.stats.MultivariateNormal([0.0, 1.0], COVARIANCE),
    ],
    ids=["scipy", "function", "MultivariateNormal"],
)
def test_shades_are_the_density(density):
    figure = plots.joint_density(density, (-3, 3), (-2, 4))
    picture = figure.axes[0].images[0]
    places = np.stack(np.meshgrid(np.linspace(-3, 3, 81), np.linspace(-2, 4, 81)), axis=-1)
    expected = stats.multivariate_normal([0, 1], COVARIANCE).pdf(places)
    np.testing.assert_allclose(picture.get_array(), expected, rtol=1e-6)


def test_distribution_brings_its_own_ellipses():
    normal = cr.stats.MultivariateNormal([0.0, 1.0], COVARIANCE)
    ellipse = plots.joint_density(normal, ellipses=[1.0]).axes[0].patches[0]
    np.testing.assert_allclose(ellipse.center, [0, 1])
    expected = np.sqrt(np.linalg.eigvalsh(COVARIANCE)[::-1])
    np.testing.assert_allclose([ellipse.width / 2, ellipse.height / 2], expected, rtol=1e-6)


def test_quantiles_of_a_distribution_of_stats_give_the_interval():
    low, high = plots.densities(cr.stats.Normal(0.0, 1.0), cdf=True).axes[0].get_xlim()
    assert -3.6 < low < -3.0
    assert 3.0 < high < 3.6
    assert len(plots.probabilities(cr.stats.Poisson(2.0)).axes[0].lines[0].get_xdata()) > 6


def test_running_means_and_their_band():
    draws = np.random.default_rng(5).integers(0, 2, size=(3, 40))
    figure = plots.law_of_large_numbers(draws, 0.5, 0.5)
    for line, row in zip(figure.axes[0].lines[:3], draws, strict=True):
        n = line.get_xdata()
        np.testing.assert_allclose(line.get_ydata(), [row[: int(count)].mean() for count in n])
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    inside = band[np.isclose(band[:, 0], 16)]
    np.testing.assert_allclose(sorted(set(inside[:, 1].round(9))), [0.25, 0.75])


def test_means_are_standardised():
    means = {4: np.array([0.0, 1.0, 2.0]), 16: np.array([0.5, 1.0, 1.5])}
    figure = plots.central_limit(means, mean=1.0, deviation=2.0)
    for axes in figure.axes:
        middles = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches if bar.get_height()]
        np.testing.assert_allclose(middles, [-1, 0, 1], atol=1e-9)
        x, y = axes.lines[0].get_data()
        np.testing.assert_allclose(y, stats.norm().pdf(x))


def test_bars_of_bayes_are_the_probabilities():
    figure = plots.bayes(["ill", "well"], [0.01, 0.99], [0.161, 0.839], likelihood=[0.95, 0.05])
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [0.01, 0.99, 0.95, 0.05, 0.161, 0.839]


def test_the_table_of_bayes_is_drawn_as_it_is():
    table = cr.stats.bayes({"ill": 0.01, "well": 0.99}, {"well": 0.05, "ill": 0.95})
    axes = plots.bayes(table).axes[0]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([0.01, 0.99, 0.95, 0.05, 0.161017, 0.838983], rel=1e-5)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["ill", "well"]


def test_the_law_of_large_numbers_is_drawn_from_its_experiment():
    found = cr.stats.law_of_large_numbers(cr.stats.Bernoulli(0.3), n=50, paths=3, seed=0)
    axes = plots.law_of_large_numbers(found).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_ydata()[-1], found.running_means[0, -1])
    assert axes.lines[3].get_ydata()[0] == pytest.approx(0.3)
    band = axes.collections[0].get_paths()[0].vertices
    half = found.band[49]
    last = sorted(set(band[np.isclose(band[:, 0], 50), 1].round(9)))
    np.testing.assert_allclose(last, [found.mean - half, found.mean + half])


def test_without_a_mean_no_band_is_drawn():
    found = cr.stats.law_of_large_numbers(cr.stats.Cauchy(0.0, 1.0), n=50, paths=3, seed=0)
    figure = plots.law_of_large_numbers(found)
    assert len(figure.axes[0].lines) == 3 and not figure.axes[0].collections and not figure.legends


def test_standardised_sums_are_drawn_from_their_experiments():
    found = [cr.stats.central_limit(cr.stats.Exponential(1.0), n=n, repeats=200, seed=0) for n in (2, 30)]
    assert [axes.get_title(loc="left") for axes in plots.central_limit(found).axes] == ["n = 2", "n = 30"]
    (one,) = plots.central_limit(found[1]).axes
    assert sum(bar.get_height() * bar.get_width() for bar in one.patches) == pytest.approx(1)


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: plots.densities({}), DataError, "densities: there is nothing to draw"),
        (lambda: plots.densities(cr.exp), ConfigError, "give the interval to draw"),
        (lambda: plots.densities(3.0, (0, 1)), DataError, "with log_prob / pdf, got float"),
        (lambda: plots.densities(cr.exp, (0, 1), cdf=True), DataError, "with cdf"),
        (
            lambda: plots.densities(cr.stats.Normal([0.0, 1.0], 1.0), (0, 1)),
            ShapeError,
            "holds a batch of them, Normal (2,)",
        ),
        (lambda: plots.probabilities(lambda k: k), ConfigError, "give the interval"),
        (lambda: plots.probabilities({}, [1]), DataError, "probabilities: there is nothing"),
        (lambda: plots.probabilities("fair", [1]), DataError, "with log_prob / pmf, got str"),
        (lambda: plots.histogram([]), DataError, "histogram: there is nothing to draw"),
        (lambda: plots.histogram([1, 2], bins=0), ConfigError, "bins must be a whole number in 1"),
        (lambda: plots.histogram([[1, 2]]), ShapeError, "got samples (1, 2)"),
        (lambda: plots.joint_density(), ConfigError, "give the interval"),
        (
            lambda: plots.joint_density(mean=[0, 0], covariance=[[1, 2], [0, 1]]),
            ShapeError,
            "symmetric matrix (2, 2), got covariance (2, 2)",
        ),
        (lambda: plots.joint_density(samples=[[1, 2, 3]]), ShapeError, "got samples (1, 3)"),
        (lambda: plots.law_of_large_numbers([], 0, 1), DataError, "there is nothing to draw"),
        (lambda: plots.law_of_large_numbers([1.0], 0, 0), DataError, "deviation must be positive, got 0"),
        (lambda: plots.law_of_large_numbers([1.0, 2.0]), ConfigError, "result of stats.law_of_large_numbers"),
        (lambda: plots.central_limit({2: [1.0]}, mean=0), ConfigError, "give mean= and deviation="),
        (lambda: plots.central_limit([]), DataError, "central_limit: there is nothing"),
        (lambda: plots.bayes(["a", "b"], [0.5, 0.5]), ConfigError, "the table of stats.bayes"),
        (lambda: plots.central_limit({}, 0, 1), DataError, "central_limit: there is nothing"),
        (lambda: plots.bayes(["a"], [1], [0.5, 0.5]), ShapeError, "names (1,)"),
        (lambda: plots.box_plots({}), DataError, "box_plots: there is nothing"),
    ],
)
def test_refuses_what_is_not_a_distribution(draw, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        draw()
