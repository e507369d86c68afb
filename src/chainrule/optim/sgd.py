"""Gradient descent, and its forms with momentum."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chainrule.core.constraint import FLAG, NON_NEGATIVE
from chainrule.creation import zeros_like
from chainrule.errors import error
from chainrule.ops.pointwise import equal, where
from chainrule.optim.optimizer import Optimizer, Remembered
from chainrule.optim.options import Option, options
from chainrule.optim.registry import OPTIMIZERS, register
from chainrule.optim.terms import with_decay, zero


@register(OPTIMIZERS)
class GD(Optimizer):
    r"""Gradient descent: a step against the gradient.

    .. math:: p_t = p_{t-1} - \eta\, g_t

    Source: Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> p = cr.State([3.0, -2.0]).requires_grad_()
    >>> optimizer = optim.GD([p], lr=0.1)
    >>> (p * p).sum().backward()
    >>> optimizer.step()
    >>> p
    tensor([ 2.4, -1.6], requires_grad=True)
    """

    key = "gd"
    hyperparameters = options(lr=Option(0.01, NON_NEGATIVE, scheduled=True))

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """Nothing."""
        return {}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        return p - hyper.lr * g, {}


@register(OPTIMIZERS)
class SGD(Optimizer):
    r"""Stochastic gradient descent, with momentum if asked for.

    .. math::
        b_t &= \mu\, b_{t-1} + (1 - \tau)(g_t + \lambda p_{t-1}) \\
        p_t &= p_{t-1} - \eta\, b_t

    The first :math:`b` is the gradient itself, without :math:`1 - \tau`. With ``nesterov`` the step
    looks ahead: :math:`p_t = p_{t-1} - \eta\,(g_t + \lambda p_{t-1} + \mu\, b_t)`.

    Source: Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in
    deep learning, ICML 2013, equations 1 to 4, in PyTorch's form.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr : float
        :math:`\eta`, the learning rate.
    momentum : float
        :math:`\mu`, the share of the last step that is kept.
    dampening : float
        :math:`\tau`, the share of the gradient that momentum leaves out.
    weight_decay : float
        :math:`\lambda`, an L2 penalty's strength.
    nesterov : bool
        Look ahead.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> p = cr.State([3.0, -2.0]).requires_grad_()
    >>> optimizer = optim.SGD([p], lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (p * p).sum().backward()
    ...     optimizer.step()
    >>> p
    tensor([ 1.3800001, -0.92     ], requires_grad=True)
    """

    key = "sgd"
    hyperparameters = options(
        lr=Option(0.001, NON_NEGATIVE, scheduled=True),
        momentum=Option(0.0, NON_NEGATIVE, scheduled=True),
        dampening=Option(0.0, NON_NEGATIVE),
        weight_decay=Option(0.0, NON_NEGATIVE),
        nesterov=Option(False, FLAG),
    )

    @classmethod
    def check_together(cls, hyper: SimpleNamespace) -> None:
        """Looking ahead needs a momentum, and no dampening."""
        if hyper.nesterov and (hyper.momentum == 0 or hyper.dampening != 0):
            given = {"momentum": hyper.momentum, "dampening": hyper.dampening}
            raise error("optim.nesterov", owner=cls.__name__, **given)

    @staticmethod
    def init(p: Any, hyper: SimpleNamespace) -> Remembered:
        """The step b, and where dampening asks for it, whether it is the first."""
        if hyper.momentum == 0:
            return {}
        return {"b": zeros_like(p), **({"t": zero(p)} if hyper.dampening else {})}

    @staticmethod
    def update(p: Any, g: Any, state: Remembered, hyper: SimpleNamespace) -> tuple[Any, Remembered]:
        """One step."""
        lr, mu, tau = hyper.lr, hyper.momentum, hyper.dampening
        g = with_decay(g, p, hyper.weight_decay)
        if "b" not in state:
            return p - lr * g, {}
        new = where(equal(state["t"], 0), g, (1 - tau) * g) if tau else g
        b = mu * state["b"] + new
        step = g + mu * b if hyper.nesterov else b
        return p - lr * step, {"b": b, **({"t": state["t"] + 1} if tau else {})}


@register(OPTIMIZERS)
class Momentum(SGD):
    r"""Gradient descent with momentum: `SGD` whose ``momentum`` is 0.9 by default.

    .. math::
        b_t &= \mu\, b_{t-1} + g_t \\
        p_t &= p_{t-1} - \eta\, b_t

    Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964,
    equation 9 (the heavy ball).

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr, momentum, dampening, weight_decay, nesterov
        As for `SGD`.
    """

    key = "momentum"
    hyperparameters = options(SGD.hyperparameters, momentum=Option(0.9, NON_NEGATIVE, scheduled=True))


@register(OPTIMIZERS)
class Nesterov(SGD):
    r"""Nesterov's accelerated gradient: `SGD` that looks ahead.

    .. math::
        b_t &= \mu\, b_{t-1} + g_t \\
        p_t &= p_{t-1} - \eta\,(g_t + \mu\, b_t)

    Source: Nesterov, A method of solving a convex programming problem with convergence rate
    O(1/k²), 1983; in the form of Sutskever et al., ICML 2013, equations 3 and 4.

    Parameters
    ----------
    params : iterable
        Parameters or groups of them.
    lr, momentum, dampening, weight_decay, nesterov
        As for `SGD`.
    """

    key = "nesterov"
    hyperparameters = options(Momentum.hyperparameters, nesterov=Option(True, FLAG))
