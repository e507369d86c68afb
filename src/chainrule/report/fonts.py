"""The Chinese letters that a page uses, inside the page, for machines that have no such font."""

from __future__ import annotations

import io

from chainrule.plots.fonts import chinese_font, needs_chinese
from chainrule.report.markup import Markup, data_uri

NAME = "Chainrule Han"
# The style sheet names this font first: Chromium draws boxes where an embedded font comes after others.
RANGE = "U+2E80-9FFF,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF"


def font_face(page: str) -> Markup:
    """A CSS rule that brings the Chinese letters of a page (Noto Sans SC, Open Font License), if any."""
    letters = "".join(sorted(letter for letter in set(page) if needs_chinese([letter])))
    if not letters or chinese_font() is None:
        return Markup("")
    source = data_uri(_subset(letters), "font/woff")
    return Markup(
        f'@font-face{{font-family:"{NAME}";src:url({source}) format("woff");unicode-range:{RANGE}}}'
    )


def _subset(letters: str) -> bytes:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True)
    with load_font(str(chinese_font()), options) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        target = io.BytesIO()
        save_font(font, target, options)
    return target.getvalue()
