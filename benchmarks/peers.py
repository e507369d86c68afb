"""The environment that peers are installed in, apart from ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.process import ROOT
from benchmarks.sides import Side

HOME = ROOT / ".bench" / "venv"
PINS = Path(__file__).with_name("requirements-peers.txt")


def pins() -> dict[str, str]:
    """Lines of the requirements by the name of the package."""
    lines = [line.strip() for line in PINS.read_text(encoding="utf-8").splitlines()]
    return {line.split("==")[0]: line for line in lines if line and not line.startswith("#")}


def interpreters(
    sides: Iterable[Side], given: str | None, say: Callable[[str], None]
) -> tuple[dict[str, str], dict[str, str]]:
    """The Python of each side that can run, and why each of the others can't.

    Parameters
    ----------
    given
        An interpreter that has the peers already; None makes the environment of their own.
    """
    pythons, missing = {}, {}
    for side in sides:
        if not side.requirements:
            pythons[side.name] = sys.executable
            continue
        python = given if given is not None else _made(say)
        problem = _provided(python, side, say, may_install=given is None)
        if problem:
            missing[side.name] = problem
        else:
            pythons[side.name] = python
    return pythons, missing


def _made(say: Callable[[str], None]) -> str:
    """The Python of the environment, which is made if it isn't there."""
    python = HOME / "bin" / "python"
    if not python.exists():
        say(f"making {HOME.relative_to(ROOT)}")
        done = _run([sys.executable, "-m", "venv", "--clear", str(HOME)])
        if done.returncode:
            raise SystemExit(f"no environment for peers could be made in {HOME}:\n{done.stdout}{done.stderr}")
    return str(python)


def _provided(python: str, side: Side, say: Callable[[str], None], may_install: bool) -> str:
    """Why a side's packages can't be had; nothing if they are there."""
    wanted = [pins()[name] for name in side.requirements]
    if not _lacks(python, wanted):
        return ""
    if not may_install:
        return f"{python} has not: {', '.join(_lacks(python, wanted))}"
    say(f"installing {', '.join(wanted)}, once")
    done = _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])
    return (done.stdout + done.stderr).strip().splitlines()[-1] if done.returncode else ""


_ASK = """
import importlib.metadata, sys
for wanted in sys.argv[1:]:
    name, version = wanted.split("==")
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = ""
    if found.split("+")[0] != version:
        print(wanted)
"""


def _lacks(python: str, wanted: list[str]) -> list[str]:
    """Requirements that an interpreter does not have in just that version."""
    done = _run([python, "-c", _ASK, *wanted])
    return done.stdout.split() if done.returncode == 0 else wanted


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
