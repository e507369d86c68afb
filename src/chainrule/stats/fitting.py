"""Distributions fitted to data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.random.arguments import of_type
from chainrule.stats.ascent import METHODS
from chainrule.stats.checks import observations, one_of
from chainrule.stats.distribution import Distribution
from chainrule.stats.estimate import Estimate, Model, Problem, check_possible
from chainrule.stats.packing import Packing
from chainrule.stats.sets import Set
from chainrule.stats.starts import STARTS


def fit(
    cls: type[Distribution],
    data: Any,
    *,
    method: str = "newton",
    tolerance: float = 1e-8,
    max_steps: int = 200,
    **fixed: Any,
) -> Estimate:
    """The distribution of a class under which data are likeliest.

    Starts from moments of the data. Where the likelihood has a maximum without a gradient (`Uniform`,
    `Laplace`), or at the edge of the parameters (a coin that never fell heads up), that maximum is given in
    closed form, without standard errors.

    Parameters
    ----------
    cls : type
        A distribution of `chainrule.stats`.
    data : array
        Observations along axis 0, independent of each other.
    method, tolerance, max_steps
        As for `maximum_likelihood`.
    **fixed
        Parameters that are known, such as ``total_count``.

    Examples
    --------
    >>> import chainrule as cr
    >>> found = cr.stats.fit(cr.stats.Normal, [4.9, 5.3, 5.0, 5.6])
    >>> print(found)
    loc = 5.2, standard error 0.1369
    scale = 0.2739, standard error 0.0968
    4 observations, log-likelihood -0.49522; newton, 0 steps, largest slope ...
    """
    if cls not in STARTS:
        raise error(
            "stats.no_start", known=", ".join(c.__name__ for c in STARTS), got=getattr(cls, "__name__", cls)
        )
    x = _of_class(cls, data)
    known = {name: np.asarray(value, np.float64) for name, value in fixed.items()}
    start = {name: value for name, value in _guessed(cls, x, known).items() if name not in known}

    def model(**free: Any) -> Distribution:
        return cls(**free, **known)

    rule = STARTS[cls]
    sets = {name: cls.parameters[name] for name in start}
    if rule.is_exact and not (rule.is_smooth and _is_interior(start, sets)):
        return _in_closed_form(model, x, start)
    one_of("fit", "method", method, tuple(METHODS))
    return Problem("fit", model, x, {}).solve(Packing("fit", start, sets), method, tolerance, max_steps)


def _of_class(cls: type[Distribution], data: Any) -> np.ndarray:
    x = observations("fit", "data", data, ndim=None)
    # A support that does not depend on parameters tells at once which data are impossible.
    if not isinstance(vars(cls).get("support"), property):
        check_possible("fit", cls.__name__, cls.support, x)
    return x


def _guessed(cls: type[Distribution], x: np.ndarray, known: dict[str, Any]) -> dict[str, Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return STARTS[cls].rule(x, known)


def _is_interior(start: Mapping[str, Any], sets: Mapping[str, Set]) -> bool:
    """Whether no parameter lies at the edge of its set, which only infinite unconstrained numbers reach."""
    try:
        return bool(np.isfinite(Packing("fit", start, sets).start).all())
    except ValueError:
        return False


def _in_closed_form(model: Model, x: np.ndarray, start: dict[str, Any]) -> Estimate:
    parameters = {name: lift(np.asarray(value, np.float64)) for name, value in start.items()}
    d = model(**parameters)
    check_possible("fit", d.name, d.support, x)
    unknown = {name: of_type(math.nan * value, value.dtype) for name, value in parameters.items()}
    value = float(reductions.sum(d.log_prob(x)))
    free = sum(part.size for part in parameters.values())
    return Estimate(parameters, unknown, d, value, 0.0, 0, len(x), free, "closed form")
