"""What the tests of native code share: an empty cache, small modules, and Python in another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.native.pool import POOL
from chainrule.compiler.target import host

JOBS = Path(__file__).with_name("jobs.ll")


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch) -> Path:
    """The folder of the cache, not made yet."""
    folder = tmp_path / "kernels"
    monkeypatch.setenv("CHAINRULE_CACHE", str(folder))
    return folder


@pytest.fixture
def run_python(tmp_path) -> Callable[..., str]:
    """Run a program in another process; it must end well, in time, and without a word of complaint."""

    def run(program: str, *arguments: object) -> str:
        path = tmp_path / "program.py"
        path.write_text(program, encoding="utf-8")
        command = [sys.executable, "-W", "error", str(path), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return run


@pytest.fixture
def jobs() -> SimpleNamespace:
    """The functions of ``jobs.ll``: addresses of pieces, and the driver ``many``."""
    library = load([JOBS.read_text(encoding="utf-8")], host(), symbols={"parallel": POOL.parallel})
    pieces = {name: library.address(name) for name in library.names}
    many = function(library, "many", "void", "ptr", "ptr", "ptr", "i64", "i64")
    return SimpleNamespace(**{**pieces, "many": many})


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    """Set the number of threads, until the test ends."""
    before = POOL._threads

    def change(number: int) -> None:
        POOL.threads = number

    yield change
    POOL._threads = before
    POOL.rest(patience=1.0)
