"""What is compared from version to version: losses of ten steps, and what a training step costs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tests.compiler.golden.models import EXAMPLES, Example

import chainrule as cr
from chainrule.compiler.loops import rules  # noqa: F401  (registers how rows are lowered)
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.step import Repeat, Step
from chainrule.compiler.native.machine import LEVELS, CacheSizes
from chainrule.compiler.program.arena import planned
from chainrule.compiler.program.calls import KernelCall, flat
from chainrule.compiler.program.kernels import calls_of, with_plans
from chainrule.compiler.target import Target
from chainrule.graph import Graph
from chainrule.graph.rewrites import rewrite
from chainrule.train import Trainer

_AVX2 = LEVELS["AVX2"]
# What code is planned for, whatever machine this runs on: x86-64-v3 with the usual caches.
TARGET = Target(
    "x86_64-unknown-linux-gnu",
    "x86-64-v3",
    "",
    _AVX2.vector_bytes,
    _AVX2.registers,
    has_fma=_AVX2.has_fma,
    caches=CacheSizes(),
)


def trainer_of(example: Example, compile: bool | str) -> Trainer:
    """A trainer of an example, always from the same weights.

    With these, no ReLU stands so close to its kink that rounding decides on which side.
    """
    cr.random.seed(7)
    return Trainer(example.make(), example.loss, "adam", lr=0.01, compile=compile, verbose=0)


def trained(
    example: Example, compile: bool | str, **options: Any
) -> tuple[list[float], dict[str, np.ndarray]]:
    """Losses of ten steps, and what the model holds after them; ``options`` are those of `compile`."""
    trainer = trainer_of(example, compile)
    step = cr.compile(trainer.train_step, backend=compile, **options) if compile else trainer.train_step
    losses = [step(x, y).loss.item() for x, y in example.batches()]
    return losses, {name: np.array(value) for name, value in trainer.model.state_dict().items()}


def recorded(example: Example) -> Graph:
    """A training step as a graph."""
    trainer = trainer_of(example, False)
    x, y = example.batches()[0]
    return cr.record(trainer.train_step, x, y)


def costs(graph: Graph) -> dict[str, int]:
    """Kernels, passes over memory, bytes that they read and write, bytes packed, and bytes of the arena."""
    graph, _ = rewrite(graph)
    lowering = Lowering(graph)
    steps = lowering.run()
    kernels = with_plans(fused(steps, {*lowering.buffers.values(), *lowering.outputs}), TARGET)
    calls = [call for call in flat(calls_of(kernels, TARGET)) if isinstance(call, KernelCall)]
    every = list(_with_parts(kernels))
    return {
        "kernels": len(calls),
        "passes": sum(_passes(kernel) for kernel in every),
        "bytes moved": sum(_moved(kernel) for kernel in every),
        "packed": sum(step.plan.scratch for step in every if isinstance(step, Anchor)),
        "arena": planned(kernels).size,
    }


def _with_parts(steps: list[Step]) -> Any:
    for step in steps:
        if isinstance(step, Repeat):
            for part in step.parts.values():
                yield from _with_parts(part)
        else:
            yield step


def _passes(kernel: Step) -> int:
    return len(kernel.phases()) if isinstance(kernel, Nest) else 1


def _moved(kernel: Step) -> int:
    """Bytes that a kernel takes from memory or leaves there; a kernel inside a loop counts once."""
    if not isinstance(kernel, Nest | Anchor):
        return sum(x.nbytes for x in (*kernel.reads(), *kernel.writes()))
    moved = {x: x.nbytes for x in (*kernel.reads(), *kernel.writes()) if x not in kernel.local}
    for member in kernel.members:
        if member.target in moved and not member.folded:
            # A strip of a border is a small part of its buffer.
            nbytes = math.prod(member.extents) * member.target.dtype.itemsize
            moved[member.target] = min(moved[member.target], nbytes)
    return sum(moved.values())


def everything() -> dict[str, Any]:
    """The table of all examples, as it is kept in ``losses.json``."""
    return {
        name: {
            "eager": trained(example, False)[0],
            "compiled": trained(example, "llvm")[0],
            **costs(recorded(example)),
        }
        for name, example in EXAMPLES.items()
    }
