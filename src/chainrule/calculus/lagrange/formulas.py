"""The Lagrangian and its stationary system, as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainrule.calculus.fields import Form, Function
from chainrule.calculus.formula import Formula, without
from chainrule.calculus.lagrange.problem import Problem
from chainrule.calculus.subject import Subject
from chainrule.errors import ChainruleError


@dataclass(frozen=True)
class Written:
    """The problem in writing.

    ``objective`` and ``constraints`` (p + q,) are right sides as text, ``line`` is the Lagrangian in
    the order in which it is made, ``lagrangian`` its formula, and ``system`` are its stationary
    equations and the conditions of the constraints.
    """

    objective: str
    constraints: tuple[str, ...]
    line: str
    lagrangian: Formula
    system: tuple[str, ...]


def multiplier_names(p: int, q: int) -> tuple[str, ...]:
    """λ1, λ2, … of equalities and μ1, μ2, … of inequalities; without number where there is one."""
    return _numbered("λ", p) + _numbered("μ", q)


def constraint_names(p: int, q: int) -> tuple[str, ...]:
    """g1, g2, … and h1, h2, …; without number where there is one."""
    return _numbered("g", p) + _numbered("h", q)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}{i}" for i in range(1, count + 1))


def written(problem: Problem, names: Sequence[str]) -> Written:
    """The problem in writing, in SymPy's words if it has them, otherwise by the letters f, g and h."""
    letters = multiplier_names(problem.p, problem.q)
    variables = (*names, *letters)
    objective, g, h = problem.objective, problem.equality, problem.inequality
    try:
        (f,) = _expressions(objective.f, objective.form, names)
        y = [
            expression
            for field in (g, h)
            for part, form in zip(field.parts, field.forms, strict=True)
            for expression in _expressions(part, form, names)
        ]
    except ChainruleError as problem_found:
        return _by_letters(problem, variables, problem_found)
    return _by_formula(problem, f, y, names, letters)


def _expressions(f: Function, form: Form, names: Sequence[str]) -> list[Any]:
    found, _ = Subject(f, "lagrange").expressions(replace(form, names=tuple(names)))
    return list(np.asarray(found, object).reshape(-1))


def _by_formula(
    problem: Problem, f: Any, y: Sequence[Any], names: Sequence[str], letters: Sequence[str]
) -> Written:
    import sympy as sp

    symbols = [sp.Symbol(name, real=True) for name in names]
    weights = [sp.Symbol(name, real=True) for name in letters]
    total = f + int(problem.sign) * sum(w * part for w, part in zip(weights, y, strict=True))
    slopes = (_text(sp.diff(total, x)) for x in symbols)
    system = [f"∂L/∂{name} = {slope} = 0" for name, slope in zip(names, slopes, strict=True)]
    texts = tuple(map(_text, y))
    formula = Formula("L", "L", (*names, *letters), total)
    line = _line(
        problem, _text(f), [f"{m}*({part})" for m, part in zip(letters, texts, strict=True)], formula
    )
    return Written(_text(f), texts, line, formula, (*system, *_kept(problem, texts, letters)))


def _text(expression: Any) -> str:
    import sympy as sp

    return str(sp.sstr(expression, full_prec=False))


def _line(problem: Problem, f: str, terms: Sequence[str], formula: Formula) -> str:
    sign = " + " if problem.sign > 0 else " - "
    return f"L({', '.join(formula.variables)}) = {sign.join([f, *terms])}"


def _by_letters(problem: Problem, variables: tuple[str, ...], why: ChainruleError) -> Written:
    labels = constraint_names(problem.p, problem.q)
    letters = multiplier_names(problem.p, problem.q)
    formula = without("L", "L", variables, why)
    pairs = list(zip(letters, labels, strict=True))
    line = _line(problem, "f", [f"{m}*{label}" for m, label in pairs], formula)
    sign = "+" if problem.sign > 0 else "-"
    slopes = "".join(f" {sign} {m} ∇{label}" for m, label in pairs)
    return Written("f", labels, line, formula, (f"∇f{slopes} = 0", *_kept(problem, labels, letters)))


def _kept(problem: Problem, texts: Sequence[str], letters: Sequence[str]) -> list[str]:
    """What the constraints ask for."""
    p = problem.p
    kept = [f"{text} = 0" for text in texts[:p]]
    pairs = zip(texts[p:], letters[p:], strict=True)
    return kept + [f"{text} ≤ 0,  {m} ≥ 0,  {m}*({text}) = 0" for text, m in pairs]
