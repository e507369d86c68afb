"""Who uses each row of the table: found by reading the package's source for names of rows."""

from __future__ import annotations

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import chainrule
from chainrule.core.op import TABLE, Op

OPERATORS = {
    "__abs__": "abs()",
    "__add__": "+",
    "__and__": "&",
    "__eq__": "==",
    "__floordiv__": "//",
    "__ge__": ">=",
    "__gt__": ">",
    "__invert__": "~",
    "__le__": "<=",
    "__lshift__": "<<",
    "__lt__": "<",
    "__matmul__": "@",
    "__mod__": "%",
    "__mul__": "*",
    "__ne__": "!=",
    "__neg__": "-x",
    "__or__": "|",
    "__pow__": "**",
    "__rshift__": ">>",
    "__sub__": "-",
    "__truediv__": "/",
    "__xor__": "^",
}


def users() -> Mapping[str, list[str]]:
    """Public functions, classes and operators that use a row by name, by the row's name."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in TABLE:
        found[row] += [f"cr.{row}"] if callable(getattr(chainrule, row, None)) else []
    for name, module in sorted(sys.modules.items()):
        if name.startswith("chainrule.") and not name.startswith(("chainrule.ops", "chainrule.core")):
            for user, row in _uses(module):
                if user not in found[row] and user != row:
                    found[row].append(user)
    return found


def _uses(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Pairs of who uses, and which row."""
    for definition in ast.parse(inspect.getsource(module)).body:
        if isinstance(definition, ast.ClassDef) and definition.name == "Tensor":
            yield from _operators(definition, module)
        elif isinstance(definition, ast.ClassDef | ast.FunctionDef) and not definition.name.startswith("_"):
            yield from ((definition.name, row) for row in _rows_named_in(definition, module))


def _operators(tensor: ast.ClassDef, module: ModuleType) -> Iterator[tuple[str, str]]:
    for method in tensor.body:
        if isinstance(method, ast.FunctionDef) and method.name in OPERATORS:
            yield from ((OPERATORS[method.name], row) for row in _rows_named_in(method, module))


def _rows_named_in(definition: ast.AST, module: ModuleType) -> Iterator[str]:
    for node in ast.walk(definition):
        value = _value(node, module)
        if isinstance(value, Op) and value.name in TABLE:
            yield value.name


def _value(node: ast.AST, module: ModuleType) -> Any:
    """What a name, or an attribute of a named module, stands for; None for anything else."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = getattr(module, node.value.id, None)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    return None
