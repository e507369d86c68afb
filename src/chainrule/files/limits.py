"""Limits that keep a hostile or damaged file from taking the whole memory."""

from __future__ import annotations

import chainrule.files.messages  # noqa: F401  (registers the messages used here)
from chainrule.errors import error

MAX_BYTES = 4 * 2**30
"""Most bytes of one array that is read from a file."""

MAX_DEFLATE = 1032
"""Most bytes that one byte of deflate can stand for (zlib, technical details, maximum compression factor)."""


def check_bytes(path: object, count: int) -> None:
    """Refuse an array of more than `MAX_BYTES`."""
    if count > MAX_BYTES:
        raise error("files.too_large", path=path, size=count, limit=MAX_BYTES)
