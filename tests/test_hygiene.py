"""House rules that hold for every file of the package."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import statistics
import string
from pathlib import Path

import pytest

import chainrule
from chainrule.core.op import Op
from chainrule.errors import messages

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
FILES = sorted(SOURCE.rglob("*.py"))

LONGEST_FILE = 500
UNSAFE_MODULES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
UNSAFE_CALLS = {"eval", "exec", "__import__"}


def every_file(test):
    return pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())(test)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@every_file
def test_file_is_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_functions_are_short():
    lengths = sorted(lines_of_code(node) for path in FILES for node in functions(parsed(path)))
    assert statistics.median(lengths) < 10
    assert lengths[len(lengths) * 9 // 10] < 30


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (
        function.body[0].lineno - function.lineno + (body[-1].end_lineno - body[0].lineno + 1 if body else 0)
    )


def breaches(tree: ast.Module) -> list[str]:
    """Imports and calls that no file may contain."""
    return [f"line {node.lineno}: {why}" for node in ast.walk(tree) for why in breaches_of(node)]


def breaches_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [f"imports {a.name}" for a in names if a.name.split(".")[0] in UNSAFE_MODULES]
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNSAFE_MODULES:
            return [f"imports from {module}"]
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return ["imports *"]
        case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_CALLS:
            return [f"calls {name}"]
        case ast.keyword(arg="allow_pickle", value=value) if getattr(value, "value", True) is not False:
            return ["allows pickle"]
    return []


@every_file
def test_file_runs_nothing_that_it_reads(path):
    assert breaches(parsed(path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import os, dill as d",
        "from joblib import load",
        "from os import *",
        "eval(text)",
        "def f():\n    exec(text)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=flag)",
    ],
)
def test_the_check_sees_a_breach(source):
    assert len(breaches(ast.parse(source))) == 1


def test_the_check_passes_what_is_safe():
    assert breaches(ast.parse("import re\nre.compile('x')\nnp.load(path, allow_pickle=False)")) == []


def modules():
    """The package and all its modules, imported."""
    found = pkgutil.walk_packages(chainrule.__path__, "chainrule.")
    names = [info.name for info in found if not info.name.endswith("__main__")]
    return [chainrule, *(importlib.import_module(name) for name in names)]


def test_public_names_exist_and_have_docstrings():
    public = [(module, name) for module in modules() for name in getattr(module, "__all__", ())]
    assert public
    bare = [
        f"{module.__name__}.{name}" for module, name in public if not is_documented(getattr(module, name))
    ]
    assert bare == []


def is_documented(thing: object) -> bool:
    """Whether a module, class or function has a docstring of its own; values have none to have."""
    if not (inspect.ismodule(thing) or inspect.isclass(thing) or inspect.isroutine(thing)):
        return True
    return bool((thing.__doc__ or "").strip())


def test_modules_have_docstrings():
    assert [module.__name__ for module in modules() if not module.__doc__] == []


def places(template: str) -> set[str]:
    """What a message is filled with: ``{axis}`` gives ``axis``."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_messages_say_the_same_in_both_languages():
    modules()
    rows = messages()
    assert rows
    assert {
        key: places(row.en) ^ places(row.zh) for key, row in rows.items() if places(row.en) != places(row.zh)
    } == {}


def words(template: str) -> str:
    """A message without its places: what is left of ``{layer}: {message}`` has no words."""
    return "".join(text for text, *_ in string.Formatter().parse(template))


def test_messages_are_in_their_languages():
    modules()
    # "inf - inf" is a formula, the same in every language.
    chinese, english = re.compile("[一-鿿]"), re.compile(r"\b(?!(?:inf|nan)\b)[A-Za-z]")
    rows = {key: (words(row.en), words(row.zh)) for key, row in messages().items()}
    assert [key for key, (en, _) in rows.items() if chinese.search(en)] == []
    assert [key for key, (en, zh) in rows.items() if english.search(en) and not chinese.search(zh)] == []


def test_contributing_explains_every_field_of_a_row():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| field |")[1].split("\n\n")[0]
    explained = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert explained == {field.name for field in dataclasses.fields(Op)}


TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".css", ".js", ".json", ".csv", ".txt", ".svg", ""}
FOLDERS = ("src", "tests", "docs", "tools", "benchmarks", ".ci")
# Homes and work folders; /tmp and system folders are the same everywhere.
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:home|root|Users|work|workspace|mnt)/\w|[A-Z]:\\\\?Users")


def texts() -> list[Path]:
    """The project's own text files."""
    inside = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    top = [path for path in ROOT.iterdir() if path.name not in {".git", ".coverage"}]
    files = [path for path in [*top, *inside] if path.is_file() and "__pycache__" not in path.parts]
    return [path for path in files if path.suffix in TEXTS]


def test_no_file_names_a_place_on_somebodys_machine():
    found = []
    for path in texts():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_the_check_sees_a_machine_path():
    assert MACHINE_PATH.search("open('/" + "home/ada/data')")
    assert not MACHINE_PATH.search("see ../work/data, /tmp/x, https://example.org/home/ada")
