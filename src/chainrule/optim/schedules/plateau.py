"""Lowering the rate when a value no longer improves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from chainrule.core.constraint import NATURAL, NON_NEGATIVE, Constraint, is_finite, one_of
from chainrule.errors import error
from chainrule.optim.options import Option, options
from chainrule.optim.registry import SCHEDULES, register
from chainrule.optim.schedules.one_cycle import per_group
from chainrule.optim.schedules.schedule import Schedule

FACTOR = Constraint("(0, 1)", lambda v: is_finite(v) and 0 < v < 1, (0.1, 0.999), (0, 1, 1.0, math.nan))
SAVED = ("last_epoch", "best", "num_bad_epochs", "cooldown_counter")


@register(SCHEDULES)
class ReduceLROnPlateau(Schedule):
    r"""The rate is multiplied by a factor when a value has not improved for some steps.

    .. math:: \eta \leftarrow \max(\gamma\, \eta, \eta_{\min})

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate changes.
    mode : str
        ``"min"`` where smaller is better, ``"max"`` where larger is.
    factor : float
        :math:`\gamma`.
    patience : int
        Steps without improvement that are accepted.
    threshold : float
        What counts as an improvement: a better value by this share of the best (``"rel"``), or by
        this much (``"abs"``).
    threshold_mode : str
        ``"rel"`` or ``"abs"``.
    cooldown : int
        Steps after a change in which nothing is counted.
    min_lr : float or list of float
        :math:`\eta_{\min}`, or one for each group.
    eps : float
        Smaller changes are left out.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> optimizer = optim.SGD([cr.State([1.0])], lr=0.5)
    >>> schedule = optim.ReduceLROnPlateau(optimizer, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    >>> schedule.get_last_lr()
    [0.05]
    """

    key = "plateau"
    needs_metric = True
    options = options(
        mode=Option("min", one_of("min", "max")),
        factor=Option(0.1, FACTOR),
        patience=Option(10, NATURAL),
        threshold=Option(1e-4, NON_NEGATIVE),
        threshold_mode=Option("rel", one_of("rel", "abs")),
        cooldown=Option(0, NATURAL),
        min_lr=Option(0.0, per_group(NON_NEGATIVE)),
        eps=Option(1e-8, NON_NEGATIVE),
    )

    def begin(self) -> None:
        """Nothing was seen yet."""
        self.best = math.inf if self.chosen.mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = 0
        self.per_group("min_lr")

    def step(self, metric: float) -> None:
        """Take in the next value, and lower the rate if it is time."""
        try:
            value = float(metric)
        except (TypeError, ValueError) as e:
            raise error("optim.plateau_metric", owner=self.name, got=repr(metric)) from e
        self.last_epoch += 1
        if self._is_better(value):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.chosen.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.chosen.cooldown, 0

    def _is_better(self, value: float) -> bool:
        """Whether a value is better than the best by more than the threshold."""
        sign = 1 if self.chosen.mode == "max" else -1
        if self.chosen.threshold_mode == "abs":
            return sign * value > sign * (self.best + sign * self.chosen.threshold)
        return sign * value > sign * (self.best * (1 + sign * self.chosen.threshold))

    def _reduce(self) -> None:
        for group, lowest in zip(self.optimizer.param_groups, self.per_group("min_lr"), strict=True):
            new = max(group["lr"] * self.chosen.factor, lowest)
            if group["lr"] - new > self.chosen.eps:
                group["lr"] = new

    def state_dict(self) -> dict[str, Any]:
        """The best value and the counters."""
        return {"schedule": self.key, **{name: getattr(self, name) for name in SAVED}}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a saved place."""
        self.check_saved(saved)
        for name in SAVED:
            setattr(self, name, saved[name])
