"""Run the Python of a document and compare what it prints with what the document shows.

Usage: ``python tools/run_document.py README.md``. The ```` ```python ```` blocks are one program, run
in their order. Where a ```` ```text ```` block comes right after one, it is what that block prints;
``...`` stands for anything, and numbers below 1e-11 are taken for what rounding leaves, which differs
from machine to machine. A block of ``>>>`` examples is checked as in a docstring.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\s*^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
ROUNDING = re.compile(r"-?\b(?:\d+(?:\.\d+)?e-(?:1[2-9]|[2-9]\d|\d{3})|0(?:\.0)?e\+00)\b")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Block(NamedTuple):
    """Source, what it prints if that is shown, and the number of lines above it."""

    source: str
    shown: str | None
    line: int


def blocks(text: str) -> list[Block]:
    """The blocks of Python in a document."""
    return [Block(found[1], found[2], text.count("\n", 0, found.start(1))) for found in BLOCK.finditer(text)]


def run_document(path: Path) -> None:
    """Run a document's blocks as one program."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.source.lstrip().startswith(">>>"):
            check_examples(block, namespace, path)
        else:
            run_block(block, namespace, path)


def run_block(block: Block, namespace: dict[str, Any], path: Path) -> None:
    """Run one block, and compare its output where the document shows it."""
    # Blank lines in front make the line numbers of errors those of the document.
    program = compile("\n" * block.line + block.source, str(path), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(program, namespace)
    if block.shown is not None:
        shown, printed = (ROUNDING.sub("0", text) for text in (block.shown, output.getvalue()))
        same = doctest.OutputChecker().check_output(shown, printed, FLAGS)
        assert same, f"{path.name}:{block.line} shows\n{block.shown}\nbut prints\n{output.getvalue()}"


def check_examples(block: Block, namespace: dict[str, Any], path: Path) -> None:
    """Run ``>>>`` examples, and compare what they print with the lines below them."""
    report = io.StringIO()
    examples = doctest.DocTestParser().get_doctest(block.source, namespace, path.name, str(path), block.line)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(examples, out=report.write, clear_globs=False)
    namespace.update(examples.globs)
    assert runner.failures == 0, report.getvalue()


if __name__ == "__main__":
    run_document(Path(sys.argv[1]).resolve())
