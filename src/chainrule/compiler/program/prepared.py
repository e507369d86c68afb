"""What need not be done at each call: kernels that depend on constants and on weights that do not change.

So a network that only predicts arranges its weights once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set

from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Definition, Step
from chainrule.compiler.program.calls import Call, KernelCall
from chainrule.graph import Graph

Plan = Callable[[Sequence[Step], Set[str]], list[Step]]
Arrange = Callable[[Sequence[Step]], list[Step]]


def prepared_and_others(
    steps: Sequence[Step], graph: Graph, kept: set[Buffer], plan: Plan, arrange: Arrange
) -> tuple[list[Step], list[Step]]:
    """Kernels whose results last, and the others; ``plan`` chooses how contractions are carried out.

    What is made of weights alone is fused apart: it stands before all others, so whatever reads it may join
    any of them, and nothing that changes joins it. ``arrange`` puts what changes into another order before
    it is fused.
    """
    fixed = _fixed(graph)
    lasting, changing = _separated(steps, fixed, _is_arranged)
    changing = arrange(changing)
    read = {x for step in changing for x in step.reads()}
    first = plan(fused(lasting, kept | read), frozenset())
    second, others = _separated(plan(fused(changing, kept), fixed), fixed, _is_regular)
    return [*first, *second], others


def calls_once(before: Sequence[Call], after: Sequence[Call]) -> tuple[list[Call], list[Call]]:
    """Calls that last, and the others; of a product whose operand lasts, the packing does."""
    for call in before:
        if isinstance(call, KernelCall) and isinstance(call.step, Nest):
            call.once = True
    once = [call for call in after if isinstance(call, KernelCall) and call.once]
    return [*before, *once], [call for call in after if call not in once]


def is_prepared(call: Call) -> bool:
    """Whether a call is made again only when what it depends on has changed."""
    if not isinstance(call.step, Anchor):
        return isinstance(call, KernelCall) and call.once
    scratch = call.step.product.scratch
    is_packing = isinstance(call, KernelCall) and call.once
    made = scratch if is_packing else [x for x in call.step.writes() if x not in scratch]
    return any(x.kind == "prepared" for x in made)


def _fixed(graph: Graph) -> set[str]:
    """Kinds of buffers that last.

    States count as lasting only where the program assigns none: then they rarely change between calls.
    """
    is_assigned = any(state.after is not None for state in graph.states)
    return {"constant", "prepared"} if is_assigned else {"constant", "prepared", "state"}


def _is_arranged(step: Step) -> bool:
    """Whether a step is made of what lies in memory: places alone are quicker computed again."""
    return isinstance(step, Definition | Nest) and bool(step.reads())


def _is_regular(step: Step) -> bool:
    return isinstance(step, Nest | Anchor)


def _separated(
    steps: Sequence[Step], fixed: set[str], can_last: Callable[[Step], bool]
) -> tuple[list[Step], list[Step]]:
    """Steps whose results last, and the others; buffers that the first write get memory of their own."""
    # What several steps write in turn, as zeros that others write into, is complete after the last only.
    writers = Counter(x for step in steps for x in set(step.writes()))
    lasting: list[Step] = []
    others: list[Step] = []
    for step in steps:
        lasts = can_last(step) and all(x.kind in fixed for x in step.reads())
        if not lasts or any(x.kind in ("output", "state") or writers[x] > 1 for x in step.writes()):
            others.append(step)
            continue
        lasting.append(step)
        scratch = step.product.scratch if isinstance(step, Anchor) else []
        for buffer in step.writes():
            if buffer not in scratch:
                buffer.kind = "prepared"
    return lasting, others
