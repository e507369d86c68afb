"""What each step says: its equation, the same with numbers, and its rules of the chain rule."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chainrule.core import display
from chainrule.core.derivative import Call, Partials
from chainrule.core.interpreter import EAGER, using_layers, wrap
from chainrule.core.spec import Spec
from chainrule.errors import text
from chainrule.explain.derivatives import cotangent_graph, partial_formula
from chainrule.explain.explanation import Explanation
from chainrule.explain.expressions import graph_formulas
from chainrule.explain.forms import FORMS, along, call, formula_of
from chainrule.explain.formula import (
    Atom,
    Frac,
    Mark,
    Node,
    Script,
    elements,
    fitted,
    name,
    number,
    parse,
    row,
    substitute,
    to_text,
    word,
)
from chainrule.explain.formula.levels import Level
from chainrule.explain.simplify import negative, times
from chainrule.explain.trace import Contribution, Operand, Step, Variable

G, L = Atom("letter", "g"), Atom("letter", "L")
_LONGEST = 72


@dataclass(frozen=True)
class Equation:
    """``left = right``, the same right side with numbers where they are few, and the value.

    ``value`` is None where the left side names several results, whose values follow. ``is_part`` tells that
    other steps add to the left side as well; ``parameters`` are those that the formula does not show.
    """

    left: Node
    right: Node | None
    numbers: Node | None
    value: np.ndarray | None
    is_part: bool = False
    parameters: str = ""

    def sides(self) -> list[Node]:
        """What stands after the left side: formula, numbers, and the value where it is short."""
        value = None if self.value is None or not is_few(self.value) else elements(self.value)
        return [side for side in (self.right, self.numbers, value) if side is not None]

    @property
    def spec(self) -> Spec | None:
        """Shape and element type of the value; None for a single number."""
        if self.value is None or not self.value.shape:
            return None
        return Spec(self.value.shape, self.value.dtype)

    @property
    def summary(self) -> str:
        """What is said of elements that are too many to be shown."""
        return "" if self.value is None or is_few(self.value) else value_text(self.value)


def step_equation(step: Step) -> Equation:
    """What a step computes."""
    right = _formula(step, [operand_node(operand) for operand in step.operands])
    numbers = _formula(step, [_value_node(operand.variable.value) for operand in step.operands])
    left = row(*_separated([name(variable.name) for variable in step.results]))
    value = step.results[0].value if len(step.results) == 1 else None
    shown = _worth_showing(numbers, right, value)
    return Equation(left, right, shown, value, parameters=_parameters(step))


def result_values(step: Step) -> list[Equation]:
    """The value of each result, where a step has several."""
    if len(step.results) == 1:
        return []
    return [Equation(name(variable.name), None, None, variable.value) for variable in step.results]


def cotangent_equations(step: Step) -> list[Equation]:
    """The gradient of each result that has one, which the rules call g: ``g = ∂L/∂y = …``."""
    equations = []
    for letter, variable, g in zip(_cotangent_names(step), step.results, step.cotangents, strict=True):
        if g is not None:
            # What the backward pass starts with is no sum.
            total = gradient_sum(variable) or Equation(gradient_node(variable), None, None, g)
            equations.append(replace(total, left=row(letter, "=", total.left)))
    return equations


def operand_node(operand: Operand) -> Node:
    """An operand by name; a number as itself."""
    variable = operand.variable
    node = number(variable.value.item()) if variable.kind == "number" else name(variable.name)
    return call(text("explain.detached"), node) if operand.is_detached else node


def _formula(step: Step, operands: Sequence[Node]) -> Node:
    return formula_of(step.op, step.params, operands, [operand.variable.spec for operand in step.operands])


def _parameters(step: Step) -> str:
    """Parameters that the formula does not show."""
    if step.op.name in FORMS or step.op.family == "reduce":
        return ""
    return ", ".join(f"{key}={value}" for key, value in step.params.items())


def gradient_node(variable: Variable) -> Node:
    """``∂L/∂x``."""
    return Frac(row(r"\partial", L), row(r"\partial", name(variable.name)))


def result_equations(explanation: Explanation) -> list[Equation]:
    """What the function gave, and L where there is a backward pass."""
    equations = [Equation(name(v.name), None, None, v.value) for v in explanation.results]
    if explanation.cotangent is None:
        return equations
    (y,) = explanation.results
    if not explanation.is_weighted:
        return [Equation(L, name(y.name), None, y.value)]
    bar = Mark("bar", name(y.name))
    weighted = row(Atom("big", r"\sum"), bar, r"\cdot", name(y.name))
    total = np.sum(explanation.cotangent * y.value)
    return [*equations, Equation(bar, None, None, explanation.cotangent), Equation(L, weighted, None, total)]


def gradient_sum(variable: Variable) -> Equation | None:
    """A gradient as the sum of its parts; None if it has none."""
    gradient = variable.gradient
    if gradient is None:
        return None
    parts = [_value_node(part.value) for part in variable.parts]
    numbers = functools.reduce(_sum, parts) if len(parts) > 1 else None
    left = gradient_node(variable)
    return Equation(left, None, _worth_showing(numbers, left, gradient), gradient)


def _sum(x: Node, y: Node) -> Node:
    return substitute(parse("x + y"), {"x": x, "y": y})


def rule_equation(step: Step, part: Contribution) -> Equation:
    """One rule of the chain rule, applied: which derivative, with which numbers, gave which gradient."""
    rule = _partial_rule if isinstance(step.op.derivative, Partials) else _general_rule
    right, numbers = rule(step, part)
    shown, is_part = _worth_showing(numbers, right, part.value), len(part.target.parts) > 1
    return Equation(gradient_node(part.target), right, shown, part.value, is_part)


def _partial_rule(step: Step, part: Contribution) -> tuple[Node, Node | None]:
    """``g · ∂y/∂x``, summed where x was broadcast."""
    operands = [operand_node(operand) for operand in step.operands]
    partial = partial_formula(step.op, part.position, step.params, name(step.results[0].name), operands)
    if step.results[0].value.dtype.kind == "c" and any(map(str.isalpha, to_text(partial))):
        partial = Mark("bar", partial)  # the conjugate
    stretch, formula = _stretch(step, part), times(G, partial)
    g = _value_node(step.cotangents[0])
    if formula in (G, negative(G)):
        return stretch(formula), stretch(substitute(formula, {"g": g}))
    product = parse(r"g \cdot d")
    values = {"g": g, "d": _value_node(_partial_value(step, part))}
    return stretch(substitute(product, {"d": partial})), stretch(substitute(product, values))


def _partial_value(step: Step, part: Contribution) -> np.ndarray:
    rules = step.op.derivative
    assert isinstance(rules, Partials)
    inputs = [wrap(operand.variable.value) for operand in step.operands]
    run = Call(step.op, inputs, step.params, wrap(step.results[0].value))
    with using_layers([EAGER]):
        return np.asarray(rules.adjoint(part.position, run))


def _stretch(step: Step, part: Contribution) -> Callable[[Node], Node]:
    """Puts a sum before a rule, if the input was stretched to the result's shape."""
    long, short = step.results[0].value.shape, part.value.shape
    if long == short:
        return lambda node: node
    new = len(long) - len(short)
    axes = [*range(new), *(new + i for i, n in enumerate(short) if n != long[new + i])]
    return lambda node: row(Script(Atom("big", r"\sum"), along(axes)), fitted(node, Level.PRODUCT))


