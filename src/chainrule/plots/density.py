"""Densities and distribution functions of one number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.dtypes import float64
from chainrule.errors import error, text
from chainrule.plots.evaluate import Field
from chainrule.plots.inputs import Interval, bounds
from chainrule.plots.labels import formula_labels, legend_beside
from chainrule.plots.style import PALETTE, new_figure, styled
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

# A density as a function, or an object with `log_prob` (chainrule.stats) or `pdf` (SciPy).
Distribution = Any

PLACES = 601
TAIL = 0.001


@styled
def densities(
    distributions: Distribution | Mapping[str, Distribution],
    interval: Interval | None = None,
    *,
    cdf: bool = False,
    title: str = "",
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw the densities of distributions, and their distribution functions beside them.

    .. math:: F(x) = \int_{-\infty}^{x} p(t)\,dt

    Parameters
    ----------
    distributions : distribution, callable, or mapping of str to them
        One, or several by name: densities as functions, or objects with ``log_prob`` or ``pdf``.
    interval : (float, float), optional
        Ends of the horizontal axis; by default from the 0.001 to the 0.999 quantile of all.
    cdf : bool
        Draw :math:`F`, too; each must have ``cdf``.
    title : str
        Text above.
    size : (float, float), optional
        Width and height in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        If no interval is given, and a distribution has no quantiles.

    Examples
    --------
    >>> from scipy.stats import norm
    >>> figure = densities({"narrow": norm(0, 1), "wide": norm(0, 2)}, cdf=True)
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['density', 'distribution function']
    """
    named = dict(distributions) if isinstance(distributions, Mapping) else {"": distributions}
    if not named:
        raise error("plots.nothing", plot="densities", what="distribution")
    x = np.linspace(*_interval(named, interval), PLACES)
    wide = (9.2 if cdf else 5.8, 3.4)
    figure, axes = new_figure(*(wide if size is None else size), columns=2 if cdf else 1)
    for place, (name, one) in enumerate(named.items()):
        _shape(axes[0, 0], x, density_of("densities", one, x), PALETTE[place % len(PALETTE)], name)
        if cdf:
            axes[0, 1].plot(x, _cdf_of(one, x), color=PALETTE[place % len(PALETTE)])
    for one, label in zip(axes[0], ("density", "cumulative"), strict=False):
        formula_labels(one, y="")
        one.set(xlim=(x[0], x[-1]), ylabel=text(f"plots.{label}"))
    axes[0, 0].set_ylim(bottom=0)
    axes[0, 0].set_title(title)
    if any(named):
        legend_beside(axes[0, 0])
    return figure


def density_of(plot: str, distribution: Distribution, x: NDArray[np.floating]) -> NDArray[np.floating]:
    """The density at places (N,) or points (N, d); 0 outside the support.

    >>> from scipy.stats import expon
    >>> density_of("densities", expon(), np.array([-1.0, 0.0])).tolist()
    [0.0, 1.0]
    """
    if not hasattr(distribution, "log_prob") and hasattr(distribution, "pdf"):
        return np.asarray(distribution.pdf(x), np.float64)
    if not callable(distribution) and not hasattr(distribution, "log_prob"):
        raise no_density(plot, distribution, "log_prob / pdf")
    if hasattr(distribution, "log_prob"):
        return np.exp(logarithm_of(plot, distribution, x))
    points = np.atleast_2d(x.T)
    return Field(plot, distribution, len(points)).somewhere(points)


def logarithm_of(plot: str, distribution: Distribution, x: NDArray[np.floating]) -> NDArray[np.floating]:
    """A log-density at places; −∞ where it is not defined, which is outside the support."""
    batch = tuple(getattr(distribution, "batch_shape", ()))
    if batch:
        raise error("plots.batch", plot=plot, shapes={type(distribution).__name__: batch})
    found = np.asarray(distribution.log_prob(Tensor(x, float64)), np.float64)
    return np.where(np.isnan(found), -np.inf, found)


def no_density(plot: str, distribution: Distribution, wanted: str) -> Exception:
    """The error of something that is not a distribution of the kind wanted."""
    return error("plots.no_density", plot=plot, wanted=wanted, kind=type(distribution).__name__)


def quantile_of(distribution: Distribution, share: float) -> float | None:
    """The quantile by whichever name a distribution has it, or None."""
    for name in ("quantile", "icdf", "ppf"):
        function = getattr(distribution, name, None)
        if function is not None and not getattr(distribution, "batch_shape", ()):
            return float(np.asarray(function(share)))
    return None


def _cdf_of(distribution: Distribution, x: NDArray[np.floating]) -> NDArray[np.floating]:
    if not hasattr(distribution, "cdf"):
        raise no_density("densities", distribution, "cdf")
    given = Tensor(x, float64) if hasattr(distribution, "log_prob") else x
    return np.asarray(distribution.cdf(given), np.float64)


def _interval(named: Mapping[str, Distribution], interval: Interval | None) -> Interval:
    if interval is not None:
        return bounds("densities", interval)
    ends = [[quantile_of(one, share) for share in (TAIL, 1 - TAIL)] for one in named.values()]
    for one, (low, high) in zip(named.values(), ends, strict=True):
        if low is None or high is None:
            raise error("plots.no_interval", plot="densities", kind=type(one).__name__)
    low, high = (float(end) for end in (np.min(np.array(ends)[:, 0]), np.max(np.array(ends)[:, 1])))
    room = 0.04 * (high - low)
    return low - room, high + room


def _shape(axes: Axes, x: NDArray[Any], y: NDArray[Any], color: str, name: str) -> None:
    finite = np.where(np.isfinite(y), y, np.nan)
    axes.plot(x, finite, color=color, label=name)
    axes.fill_between(x, finite, color=color, alpha=0.12, linewidth=0)
