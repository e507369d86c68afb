"""What a run found, as it is printed, drawn and kept in ``results.json``."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.limits import MachineLimits
from benchmarks.machine import Machine
from benchmarks.work import Work


@dataclass
class Entry:
    """One contender's part in a work: seconds of steps by round, seconds of first steps, bytes of memory.

    Attributes
    ----------
    key, title, is_ours, version
        Of the contender.
    rounds
        Seconds of a step, many for each round.
    distance
        How far its results lie from the median of all sides.
    cold, warm
        Seconds to build and take the first step: with an empty cache, and again in a second process.
    importing
        Seconds to import the framework, which neither of them counts.
    imported, peak, steps
        Bytes of memory: after the framework is imported, at most while everything was done from a warm cache,
        at most in steps afterwards.
    failure
        Why it has no figures.
    """

    key: str
    title: str
    is_ours: bool
    version: str = ""
    rounds: list[list[float]] = field(default_factory=list)
    distance: float | None = None
    cold: float | None = None
    warm: float | None = None
    importing: float | None = None
    imported: int | None = None
    peak: int | None = None
    steps: int | None = None
    failure: str = ""

    @property
    def times(self) -> list[float]:
        """Of all rounds."""
        return [seconds for times in self.rounds for seconds in times]

    @property
    def median(self) -> float | None:
        """Seconds of a step: the median of the rounds' medians."""
        medians = [statistics.median(times) for times in self.rounds]
        return statistics.median(medians) if medians else None

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """A quarter of the steps are quicker than the first, a quarter slower than the second."""
        if len(self.times) < 2:
            return None
        first, _, third = statistics.quantiles(self.times, n=4)
        return first, third


@dataclass
class Outcome:
    """All contenders of a work."""

    name: str
    family: str
    title: str
    goal: float | None
    cold_goal: float | None
    tolerance: float
    flops: float | None
    nbytes: float | None
    entries: list[Entry]
    point: tuple[str, int] | None = None
    share_goal: float | None = None

    @property
    def ours(self) -> Entry:
        """Our quickest form of those that compute the same; our first if none does."""
        forms = [entry for entry in self.entries if entry.is_ours]
        ranked = [entry for entry in forms if self.is_ranked(entry)]
        return min(ranked, key=lambda entry: _known(entry.median), default=forms[0])

    def differs(self, entry: Entry) -> bool:
        """Whether it computes something else than the others."""
        return entry.distance is not None and entry.distance > self.tolerance

    def is_ranked(self, entry: Entry) -> bool:
        """Whether it has times, and computes the same as the others."""
        return entry.distance is not None and not self.differs(entry) and entry.median is not None

    @property
    def best_peer(self) -> Entry | None:
        """The quickest of the others that compute the same."""
        peers = [entry for entry in self.entries if not entry.is_ours and self.is_ranked(entry)]
        return min(peers, key=lambda entry: _known(entry.median), default=None)

    @property
    def ratio(self) -> float | None:
        """The best peer's median divided by ours; None if there is none, or if ours is not to be ranked."""
        if self.best_peer is None or not self.is_ranked(self.ours):
            return None
        return _known(self.best_peer.median) / _known(self.ours.median)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        if self.best_peer is None:
            return []
        pairs = zip(self.best_peer.rounds, self.ours.rounds, strict=False)
        return [statistics.median(theirs) / statistics.median(ours) for theirs, ours in pairs]

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None if there is no goal or no ratio."""
        return None if self.goal is None or self.ratio is None else self.ratio >= self.goal

    def share(self, entry: Entry, limits: MachineLimits) -> float | None:
        """The part of the machine's limit: of its operations, or of its copying, per second."""
        if entry.median is None:
            return None
        if self.flops is not None:
            return self.flops / entry.median / limits.all_threads
        return None if self.nbytes is None else self.nbytes / entry.median / limits.copying


def _known(seconds: float | None) -> float:
    assert seconds is not None
    return seconds


def outcome_of(family: str, work: Work, entries: list[Entry]) -> Outcome:
    """A work's row and what was found."""
    return Outcome(
        name=work.name,
        family=family,
        title=work.title,
        goal=work.goal,
        cold_goal=work.cold_goal,
        tolerance=work.tolerance,
        flops=None if work.flops is None else work.flops(work.parameters),
        nbytes=None if work.nbytes is None else work.nbytes(work.parameters),
        entries=entries,
        point=work.point,
        share_goal=work.share_goal,
    )


@dataclass
class Run:
    """Everything of one call of the command; `busy` processors were used by others when it began."""

    machine: Machine
    limits: MachineLimits
    date: str
    busy: float
    missing: dict[str, str]
    outcomes: list[Outcome] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Run:
        """The reverse of `as_json`."""
        outcomes = [_outcome(each) for each in plain["outcomes"]]
        machine, limits = Machine(**plain["machine"]), MachineLimits(**plain["limits"])
        return cls(machine, limits, plain["date"], plain["busy"], plain["missing"], outcomes)


def _outcome(plain: dict[str, Any]) -> Outcome:
    point = plain["point"]
    changed = {
        "entries": [Entry(**entry) for entry in plain["entries"]],
        "point": None if point is None else (point[0], point[1]),
    }
    return Outcome(**{**plain, **changed})
