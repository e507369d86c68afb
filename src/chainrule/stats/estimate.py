"""The result of an estimation, and the search for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff import hessian
from chainrule.core.interpreter import lift
from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)
from chainrule.stats.ascent import METHODS, Ascent
from chainrule.stats.checks import open_share
from chainrule.stats.distribution import Distribution
from chainrule.stats.packing import Packing
from chainrule.stats.sets import Set
from chainrule.tensor import Tensor

Model = Callable[..., Distribution]


@dataclass(frozen=True)
class Estimate:
    """Parameters at which the data are likeliest.

    Attributes
    ----------
    parameters : dict of Tensor
        The estimates, by name.
    standard_errors : dict of Tensor
        Of each, from the curvature of the log-likelihood (the observed information); NaN where it has none.
    model : Distribution
        The model with these parameters.
    log_likelihood : float
        Of the data under the model.
    gradient_norm : float
        The largest derivative of the mean objective by an unconstrained parameter; 0 in closed form.
    steps : int
        Steps of the ascent.
    count : int
        Number of observations.
    free : int
        Number of free parameters.
    method : str
        ``"newton"``, ``"lbfgs"`` or ``"closed form"``.
    log_prior : float
        Of the parameters; 0 for maximum likelihood.
    """

    parameters: dict[str, Tensor]
    standard_errors: dict[str, Tensor]
    model: Distribution
    log_likelihood: float
    gradient_norm: float
    steps: int
    count: int
    free: int
    method: str
    log_prior: float = 0.0

    @property
    def aic(self) -> float:
        r"""Akaike's information criterion, :math:`2k - 2 \ln L`."""
        return 2 * self.free - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        r"""The Bayesian information criterion, :math:`k \ln n - 2 \ln L`."""
        return self.free * math.log(self.count) - 2 * self.log_likelihood

    def interval(self, name: str, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Wald's confidence interval: the estimate, and so many standard errors to both sides."""
        from scipy.special import ndtri

        reach = ndtri(0.5 + open_share("interval", "level", level) / 2) * self.standard_errors[name].numpy()
        centre = self.parameters[name].numpy()
        return centre - reach, centre + reach

    def __str__(self) -> str:
        rows = [
            text("stats.estimate_row", name=name, value=_short(x), error=_short(self.standard_errors[name]))
            for name, x in self.parameters.items()
        ]
        values = {"likelihood": self.log_likelihood, "gradient": self.gradient_norm}
        tail = text("stats.estimate_tail", count=self.count, method=self.method, steps=self.steps, **values)
        return "\n".join([*rows, tail])


def _short(x: Tensor) -> str:
    return np.array2string(x.numpy(), precision=4)


@dataclass(frozen=True)
class Problem:
    """Data, a model of them, and what is believed of its parameters beforehand.

    Attributes
    ----------
    function : str
        Named in errors.
    model : callable
        Parameters by name to a distribution.
    data : numpy.ndarray
        Observations along axis 0.
    prior : mapping of Distribution
        Of some parameters, or of none.
    """

    function: str
    model: Model
    data: np.ndarray
    prior: Mapping[str, Distribution]

    def log_likelihood(self, parameters: Mapping[str, Any]) -> Tensor:
        """Of the data."""
        return reductions.sum(self.model(**parameters).log_prob(self.data))

    def log_prior(self, parameters: Mapping[str, Any]) -> Tensor:
        """Of the parameters; 0 where nothing is believed."""
        parts = [reductions.sum(d.log_prob(parameters[name])) for name, d in self.prior.items()]
        return sum(parts, lift(0.0))

    def mean_objective(self, parameters: Mapping[str, Any]) -> Tensor:
        """What is made as large as possible, by observation."""
        return (self.log_likelihood(parameters) + self.log_prior(parameters)) / len(self.data)

    def solve(self, packing: Packing, method: str, tolerance: float, max_steps: int) -> Estimate:
        """Climb from the start of a packing to the top, and measure how sharp that is."""

        def objective(u: Any) -> Tensor:
            return self.mean_objective(packing.unpack(u))

        self._check_start(packing)
        found = METHODS[method](objective, packing.start, tolerance, max_steps)
        parameters = {name: x.detach() for name, x in packing.unpack(lift(found.point)).items()}
        self._check_top(found, parameters, tolerance)
        covariance = self._covariance(objective, found)
        return Estimate(
            parameters,
            packing.standard_errors(found.point, covariance),
            self.model(**parameters),
            float(self.log_likelihood(parameters)),
            found.residual,
            found.steps,
            len(self.data),
            packing.start.size,
            method,
            float(self.log_prior(parameters)),
        )

    def _check_start(self, packing: Packing) -> None:
        """Refuse data that the model never gives, and a start at which they are impossible."""
        start = packing.unpack(lift(packing.start))
        value = float(self.mean_objective(start))
        if math.isfinite(value):
            return
        d = self.model(**start)
        check_possible(self.function, d.name, d.support, self.data)
        shown = {name: x.tolist() for name, x in start.items()}
        raise error("stats.bad_start", function=self.function, start=shown, value=value)

    def _check_top(self, found: Ascent, parameters: Mapping[str, Tensor], tolerance: float) -> None:
        if found.residual <= tolerance:
            return
        shown = {name: x.tolist() for name, x in parameters.items()}
        values: dict[str, Any] = {"steps": found.steps, "residual": found.residual, "tolerance": tolerance}
        raise error("stats.no_maximum", function=self.function, estimate=shown, **values)

    def _covariance(self, objective: Callable[[Any], Tensor], found: Ascent) -> np.ndarray:
        """The inverse of the observed information about the unconstrained parameters."""
        information = -len(self.data) * hessian(objective)(found.point).numpy()
        finite = np.isfinite(information).all()
        smallest = float(np.linalg.eigvalsh(information)[0]) if finite else math.nan
        if not smallest > 0:
            raise error("stats.flat", function=self.function, curvature=smallest, residual=found.residual)
        return np.asarray(np.linalg.inv(information))


def check_possible(function: str, name: str, support: Set, x: np.ndarray) -> None:
    """Refuse data outside a distribution's support."""
    inside = support.contains(x).numpy()
    if not inside.all():
        got = x[tuple(np.argwhere(~inside)[0])].tolist()
        values: dict[str, Any] = {"distribution": name, "support": support.allowed}
        raise error("stats.outside_support", function=function, got=got, **values)