def _general_rule(step: Step, part: Contribution) -> tuple[Node, Node | None]:
    """The row's reverse rule, recorded at these shapes, in terms of g, the results and the operands."""
    specs = [operand.variable.spec for operand in step.operands]
    graph = cotangent_graph(step.op, part.position, step.params, specs)
    letters = zip(_cotangent_names(step), step.cotangents, strict=True)
    by_name = [number(0) if g is None else letter for letter, g in letters]
    by_name += [name(v.name) for v in step.results]
    by_name += [operand_node(operand) for operand in step.operands]
    arrays = [*step.cotangents, *(v.value for v in step.results)]
    by_value = [_value_node(x) for x in (*arrays, *(operand.variable.value for operand in step.operands))]
    (right,), (numbers,) = (graph_formulas(graph, names, brief=True) for names in (by_name, by_value))
    return right, numbers


def _cotangent_names(step: Step) -> list[Node]:
    if len(step.results) == 1:
        return [G]
    return [Script(G, name(variable.name)) for variable in step.results]


def _value_node(values: np.ndarray | None) -> Node:
    """The elements of an array; a mark that is never shown where they are too many."""
    if values is None:
        return number(0)
    return elements(values) if is_few(values) else _TOO_MANY


_TOO_MANY = word("…")


def _worth_showing(numbers: Node | None, right: Node, value: np.ndarray | None) -> Node | None:
    """Numbers in place of names, unless they are too many, or say what the value says already."""
    if numbers is None or numbers == right or _holds(numbers, _TOO_MANY):
        return None
    shown = to_text(numbers)
    is_said = value is not None and shown == display.short(value)
    return None if len(shown) > _LONGEST or is_said else numbers


def _holds(node: Node, wanted: Node) -> bool:
    if node == wanted:
        return True
    parts = [part for value in vars(node).values() for part in _parts(value)]
    return any(_holds(part, wanted) for part in parts)


def _parts(value: object) -> list[Node]:
    if isinstance(value, Node):
        return [value]
    return [part for item in value for part in _parts(item)] if isinstance(value, tuple) else []


def _separated(nodes: Sequence[Node]) -> list[Node | str]:
    return [part for node in nodes for part in (",", node)][1:]


def is_few(values: np.ndarray) -> bool:
    """Whether all elements are shown."""
    return 0 < values.size <= display.FEW


def value_text(values: np.ndarray) -> str:
    """The elements where they are few, otherwise a summary."""
    return display.array(values) if is_few(values) else display.summary(values) or "[]"
