"""The one-cycle policy."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from chainrule.core.constraint import (
    CLOSED_SHARE,
    COUNT,
    FLAG,
    POSITIVE,
    SHARE,
    Constraint,
    one_of,
    or_none,
)
from chainrule.errors import error
from chainrule.optim.group import INITIAL_LR
from chainrule.optim.options import REQUIRED, Option, options
from chainrule.optim.registry import SCHEDULES, register
from chainrule.optim.schedules.schedule import TimedSchedule, cosine


def per_group(constraint: Constraint) -> Constraint:
    """One value for all groups, or a list with one value for each."""
    return Constraint(
        f"{constraint.allowed}, or a list of them",
        lambda v: all(map(constraint.holds, v)) if isinstance(v, list | tuple) else constraint.holds(v),
        constraint.good,
        (*constraint.bad, [constraint.bad[0]]),
    )


class Corner(NamedTuple):
    """Where one phase ends and the next begins.

    ``rate`` is a multiple of the first rate; ``momentum`` is 0 for the smallest, 1 for the largest.
    """

    step: float
    rate: float
    momentum: float


@register(SCHEDULES)
class OneCycleLR(TimedSchedule):
    r"""The rate rises to its largest value and falls far below where it began; momentum does the opposite.

    .. math::
        \eta_t = \eta_b + (\eta_a - \eta_b)\, \frac{1 + \cos \pi s}{2}, \qquad
        s = \frac{t - t_a}{t_b - t_a}

    between the corners :math:`(t_a, \eta_a), (t_b, \eta_b)`: from ``max_lr / div_factor`` at 0 to
    ``max_lr`` at ``pct_start * total_steps - 1`` to ``max_lr / div_factor / final_div_factor`` at
    ``total_steps - 1``. Call `step` after every batch.

    Source: Smith and Topin, Super-convergence: very fast training of neural networks using large
    learning rates, 2018, arXiv:1708.07120, section 3.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate (and momentum, or first beta) changes.
    max_lr : float or list of float
        The largest rate, or one for each group.
    total_steps : int
        Batches of the whole training; or give ``epochs`` and ``steps_per_epoch``.
    pct_start : float
        Share of the steps in which the rate rises.
    anneal_strategy : str
        ``"cos"``, or ``"linear"``: :math:`1 - s` in place of the cosine term.
    cycle_momentum : bool
        Let the momentum fall from ``max_momentum`` to ``base_momentum`` and rise again.
    div_factor, final_div_factor : float
        How far below the largest rate it begins, and how far below that it ends.
    three_phase : bool
        Fall as long as it rose, back to the first rate, and to the last one in a third phase.

    Raises
    ------
    ConfigError
        No length is given; an optimizer without momentum; more steps than there are.
    """

    key = "one_cycle"
    horizon = "total_steps"
    options = options(
        max_lr=Option(REQUIRED, per_group(POSITIVE)),
        total_steps=Option(None, or_none(COUNT)),
        epochs=Option(None, or_none(COUNT)),
        steps_per_epoch=Option(None, or_none(COUNT)),
        pct_start=Option(0.3, CLOSED_SHARE),
        anneal_strategy=Option("cos", one_of("cos", "linear")),
        cycle_momentum=Option(True, FLAG),
        base_momentum=Option(0.85, per_group(SHARE)),
        max_momentum=Option(0.95, per_group(SHARE)),
        div_factor=Option(25.0, POSITIVE),
        final_div_factor=Option(1e4, POSITIVE),
        three_phase=Option(False, FLAG),
    )

    def begin(self) -> None:
        """Work out the corners, and set the rates of t = 0."""
        self.total = self._total()
        self.corners = self._corners(self.chosen.pct_start * self.total)
        self.momentum = self._momentum_name() if self.chosen.cycle_momentum else ""
        for group, highest in zip(self.optimizer.param_groups, self.per_group("max_lr"), strict=True):
            group[INITIAL_LR] = highest / self.chosen.div_factor
        super().begin()

    def _total(self) -> int:
        c = self.chosen
        if c.total_steps is not None:
            return int(c.total_steps)
        if c.epochs is None or c.steps_per_epoch is None:
            raise error("optim.total_steps", owner=self.name)
        return int(c.epochs * c.steps_per_epoch)

    def _corners(self, rising: float) -> list[Corner]:
        first = Corner(0, 1, 1)
        top = Corner(rising - 1, self.chosen.div_factor, 0)
        back = Corner(2 * rising - 2, 1, 1)
        last = Corner(self.total - 1, 1 / self.chosen.final_div_factor, 1)
        return [first, top, back, last] if self.chosen.three_phase else [first, top, last]

    def _momentum_name(self) -> str:
        for name in ("betas", "momentum"):
            if name in self.optimizer.hyperparameters:
                return name
        raise error("optim.no_momentum", owner=self.name, optimizer=self.optimizer.name)

    def rate(self, t: int, base: float) -> float:
        """The rate after t steps of a group that begins with ``base``."""
        a, b, share = self._phase(t)
        return base * self._between(a.rate, b.rate, share)

    def apply(self, t: int) -> None:
        """Set the rates and momenta of t."""
        if t > self.total:
            raise error("optim.schedule_end", owner=self.name, count=t, total=self.total)
        super().apply(t)
        if self.momentum:
            self._set_momenta(t)

    def _set_momenta(self, t: int) -> None:
        a, b, share = self._phase(t)
        height = self._between(a.momentum, b.momentum, share)
        lowest, highest = self.per_group("base_momentum"), self.per_group("max_momentum")
        for group, low, high in zip(self.optimizer.param_groups, lowest, highest, strict=True):
            value = low + (high - low) * height
            group[self.momentum] = (value, group["betas"][1]) if self.momentum == "betas" else value

    def _phase(self, t: int) -> tuple[Corner, Corner, float]:
        """The corners around t, and the share of the way from one to the other."""
        phases = list(pairwise(self.corners))
        a, b = next((phase for phase in phases if t <= phase[1].step), phases[-1])
        length = b.step - a.step
        return a, b, min(1.0, (t - a.step) / length) if length else 1.0

    def _between(self, a: float, b: float, share: float) -> float:
        kept = cosine(share) if self.chosen.anneal_strategy == "cos" else 1 - share
        return b + (a - b) * kept
