"""Adadelta."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import CLOSED_SHARE, NON_NEGATIVE
from chainrule.creation import zeros_like
from chainrule.ops.pointwise import sqrt
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import with_decay


@register(OPTIMIZERS)
class Adadelta(Optimizer):
    r"""Adadelta: steps in the parameter's own units, from its last steps and gradients.

    .. math::
        v_t &= \rho\, v_{t-1} + (1 - \rho)\, g_t^2 \\
        d_t &= \frac{\sqrt{u_{t-1} + \epsilon}}{\sqrt{v_t + \epsilon}}\, g_t \\
        u_t &= \rho\, u_{t-1} + (1 - \rho)\, d_t^2 \\
        p_t &= p_{t-1} - \eta\, d_t

    Source: Zeiler, ADADELTA: an adaptive learning rate method, 2012, arXiv:1212.5701, algorithm 1.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate; 1 in the paper.
    rho : float
        :math:`\rho`, how slowly the means forget.
    eps : float
        :math:`\epsilon`, with which the first steps begin.
    weight_decay : float
        :math:`\lambda`, an L2 penalty's strength: the gradient becomes :math:`g_t + \lambda p_{t-1}`.
    """

    key = "adadelta"
    hyperparameters = options(
        lr=Option(1.0, NON_NEGATIVE, scheduled=True),
        rho=Option(0.9, CLOSED_SHARE),
        eps=Option(1e-6, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
    )

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The mean squares of gradients and of steps."""
        return {"v": zeros_like(p), "u": zeros_like(p)}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        rho, eps = hyper.rho, hyper.eps
        g = with_decay(g, p, hyper.weight_decay)
        v = rho * state["v"] + (1 - rho) * g**2
        d = sqrt(state["u"] + eps) / sqrt(v + eps) * g
        u = rho * state["u"] + (1 - rho) * d**2
        return p - hyper.lr * d, {"v": v, "u": u}
