"""Aligned tables, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.errors import printed_width

_GAP = "  "
_PREFIXES = ("", "k", "M", "G", "T", "P")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> list[str]:
    r"""Lines of a table; columns are aligned right, but for those in ``left``.

    >>> print(*table(["name", "n"], [["a", "1"], ["bc", "23"]]), sep="\n")
    name   n
    a      1
    bc    23
    """
    every = [header, *rows]
    widths = [max(printed_width(row[column]) for row in every) for column in range(len(header))]
    return [
        _GAP.join(_padded(cell, widths[i], i in left) for i, cell in enumerate(row)).rstrip() for row in every
    ]


def _padded(cell: str, width: int, is_left: bool) -> str:
    room = " " * (width - printed_width(cell))
    return cell + room if is_left else room + cell


def cut(words: str, width: int) -> str:
    """Words that take at most so many columns.

    >>> cut("contraction", 7)
    'contra…'
    """
    if printed_width(words) <= width:
        return words
    kept = ""
    for letter in words:
        if printed_width(kept + letter) >= width:
            break
        kept += letter
    return f"{kept}…"


def readable(value: float, unit: str = "") -> str:
    """Three digits and a prefix, and perhaps a unit.

    >>> readable(0), readable(999), readable(51_478_528)
    ('0', '999', '51.5 M')
    >>> readable(1500, "FLOP")
    '1.5 kFLOP'
    """
    power = 0
    while value >= 999.5 and power < len(_PREFIXES) - 1:
        value, power = value / 1000, power + 1
    return f"{value:.3g} {_PREFIXES[power]}{unit}".rstrip()


def percent(share: float | None) -> str:
    """A share of one, in per cent; a dash for None."""
    return "–" if share is None else f"{100 * share:.1f} %"


def micro(seconds: float | None) -> str:
    """Seconds as microseconds."""
    if seconds is None:
        return "–"
    return f"{seconds * 1e6:.1f}"
