"""From steps to calls: every kernel is written as LLVM, named by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from chainrule.compiler.emit.nest import NestEmitter
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.loops.expr import Buffer
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.step import Opaque, Repeat, Step
from chainrule.compiler.program.calls import Call, KernelCall, NumpyCall, RepeatCall
from chainrule.compiler.target import Target

_NAME = "kernel"


def calls_of(steps: Sequence[Step], target: Target) -> list[Call]:
    """What a program calls for its steps."""
    return [call for step in steps for call in _calls(step, target)]


def _calls(step: Step, target: Target) -> list[Call]:
    if isinstance(step, Nest):
        return [_nest(step, target)]
    if isinstance(step, Repeat):
        return [RepeatCall(step, {name: calls_of(part, target) for name, part in step.parts.items()})]
    assert isinstance(step, Opaque)
    if step.name == "numpy":
        return [NumpyCall(step.detail, step.inputs, step.outputs, step)]
    raise NotImplementedError(step.name)


def _nest(nest: Nest, target: Target) -> KernelCall:
    module = Module()
    b = Builder(module, _NAME, [("ptr", "buffers"), ("i64", "piece")])
    emitter = NestEmitter(b, nest, target.vector_bytes // 4)
    emitter.write()
    b.finish()
    return _named(str(module), nest.buffers(), emitter.pieces, nest)


def _named(text: str, buffers: list[Buffer], pieces: int, step: Step) -> KernelCall:
    """A kernel under a name that its content gives it."""
    name = f"{_NAME}_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return KernelCall(name, text.replace(f"@{_NAME}(", f"@{name}(", 1), buffers, pieces, step)
