"""Every block of Python in the README and the documentation runs and prints what it shows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
FILES = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def run(document: Path, folder: Path) -> str:
    """What a document's program says of its errors, run in a process and a folder of its own."""
    command = [sys.executable, "-W", "error", str(ROOT / "tools" / "run_document.py"), str(document)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert bool(done.returncode) == bool(done.stderr)
    return done.stderr


@pytest.mark.parametrize("document", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_document_runs(document, tmp_path):
    errors = run(document, tmp_path)
    assert not errors, errors


def program(document: Path) -> list[str]:
    """The blocks of Python without their comments and layout."""
    found = re.findall(
        r"^```python\n(.*?)^```$", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [ast.unparse(ast.parse(source)) for source in found]


def test_both_readmes_are_the_same_program():
    english, chinese = map(program, READMES)
    assert english == chinese
    assert english


WRONG_BLOCK = """
```python
x = 1
```

```bash
exit 1
```

```python
y = x / 0
```
"""
WRONG_OUTPUT = """
```python
x = 1
print(x + 1)
```

```text
3
```
"""
WRONG_EXAMPLE = """
```python
x = 1
```

```python
>>> x + 1
3
```
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (WRONG_BLOCK, r"wrong\.md\", line 11, in <module>[\s\S]+ZeroDivisionError"),
        (WRONG_OUTPUT, r"wrong\.md:2 shows\s+3\s+but prints\s+2"),
        (WRONG_EXAMPLE, r"Expected:\s+3\s+Got:\s+2"),
    ],
)
def test_the_check_sees_a_mistake(tmp_path, text, complaint):
    document = tmp_path / "wrong.md"
    document.write_text(text, encoding="utf-8")
    assert re.search(complaint, run(document, tmp_path))
