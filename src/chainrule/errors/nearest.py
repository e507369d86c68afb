"""Which known name a wrong one was most likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from chainrule.errors.catalogue import text

CUTOFF = 0.6


def nearest(name: str, known: Iterable[str], *, cutoff: float = CUTOFF) -> str:
    """The known name most like a wrong one, or "" if none is like it.

    >>> from chainrule.errors import nearest
    >>> nearest("adan", ["sgd", "adam"]), nearest("x", ["sgd", "adam"])
    ('adam', '')
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")


def hint(key: str, name: str, known: Iterable[str], *, cutoff: float = CUTOFF) -> str:
    """The message of a row filled with the `nearest` name as ``near``, or "" if there is none."""
    near = nearest(name, known, cutoff=cutoff)
    return text(key, near=near) if near else ""
