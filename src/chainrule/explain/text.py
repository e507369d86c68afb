"""Explanations as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chainrule.errors import text
from chainrule.explain import formula
from chainrule.explain.equations import (
    Equation,
    gradient_node,
    gradient_sum,
    result_equations,
)
from chainrule.explain.explanation import Explanation, has_gradient, is_shown
from chainrule.explain.trace import Variable
from chainrule.explain.view import Entry, Fold, Item, Line, backward_items, forward_items

_INDENT = "  "


def to_text(explanation: Explanation, depth: int | None = None) -> str:
    """The explanation, with blocks opened down to a depth."""
    parts = [
        explanation.name,
        _section("given", map(given_line, filter(is_shown, explanation.given))),
        _section("forward", _forward(forward_items(explanation), depth)) or text("explain.nothing"),
        _section("result", map(equation_text, result_equations(explanation))),
        explanation.note,
    ]
    if not explanation.note:
        parts.append(_section("backward", _backward(backward_items(explanation), depth)))
        parts.append(_section("gradients", map(gradient_line, filter(has_gradient, explanation.given))))
    return "\n\n".join(part for part in parts if part)


def _section(key: str, lines: Iterable[str]) -> str:
    body = [_INDENT + line for line in lines]
    return "\n".join([text(f"explain.{key}"), *body]) if body else ""


def given_line(variable: Variable) -> str:
    """An argument, parameter or constant."""
    shown = equation_text(Equation(formula.name(variable.name), None, None, variable.value))
    if variable.kind != "input" or has_gradient(variable):
        return shown
    return f"{shown}  ({text('explain.no_gradient', dtype=variable.spec.dtype)})"


def gradient_line(variable: Variable) -> str:
    """The gradient of an argument or parameter, as a sum where it is one."""
    total = gradient_sum(variable)
    if total is None:
        return f"{formula.to_text(gradient_node(variable))} = {text('explain.unused')}"
    return equation_text(total)


def equation_text(equation: Equation) -> str:
    """``left = right = numbers = value``, as far as there are such."""
    shown = formula.to_text(equation.left)
    if equation.spec is not None:
        shown += f": {equation.spec}"
    sides = list(map(formula.to_text, equation.sides()))
    if sides:
        shown += f"{' ← ' if equation.is_part else ' = '}{' = '.join(sides)}"
    about = [equation.parameters, equation.summary]
    return shown + "".join(f"  ({part})" for part in about if part)


def _forward(items: Sequence[Item], depth: int | None) -> Iterator[str]:
    for item in items:
        if isinstance(item, Line):
            yield item.text
        elif isinstance(item, Entry):
            yield f"{item.step.number:3}  {equation_text(item.equation)}"
            yield from _below_step(item.values)
        elif depth == 0:
            yield from (f"{_numbers(item)}  {equation_text(equation)}" for equation in item.summary)
        else:
            yield _title(item)
            yield from _indented(_forward(item.items, _below(depth)))


def _backward(items: Sequence[Item], depth: int | None) -> Iterator[str]:
    for item in items:
        if isinstance(item, Line):
            yield item.text
        elif isinstance(item, Entry):
            yield from _rules(item)
        else:
            yield _title(item)
            if depth == 0:
                yield from _below_step(item.summary)
            else:
                yield from _indented(_backward(item.items, _below(depth)))


def _rules(entry: Entry) -> Iterator[str]:
    """A step going back: what it was, the gradients of its results, and each rule."""
    equation = entry.equation
    right = "" if equation.right is None else f" = {formula.to_text(equation.right)}"
    shown = f"{entry.step.number:3}  {formula.to_text(equation.left)}{right}"
    if len(entry.step.results) == 1:
        yield ",  ".join([shown, *map(equation_text, entry.gradients)])
    else:
        yield shown
        yield from _below_step(entry.gradients)
    yield from _below_step(entry.rules)


def _below_step(equations: Iterable[Equation]) -> Iterator[str]:
    return (f"       {equation_text(equation)}" for equation in equations)


def _title(fold: Fold) -> str:
    shown = f"{_numbers(fold)}  {fold.title}"
    return shown if fold.formula is None else f"{shown}: {formula.to_text(fold.formula)}"


def _numbers(fold: Fold) -> str:
    return f"{fold.first:3}" if fold.first == fold.last else f"{fold.first:3}–{fold.last}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


def _below(depth: int | None) -> int | None:
    return None if depth is None else depth - 1
