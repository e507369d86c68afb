r"""The processor's dot product of pairs of ``bfloat16``, added up in ``float32``.

.. math:: c_j \leftarrow c_j + a_0 b_{0 j} + a_1 b_{1 j}

A pair is 32 bits, the first number in the lower half. The instruction is VDPBF16PS (Intel, Software
Developer's Manual, volume 2). It adds the second product first, rounds each sum to nearest, ties to even,
and takes subnormal numbers for 0, operands as well as sums.
"""

from __future__ import annotations

from chainrule.compiler.emit.contraction.form import Contraction
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.target import Target
from chainrule.dtypes import DType, float32, uint16, uint32

_INSTRUCTION = "llvm.x86.avx512bf16.dpbf16ps.512"


def can_add_pairs(form: Contraction, target: Target) -> bool:
    """Whether a form may be computed by the instruction, and the target has it."""
    has_instruction = target.has_bf16_dot and target.vector_bytes == 64
    of_bfloat16 = form.a.name == form.b.name == "bfloat16" and form.accumulator == float32
    return form.in_pairs and has_instruction and of_bfloat16


def add_pairs(b: Builder, total: Value, x: Value, y: Value) -> Value:
    """Sums, and in each lane two products more."""
    halves = f"<{2 * total.lanes} x bfloat>"
    left, right = b.fresh(), b.fresh()
    b.line(f"{left} = bitcast {x} to {halves}")
    b.line(f"{right} = bitcast {y} to {halves}")
    b.module.declare(_INSTRUCTION, total.type, [total.type, halves, halves])
    arguments = f"{total}, {halves} {left}, {halves} {right}"
    return b.define(f"call {total.type} @{_INSTRUCTION}({arguments})", total.dtype, total.lanes)


def pair(b: Builder, place: Pointer, stored: DType, lanes: int = 1, mask: Value | None = None) -> Value:
    """Pairs that lie one after the other, packed or as ``bfloat16``."""
    return b.load(place, uint32, lanes, mask, align=stored.itemsize)


def half_pair(b: Builder, place: Pointer, stored: DType) -> Value:
    """The last number where it lies, and 0."""
    assert stored.itemsize == uint16.itemsize
    return b.cast(b.load(place, uint16), uint32)


def paired(b: Builder, first: Value, second: Value | None = None) -> Value:
    """Pairs of numbers given by their bits; the second of half a pair is 0."""
    low = b.cast(first, uint32)
    return low if second is None else b.bits_or(low, b.shift_left(b.cast(second, uint32), 16))
