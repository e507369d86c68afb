"""The width of words on a terminal."""

from __future__ import annotations

import unicodedata


def printed_width(words: str) -> int:
    """How many columns words take on a terminal, where a Chinese character takes two.

    >>> printed_width("kind"), printed_width("类型")
    (4, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)
