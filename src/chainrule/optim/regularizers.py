r"""Penalties on large parameters.

A penalty :math:`\Omega` is used in one of two ways that give the same gradients:

- ``Optimizer(..., regularizer=optim.L2(0.01))`` adds :math:`\partial\Omega/\partial p` to every
  parameter's gradient at `step`, before moments are formed;
- ``loss + optim.L2(0.01)(model.parameters())`` adds :math:`\Omega` to the loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chainrule.core.constraint import NON_NEGATIVE
from chainrule.functions import reductions
from chainrule.ops.pointwise import absolute, sign, square
from chainrule.optim.options import Option, check, options

STRENGTHS = options(l1=Option(0.0, NON_NEGATIVE), l2=Option(0.0, NON_NEGATIVE))


@dataclass(frozen=True)
class ElasticNet:
    r"""L1 and L2 penalty together.

    .. math:: \Omega(p) = \lambda_1 \sum_i |p_i| + \frac{\lambda_2}{2} \sum_i p_i^2

    Source: Zou and Hastie, Regularization and variable selection via the elastic net, Journal of
    the Royal Statistical Society B, 2005, equation 3.

    Parameters
    ----------
    l1 : float
        :math:`\lambda_1`; drives parameters to exactly 0 (and over it, by at most a step).
    l2 : float
        :math:`\lambda_2`; with the factor ½ it equals PyTorch's ``weight_decay``.

    Raises
    ------
    ConfigError
        A strength is negative or not finite.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> w = cr.State([1.0, -2.0]).requires_grad_()
    >>> penalty = optim.ElasticNet(l1=0.1, l2=0.5)
    >>> print(f"{penalty([w]):.2f}", penalty.gradient(w))
    1.55 tensor([ 0.6, -1.1], requires_grad=True)
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        check(type(self).__name__, STRENGTHS, "l1", self.l1)
        check(type(self).__name__, STRENGTHS, "l2", self.l2)

    def __call__(self, params: Iterable[Any]) -> Any:
        r"""The penalty :math:`\Omega` of all the parameters together, to be added to a loss."""
        return sum(self._of_one(p) for p in params)

    def _of_one(self, p: Any) -> Any:
        terms = []
        if self.l1:
            terms.append(self.l1 * reductions.sum(absolute(p)))
        if self.l2:
            terms.append(0.5 * self.l2 * reductions.sum(square(p)))
        return sum(terms)

    def gradient(self, p: Any) -> Any:
        r"""What the penalty adds to a gradient: :math:`\lambda_1 \operatorname{sign}(p) + \lambda_2 p`.

        At 0 the sign is 0.
        """
        terms = []
        if self.l1:
            terms.append(self.l1 * sign(p))
        if self.l2:
            terms.append(self.l2 * p)
        return sum(terms)


def L1(strength: float) -> ElasticNet:
    r"""Lasso penalty, :math:`\Omega(p) = \lambda \sum_i |p_i|`; `ElasticNet` with ``l1`` alone.

    >>> L1(0.01)
    ElasticNet(l1=0.01, l2=0.0)
    """
    return ElasticNet(l1=strength)


def L2(strength: float) -> ElasticNet:
    r"""Ridge penalty, :math:`\Omega(p) = \frac{\lambda}{2} \sum_i p_i^2`; `ElasticNet` with ``l2`` alone.

    >>> L2(0.01)
    ElasticNet(l1=0.0, l2=0.01)
    """
    return ElasticNet(l2=strength)
