"""HTML that is safe by construction: whatever is not `Markup` is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

VOID = frozenset({"br", "col", "img", "input", "link", "meta", "wbr"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def render(child: Any) -> Markup:
    """Anything as HTML: markup as it is, None as nothing, several things joined, all else escaped.

    >>> render(["a < b", None, Markup("<br>")])
    'a &lt; b<br>'
    """
    if isinstance(child, Markup):
        return child
    if child is None:
        return Markup("")
    if isinstance(child, Iterable) and not isinstance(child, str | bytes):
        return Markup("".join(render(one) for one in child))
    return Markup(escape(str(child)))


def element(tag: str, *children: Any, **attributes: Any) -> Markup:
    """An HTML element.

    Parameters
    ----------
    tag : str
        Its name.
    *children
        What it holds, see `render`.
    **attributes
        ``class_="mark"`` becomes ``class="mark"``, ``data_x`` becomes ``data-x``; True stands for the
        name alone, and None and False leave the attribute out.

    Examples
    --------
    >>> element("p", "x < 1", class_="note", hidden=True)
    '<p class="note" hidden>x &lt; 1</p>'
    """
    shown = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{render(children)}</{tag}>")


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], **attributes: Any) -> Markup:
    """A table in a box that scrolls where the page is too narrow.

    Columns whose first cell is a `number_cell` are aligned to the right, heading included.
    """
    body = [[_cell(cell) for cell in row] for row in rows]
    kinds = ["num" if 'class="num' in cell else None for cell in body[0]]
    names = [element("th", name, scope="col", class_=kind) for name, kind in zip(head, kinds, strict=True)]
    lines = [element("tr", row) for row in body]
    inside = [element("thead", element("tr", names)), element("tbody", lines)]
    return element("div", element("table", inside, **attributes), class_="scroll")


def _cell(content: Any) -> Markup:
    if isinstance(content, Markup) and content.startswith("<td"):
        return content
    return element("td", content)


def number_cell(shown: Any, share: float | None = None) -> Markup:
    """A table cell with a number; with a share from 0 to 1, over a bar of that length."""
    if share is None:
        return element("td", shown, class_="num")
    return element("td", element("span", shown), class_="num bar", style=f"--share:{share:.4f}")


def data_uri(content: bytes, kind: str) -> str:
    """Bytes inside the page itself, for ``src`` and ``url()``."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
