"""Rows with kernels written by hand: their operands lie in memory, row by row."""

from __future__ import annotations

from typing import Any

from chainrule.compiler.emit import irregular
from chainrule.compiler.loops.expr import Expr
from chainrule.compiler.loops.lowering import Lowering, rule
from chainrule.compiler.loops.step import Opaque, record_of
from chainrule.dtypes import uint8
from chainrule.graph import Node


@rule(*irregular.RULES)
def lower(lowering: Lowering, node: Node, *inputs: Expr, **params: Any) -> Any:
    """The phases of the row's kernel, with a record of failures and scratch memory."""
    before, after = ([x.spec for x in symbols] for symbols in (node.inputs, node.outputs))
    phases = irregular.RULES[node.op.name](tuple(before), tuple(after), params)
    buffers = [lowering.in_rows(x, symbol.shape) for x, symbol in zip(inputs, node.inputs, strict=True)]
    made = [lowering.buffer(spec.dtype, spec.size) for spec in after]
    scratch = [record_of(node.op.name)]
    size = max((phase.scratch * phase.pieces for phase in phases), default=0)
    if size:
        scratch.append(lowering.buffer(uint8, size, "scratch"))
    lowering.add(Opaque("irregular", buffers, made, phases, scratch))
    return tuple(lowering.whole(buffer, spec.shape) for buffer, spec in zip(made, after, strict=True))
