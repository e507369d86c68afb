"""The catalogue of messages: one row each, in English and Chinese."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from chainrule.errors.kinds import ChainruleError

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Message:
    """One message: its kind of error, and its text with ``{named}`` places per language."""

    kind: type[ChainruleError]
    en: str
    zh: str


_MESSAGES: dict[str, Message] = {}


def register(part: str, rows: Mapping[str, Message]) -> None:
    """Add the messages of one part of the package; keys become ``part.key``."""
    for key, row in rows.items():
        _MESSAGES[f"{part}.{key}"] = row


def messages() -> Mapping[str, Message]:
    """All rows that have been registered, by key."""
    return _MESSAGES


def language() -> str:
    """The language of messages: ``CHAINRULE_LANG``, ``"en"`` unless it starts with ``zh``."""
    return "zh" if os.environ.get("CHAINRULE_LANG", "").lower().startswith("zh") else "en"


def text(key: str, **values: object) -> str:
    """The filled message of a row in the current language."""
    row = _MESSAGES[key]
    return (row.zh if language() == "zh" else row.en).format(**values)
