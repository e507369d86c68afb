"""Explanations as HTML: one document with MathML, without scripts, fonts or network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from chainrule.errors import language, text
from chainrule.explain.equations import (
    Equation,
    gradient_node,
    gradient_sum,
    result_equations,
)
from chainrule.explain.explanation import Explanation, has_gradient, is_shown
from chainrule.explain.formula import Node, name, row, to_mathml
from chainrule.explain.trace import Variable
from chainrule.explain.view import Entry, Fold, Item, Line, backward_items, forward_items

_STYLE = """
.chainrule { font: 15px/1.6 system-ui, "Noto Sans SC", sans-serif; max-width: 75em; }
.chainrule h2 { font: 600 1.25em ui-monospace, monospace; margin: 0 0 .6em; }
.chainrule h3 { font-size: 1em; margin: 1.4em 0 .4em; border-bottom: 1px solid #8886; }
.chainrule math { font-size: 1.1em; math-style: normal; }
.chainrule code, .chainrule .type { font: .85em ui-monospace, monospace; opacity: .7; }
.chainrule .line { display: block; margin: .7em 0 .1em; opacity: 1; color: #2a6fb0; white-space: pre-wrap; }
.chainrule .step { display: flex; gap: .9em; padding: .45em 0; align-items: baseline; overflow: auto hidden; }
.chainrule .n { flex: 0 0 2.6em; text-align: right; opacity: .5; font-variant-numeric: tabular-nums; }
.chainrule .rules { margin: 0 0 .4em 3.5em; border-left: 2px solid #2a6fb055; padding-left: .9em; }
.chainrule details { margin: .2em 0 .2em 1.2em; border-left: 2px solid #8884; padding-left: .6em; }
.chainrule summary { cursor: pointer; margin-left: -.6em; padding-left: .2em; }
.chainrule summary b { margin-right: .8em; }
.chainrule .brief { margin-left: 1.2em; padding: .45em 0; overflow: auto hidden; }
.chainrule .note { margin: 1em 0; font-style: italic; }
"""


def document(explanation: Explanation) -> str:
    """A whole page."""
    title = escape(explanation.name)
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'</head>\n<body style="margin: 2em">\n{fragment(explanation)}\n</body>\n</html>\n'
    )


def fragment(explanation: Explanation) -> str:
    """The part that goes into a notebook or a report."""
    forward = _items(forward_items(explanation)) or f"<p>{escape(text('explain.nothing'))}</p>"
    parts = [
        f"<h2>{escape(explanation.name)}</h2>",
        _section("given", map(_given, filter(is_shown, explanation.given))),
        _section("forward", [forward]),
        _section("result", (_step("", _equation(y)) for y in result_equations(explanation))),
    ]
    if explanation.note:
        parts.append(f'<p class="note">{escape(explanation.note)}</p>')
    else:
        parts.append(_section("backward", [_items(backward_items(explanation))]))
        parts.append(_section("gradients", map(_gradient, filter(has_gradient, explanation.given))))
    return f'<div class="chainrule"><style>{_STYLE}</style>\n{"".join(parts)}</div>'


def _section(key: str, parts: Iterable[str]) -> str:
    body = "".join(parts)
    return f"<h3>{escape(text(f'explain.{key}'))}</h3>\n{body}\n" if body else ""


def _step(number: str, body: str) -> str:
    return f'<div class="step"><span class="n">{number}</span><span>{body}</span></div>\n'


def _given(variable: Variable) -> str:
    body = _equation(Equation(name(variable.name), None, None, variable.value))
    if variable.kind == "input" and not has_gradient(variable):
        body += f" <code>{escape(text('explain.no_gradient', dtype=variable.spec.dtype))}</code>"
    return _step("", body)


def _gradient(variable: Variable) -> str:
    total = gradient_sum(variable)
    if total is not None:
        return _step("", _equation(total))
    return _step("", f"{to_mathml(gradient_node(variable))} = {escape(text('explain.unused'))}")


def _items(items: Sequence[Item]) -> str:
    return "".join(map(_item, items))


def _item(item: Item) -> str:
    if isinstance(item, Line):
        return f'<code class="line">{escape(item.text)}</code>\n'
    return _fold(item) if isinstance(item, Fold) else _entry(item)


def _entry(entry: Entry) -> str:
    number, equation = str(entry.step.number), entry.equation
    if not entry.rules:
        return _step(number, _equation(equation)) + _below(entry.values)
    head = to_mathml(row(equation.left, *_sides([equation.right])))
    if len(entry.step.results) == 1:
        head = ", &nbsp; ".join([head, *map(_equation, entry.gradients)])
        return _step(number, head) + _below(entry.rules)
    return _step(number, head) + _below([*entry.gradients, *entry.rules])


def _below(equations: Sequence[Equation]) -> str:
    body = "".join(f"<div>{_equation(equation)}</div>" for equation in equations)
    return f'<div class="rules">{body}</div>\n' if body else ""


def _fold(fold: Fold) -> str:
    numbers = f"{fold.first}" if fold.first == fold.last else f"{fold.first}–{fold.last}"
    formula = "" if fold.formula is None else to_mathml(fold.formula)
    brief = "".join(f'<div class="brief">{_equation(equation)}</div>' for equation in fold.summary)
    head = f'<span class="n">{numbers}</span> <b>{escape(fold.title)}</b>{formula}{brief}'
    return f"<details><summary>{head}</summary>\n{_items(fold.items)}</details>\n"


def _equation(equation: Equation) -> str:
    """The equation as a formula, then its type, and a summary of elements that are too many."""
    sign = r"\leftarrow" if equation.is_part else "="
    shown = to_mathml(row(equation.left, *_sides(equation.sides(), sign)))
    about = ["" if equation.spec is None else str(equation.spec), equation.summary, equation.parameters]
    return shown + "".join(f' <span class="type">{escape(part)}</span>' for part in about if part)


def _sides(nodes: Iterable[Node | None], sign: str = "=") -> list[Node | str]:
    """``= a = b``; the first sign may be another."""
    shown = [part for node in nodes if node is not None for part in ("=", node)]
    return [sign, *shown[1:]] if shown else []
