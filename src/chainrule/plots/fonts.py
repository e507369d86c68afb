"""A font for Chinese text, so that figures show it on a machine that has none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LATIN = "DejaVu Sans"
CHINESE = "Noto Sans SC"
FAMILIES = (LATIN, CHINESE)

# Punctuation, kana and ideographs of the basic plane, and full-width forms.
_CHINESE_TEXT = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")


def needs_chinese(texts: Iterable[str]) -> bool:
    """Whether any text has characters that Matplotlib's own font lacks.

    >>> needs_chinese(["loss", "损失"])
    True
    """
    return any(_CHINESE_TEXT.search(text) for text in texts)


@cache
def chinese_font() -> Path | None:
    """The file of Noto Sans SC, which comes with the package zhplot; None where that is not installed."""
    # Importing zhplot would change Matplotlib's settings for the whole process.
    found = find_spec("zhplot")
    folders = [] if found is None else list(found.submodule_search_locations or [])
    files = [Path(folder) / "fonts" / "NotoSansSC-Regular.ttf" for folder in folders]
    return next((file for file in files if file.is_file()), None)


@cache
def families() -> tuple[str, ...]:
    """Font families for figures, in the order in which each character is looked for."""
    from matplotlib import font_manager

    file = chinese_font()
    if file is None:
        return (LATIN,)
    font_manager.fontManager.addfont(str(file))
    return FAMILIES
