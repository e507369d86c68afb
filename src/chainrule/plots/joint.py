"""Two numbers at once: their density, samples, and the ellipses of their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import error, text
from chainrule.plots.density import Distribution, density_of
from chainrule.plots.inputs import Interval, bounds, points, vector
from chainrule.plots.labels import formula_labels, legend_beside
from chainrule.plots.marks import arrows, dots
from chainrule.plots.style import BLUE, INK, PURPLE, RED, fading, new_figure, styled
from chainrule.plots.views import equal_unless_thin, map_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

GRID = 81


@styled
def joint_density(
    density: Distribution | None = None,
    x: Interval | None = None,
    y: Interval | None = None,
    *,
    samples: ArrayLike | None = None,
    mean: ArrayLike | None = None,
    covariance: ArrayLike | None = None,
    ellipses: Sequence[float] = (1.0, 2.0),
    title: str = "",
    size: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw the density of two numbers, samples, and ellipses :math:`k` standard deviations from the mean.

    .. math:: (x - \mu)^{T} \Sigma^{-1} (x - \mu) = k^2

    Their axes are the eigenvectors of :math:`\Sigma`, with half-lengths :math:`k\sqrt{\lambda_i}`.

    Parameters
    ----------
    density : callable or distribution, optional
        ``p(x, y)``, ``p(v)``, or an object with ``log_prob`` or ``pdf``.
    x, y : (float, float), optional
        Ends of the axes; by default what holds samples and ellipses.
    samples : array_like (N, 2), optional
        Points.
    mean : array_like (2,), optional
        :math:`\mu`; that of the distribution or of the samples by default.
    covariance : array_like (2, 2), optional
        :math:`\Sigma`; that of the distribution or of the samples by default.
    ellipses : sequence of float
        Which :math:`k` to draw.
    title : str
        Text above.
    size : (float, float), optional
        Width and height in inches; fitting the region by default.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = joint_density(mean=[0, 0], covariance=[[4, 0], [0, 1]], ellipses=[1.0])
    >>> ellipse = figure.axes[0].patches[0]
    >>> print(ellipse.width, ellipse.height, ellipse.angle)
    4.0 2.0 0.0
    """
    drawn = None if samples is None else points("joint_density", "samples", samples)
    centre, spread = _moments(density, drawn, mean, covariance)
    ends = _ends(x, y, drawn, centre, spread, ellipses)
    figure, axes = new_figure(*(map_size(*ends) if size is None else size))
    if density is not None:
        _shades(axes[0, 0], density, *ends)
    if drawn is not None:
        opacity = float(np.clip(150 / len(drawn), 0.15, 0.8))
        look = {"s": 14, "color": BLUE, "alpha": opacity, "linewidths": 0, "label": text("plots.samples_of")}
        axes[0, 0].scatter(*drawn.T, **look)
    if centre is not None and spread is not None:
        _ellipses(axes[0, 0], centre, spread, ellipses)
    axes[0, 0].set(xlim=ends[0], ylim=ends[1], title=title)
    equal_unless_thin(axes[0, 0])
    formula_labels(axes[0, 0])
    if axes[0, 0].get_legend_handles_labels()[0]:
        legend_beside(axes[0, 0], loc="outside lower center", ncols=4)
    return figure


def _moments(
    density: Distribution, samples: NDArray[Any] | None, mean: Any, covariance: Any
) -> tuple[NDArray[Any] | None, NDArray[Any] | None]:
    """Mean and covariance: as given, or the distribution's, or the samples'."""
    for name in ("mean", "loc"):
        mean = _attribute(density, name) if mean is None else mean
    for name in ("covariance", "covariance_matrix", "cov"):
        covariance = _attribute(density, name) if covariance is None else covariance
    if samples is not None and len(samples) > 2:
        mean = samples.mean(axis=0) if mean is None else mean
        covariance = np.cov(samples.T) if covariance is None else covariance
    centre = None if mean is None else vector("joint_density", "mean", mean)
    if covariance is None:
        return centre, None
    spread = np.asarray(covariance, np.float64)
    if spread.shape != (2, 2) or np.abs(spread - spread.T).max() > 1e-6 * np.abs(spread).max():
        raise error("plots.covariance", plot="joint_density", shapes={"covariance": spread.shape})
    return centre, spread


def _attribute(thing: Any, name: str) -> Any:
    found = getattr(thing, name, None)
    return found() if callable(found) else found


def _ends(
    x: Any, y: Any, samples: NDArray[Any] | None, mean: Any, covariance: Any, ellipses: Sequence[float]
) -> tuple[Interval, Interval]:
    """Ends of both axes, as given or wide enough for samples and ellipses."""
    reached = [] if samples is None else [samples.min(axis=0), samples.max(axis=0)]
    if mean is not None and covariance is not None:
        reach = max([2.5, *ellipses]) * np.sqrt(np.diag(covariance))
        reached += [mean - 1.15 * reach, mean + 1.15 * reach]
    found = []
    for place, (name, given) in enumerate((("x", x), ("y", y))):
        if given is None and not reached:
            raise error("plots.no_interval", plot="joint_density", kind=name)
        if given is None:
            given = min(r[place] for r in reached), max(r[place] for r in reached)
        found.append(bounds("joint_density", given, name))
    return found[0], found[1]


def _shades(axes: Axes, density: Distribution, x: Interval, y: Interval) -> None:
    across, upward = np.linspace(*x, GRID), np.linspace(*y, GRID)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(across, upward)], axis=1)
    values = density_of("joint_density", density, grid).reshape(GRID, GRID)
    look = {"cmap": fading(PURPLE), "vmin": 0, "vmax": 1.6 * values.max(), "interpolation": "bilinear"}
    axes.imshow(values, origin="lower", extent=(*x, *y), aspect="auto", **look)
    axes.grid(visible=False)


def _ellipses(axes: Axes, mean: NDArray[Any], covariance: NDArray[Any], factors: Sequence[float]) -> None:
    from matplotlib.patches import Ellipse

    variances, directions = np.linalg.eigh(covariance)
    # The longer axis first: its direction is the angle of the ellipse.
    lengths, first = np.sqrt(np.maximum(variances[::-1], 0)), directions[:, 1]
    angle = float(np.degrees(np.arctan2(first[1], first[0])))
    for place, k in enumerate(factors):
        shape = {"width": 2 * k * lengths[0], "height": 2 * k * lengths[1], "angle": angle}
        line = {"linewidth": 1.8, "linestyle": ("-", "--", ":")[place % 3]}
        axes.add_patch(Ellipse(tuple(mean), **shape, **line, facecolor="none", edgecolor=RED, zorder=4))
        axes.plot([], [], color=RED, **line, label=text("plots.covered", k=f"{k:g}"))
    along = (directions[:, ::-1] * lengths).T
    arrows(axes, np.stack([mean, mean]), along * np.where(along[:, :1] < 0, -1, 1), INK, width=0.006)
    dots(axes, mean, INK, size=28)
