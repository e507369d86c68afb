"""Keeping LLVM from working out what is worked out already."""

from __future__ import annotations

from chainrule.compiler.llvm import Builder, Value


def opaque(b: Builder, index: Value) -> Value:
    """A loop's index that LLVM does not see through.

    Addresses are written here as they should be. Rewriting hundreds of them as steps of all loops around
    them, as LLVM would, takes it up to ten times as long as everything else. Two casts that cancel out end
    its search and cost no instruction.
    """
    bits = b.define(f"bitcast {index} to <2 x i32>", index.dtype)
    return b.define(f"bitcast <2 x i32> {bits.text} to i64", index.dtype)
