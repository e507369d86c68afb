"""From steps to calls: every kernel is written as LLVM, named by its content."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Hashable, Sequence, Set
from dataclasses import replace
from functools import lru_cache

from chainrule.compiler.emit.anchor import AnchorEmitter, can_follow
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.irregular.form import Irregular
from chainrule.compiler.emit.nest import NestEmitter
from chainrule.compiler.llvm import INDEX, Builder, Module, Value
from chainrule.compiler.llvm.types import UINT8
from chainrule.compiler.loops.axes import simplified
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.fuse import alone
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.loops.step import Opaque, Repeat, Step, Window
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall
from chainrule.compiler.program.structure import structure
from chainrule.compiler.target import Target

_NAME = "kernel"

# Layers of a network, and the same network at another batch size, ask for the same plans.
_plan = lru_cache(1024)(plan)


def calls_of(steps: Sequence[Step], target: Target) -> list[Call]:
    """What a program calls for its steps."""
    return _Writer(target).calls(steps)


def with_plans(steps: Sequence[Step], target: Target, fixed: Set[str] = frozenset()) -> list[Step]:
    """Choose how each contraction is carried out, and give it the scratch memory that it needs for that.

    Operands of ``fixed`` kinds stay the same from call to call: they are packed once.
    """
    return [planned for step in steps for planned in _planned(step, target, fixed)]


def _planned(step: Step, target: Target, fixed: Set[str], loop: Repeat | None = None) -> list[Step]:
    if isinstance(step, Repeat):
        is_scan = step.name == "scan"
        # What is in a loop within a loop is made anew at each of the outer one's steps.
        of_all_calls = fixed if is_scan and loop is None else frozenset()
        step.parts = {
            name: [x for s in part for x in _planned(s, target, of_all_calls, step if is_scan else None)]
            for name, part in step.parts.items()
        }
    if not isinstance(step, Anchor):
        return [step]
    lasts = [x.kind in fixed for x in step.product.inputs]
    same = lasts if loop is None else _same_in(step, loop)
    lasting = "".join(itertools.compress("ab", same))
    step.plan = _plan(step.product.detail.form, target, lasting=lasting, in_loop=loop is not None)
    if step.plan.scratch:
        of_b = lasts[0 if step.plan.nest.exchanged else 1]
        step.product.scratch.append(_scratch(step.plan, loop, is_prepared=of_b and step.plan.packs_once))
    if can_follow(step, step.plan):
        return [step]
    members, step.members = step.members, []
    after = [simplified(alone(member)) for member in members]
    needed = {x for nest in after for x in nest.reads()}
    step.local -= needed
    return [step, *after]


def _same_in(step: Anchor, loop: Repeat) -> list[bool]:
    """Which operands of a product are the same at all steps of a scan."""
    changed = {x for part in loop.parts.values() for other in part for x in other.writes()}
    return [not isinstance(x, Window) and x not in changed for x in step.product.inputs]


def _scratch(plan: Plan, loop: Repeat | None, is_prepared: bool) -> Buffer:
    """The working memory of a plan; in a scan it lasts for all steps, and each share has its own.

    Where it holds what is packed and nothing else, all shares read the same. What is packed once for all
    calls is in memory that nobody else gets.
    """
    size, shares = plan.scratch, 1 if loop is None else loop.shares
    if plan.packs_once and size == plan.whole_b_bytes:
        shares = 1
    if is_prepared and shares == 1:
        return Buffer("tiles", UINT8, size, "prepared")
    if loop is None or (loop.shares == 1 and not plan.lasting):
        return Buffer("tiles", UINT8, size)
    whole = Buffer("tiles", UINT8, shares * size)
    loop.outputs.append(whole)
    if shares == 1:
        return whole
    part = Window(whole.name, UINT8, size, "window", None, whole, share=size)
    loop.windows.append(part)
    return part


def _packed(call: KernelCall) -> Buffer:
    """Where a phase of a contraction packs to."""
    assert isinstance(call.step, Anchor)
    return call.step.product.scratch[0]


class _Writer:
    """Writes kernels for a target; those of the same structure once."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._written: dict[Hashable, list[KernelCall]] = {}

    def calls(self, steps: Sequence[Step]) -> list[Call]:
        """The calls for some steps."""
        return [call for step in steps for call in self._of(step)]

    def _of(self, step: Step) -> Sequence[Call]:
        if isinstance(step, Nest | Anchor):
            return self._regular(step)
        if isinstance(step, Repeat):
            return self._repeated(step)
        assert isinstance(step, Opaque)
        if step.name == "irregular":
            return [_irregular(step, phase, self.target) for phase in step.detail]
        if step.name == "numpy":
            return [NumpyCall(step.detail, step.inputs, step.outputs, step)]
        raise NotImplementedError(step.name)

    def _repeated(self, step: Repeat) -> list[Call]:
        """A loop, after what it packs for all its steps; what a share has of its own is packed by itself."""
        parts = {name: self.calls(part) for name, part in step.parts.items()}
        if step.name != "scan":
            return [RepeatCall(step, parts)]
        body = parts["body"]
        once = [call for call in body if isinstance(call, KernelCall) and call.once]
        of_share = [call for call in once if isinstance(_packed(call), Window)]
        before = [
            replace(call, once=_packed(call).kind == "prepared") for call in once if call not in of_share
        ]
        rest = [call for call in body if call not in once]
        return [*before, RepeatCall(step, {"before": [*of_share], "body": rest})]

    def _regular(self, step: Nest | Anchor) -> list[KernelCall]:
        key = structure(step)
        if key in self._written:
            return [replace(call, buffers=step.buffers(), step=step) for call in self._written[key]]
        if isinstance(step, Nest):
            made = [_nest(step, self.target)]
        else:
            made = [_anchor(step, phase, self.target) for phase in range(len(step.plan.phases))]
        self._written[key] = made
        return made


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
    call = _named(str(b.module), anchor.buffers(), anchor.plan.phases[phase], anchor)
    call.once = anchor.plan.packs_once and anchor.plan.stages[phase] == "pack"
    return call


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
