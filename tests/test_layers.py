"""No lower layer imports an upper one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "chainrule"

# Each may import itself and what stands before it.
LAYERS = (
    "errors",
    "dtypes",
    "core",
    "ops",
    "functions",
    "autodiff",
    "tensor",
    "interop",
    "creation",
    "random",
    "graph",
    "control",
    "compiler",
    "files",
    "debug",
    "explain",
    "fft",
    "linalg",
    "calculus",
    "stats",
    "nn",
    "optim",
    "data",
    "metrics",
    "plots",
    "train",
    "report",
    "cli",
    "chainrule",
)
FILES = sorted(PACKAGE.rglob("*.py"))


def layer_of(module: str) -> str:
    """The layer of a dotted name: ``chainrule.nn.linear`` is in ``nn``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything of Chainrule that a file imports when it runs."""
    for node in running_code(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            source = absolute(node, module, is_package)
            if is_ours(source):
                yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def running_code(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes, functions' bodies too, but not what is there for type checkers alone."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        skipped = node.body if isinstance(node, ast.If) and is_for_types(node.test) else []
        pending.extend(child for child in ast.iter_child_nodes(node) if child not in skipped)


def is_for_types(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in (getattr(test, "id", None), getattr(test, "attr", None))


def absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    """The module a ``from … import`` takes from, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    package = module.split(".") if is_package else module.split(".")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def is_ours(name: str) -> bool:
    return name.split(".")[0] == "chainrule"


def names_a_module(name: str) -> bool:
    """Whether ``chainrule.thing`` is a file or folder of the package, rather than a name in its top."""
    place = PACKAGE.joinpath(*name.split(".")[1:2])
    return place.is_dir() or place.with_suffix(".py").is_file()


def upward_imports(source: str, module: str, is_package: bool) -> list[str]:
    """Each import of a module's source that goes to a layer above its own."""
    own = LAYERS.index(layer_of(module))
    found = []
    for line, name in imported(ast.parse(source), module, is_package):
        target = layer_of(name) if names_a_module(name) else "chainrule"
        if LAYERS.index(target) > own:
            found.append(f"line {line}: {LAYERS[own]} imports {name}, of the higher layer {target}")
    return found


def test_every_module_has_its_layer():
    present = {layer_of(module_name(path)) for path in FILES}
    assert present <= set(LAYERS)


def described_layers(document: str) -> list[str]:
    """The layers in the first column of a document's tables: ``nn/`` and ``tensor.py``, in order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(r"`(\w+)(?:/|\.py)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)))


def test_contributing_lists_the_layers_in_order():
    assert described_layers("CONTRIBUTING.md") == list(LAYERS[:-1])


@pytest.mark.parametrize("document", ["README.md", "README.zh.md"])
def test_readme_lists_layers_in_order(document):
    described = described_layers(document)
    assert described
    assert described == [layer for layer in LAYERS if layer in described]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_downwards(path):
    source = path.read_text(encoding="utf-8")
    assert upward_imports(source, module_name(path), path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from chainrule.errors import error", []),
        ("import chainrule.nn", [1]),
        ("from chainrule import nn", [1]),
        ("import numpy\nimport chainrule as cr", [2]),
        ("from chainrule import zeros", [1]),
        ("def f():\n    from chainrule.nn import Linear", [2]),
        ("from ..nn import Linear", [1]),
        ("from . import pointwise", []),
        ("if TYPE_CHECKING:\n    from chainrule.nn import Linear", []),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import chainrule.nn", [4]),
    ],
)
def test_the_check_sees_each_form_of_import(source, lines):
    found = upward_imports(source, "chainrule.ops.reduce", is_package=False)
    assert [int(text.split(":")[0].removeprefix("line ")) for text in found] == lines
