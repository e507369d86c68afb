r"""Gamma, beta and Dirichlet numbers, differentiable by their concentrations.

All three are made of logarithms of gamma numbers, which stay finite where small concentrations make
the numbers themselves 0.
"""

from __future__ import annotations

from typing import Any

from chainrule.autodiff import custom_derivative
from chainrule.core.composite import composite
from chainrule.dtypes import DType, computed_in
from chainrule.functions.activations import log_sigmoid, log_softmax
from chainrule.ops import pointwise
from chainrule.random.arguments import (
    POSITIVE,
    Shape,
    as_parameter,
    check_parameter,
    of_type,
    result_dtype,
    result_shape,
)
from chainrule.random.gamma_slope import log_slope
from chainrule.random.generator import Generator, draw_key
from chainrule.random.keys import split
from chainrule.random.normals import standard_normal
from chainrule.random.rejection import first_accepted, rounds_for
from chainrule.random.words import open_unit
from chainrule.tensor import Tensor

# Of the candidates of `_log_candidates`, at most: the integral of the normal density times the probability of
# acceptance is 0.9517 at concentration 1 and grows with it.
_REFUSED = 0.049


@composite(r"\mathrm{Gamma}(α, β)")
def gamma(
    concentration: Any,
    rate: Any = 1.0,
    shape: Shape | None = None,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers with the density :math:`\frac{β^α}{Γ(α)} x^{α - 1} e^{-β x}`.

    Drawn by the method of Marsaglia and Tsang ("A simple method for generating gamma variables", ACM TOMS
    2000) at :math:`α + 1`, times :math:`u^{1/α}`. The derivative by :math:`α` keeps the quantile fixed
    (implicit reparametrisation; Figurnov et al., NeurIPS 2018):
    :math:`\frac{∂x}{∂α} = -\frac{∂F/∂α}{p(x)}`.

    Parameters
    ----------
    concentration : float or Tensor
        :math:`α > 0`.
    rate : float or Tensor
        :math:`β > 0`, the inverse of the scale.
    shape : int or sequence of int, optional
        Of the result; by default the common shape of the parameters.
    dtype, key, generator
        As for `uniform`.

    Raises
    ------
    ConfigError
        A parameter is not positive.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.gamma(3.0, 2.0, 10_000, key=cr.random.key(0))
    >>> print(f"{float(x.mean()):.1f} {float(x.var()):.2f}")
    1.5 0.75
    """
    check_parameter("gamma", "rate", rate, POSITIVE)
    wanted = result_shape("gamma", shape, concentration=concentration, rate=rate)
    kind = result_dtype("gamma", dtype, concentration, rate)
    logs = log_gamma("gamma", concentration, wanted, kind, draw_key("gamma", key, generator))
    return of_type(pointwise.exp(logs), kind) / of_type(rate, kind)


@composite(r"\mathrm{Beta}(α, β)")
def beta(
    concentration1: Any,
    concentration0: Any,
    shape: Shape | None = None,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers of :math:`(0, 1)` with a density proportional to :math:`x^{α - 1} (1 - x)^{β - 1}`.

    Of two gamma numbers, :math:`\frac{x}{x + y}`; derivatives pass through both.

    Parameters
    ----------
    concentration1, concentration0 : float or Tensor
        :math:`α > 0` (draws towards 1) and :math:`β > 0` (towards 0).
    shape, dtype, key, generator
        As for `gamma`.

    Examples
    --------
    >>> import chainrule as cr
    >>> x = cr.random.beta(2.0, 6.0, 10_000, key=cr.random.key(0))
    >>> print(f"{float(x.mean()):.2f}")
    0.25
    """
    given = {"concentration1": concentration1, "concentration0": concentration0}
    wanted = result_shape("beta", shape, **given)
    kind = result_dtype("beta", dtype, *given.values())
    keys = split(draw_key("beta", key, generator))
    x, y = (log_gamma("beta", a, wanted, kind, keys[i], name) for i, (name, a) in enumerate(given.items()))
    return of_type(pointwise.exp(log_sigmoid(x - y)), kind)


@composite(r"\mathrm{Dirichlet}(α)")
def dirichlet(
    concentration: Any,
    shape: Shape | None = None,
    *,
    dtype: Any = None,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Vectors of probabilities with a density proportional to :math:`\prod_i x_i^{α_i - 1}`.

    Gamma numbers, divided by their sum; derivatives pass through all.

    Parameters
    ----------
    concentration : Tensor
        :math:`α_i > 0` along the last axis.
    shape : int or sequence of int, optional
        Of the result, the last axis included; by default that of the concentration.
    dtype, key, generator
        As for `uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> p = cr.random.dirichlet([1.0, 2.0, 5.0], (4, 3), key=cr.random.key(0))
    >>> cr.round(p.sum(axis=-1) * 1000)
    tensor([1000., 1000., 1000., 1000.])
    """
    wanted = result_shape("dirichlet", shape, concentration=concentration)
    kind = result_dtype("dirichlet", dtype, concentration)
    logs = log_gamma("dirichlet", concentration, wanted, kind, draw_key("dirichlet", key, generator))
    return of_type(pointwise.exp(log_softmax(logs)), kind)


def log_gamma(
    function: str,
    concentration: Any,
    shape: tuple[int, ...],
    dtype: DType,
    key: Any,
    name: str = "concentration",
) -> Tensor:
    """Logarithms of gamma numbers of rate 1, in the type that results of ``dtype`` are computed in."""
    check_parameter(function, name, concentration, POSITIVE)
    wide = computed_in(dtype)
    a = as_parameter(concentration, shape, wide)
    return _followed(a, _log_numbers(a.detach(), split(key), wide))


def _log_numbers(a: Tensor, keys: Tensor, dtype: DType) -> Tensor:
    def propose(key: Any) -> tuple[Tensor, Tensor]:
        return _log_candidates(a, split(key), dtype)

    raised = first_accepted(propose, keys[0], a.shape, dtype, rounds_for(_REFUSED, dtype))
    return raised + pointwise.log(open_unit(keys[1], a.shape, dtype)) / a


def _log_candidates(a: Tensor, keys: Tensor, dtype: DType) -> tuple[Tensor, Tensor]:
    r"""Candidates :math:`\ln d v`, :math:`v = (1 + t)^3`, for concentration :math:`a + 1 = d + ⅓`.

    The test :math:`\ln u < ½x^2 + d (1 - v + \ln v)` is written in :math:`t = x / \sqrt{9d}`, whose large
    terms cancel.
    """
    d = a + 2 / 3
    t = standard_normal(keys[0], a.shape, dtype) / (3 * pointwise.sqrt(d))
    possible = t > -1
    t = pointwise.where(possible, t, 0)
    log_v = 3 * pointwise.log1p(t)
    bound = d * (log_v - t * (3 - t * (1.5 - t)))
    accepted = pointwise.log(open_unit(keys[1], a.shape, dtype)) < bound
    return pointwise.log(d) + log_v, pointwise.logical_and(possible, accepted)


def _slope_backward(g: Tensor, y: Tensor, a: Tensor, logs: Tensor) -> tuple[Any, Any]:
    return g * log_slope(a, y), None


def _slope_forward(t: tuple[Any, Any], y: Tensor, a: Tensor, logs: Tensor) -> Any:
    return None if t[0] is None else t[0] * log_slope(a, y)


@custom_derivative(backward=_slope_backward, forward=_slope_forward)
def _followed(a: Tensor, logs: Tensor) -> Tensor:
    """Logarithms that were drawn, moving with the concentration as their quantile does."""
    return pointwise.identity(logs)
