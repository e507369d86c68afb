"""Adagrad."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import NON_NEGATIVE
from chainrule.creation import full
from chainrule.ops.pointwise import sqrt
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import with_decay, zero


@register(OPTIMIZERS)
class Adagrad(Optimizer):
    r"""Adagrad: each element's rate falls with all the gradients it has seen.

    .. math::
        v_t &= v_{t-1} + g_t^2 \\
        p_t &= p_{t-1} - \frac{\eta}{1 + (t - 1)\,\gamma}\, \frac{g_t}{\sqrt{v_t} + \epsilon}

    Source: Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic
    optimization, JMLR 2011, equation 1 with a diagonal matrix.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate.
    lr_decay : float
        :math:`\gamma`, by which the rate falls with the number of steps.
    weight_decay : float
        :math:`\lambda`, an L2 penalty's strength: the gradient becomes :math:`g_t + \lambda p_{t-1}`.
    initial_accumulator_value : float
        :math:`v_0`.
    eps : float
        :math:`\epsilon`, keeps the denominator from 0.
    """

    key = "adagrad"
    hyperparameters = options(
        lr=Option(0.01, NON_NEGATIVE, scheduled=True),
        lr_decay=Option(0.0, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
        initial_accumulator_value=Option(0.0, NON_NEGATIVE),
        eps=Option(1e-10, NON_NEGATIVE),
    )

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The number of steps and the sum of squared gradients."""
        return {"t": zero(p), "v": full(p.shape, hyper.initial_accumulator_value, p.dtype)}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        g = with_decay(g, p, hyper.weight_decay)
        t = state["t"] + 1
        v = state["v"] + g**2
        lr = hyper.lr / (1 + (t - 1) * hyper.lr_decay)
        return p - lr * g / (sqrt(v) + hyper.eps), {"t": t, "v": v}
