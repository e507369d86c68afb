"""Bayes' rule as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chainrule.errors import error, printed_width, text
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class BayesTable:
    r"""Bayes' rule, :math:`P(H \mid D) = \frac{P(H)\, P(D \mid H)}{P(D)}`, row by row.

    Attributes
    ----------
    prior : dict
        :math:`P(H)` of each hypothesis.
    likelihood : dict
        :math:`P(D \mid H)`: how probable the observation is under each.
    joint : dict
        :math:`P(H)\, P(D \mid H)`.
    evidence : float
        :math:`P(D)`, the sum of these.
    posterior : dict
        :math:`P(H \mid D)`.
    """

    prior: dict[Any, float]
    likelihood: dict[Any, float]

    @property
    def joint(self) -> dict[Any, float]:
        """Prior times likelihood."""
        return {h: p * self.likelihood[h] for h, p in self.prior.items()}

    @property
    def evidence(self) -> float:
        """The probability of the observation."""
        return math.fsum(self.joint.values())

    @property
    def posterior(self) -> dict[Any, float]:
        """What to believe after the observation."""
        return {h: p / self.evidence for h, p in self.joint.items()}

    def update(self, likelihood: Mapping[Any, float]) -> BayesTable:
        """The table of a further observation, independent of the first under each hypothesis."""
        return bayes(self.posterior, likelihood)

    def __str__(self) -> str:
        columns = [self.prior, self.likelihood, self.joint, self.posterior]
        heads = [
            text(f"stats.{name}") for name in ("hypothesis", "prior", "likelihood", "joint", "posterior")
        ]
        rows = [[str(h), *(f"{column[h]:.4f}" for column in columns)] for h in self.prior]
        sums = [text("stats.sum"), "1.0000", "", f"{self.evidence:.4f}", "1.0000"]
        return _aligned([heads, *rows, sums])


def bayes(prior: Mapping[Any, float], likelihood: Mapping[Any, float]) -> BayesTable:
    """Bayes' rule for hypotheses of which exactly one holds.

    Parameters
    ----------
    prior : dict
        Probability of each hypothesis before the observation, with sum 1.
    likelihood : dict
        Probability of the observation under each.

    Raises
    ------
    ConfigError
        These are no probabilities, or the observation is impossible.

    Examples
    --------
    An illness of one person in a hundred, and a test that finds 90 % of the ill, and wrongly 5 % of the
    healthy:

    >>> import chainrule as cr
    >>> table = cr.stats.bayes({"ill": 0.01, "healthy": 0.99}, {"ill": 0.9, "healthy": 0.05})
    >>> print(table)
    hypothesis   prior  likelihood   joint  posterior
    ill         0.0100      0.9000  0.0090     0.1538
    healthy     0.9900      0.0500  0.0495     0.8462
    sum         1.0000              0.0585     1.0000
    """
    first = _probabilities("prior", prior, prior)
    total = math.fsum(first.values())
    if abs(total - 1) > _TOLERANCE:
        raise error("stats.bayes_sum", total=total)
    table = BayesTable(first, _probabilities("likelihood", likelihood, prior))
    if not table.evidence > 0:
        raise error("stats.bayes_impossible")
    return table


def _probabilities(name: str, given: Any, hypotheses: Any) -> dict[Any, float]:
    if not isinstance(given, Mapping) or not given or set(given) != set(hypotheses):
        expected = ", ".join(map(str, hypotheses)) if isinstance(hypotheses, Mapping) else "…"
        raise error("stats.bayes_keys", name=name, expected=expected, got=repr(given))
    for hypothesis, p in given.items():
        if not 0 <= float(p) <= 1:
            raise error("stats.bayes_probability", name=name, hypothesis=hypothesis, got=p)
    return {hypothesis: float(given[hypothesis]) for hypothesis in hypotheses}


def bayes_from_table(table: Any, observed: Any) -> BayesTable:
    """Bayes' rule from joint probabilities or counts of hypotheses (rows) and outcomes (columns).

    Parameters
    ----------
    table : dict of dict
        For each hypothesis the probability, or count, of each outcome together with it.
    observed : object
        The outcome that was seen.

    Examples
    --------
    >>> import chainrule as cr
    >>> mail = {"spam": {"offer": 30, "no offer": 10}, "other": {"offer": 5, "no offer": 155}}
    >>> table = cr.stats.bayes_from_table(mail, "offer")
    >>> print(f"{table.posterior['spam']:.4f} {table.prior['spam']:.2f}")
    0.8571 0.20
    """
    if not isinstance(table, Mapping) or not table or not isinstance(next(iter(table.values())), Mapping):
        raise error("stats.bayes_table", hypothesis="…", got=repr(table))
    outcomes = list(next(iter(table.values())))
    if observed not in outcomes:
        raise error("stats.bayes_outcome", observed=repr(observed), known=", ".join(map(repr, outcomes)))
    sums = {}
    for hypothesis, row in table.items():
        if (
            not isinstance(row, Mapping)
            or set(row) != set(outcomes)
            or not all(float(x) >= 0 for x in row.values())
        ):
            raise error("stats.bayes_table", hypothesis=hypothesis, got=repr(row))
        sums[hypothesis] = math.fsum(row.values())
    total = math.fsum(sums.values())
    if not 0 < total < math.inf:
        raise error("stats.bayes_table", hypothesis=next(iter(table)), got=repr(dict(table)))
    prior = {hypothesis: part / total for hypothesis, part in sums.items()}
    likelihood = {h: row[observed] / sums[h] if sums[h] else 0.0 for h, row in table.items()}
    return bayes(prior, likelihood)


def _aligned(rows: list[list[str]]) -> str:
    """Columns of equal width, the first to the left, numbers to the right."""
    widths = [max(printed_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [
            " " * (width - printed_width(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True)
        ]
        lines.append("  ".join([first + " " * (widths[0] - printed_width(first)), *cells]))
    return "\n".join(lines)
