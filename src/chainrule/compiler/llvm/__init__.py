"""LLVM IR as text: values, functions, and the mathematical functions that need no library."""

from chainrule.compiler.llvm.builder import Builder, Loop
from chainrule.compiler.llvm.module import Module
from chainrule.compiler.llvm.types import BOOL, INDEX, Pointer, Value, literal, memory_type, register_type

__all__ = [
    "BOOL",
    "INDEX",
    "Builder",
    "Loop",
    "Module",
    "Pointer",
    "Value",
    "literal",
    "memory_type",
    "register_type",
]
