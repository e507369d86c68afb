"""The stages of a compiled step as one HTML page, without scripts, fonts or network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from chainrule.compiler.native.arrays import readable_size
from chainrule.errors import language, text
from chainrule.explain.stages import pictures
from chainrule.explain.stages.kernels import Kernel
from chainrule.explain.stages.style import STYLE
from chainrule.explain.stages.tables import micro, percent, readable
from chainrule.explain.stages.text import (
    COLUMNS,
    arena_text,
    asm_of,
    first_with_code,
    gradient_text,
    head_text,
    limits_text,
    llvm_of,
    rewrites_text,
    time_notes,
)

if TYPE_CHECKING:
    from chainrule.explain.stages.explanation import StagesExplanation

# Code of a kernel that is longer is cut here; the text stages have all of it.
_LONGEST = 1500

_KINDS = ("contraction", "fold", "pointwise", "irregular", "numpy")


def document(e: StagesExplanation) -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head><meta charset="utf-8">'
        f"<title>{escape(e.name)}</title>"
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'</head>\n<body style="margin: 2em auto; padding: 0 2em; max-width: 78em">\n{fragment(e)}\n'
        "</body>\n</html>\n"
    )


def fragment(e: StagesExplanation) -> str:
    """The part that goes into a notebook."""
    parts = [f"<h2>{escape(e.name)}</h2>", _paragraph(head_text(e)), *_time(e), *_memory(e), *_roofline(e)]
    parts += [_kernels(e), *_graphs(e)]
    return f'<div class="chainrule-stages"><style>{STYLE}</style>\n{"".join(parts)}</div>'


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>\n"


def _title(key: str) -> str:
    return f"<h3>{escape(text(f'stages.{key}'))}</h3>\n"


def _time(e: StagesExplanation) -> Iterator[str]:
    drawn = pictures.timeline(e)
    if drawn:
        yield _title("timeline")
        yield drawn
        yield _legend(e)
        yield _paragraph(next(time_notes(e)))


def _legend(e: StagesExplanation) -> str:
    present = {kernel.kind for kernel in e.kernels}
    shown = (
        f'<span class="key {kind}"></span>{escape(text(f"stages.{kind}"))}'
        for kind in _KINDS
        if kind in present
    )
    return f'<p class="legend">{" ".join(shown)}</p>\n'


def _memory(e: StagesExplanation) -> Iterator[str]:
    yield _title("arena_plot")
    yield pictures.arena(e)
    yield _paragraph(arena_text(e) if e.program.arena.lives else text("stages.no_arena"))


def _roofline(e: StagesExplanation) -> Iterator[str]:
    drawn = pictures.roofline(e) if e.times is not None else ""
    if drawn:
        yield _title("roofline_plot")
        yield drawn
        yield _paragraph(limits_text(e))


def _kernels(e: StagesExplanation) -> str:
    names = (f"<span>{escape(text(f'stages.{key}'))}</span>" for key in COLUMNS if key != "kind")
    first = first_with_code(e.kernels)
    rows = "".join(_kernel(e, kernel, first[kernel]) for kernel in e.kernels)
    return f'{_title("kernels")}<div class="row names">{"".join(names)}</div>\n{rows}'


def _kernel(e: StagesExplanation, kernel: Kernel, first: Kernel) -> str:
    """A row that unfolds to loops, code and source lines."""
    head = "".join(f"<span>{cell}</span>" for cell in _cells(e, kernel))
    return (
        f'<details class="kernel"><summary class="row">{head}</summary>\n'
        f'<div class="inside"><p class="formula">{escape(kernel.formula)}</p>\n'
        f"{_lines(kernel)}{_code('loops', kernel.loops, is_open=True)}{_machine_code(kernel, first)}"
        "</div></details>\n"
    )


def _cells(e: StagesExplanation, kernel: Kernel) -> Iterator[str]:
    total = e.times.total if e.times else 0.0
    share = kernel.seconds / total if kernel.seconds and total else None
    yield f'<i class="key {kernel.kind}"></i>{kernel.number}'
    yield escape(kernel.title)
    yield escape(kernel.shapes)
    yield readable(kernel.flops * kernel.count)
    yield readable_size(kernel.nbytes * kernel.count)
    yield f"{kernel.intensity:.2f}"
    yield escape(text("stages.once")) if kernel.is_prepared else micro(kernel.seconds)
    width = 100 * (share or 0.0)
    yield f'<b class="share {kernel.kind}" style="width: {width:.1f}%"></b>{percent(share)}'
    yield percent(e.share_of_roofline(kernel))


def _lines(kernel: Kernel) -> str:
    lines = "".join(f'<code class="line">{escape(line)}</code>' for line in kernel.lines)
    scopes = "".join(f'<code class="scope">{escape(scope)}</code>' for scope in kernel.scopes)
    return f"<p>{lines}</p><p>{scopes}</p>\n"


def _machine_code(kernel: Kernel, first: Kernel) -> str:
    if first is not kernel:
        return _paragraph(text("stages.same_code", number=first.number))
    return _code("llvm", llvm_of(kernel)) + _code("asm", asm_of(kernel))


def _code(key: str, code: str, *, is_open: bool = False) -> str:
    lines = code.splitlines()
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], text("stages.cut", count=len(lines) - _LONGEST)]
    attribute = " open" if is_open else ""
    body = escape("\n".join(lines))
    return (
        f"<details{attribute}><summary>{escape(text(f'stages.{key}'))}</summary><pre>{body}</pre></details>\n"
    )


def _graphs(e: StagesExplanation) -> Iterator[str]:
    after = e.program.graph
    yield _title("graph")
    yield _paragraph(rewrites_text(e))
    for key, graph in (("recorded", e.graph), ("rewritten", after)):
        title = text(f"stages.{key}", count=len(graph.nodes))
        yield f"<details><summary>{escape(title)}</summary><pre>{escape(str(graph))}</pre></details>\n"
    title = escape(text("stages.gradient graph"))
    yield f"<details><summary>{title}</summary><pre>{escape(gradient_text(e))}</pre></details>\n"
