"""Adam and AdamW."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import FLAG, NON_NEGATIVE, SHARE, pair_of
from chainrule.creation import zeros_like
from chainrule.ops.pointwise import maximum, sqrt
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import one_minus_power, with_decay, zero


@register(OPTIMIZERS)
class Adam(Optimizer):
    r"""Adam: the mean gradient over the root of the mean squared gradient.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        \hat m_t &= \frac{m_t}{1 - \beta_1^t}, \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t} \\
        p_t &= p_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Source: Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, arXiv:1412.6980,
    algorithm 1.

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
    amsgrad : bool
        Use the largest :math:`v_t` so far in place of the latest (Reddi, Kale and Kumar, On the
        convergence of Adam and beyond, ICLR 2018, algorithm 2).

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> p = cr.State([3.0, -2.0]).requires_grad_()
    >>> optimizer = optim.Adam([p], lr=0.5)
    >>> (p * p).sum().backward()
    >>> optimizer.step()
    >>> p
    tensor([ 2.5, -1.5], requires_grad=True)
    """

    key = "adam"
    hyperparameters = options(
        lr=Option(0.001, NON_NEGATIVE, scheduled=True),
        betas=Option((0.9, 0.999), pair_of(SHARE), scheduled=True),
        eps=Option(1e-8, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
        amsgrad=Option(False, FLAG),
    )

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The number of steps, the two means, and the largest mean square for amsgrad."""
        names = ("m", "v", "largest_v") if hyper.amsgrad else ("m", "v")
        return {"t": zero(p), **{name: zeros_like(p) for name in names}}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        beta1, beta2 = hyper.betas
        g = with_decay(g, p, hyper.weight_decay)
        t = state["t"] + 1
        m = beta1 * state["m"] + (1 - beta1) * g
        v = beta2 * state["v"] + (1 - beta2) * g**2
        new = {"t": t, "m": m, "v": v}
        if "largest_v" in state:
            v = new["largest_v"] = maximum(state["largest_v"], v)
        m_hat = m / one_minus_power(beta1, t)
        v_hat = v / one_minus_power(beta2, t)
        return p - hyper.lr * m_hat / (sqrt(v_hat) + hyper.eps), new


@register(OPTIMIZERS)
class AdamW(Adam):
    r"""Adam with decoupled weight decay: it shrinks the parameter and stays out of the means.

    .. math:: p_t = (1 - \eta \lambda)\, p_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Source: Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019,
    arXiv:1711.05101, algorithm 2.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr, betas, eps, amsgrad
        As for `Adam`.
    weight_decay : float
        :math:`\lambda`, the share by which a parameter shrinks per unit of learning rate.
    """

    key = "adamw"
    hyperparameters = options(Adam.hyperparameters, weight_decay=Option(0.01, NON_NEGATIVE))

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step: shrink, then Adam's without decay."""
        shrunk = p - hyper.lr * hyper.weight_decay * p
        return Adam.update(shrunk, g, state, SimpleNamespace(**{**vars(hyper), "weight_decay": 0.0}))
