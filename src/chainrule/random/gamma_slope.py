r"""How a gamma number moves with its concentration while its quantile stays.

With :math:`\ell = \ln x` and the distribution function :math:`F(α, x)` of rate 1,

.. math::
    \frac{∂\ell}{∂α} = -\frac{∂F/∂α}{x\,p(x)}
    = \frac{1}{x\,p(x)} \int_x^\infty (\ln t - ψ(α))\, p(t)\, dt
    = \frac{1}{x\,p(x)} \int_0^x (ψ(α) - \ln t)\, p(t)\, dt,

since :math:`∂p/∂α = (\ln t - ψ(α))\, p` and its integral over all :math:`t` is 0. With
:math:`t = x e^{\pm y}` both are integrals of a smooth, quickly falling function of :math:`y`, done by
Gauss and Legendre's rule. That side is taken on which the integrand does not change its sign, so
that nothing cancels.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from chainrule.functions import reductions
from chainrule.functions.shaping import expand_dims
from chainrule.ops import pointwise
from chainrule.ops.pointwise import polygamma, where
from chainrule.tensor import Tensor

_NODES = 32
# The integrand has fallen to e^-36 where it is cut off.
_FALL = 36.0


@lru_cache(maxsize=1)
def _rule() -> tuple[np.ndarray, np.ndarray]:
    """Gauss and Legendre's nodes and weights for the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2


def log_slope(a: Any, logs: Any) -> Tensor:
    r"""The derivative :math:`∂\ell / ∂α` of the logarithms of gamma numbers at a fixed quantile.

    Against 40-digit arithmetic at concentrations from 0.001 to 10⁶ and quantiles from 10⁻⁶ to
    1 - 10⁻⁶ the relative error is below 2·10⁻¹² in ``float64``; in ``float32`` it is below 10⁻⁵ up to
    concentration 1000 and below 5·10⁻⁴ up to 10⁶. It is made of rows of the table, so that it can be
    differentiated in turn.
    """
    psi = polygamma(0, a + 1)
    low = logs < psi
    # Each side is computed everywhere, so each is kept away from where the other one is needed.
    below = _from_below(a, where(low, logs, psi), psi)
    above = _from_above(a, where(low, psi, logs))
    return where(low, below, above)


def _from_below(a: Tensor, logs: Tensor, psi: Tensor) -> Tensor:
    r"""From :math:`α + 1`, which is far from 0: :math:`α D(α) = x D(α + 1) + ψ(α + 1) - \ell`."""
    x, b = pointwise.exp(logs), a + 1
    slack = b - x
    reach = (_FALL - 2 * slack + pointwise.sqrt((_FALL - 2 * slack) ** 2 + 8 * b * _FALL)) / (2 * b)
    y, weight = _points(reach)
    x, b, gap = (expand_dims(part, -1) for part in (x, b, psi - logs))
    integral = reductions.sum(weight * (gap + y) * pointwise.exp(-b * y - x * pointwise.expm1(-y)), axis=-1)
    return (pointwise.exp(logs) * integral + (psi - logs)) / a


def _from_above(a: Tensor, logs: Tensor) -> Tensor:
    x, gap = pointwise.exp(logs), logs - polygamma(0, a)
    slack = x - a
    reach = 2 * _FALL / (slack + pointwise.sqrt(slack**2 + 2 * x * _FALL))
    y, weight = _points(pointwise.log1p((_FALL + a * reach) / x))
    x, a, gap = (expand_dims(part, -1) for part in (x, a, gap))
    return reductions.sum(weight * (gap + y) * pointwise.exp(a * y - x * pointwise.expm1(y)), axis=-1)


def _points(reach: Tensor) -> tuple[Tensor, Tensor]:
    """Nodes from 0 to ``reach``, along a new last axis, and their weights."""
    width = expand_dims(reach.detach(), -1)
    nodes, weights = (part.astype(reach.dtype) for part in _rule())
    return width * nodes, width * weights
