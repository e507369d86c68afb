"""Times, sizes and ratios for people."""

from __future__ import annotations

from benchmarks.outcome import Outcome

_UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def duration(seconds: float | None) -> str:
    """Three digits and a unit.

    >>> duration(0.00123), duration(12.3), duration(None)
    ('1.23 ms', '12.3 s', '–')
    """
    if seconds is None:
        return "–"
    unit, scale = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    return f"{_digits(seconds / scale)} {unit}"


def _digits(value: float) -> str:
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def size(nbytes: float | None) -> str:
    """Megabytes.

    >>> size(123456789), size(None)
    ('123 MB', '–')
    """
    return "–" if nbytes is None else f"{nbytes / 1e6:.0f} MB"


def percent(part: float | None) -> str:
    """Of the machine's limit.

    >>> percent(0.256), percent(None)
    ('26 %', '–')
    """
    return "–" if part is None else f"{part * 100:.0f} %"


def times(ratio: float | None) -> str:
    """How many times as long.

    >>> times(1.234), times(None)
    ('1.23×', '–')
    """
    return "–" if ratio is None else f"{_digits(ratio)}×"


def between(ratios: list[float]) -> str:
    """The least and the largest of the rounds' ratios.

    >>> between([1.5, 1.2, 1.4])
    '1.20 – 1.50'
    """
    return f"{_digits(min(ratios))} – {_digits(max(ratios))}" if ratios else "–"


def verdict(outcome: Outcome) -> str:
    """Whether the goal is met, in a word or two."""
    if outcome.goal is None:
        return "no goal"
    words = {True: "met", False: "not met", None: "not measured"}
    return words[outcome.is_met]
