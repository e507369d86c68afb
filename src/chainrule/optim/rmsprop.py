"""RMSprop."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import CLOSED_SHARE, FLAG, NON_NEGATIVE
from chainrule.creation import zeros_like
from chainrule.ops.pointwise import maximum, sqrt
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import with_decay


@register(OPTIMIZERS)
class RMSprop(Optimizer):
    r"""RMSprop: the gradient over the root of its recent mean square.

    .. math::
        v_t &= \alpha\, v_{t-1} + (1 - \alpha)\, g_t^2 \\
        d_t &= \frac{g_t}{\sqrt{v_t} + \epsilon} \\
        p_t &= p_{t-1} - \eta\, d_t

    If ``centered``, :math:`v_t - m_t^2` stands in place of :math:`v_t` under the root, with the mean
    gradient :math:`m_t = \alpha\, m_{t-1} + (1 - \alpha)\, g_t`. With momentum the step is
    :math:`b_t = \mu\, b_{t-1} + d_t` in place of :math:`d_t`.

    Source: Tieleman and Hinton, Neural networks for machine learning, lecture 6.5, 2012; centered:
    Graves, Generating sequences with recurrent neural networks, 2013, arXiv:1308.0850, equations 38
    to 41; in PyTorch's form.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate.
    alpha : float
        :math:`\alpha`, how slowly the means forget.
    eps : float
        :math:`\epsilon`, keeps the denominator from 0.
    weight_decay : float
        :math:`\lambda`, an L2 penalty's strength: the gradient becomes :math:`g_t + \lambda p_{t-1}`.
    momentum : float
        :math:`\mu`, the share of the last step that is kept.
    centered : bool
        Divide by the standard deviation instead of the root of the mean square.
    """

    key = "rmsprop"
    hyperparameters = options(
        lr=Option(0.01, NON_NEGATIVE, scheduled=True),
        alpha=Option(0.99, CLOSED_SHARE),
        eps=Option(1e-8, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
        momentum=Option(0.0, NON_NEGATIVE, scheduled=True),
        centered=Option(False, FLAG),
    )

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The mean square; the mean if centered; the step if there is momentum."""
        kept = {"v": True, "m": hyper.centered, "b": hyper.momentum != 0}
        return {name: zeros_like(p) for name, wanted in kept.items() if wanted}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        alpha = hyper.alpha
        g = with_decay(g, p, hyper.weight_decay)
        new = {"v": alpha * state["v"] + (1 - alpha) * g**2}
        variance = new["v"]
        if "m" in state:
            new["m"] = alpha * state["m"] + (1 - alpha) * g
            # Rounding must not make it negative.
            variance = maximum(new["v"] - new["m"] ** 2, 0)
        step = g / (sqrt(variance) + hyper.eps)
        if "b" in state:
            step = new["b"] = hyper.momentum * state["b"] + step
        return p - hyper.lr * step, new
