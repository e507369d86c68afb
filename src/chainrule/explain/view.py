"""An explanation laid out: the user's lines, the steps below each, and folds for blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chainrule.core.composite import COMPOSITES
from chainrule.explain.blocks import Block, used_outside
from chainrule.explain.equations import (
    Equation,
    cotangent_equations,
    gradient_node,
    result_values,
    rule_equation,
    step_equation,
)
from chainrule.explain.explanation import Explanation
from chainrule.explain.forms import call
from chainrule.explain.formula import Node, name, parse
from chainrule.explain.trace import Contribution, Step, Variable, total


@dataclass(frozen=True)
class Line:
    """A line of the user's program, above what it did."""

    text: str


@dataclass(frozen=True)
class Entry:
    """One step: its equation and, going back, the gradients of its results and its rules.

    ``values`` are those of a step with several results.
    """

    step: Step
    equation: Equation
    values: tuple[Equation, ...] = ()
    gradients: tuple[Equation, ...] = ()
    rules: tuple[Equation, ...] = ()


@dataclass(frozen=True)
class Fold:
    """A block: its name and formula, what it comes to, and what it holds."""

    title: str
    formula: Node | None
    first: int
    last: int
    summary: tuple[Equation, ...]
    items: tuple[Line | Entry | Fold, ...]


Item = Line | Entry | Fold


def forward_items(explanation: Explanation) -> list[Item]:
    """The steps in the order they ran."""
    return list(_Layout(explanation, backward=False).of(explanation.root))


def backward_items(explanation: Explanation) -> list[Item]:
    """The steps that have a part in a gradient, last first."""
    return list(_Layout(explanation, backward=True).of(explanation.root))


class _Layout:
    """Lays out one direction; a user's line is named when it is not the one before."""

    def __init__(self, explanation: Explanation, *, backward: bool) -> None:
        self.explanation = explanation
        self.backward = backward
        self.line = ""

    def of(self, block: Block) -> Iterator[Item]:
        items = reversed(block.items) if self.backward else block.items
        for item in items:
            steps = self.shown_steps(item)
            if steps and len({step.line for step in steps}) == 1:
                yield from self.line_of(steps[0])
            if steps:
                yield self.fold(item, steps) if isinstance(item, Block) else self.entry(item)

    def shown_steps(self, item: Step | Block) -> list[Step]:
        steps = list(item.steps()) if isinstance(item, Block) else [item]
        return [step for step in steps if step.parts or not self.backward]

    def line_of(self, step: Step) -> Iterator[Line]:
        if step.line and step.line != self.line:
            self.line = step.line
            yield Line(step.line)

    def entry(self, step: Step) -> Entry:
        equation = step_equation(step)
        if not self.backward:
            return Entry(step, equation, values=tuple(result_values(step)))
        rules = tuple(rule_equation(step, part) for part in step.parts)
        return Entry(step, equation, gradients=tuple(cotangent_equations(step)), rules=rules)

    def fold(self, block: Block, steps: Sequence[Step]) -> Fold:
        summary = tuple(self.summary(block))
        known = COMPOSITES.get(block.name)
        formula = parse(known.formula) if known else None
        return Fold(block.name, formula, steps[0].number, steps[-1].number, summary, tuple(self.of(block)))

    def summary(self, block: Block) -> Iterator[Equation]:
        inputs = block.inputs()
        if self.backward:
            yield from (_gradient_through(block, variable) for variable in inputs if _parts(block, variable))
            return
        wanted = used_outside(block, self.explanation.steps, self.explanation.results)
        right = call(block.name, *(name(v.name) for v in inputs if v.kind != "parameter"))
        for variable in block.outputs(wanted):
            yield Equation(name(variable.name), right, None, variable.value)


def _parts(block: Block, variable: Variable) -> list[Contribution]:
    inside = {part for step in block.steps() for part in step.parts}
    return [part for part in variable.parts if part in inside]


def _gradient_through(block: Block, variable: Variable) -> Equation:
    """What a block as a whole adds to the gradient of one of its inputs."""
    parts = _parts(block, variable)
    is_part = len(parts) < len(variable.parts)
    return Equation(gradient_node(variable), None, None, total(parts), is_part)
