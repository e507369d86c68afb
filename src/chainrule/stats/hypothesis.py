"""The result of a statistical test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chainrule.errors import text
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)

_SMALLEST = 1e-4


@dataclass(frozen=True)
class HypothesisTest:
    """What a test supposes, what it found, and how to read it.

    Attributes
    ----------
    name : str
        The function that made the test.
    statistics : dict
        The test statistic by its usual letter, then degrees of freedom.
    p_value : float
        The probability of a result at least as far from the hypothesis, if it holds.
    effect_name : str
        Which effect size is given.
    effect : float
        How large the effect is, in a unit that does not grow with the number of observations.
    count : int
        Number of observations.
    alternative : str
        ``"two-sided"``, ``"less"`` or ``"greater"``.
    interval : tuple of float, optional
        Confidence interval of what the hypothesis is about.
    level : float
        Of that interval.
    places : dict
        What the wording of the hypothesis is filled with.
    """

    name: str
    statistics: dict[str, float]
    p_value: float
    effect_name: str
    effect: float
    count: int
    alternative: str = "two-sided"
    interval: tuple[float, float] | None = None
    level: float = 0.95
    places: Mapping[str, object] = field(default_factory=dict)

    @property
    def statistic(self) -> float:
        """The test statistic."""
        return next(iter(self.statistics.values()))

    @property
    def hypothesis(self) -> str:
        """What the test supposes (the null hypothesis), in words."""
        return text(f"stats.null_{self.name}", **self.places)

    def reading(self, alpha: float = 0.05) -> str:
        """The result in words; a hypothesis may be spoken against, but never shown to hold."""
        key = "stats.reading_against" if self.p_value < alpha else "stats.reading_open"
        return text(key, null=self.hypothesis, p=_shown(self.p_value), alpha=alpha, count=self.count)

    def __str__(self) -> str:
        statistics = ", ".join(f"{name} = {value:.4g}" for name, value in self.statistics.items())
        effect_name = text(f"stats.effect_{self.effect_name}")
        values = {"null": self.hypothesis, "p": _shown(self.p_value), "effect": self.effect}
        lines = [text("stats.result", statistics=statistics, effect_name=effect_name, **values)]
        if self.interval is not None:
            low, high = self.interval
            lines.append(text("stats.result_interval", level=self.level, low=low, high=high))
        return "\n".join([*lines, self.reading()])


def _shown(p: float) -> str:
    return f"{p:.4f}" if p >= _SMALLEST else f"{p:.1e}"
