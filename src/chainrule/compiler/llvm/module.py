"""A module: the functions, tables and declarations that are compiled together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.compiler.llvm.types import Pointer, literal, memory_type

_ATTRIBUTES = "nounwind"


class Module:
    """Text of LLVM IR, function by function.

    Parameters
    ----------
    fused : bool
        Whether the processor multiplies and adds in one instruction. Where it does not, LLVM would call a
        library for it, so `Builder.fma` writes two instructions then.

    Examples
    --------
    >>> from chainrule.compiler.llvm import Builder, Module
    >>> module = Module()
    >>> b = Builder(module, "twice", [("ptr", "x"), ("i64", "n")])
    >>> with b.loop(0, b.argument("n")) as i:
    ...     place = b.element(b.pointer("x"), i.index, np.dtype(np.float32))
    ...     b.store(b.multiply(b.load(place, np.dtype(np.float32)), 2.0), place)
    >>> b.finish()
    >>> print(str(module).splitlines()[0])
    define void @twice(ptr noalias %x, i64 %n) nounwind {
    """

    def __init__(self, fused: bool = True) -> None:
        self.fused = fused
        self.functions: list[str] = []
        self._declarations: dict[str, str] = {}
        self._tables: dict[str, str] = {}
        self._notes: dict[str, str] = {}

    def declare(self, name: str, result: str, arguments: Sequence[str]) -> None:
        """Say that a function is defined elsewhere (an intrinsic, or another module's)."""
        self._declarations.setdefault(name, f"declare {result} @{name}({', '.join(arguments)})")

    def table(self, array: np.ndarray) -> Pointer:
        """The address of constant numbers that are part of the program."""
        element = memory_type(array.dtype)
        numbers = ", ".join(f"{element} {literal(x, array.dtype)}" for x in array.ravel())
        content = f"private unnamed_addr constant [{array.size} x {element}] [{numbers}], align 64"
        name = self._tables.setdefault(content, f"@table{len(self._tables)}")
        return Pointer(name)

    def note(self, content: str) -> str:
        """The name of metadata, which instructions refer to."""
        return self._notes.setdefault(content, f"!{len(self._notes)}")

    def __str__(self) -> str:
        tables = [f"{name} = {content}" for content, name in self._tables.items()]
        notes = [f"{name} = {content}" for content, name in self._notes.items()]
        return "\n".join([*self.functions, *tables, *self._declarations.values(), *notes, ""])

    def add(self, header: str, lines: Sequence[Any]) -> None:
        """Add a finished function."""
        self.functions.append(f"define {header} {_ATTRIBUTES} {{\n" + "\n".join(lines) + "\n}")
