"""Numbers for people."""

from __future__ import annotations

import math

from chainrule.errors import text


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage; all and nothing are said only where they are meant exactly.

    >>> percent(0.9917), percent(1.0), percent(0.99999)
    ('99.2 %', '100 %', '99.9 %')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    least = 10.0**-digits
    return f"{min(max(100 * share, least), 100 - least):.{digits}f} %"


def count(number: int) -> str:
    """A whole number with thin spaces between its thousands.

    >>> count(1234567).replace(chr(0x202F), " ")
    '1 234 567'
    """
    return f"{number:,}".replace(",", "\u202f")


def short_count(number: float) -> str:
    """A large number in three digits.

    >>> short_count(950), short_count(12345), short_count(3.1e9)
    ('950', '12.3 k', '3.1 G')
    """
    for factor, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= factor:
            return f"{number / factor:.3g} {letter}"
    return f"{number:.3g}"


def duration(seconds: float) -> str:
    """A time in the largest units that fit.

    >>> duration(0.25), duration(12.34), duration(125), duration(7300)
    ('0.25 s', '12.3 s', '2 min 5 s', '2 h 1 min')
    """
    if seconds < 60:
        return text("report.seconds", s=f"{seconds:.2f}" if seconds < 1 else f"{seconds:.1f}")
    minutes, s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return text("report.hours", h=hours, m=minutes)
    return text("report.minutes", m=minutes, s=s)


def decimal(value: float, digits: int = 4) -> str:
    """A number of a few significant digits; a dash where there is none.

    >>> decimal(0.0123456), decimal(1234.5678), decimal(float("nan"))
    ('0.01235', '1235', '–')
    """
    return "–" if math.isnan(value) else f"{value:.{digits}g}"
