"""NAdam."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import FLAG, NON_NEGATIVE, SHARE, pair_of
from chainrule.creation import ones_like, zeros_like
from chainrule.ops.pointwise import power, sqrt
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import one_minus_power, with_decay, zero


@register(OPTIMIZERS)
class NAdam(Optimizer):
    r"""NAdam: Adam that looks ahead like Nesterov, with a momentum that warms up.

    .. math::
        \mu_t &= \beta_1 \left(1 - \tfrac{1}{2}\, 0.96^{\,t \psi}\right), \qquad
            M_t = \prod_{i=1}^{t} \mu_i \\
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2, \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t} \\
        \hat m_t &= \frac{\mu_{t+1}\, m_t}{1 - M_{t+1}} + \frac{(1 - \mu_t)\, g_t}{1 - M_t} \\
        p_t &= p_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Source: Dozat, Incorporating Nesterov momentum into Adam, ICLR workshop 2016, algorithm 2, with
    the momentum schedule of its equation 6, in PyTorch's form.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate.
    betas : (float, float)
        :math:`\beta_1, \beta_2`, how slowly the two means forget.
    eps : float
        :math:`\epsilon`, keeps the denominator from 0.
    weight_decay : float
        :math:`\lambda`, an L2 penalty's strength: the gradient becomes :math:`g_t + \lambda p_{t-1}`.
    momentum_decay : float
        :math:`\psi`, how quickly the momentum warms up.
    decoupled_weight_decay : bool
        Shrink the parameter as `AdamW` does instead of changing the gradient.
    """

    key = "nadam"
    hyperparameters = options(
        lr=Option(0.002, NON_NEGATIVE, scheduled=True),
        betas=Option((0.9, 0.999), pair_of(SHARE), scheduled=True),
        eps=Option(1e-8, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
        momentum_decay=Option(0.004, NON_NEGATIVE),
        decoupled_weight_decay=Option(False, FLAG),
    )

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The number of steps, the product of momenta and the two means."""
        t = zero(p)
        return {"t": t, "product": ones_like(t), "m": zeros_like(p), "v": zeros_like(p)}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        beta1, beta2 = hyper.betas
        if hyper.decoupled_weight_decay:
            p = p - hyper.lr * hyper.weight_decay * p
        else:
            g = with_decay(g, p, hyper.weight_decay)
        t = state["t"] + 1
        mu, next_mu = (beta1 * (1 - 0.5 * power(0.96, n * hyper.momentum_decay)) for n in (t, t + 1))
        product = state["product"] * mu
        m = beta1 * state["m"] + (1 - beta1) * g
        v = beta2 * state["v"] + (1 - beta2) * g**2
        m_hat = next_mu * m / (1 - product * next_mu) + (1 - mu) * g / (1 - product)
        v_hat = v / one_minus_power(beta2, t)
        step = hyper.lr * m_hat / (sqrt(v_hat) + hyper.eps)
        return p - step, {"t": t, "product": product, "m": m, "v": v}
