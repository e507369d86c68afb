"""Parameters from data: maximum likelihood and maximum a posteriori."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chainrule.errors import error
from chainrule.stats.ascent import METHODS
from chainrule.stats.checks import observations, one_of
from chainrule.stats.distribution import Distribution
from chainrule.stats.estimate import Estimate, Model, Problem
from chainrule.stats.packing import Packing
from chainrule.stats.sets import REAL, Set


def maximum_likelihood(
    model: Model,
    data: Any,
    start: Mapping[str, Any],
    *,
    sets: Mapping[str, Set] | None = None,
    method: str = "newton",
    tolerance: float = 1e-8,
    max_steps: int = 200,
) -> Estimate:
    r"""The parameters under which data are likeliest, found by gradient.

    .. math:: \hat θ = \operatorname{argmax}_θ \sum_i \ln p(x_i \mid θ)

    Constrained parameters are searched for through a bijector from all real numbers, in ``float64``.

    Parameters
    ----------
    model : callable
        Parameters by name to a distribution: a class of `chainrule.stats`, or a function that makes one, for
        example ``lambda a, b, scale: Normal(a + b * x, scale)``.
    data : array
        Observations along axis 0, independent of each other.
    start : dict
        A value of each parameter, from which to climb.
    sets : dict of Set, optional
        The sets that parameters of a function lie in, such as ``cr.stats.POSITIVE``; else those of the class,
        or all real numbers.
    method : {"newton", "lbfgs"}
        With the Hessian, or for many parameters without.
    tolerance : float
        Of the largest component of the gradient of the mean log-likelihood.

    Raises
    ------
    ConvergenceError
        The gradient did not become so small, or the likelihood is flat there.
    DataError
        The model never gives such data.

    Examples
    --------
    >>> import chainrule as cr
    >>> data = [1.2, 0.7, 3.1, 2.4, 0.9, 1.8]
    >>> found = cr.stats.maximum_likelihood(cr.stats.Gamma, data, {"concentration": 1.0, "rate": 1.0})
    >>> print(f"{float(found.parameters['concentration']):.3f} {float(found.parameters['rate']):.3f}")
    3.864 2.295
    """
    x = observations("maximum_likelihood", "data", data, ndim=None)
    return _estimated(Problem("maximum_likelihood", model, x, {}), start, sets, method, tolerance, max_steps)


def map_estimate(
    model: Model,
    prior: Mapping[str, Distribution],
    data: Any,
    start: Mapping[str, Any] | None = None,
    *,
    method: str = "newton",
    tolerance: float = 1e-8,
    max_steps: int = 200,
) -> Estimate:
    r"""The parameters that are likeliest after data were seen (maximum a posteriori).

    .. math:: \hat θ = \operatorname{argmax}_θ \sum_i \ln p(x_i \mid θ) + \ln p(θ)

    The density :math:`p(θ)` is that of the parameters themselves, whatever they are searched through.

    Parameters
    ----------
    model : callable
        As for `maximum_likelihood`.
    prior : dict of Distribution
        Of each parameter, before data were seen.
    data : array
        Observations along axis 0.
    start : dict, optional
        By default the means of the priors.
    method, tolerance, max_steps
        As for `maximum_likelihood`.

    Examples
    --------
    A coin that is thought to be fair falls heads up 8 times of 10:

    >>> import chainrule as cr
    >>> prior = {"probs": cr.stats.Beta(5.0, 5.0)}
    >>> found = cr.stats.map_estimate(cr.stats.Bernoulli, prior, [1] * 8 + [0] * 2)
    >>> print(f"{float(found.parameters['probs']):.4f}")
    0.6667
    """
    for name, d in prior.items():
        if not isinstance(d, Distribution):
            raise error("stats.no_distribution", function="map_estimate", name=f"prior {name}", got=repr(d))
    x = observations("map_estimate", "data", data, ndim=None)
    first = {name: d.mean.numpy() for name, d in prior.items()} if start is None else start
    _check_known("map_estimate", "prior", prior, first)
    supports = {name: d.support for name, d in prior.items()}
    problem = Problem("map_estimate", model, x, dict(prior))
    return _estimated(problem, first, supports, method, tolerance, max_steps)


def _estimated(
    problem: Problem,
    start: Any,
    sets: Mapping[str, Set] | None,
    method: str,
    tolerance: float,
    max_steps: int,
) -> Estimate:
    one_of(problem.function, "method", method, tuple(METHODS))
    if not isinstance(start, Mapping) or not start:
        raise error("stats.start", function=problem.function, got=repr(start))
    packing = Packing(problem.function, start, _sets_of(problem, start, {} if sets is None else sets))
    return problem.solve(packing, method, tolerance, max_steps)


def _sets_of(problem: Problem, start: Mapping[str, Any], given: Mapping[str, Set]) -> dict[str, Set]:
    """The set of each parameter: of the class, or as given for a function, or all real numbers."""
    model = problem.model
    own = model.parameters if isinstance(model, type) and issubclass(model, Distribution) else {}
    if own:
        _check_known(problem.function, "start", start, own)
    _check_known(problem.function, "sets", given, own or start)
    return {name: own.get(name, given.get(name, REAL)) for name in start}


def _check_known(function: str, where: str, names: Iterable[str], known: Iterable[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        values: dict[str, Any] = {"names": ", ".join(unknown), "known": ", ".join(known)}
        raise error("stats.unknown_parameters", function=function, where=where, **values)
