"""From steps to calls: every kernel is written as LLVM, named by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from chainrule.compiler.emit.anchor import AnchorEmitter, can_follow
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.irregular.form import Irregular
from chainrule.compiler.emit.nest import NestEmitter
from chainrule.compiler.llvm import INDEX, Builder, Module, Value
from chainrule.compiler.llvm.types import UINT8
from chainrule.compiler.loops.axes import simplified
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.fuse import alone
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Opaque, Repeat, Step
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall
from chainrule.compiler.target import Target

_NAME = "kernel"


def calls_of(steps: Sequence[Step], target: Target) -> list[Call]:
    """What a program calls for its steps."""
    return [call for step in steps for call in _calls(step, target)]


def with_plans(steps: Sequence[Step], target: Target) -> list[Step]:
    """Choose how each contraction is carried out, and give it the scratch memory that it needs for that."""
    return [planned for step in steps for planned in _planned(step, target)]


def _planned(step: Step, target: Target) -> list[Step]:
    if isinstance(step, Repeat):
        step.parts = {name: with_plans(part, target) for name, part in step.parts.items()}
    if not isinstance(step, Anchor):
        return [step]
    step.plan = plan(step.product.detail.form, target)
    if step.plan.scratch:
        step.product.scratch.append(Buffer("tiles", UINT8, step.plan.scratch))
    if can_follow(step, step.plan):
        return [step]
    members, step.members = step.members, []
    after = [simplified(alone(member)) for member in members]
    needed = {x for nest in after for x in nest.reads()}
    step.local -= needed
    return [step, *after]


def _calls(step: Step, target: Target) -> list[Call]:
    if isinstance(step, Nest):
        return [_nest(step, target)]
    if isinstance(step, Anchor):
        return [_anchor(step, phase, target) for phase in range(len(step.plan.phases))]
    if isinstance(step, Repeat):
        return [RepeatCall(step, {name: calls_of(part, target) for name, part in step.parts.items()})]
    assert isinstance(step, Opaque)
    if step.name == "irregular":
        return [_irregular(step, phase, target) for phase in step.detail]
    if step.name == "numpy":
        return [NumpyCall(step.detail, step.inputs, step.outputs, step)]
    raise NotImplementedError(step.name)


def _function(target: Target) -> Builder:
    """A kernel before anything is written."""
    return Builder(Module(fused=target.has_fma), _NAME, [("ptr", "buffers"), ("i64", "piece")])


def _nest(nest: Nest, target: Target) -> KernelCall:
    b = _function(target)
    emitter = NestEmitter(b, nest, target.vector_bytes // 4)
    emitter.write()
    b.finish()
    return _named(str(b.module), nest.buffers(), emitter.pieces, nest)


def _anchor(anchor: Anchor, phase: int, target: Target) -> KernelCall:
    b = _function(target)
    AnchorEmitter(b, anchor).write(phase)
    b.finish()
    return _named(str(b.module), anchor.buffers(), anchor.plan.phases[phase], anchor)


def _irregular(step: Opaque, phase: Irregular, target: Target) -> KernelCall:
    b = _function(target)
    buffers = [*step.inputs, *step.outputs, *step.scratch]
    pointers = [b.pointer_in("buffers", i) for i in range(len(buffers))]
    given, made = pointers[: len(step.inputs)], pointers[len(step.inputs) :][: len(step.outputs)]
    piece = b.argument("piece")
    # The record of a failure stands first among what a step works with, then its scratch memory.
    record, *rest = pointers[-len(step.scratch) :]
    scratch = b.element(rest[0], b.times(piece, phase.scratch), UINT8) if rest else record

    def fail(b: Builder, condition: Value, index: Value, size: Value | int) -> None:
        with b.when(condition):
            for place, number in enumerate((b.number(1), index, b.number(size))):
                b.store(b.cast(number, INDEX), b.element(record, place, INDEX))

    phase.write(b, piece, given, made, scratch, fail)
    b.finish()
    call = _named(str(b.module), buffers, phase.pieces, step, "full" if phase.optimise else "none")
    call.record = step.scratch[0]
    return call


def _named(text: str, buffers: list[Buffer], pieces: int, step: Step, passes: str = "none") -> KernelCall:
    """A kernel under a name that its content gives it."""
    name = f"{_NAME}_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return KernelCall(name, text.replace(f"@{_NAME}(", f"@{name}(", 1), buffers, pieces, step, passes)
