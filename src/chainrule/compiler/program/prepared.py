"""What need not be done at each call: kernels that depend on constants and on weights that do not change.

So a network that only predicts arranges its weights once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Step
from chainrule.graph import Graph


def separated(steps: Sequence[Step], graph: Graph) -> tuple[list[Step], list[Step]]:
    """Steps whose results last, and the others; buffers that the first write get memory of their own.

    States count as lasting only where the program assigns none: then they rarely change between calls.
    """
    fixed = {"constant", "prepared"}
    if not any(state.after is not None for state in graph.states):
        fixed.add("state")
    # What several steps write in turn, as zeros that others write into, is complete after the last only.
    writers = Counter(x for step in steps for x in set(step.writes()))
    prepared: list[Step] = []
    others: list[Step] = []
    for step in steps:
        lasts = isinstance(step, Nest | Anchor) and all(x.kind in fixed for x in step.reads())
        if not lasts or any(x.kind in ("output", "state") or writers[x] > 1 for x in step.writes()):
            others.append(step)
            continue
        prepared.append(step)
        scratch = step.product.scratch if isinstance(step, Anchor) else []
        for buffer in step.writes():
            if buffer not in scratch:
                buffer.kind = "prepared"
    return prepared, others
