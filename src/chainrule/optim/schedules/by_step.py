"""Schedules that are one formula of the number of steps."""

from __future__ import annotations

from bisect import bisect_right

from chainrule.core.constraint import COUNT, NON_NEGATIVE, POSITIVE, REAL, Constraint, is_integer
from chainrule.optim.options import REQUIRED, Option, options
from chainrule.optim.registry import SCHEDULES, register
from chainrule.optim.schedules.schedule import TimedSchedule, cosine

COUNTS = Constraint(
    "lists of {1, 2, 3, …}",
    lambda v: isinstance(v, list | tuple) and all(is_integer(n, 1) for n in v),
    ([3], [2, 5], []),
    (3, [0], [1.5], "3"),
)


@register(SCHEDULES)
class StepLR(TimedSchedule):
    r"""Every so many steps the rate is multiplied by a factor.

    .. math:: \eta_t = \eta_0\, \gamma^{\lfloor t / s \rfloor}

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    step_size : int
        :math:`s`, steps between two changes.
    gamma : float
        :math:`\gamma`, the factor.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> optimizer = optim.SGD([cr.State([1.0])], lr=0.8)
    >>> schedule = optim.StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for _ in range(5):
    ...     print(optimizer.param_groups[0]["lr"], end=" ")
    ...     schedule.step()
    0.8 0.8 0.4 0.4 0.2
    """

    key = "step"
    options = options(step_size=Option(REQUIRED, COUNT), gamma=Option(0.1, POSITIVE))

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        return float(base * self.chosen.gamma ** (t // self.chosen.step_size))


@register(SCHEDULES)
class MultiStepLR(TimedSchedule):
    r"""At given numbers of steps the rate is multiplied by a factor.

    .. math:: \eta_t = \eta_0\, \gamma^{\,\#\{i : s_i \le t\}}

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    milestones : list of int
        :math:`s_i`.
    gamma : float
        :math:`\gamma`, the factor.
    """

    key = "multi_step"
    options = options(milestones=Option(REQUIRED, COUNTS), gamma=Option(0.1, POSITIVE))

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        return float(base * self.chosen.gamma ** bisect_right(sorted(self.chosen.milestones), t))


@register(SCHEDULES)
class ExponentialLR(TimedSchedule):
    r"""At every step the rate is multiplied by a factor.

    .. math:: \eta_t = \eta_0\, \gamma^t

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    gamma : float
        :math:`\gamma`, the factor.
    """

    key = "exponential"
    options = options(gamma=Option(REQUIRED, POSITIVE))

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        return float(base * self.chosen.gamma**t)


@register(SCHEDULES)
class CosineAnnealingLR(TimedSchedule):
    r"""The rate falls along half a cosine (and would rise again after ``T_max`` steps).

    .. math:: \eta_t = \eta_{\min} + \frac{\eta_0 - \eta_{\min}}{2} \left(1 + \cos\frac{\pi t}{T}\right)

    Source: Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017,
    arXiv:1608.03983, equation 5.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    T_max : int
        :math:`T`, steps until the smallest rate.
    eta_min : float
        :math:`\eta_{\min}`, the smallest rate.
    """

    key = "cosine"
    horizon = "T_max"
    options = options(T_max=Option(REQUIRED, COUNT), eta_min=Option(0.0, REAL))

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        return float(self.chosen.eta_min + (base - self.chosen.eta_min) * cosine(t / self.chosen.T_max))


@register(SCHEDULES)
class LinearLR(TimedSchedule):
    r"""The rate goes from one share of the base rate to another in a straight line, and stays there.

    .. math:: \eta_t = \eta_0 \left(a + (b - a) \min\left(1, \tfrac{t}{T}\right)\right)

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    start_factor : float
        :math:`a`.
    end_factor : float
        :math:`b`.
    total_iters : int
        :math:`T`, steps from the one to the other.
    """

    key = "linear"
    options = options(
        start_factor=Option(1 / 3, POSITIVE),
        end_factor=Option(1.0, NON_NEGATIVE),
        total_iters=Option(5, COUNT),
    )

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        a, b = self.chosen.start_factor, self.chosen.end_factor
        return float(base * (a + (b - a) * min(1, t / self.chosen.total_iters)))


@register(SCHEDULES)
class WarmUpLR(TimedSchedule):
    r"""The rate rises from nearly 0 to the base rate in a straight line, and stays there.

    .. math:: \eta_t = \eta_0 \min\left(1, \tfrac{t + 1}{T}\right)

    Follow it with another schedule by `SequentialLR`.

    Source: Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017,
    arXiv:1706.02677, section 2.2.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    total_iters : int
        :math:`T`, steps until the base rate.
    """

    key = "warm_up"
    options = options(total_iters=Option(REQUIRED, COUNT))

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps."""
        return float(base * min(1, (t + 1) / self.chosen.total_iters))
