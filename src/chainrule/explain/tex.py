"""Explanations as LaTeX, for documents that use ``amsmath``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainrule.errors import text
from chainrule.explain.equations import Equation, gradient_sum, result_equations
from chainrule.explain.explanation import Explanation, has_gradient, is_shown
from chainrule.explain.formula import name, to_latex
from chainrule.explain.view import Entry, Item, Line, backward_items, forward_items

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL.update({c: rf"\{c}" for c in "&%$#_{}"})


def to_tex(explanation: Explanation) -> str:
    """Paragraphs of aligned equations, the user's lines between them."""
    given = [Equation(name(v.name), None, None, v.value) for v in filter(is_shown, explanation.given)]
    parts = [_paragraph("given", given), _paragraph("forward", list(_flat(forward_items(explanation))))]
    parts.append(_paragraph("result", result_equations(explanation)))
    if explanation.note:
        parts.append(_escaped(explanation.note))
    else:
        sums = map(gradient_sum, filter(has_gradient, explanation.given))
        gradients = [total for total in sums if total is not None]
        parts.append(_paragraph("backward", list(_flat(backward_items(explanation)))))
        parts.append(_paragraph("gradients", gradients))
    return "\n".join(part for part in parts if part)


def _flat(items: Sequence[Item]) -> Iterator[Line | Equation]:
    """The user's lines and the equations; blocks are opened."""
    for item in items:
        if isinstance(item, Line):
            yield item
        elif isinstance(item, Entry):
            yield from item.rules or [item.equation, *item.values]
        else:
            yield from _flat(item.items)


def _paragraph(key: str, rows: Sequence[Line | Equation]) -> str:
    """A heading and the rows, aligned; a user's line interrupts the alignment."""
    if not rows:
        return ""
    lines = []
    for shown, after in zip(rows, [*rows[1:], None], strict=True):
        is_last = after is None or isinstance(after, Line) or isinstance(shown, Line)
        lines.append(_row(shown) + ("" if is_last else r" \\"))
    heading = _escaped(text(f"explain.{key}"))
    return "\n".join([rf"\paragraph{{{heading}}}", r"\begin{align*}", *lines, r"\end{align*}"])


def _row(shown: Line | Equation) -> str:
    if isinstance(shown, Line):
        return rf"\intertext{{\texttt{{{_escaped(shown.text)}}}}}"
    sides = [to_latex(side) for side in shown.sides()]
    sign = r"\leftarrow" if shown.is_part else "="
    equated = f"{sign} {' = '.join(sides)}" if sides else ""
    return f"{to_latex(shown.left)} &{equated}{_space(shown) if shown.summary else ''}"


def _space(equation: Equation) -> str:
    r"""``\in \mathbb{R}^{2 \times 3}``, or of complex numbers, where the elements are too many."""
    spec = equation.spec
    assert spec is not None
    extents = r" \times ".join(map(str, spec.shape))
    return rf" \in \mathbb{{{'C' if spec.dtype.kind == 'c' else 'R'}}}^{{{extents}}}"


def _escaped(words: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in words)
