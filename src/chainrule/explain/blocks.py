"""The steps of a run in blocks: one for each layer or composite that was called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chainrule.explain.trace import Step, Variable


@dataclass(eq=False)
class Block:
    """What one call of a layer or composite did."""

    name: str
    items: list[Step | Block] = field(default_factory=list)
    scopes: tuple[str, ...] | None = None

    def steps(self) -> Iterator[Step]:
        """All steps, also of the blocks inside."""
        for item in self.items:
            if isinstance(item, Block):
                yield from item.steps()
            else:
                yield item

    def inputs(self) -> list[Variable]:
        """What it takes from outside, numbers left out."""
        made = {variable for step in self.steps() for variable in step.results}
        used = [operand.variable for step in self.steps() for operand in step.operands]
        return [v for v in dict.fromkeys(used) if v not in made and v.kind != "number"]

    def outputs(self, wanted: set[Variable]) -> list[Variable]:
        """What it makes of all that is wanted outside."""
        return [v for step in self.steps() for v in step.results if v in wanted]


def in_blocks(steps: Sequence[Step]) -> Block:
    """The tree of blocks.

    Steps of one call share their tuple of scopes. A call that directly follows another of the same
    name has a tuple of its own, and so becomes a block of its own.
    """
    root = Block("")
    opened = [root]
    for step in steps:
        opened = _opened_for(step.scopes, opened)
        opened[-1].items.append(step)
    return root


def _opened_for(scopes: tuple[str, ...], opened: list[Block]) -> list[Block]:
    """The blocks that are open for a step, from the outermost to its own."""
    kept = 0
    while kept < min(len(scopes), len(opened) - 1) and opened[kept + 1].name == scopes[kept]:
        kept += 1
    if kept == len(scopes) and opened[kept].scopes not in (None, ()) and opened[kept].scopes is not scopes:
        kept -= 1  # another call of the same name
    opened = opened[: kept + 1]
    for name in scopes[kept:]:
        block = Block(name)
        opened[-1].items.append(block)
        opened = [*opened, block]
    opened[-1].scopes = scopes
    return opened


def used_outside(block: Block, steps: Sequence[Step], results: Sequence[Variable]) -> set[Variable]:
    """The variables that steps outside a block use, or that are results."""
    inside = set(block.steps())
    operands = (operand.variable for step in steps if step not in inside for operand in step.operands)
    return {*operands, *results}
