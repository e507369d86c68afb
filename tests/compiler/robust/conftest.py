"""What these tests share: a cache of kernels of their own, threads, poison, Python in another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import chainrule as cr

from .poison import poisoned


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that the tests of this folder share."""
    folder = tmp_path_factory.getbasetemp() / "robust-kernels"
    monkeypatch.setenv("CHAINRULE_CACHE", str(folder))
    return folder


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    """Set the number of threads, until the test ends."""
    before = cr.get_threads()
    yield cr.set_threads
    cr.set_threads(before)


@pytest.fixture
def poison() -> Iterator[None]:
    """All programs that run in the test work in poisoned memory."""
    with poisoned():
        yield


@pytest.fixture
def run_python(tmp_path: Path) -> Callable[..., str]:
    """Run a program in another process; it must end well, in time, and without a word of complaint."""

    def run(program: str, returncode: int = 0) -> str:
        path = tmp_path / "program.py"
        path.write_text(program, encoding="utf-8")
        command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (returncode, ""), done.stderr
        return done.stdout

    return run
