"""Bring the project's virtual environment up to date, or do nothing if it already is.

Usage: ``python3 tools/environment.py FOLDER [EXTRA]``, from the Makefile. Uses the standard
library alone, and syntax that an outdated Python 3 can read far enough to say so.
"""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 10)
VERSION = sys.version.split()[0]

TOO_OLD = """\
Chainrule needs Python 3.10 or newer; {python} is {version}.
Name another one: make PYTHON=/path/to/python3"""
NO_VENV = """\
{python} could not make a virtual environment in {home}:
{reason}
On Debian and Ubuntu, install what is missing with: sudo apt install python3-venv
or name another Python: make PYTHON=/path/to/python3"""


def main(folder: str, extra: str = "") -> None:
    """Make the folder a working environment with Chainrule (and an extra) installed in it."""
    if sys.version_info < OLDEST:
        sys.exit(TOO_OLD.format(python=sys.executable, version=VERSION))
    home = ROOT / folder
    if not works(home, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"):
        create(home)
    elif is_installed(home, extra):
        return
    elif not works(home, "-m", "pip", "--version"):
        create(home)
    install(home, extra)


def works(home: Path, *arguments: str) -> bool:
    """Whether the environment's Python runs these arguments without an error."""
    try:
        done = subprocess.run([python(home), *arguments], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def create(home: Path) -> None:
    """Make an empty environment, in place of what may be left of an old one."""
    print(f"Making {home.name} with Python {VERSION}", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stdout + done.stderr).strip()
        sys.exit(NO_VENV.format(python=sys.executable, home=home, reason=reason))


def install(home: Path, extra: str) -> None:
    """Install the project in place, and stamp the environment once that has succeeded."""
    stamp(home).unlink(missing_ok=True)
    wanted = f"{ROOT}[{extra}]" if extra else str(ROOT)
    print(f"Installing Chainrule and what it needs in {home.name}, once …", flush=True)
    start = time.monotonic()
    command = [python(home), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", wanted]
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(code)
    stamp(home).write_text(state(extra), encoding="utf-8")
    print(f"Installed in {time.monotonic() - start:.0f} s", flush=True)


def is_installed(home: Path, extra: str) -> bool:
    """Whether the stamp is for this folder and for `pyproject.toml` as it is now."""
    if not stamp(home).is_file():
        return False
    return stamp(home).read_text(encoding="utf-8") in (state(extra), state("dev"))


def state(extra: str) -> str:
    """The stamp's text; the folder is part of it because installed scripts contain its path."""
    described = (ROOT / "pyproject.toml").read_bytes()
    return f"{ROOT}\n{hashlib.sha256(described).hexdigest()}\n{extra}\n"


def stamp(home: Path) -> Path:
    """The file that tells what has been installed."""
    return home / "chainrule-installed"


def python(home: Path) -> str:
    """The environment's own Python."""
    return str(home / "bin" / "python")


if __name__ == "__main__":
    main(*sys.argv[1:])
