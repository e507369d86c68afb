"""The variables that a function's code reads: of its module, of functions around it, of ``self``."""

from __future__ import annotations

import dis
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from chainrule.errors import is_users_file

MISSING: Any = type("Missing", (), {"__doc__": "Stands for a variable that has no value."})()


@dataclass(frozen=True)
class Variable:
    """One variable: its name, and where its value is found."""

    name: str
    place: dict[str, Any] | CellType
    key: str

    def read(self) -> Any:
        """The value now."""
        if isinstance(self.place, dict):
            return self.place.get(self.key, MISSING)
        try:
            return self.place.cell_contents
        except ValueError:
            return MISSING


class Found:
    """The variables that a function, and functions of the user's that it names, read.

    Parameters
    ----------
    function : callable
        What is recorded.
    args : tuple
        Its arguments: of an object among them the attributes that the code names count too.

    Attributes
    ----------
    variables : list of Variable
        Without modules, classes and functions of libraries.
    holders : list
        Modules and optimizers among their values.
    """

    def __init__(self, function: Any, args: tuple[Any, ...]) -> None:
        self.variables: list[Variable] = []
        self.holders: list[Any] = []
        self._seen: set[tuple[int, int]] = set()
        self._file = ""
        self._enter(function, args[0] if args else None, is_root=True)
        for x in args:
            self._visit(x)

    def _enter(self, function: Any, first: Any = None, *, is_root: bool = False) -> None:
        """Look into anything that can be called."""
        if isinstance(function, functools.partial):
            self._enter(function.func, is_root=is_root)
        elif isinstance(function, MethodType):
            self._enter(function.__func__, function.__self__, is_root=is_root)
        elif isinstance(function, FunctionType):
            if is_root:
                self._file = function.__code__.co_filename
            if is_root or self._is_near(function):
                self._read(function, first)
        elif hasattr(function, "__wrapped__"):
            self._enter(function.__wrapped__, is_root=is_root)
        elif hasattr(function, "fixed_values"):
            self._visit(function)
        elif is_root:
            self._enter(type(function).__call__, function, is_root=True)

    def _is_near(self, function: FunctionType) -> bool:
        """Whether a function belongs to the program, rather than to a library."""
        filename = function.__code__.co_filename
        return filename == self._file or is_users_file(filename)

    def _read(self, function: FunctionType, first: Any) -> None:
        key = id(function), id(first)
        if key in self._seen:
            return
        self._seen.add(key)
        globals_read, attributes_read = names_read(function.__code__)
        if is_users_file(function.__code__.co_filename):
            for name in globals_read:
                if name in function.__globals__:
                    self._add(Variable(name, function.__globals__, name))
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self._add(Variable(name, cell, ""))
        if first is not None and not hasattr(first, "fixed_values"):
            self._read_attributes(first, attributes_read)

    def _read_attributes(self, owner: Any, names: list[str]) -> None:
        own = getattr(owner, "__dict__", None)
        if not isinstance(own, dict):
            return
        for name in names:
            if name in own:
                self._add(Variable(f"{type(owner).__name__}.{name}", own, name))
            elif isinstance(method := getattr(type(owner), name, None), FunctionType):
                self._enter(method, owner)

    def _add(self, variable: Variable) -> None:
        value = variable.read()
        if value is MISSING or isinstance(value, ModuleType | type | BuiltinFunctionType):
            return
        if isinstance(value, FunctionType) and not self._is_near(value):
            return
        self.variables.append(variable)
        self._visit(value)

    def _visit(self, value: Any) -> None:
        """Look into what a variable holds, if that can hold more."""
        if hasattr(value, "fixed_values") and not isinstance(value, type):
            if not any(value is holder for holder in self.holders):
                self.holders.append(value)
                self._enter(getattr(type(value), "forward", None))
        elif isinstance(value, FunctionType | MethodType | functools.partial) or hasattr(
            value, "__wrapped__"
        ):
            self._enter(value)


@functools.lru_cache(maxsize=1024)
def names_read(code: CodeType) -> tuple[list[str], list[str]]:
    """Global names and attributes that code reads, that of functions inside it too."""
    globals_read: dict[str, None] = {}
    attributes_read: dict[str, None] = {}
    for part in _codes(code):
        for instruction in dis.get_instructions(part):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                globals_read[instruction.argval] = None
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                attributes_read[instruction.argval] = None
    return list(globals_read), list(attributes_read)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
