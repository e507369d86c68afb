r"""Derivative rules as formulas, found by running each rule on symbols: they are written once only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.core.derivative import Call, Partials
from chainrule.core.op import Op, inferred_specs
from chainrule.core.spec import Spec
from chainrule.dtypes import float64, is_float
from chainrule.explain.expressions import graph_formulas
from chainrule.explain.formula import Frac, Mark, Node, parse, row, to_latex
from chainrule.graph import Graph, record


@dataclass(frozen=True)
class Rule:
    r"""One rule as an equation: :math:`∂y/∂x = …`, or :math:`\bar x = …` in terms of :math:`\bar y`."""

    arg: str
    left: Node
    right: Node


def derivative_rules(op: Op) -> list[Rule]:
    """The derivative of a row by each argument that it reaches.

    Pointwise rows give partial derivatives; others the cotangent of the argument, at the first of
    the row's samples that is not empty. A row without samples gives nothing.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule.explain.derivatives import derivative_rules
    >>> from chainrule.explain.formula import to_text
    >>> [(rule.arg, to_text(rule.right)) for rule in derivative_rules(cr.ops.TABLE["divide"])]
    [('x', '1/y'), ('y', '-z/y')]
    """
    if isinstance(op.derivative, Partials):
        return _partial_rules(op)
    by_extent = sorted(op.samples, key=lambda case: min((n for s in case.shapes for n in s), default=0) < 2)
    case = next((case for case in by_extent if all(all(shape) for shape in case.shapes)), None)
    return [] if case is None else _cotangent_rules(op, _sample_specs(op, case), case.params)


def derivative_latex(op: Op) -> dict[str, str]:
    r"""The right sides of `derivative_rules` as LaTeX, by argument.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule.explain.derivatives import derivative_latex
    >>> derivative_latex(cr.ops.TABLE["tanh"])
    {'x': '1 - y^{2}'}
    """
    return {rule.arg: to_latex(rule.right) for rule in derivative_rules(op)}


def partial_formula(
    op: Op, position: int, params: Mapping[str, Any], y: Node, inputs: Sequence[Node]
) -> Node:
    """The partial derivative of a pointwise row, in terms of the result and the arguments."""
    assert isinstance(op.derivative, Partials)
    rule = op.derivative.partials[position]
    scalars = [Spec((), float64), *_scalar_specs(op)]
    graph = record(lambda *v: rule(*v, **params), *scalars)  # type: ignore[misc]
    (formula,) = graph_formulas(graph, [y, *inputs], brief=True)
    return formula


def cotangent_graph(op: Op, position: int, params: Mapping[str, Any], specs: Sequence[Spec]) -> Graph:
    """The reverse rule for one argument, recorded: its inputs are g, the results, and the arguments."""
    results = inferred_specs(op, specs, dict(params))
    needed = [i == position for i in range(len(specs))]
    single = op.outputs == 1

    def rule(g: list[Any], y: list[Any], *inputs: Any) -> Any:
        call = Call(op, inputs, dict(params), y[0] if single else y)
        return op.derivative.vjp(call, g[0] if single else g, needed)[position]

    return record(rule, list(results), list(results), *specs)


def result_letter(op: Op) -> str:
    """The letter of a row's result: y, or z where an argument has that letter."""
    return "z" if "y" in op.args else "y"


def _partial_rules(op: Op) -> list[Rule]:
    y = parse(result_letter(op))
    letters = [parse(arg) for arg in op.args]
    rules = []
    for i, arg in enumerate(op.args):
        if op.derivative.reaches(i):
            left = Frac(row(r"\partial", y), row(r"\partial", letters[i]))
            rules.append(Rule(arg, left, partial_formula(op, i, {}, y, letters)))
    return rules


def _scalar_specs(op: Op) -> list[Spec]:
    """A number for each argument; whole where that is asked for, as of an order ``n``."""
    domains = op.domain if len(op.domain) > 1 else op.domain * len(op.args)
    return [Spec((), np.dtype(getattr(domain, "dtype", "float64"))) for domain in domains]


def _sample_specs(op: Op, case: Any) -> list[Spec]:
    domains = [case.domains[i] if i < len(case.domains) else None for i in range(len(case.shapes))]
    defaults = op.domain or (None,)
    kinds = [domain or defaults[min(i, len(defaults) - 1)] for i, domain in enumerate(domains)]
    return [
        Spec(shape, np.dtype(getattr(domain, "dtype", "float64")))
        for shape, domain in zip(case.shapes, kinds, strict=True)
    ]


def _cotangent_rules(op: Op, specs: Sequence[Spec], params: Mapping[str, Any]) -> list[Rule]:
    results = _result_letters(op, len(inferred_specs(op, specs, dict(params))))
    cotangents = [Mark("bar", y) for y in results]
    letters = [_letter(arg) for arg in op.arg_names(len(specs))]
    rules = []
    for i, arg in enumerate(op.arg_names(len(specs))):
        if op.derivative.reaches(i) and is_float(specs[i].dtype):
            graph = cotangent_graph(op, i, params, specs)
            (right,) = graph_formulas(graph, [*cotangents, *results, *letters], brief=True)
            rules.append(Rule(arg, Mark("bar", letters[i]), right))
    return rules


def _result_letters(op: Op, count: int) -> list[Node]:
    """``y``, or with an index for each of several results."""
    y = result_letter(op)
    return [parse(y)] if op.outputs == 1 else [parse(f"{y}_{{{i}}}") for i in range(count)]


def _letter(arg: str) -> Node:
    """``x`` or ``x0`` as a letter, with an index where it has one."""
    return parse(arg) if len(arg) == 1 else parse(f"{arg[0]}_{{{arg[1:]}}}")
