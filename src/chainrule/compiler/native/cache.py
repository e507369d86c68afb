"""Object code on disk, so that no process compiles what another has compiled before.

An entry is a file whose name is a hash of all that the code depends on, and whose content begins with a
hash of that name and the code. A file that is damaged, cut short, misplaced or somebody else's is as good as
none, and whatever goes wrong with the disk, code is compiled instead.
"""

from __future__ import annotations

import atexit
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm

from chainrule.compiler.target import Target

VARIABLE = "CHAINRULE_CACHE"
OFF = "off"

# To be raised when what is stored, or how it is made from the text, changes.
FORMAT = 1

# When all entries together are larger, those go that were not used for longest.
LIMIT = 512 << 20

_MAGIC = b"chainrule kernel\n"
_DIGEST = 32
_ENTRY, _TEMPORARY, _USES, _SWEPT = ".kernel", ".tmp", "uses.log", "swept"
_HOUR = 3600.0


def key_of(text: str, passes: str, target: Target) -> str:
    """The name of the code of a module: a hash of all that it depends on."""
    versions = (FORMAT, llvmlite.__version__, llvm.llvm_version_info)
    settings = repr((*versions, target.triple, target.cpu, target.features, passes))
    return blake2b(f"{settings}\n{text}".encode(), digest_size=_DIGEST).hexdigest()


class Cache:
    """Object code by key, in a folder that any number of processes share.

    Parameters
    ----------
    folder : Path
        Made when the first entry is written.
    limit : int
        Bytes of all entries together, looked at when this process writes its first one.

    Attributes
    ----------
    hits, misses : int
        How often this process found an entry, and how often not.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder, self.limit = folder, limit
        self.hits = self.misses = 0
        self._written = False

    def read(self, key: str) -> bytes | None:
        """The code of a key, or None if there is no whole entry."""
        try:
            code = self._checked(key)
        except OSError:
            code = None
        self.hits, self.misses = self.hits + (code is not None), self.misses + (code is None)
        return code

    def _checked(self, key: str) -> bytes | None:
        path = self._path(key)
        with open(path, "rb", opener=_open_at_once) as file:
            if not _is_trusted(os.fstat(file.fileno())):
                return None
            content = file.read()
        start = len(_MAGIC) + _DIGEST
        code = content[start:]
        if content[:start] != _MAGIC + _digest(key, code):
            return None
        with suppress(OSError):  # the time of its last use
            os.utime(path)
        return code

    def write(self, key: str, code: bytes) -> None:
        """Keep code, if the disk allows it: at every moment there is a whole entry or none."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._replace(self._path(key), _MAGIC + _digest(key, code) + code)
            if not self._written:
                self._written = True
                self.sweep()
        except OSError:
            pass

    def _replace(self, path: Path, content: bytes) -> None:
        number, temporary = tempfile.mkstemp(_TEMPORARY, dir=self.folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise

    def sweep(self, *, now: float | None = None) -> None:
        """Remove what is over the limit and what killed processes left, at most once an hour."""
        now = time.time() if now is None else now
        stamp = self.folder / _SWEPT
        with suppress(OSError):
            if abs(now - stamp.stat().st_mtime) < _HOUR:
                return
        with suppress(OSError):
            stamp.touch()
        for path, status in self._files(_TEMPORARY):
            if now - status.st_mtime > _HOUR:
                _remove(path)
        entries = sorted(self._files(_ENTRY), key=lambda entry: entry[1].st_mtime)
        excess = sum(status.st_size for _, status in entries) - self.limit
        for path, status in entries:
            if excess <= 0:
                break
            _remove(path)
            excess -= status.st_size

    def clear(self) -> int:
        """Remove all entries, and give how many there were. Nothing else in the folder is touched."""
        removed = sum(_remove(path) for path, _ in [*self._files(_ENTRY)])
        for path in [
            *(path for path, _ in self._files(_TEMPORARY)),
            self.folder / _USES,
            self.folder / _SWEPT,
        ]:
            _remove(path)
        self.forget_uses()
        return removed

    def size(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        sizes = [status.st_size for _, status in self._files(_ENTRY)]
        return len(sizes), sum(sizes)

    def save_uses(self) -> None:
        """Add this process's hits and misses to those of all processes."""
        line, self.hits, self.misses = f"{self.hits} {self.misses}\n", 0, 0
        if line != "0 0\n":
            with suppress(OSError), (self.folder / _USES).open("a", encoding="ascii") as file:
                file.write(line)

    def forget_uses(self) -> None:
        """Begin to count anew, in a child process: its parent saves its own."""
        self.hits = self.misses = 0

    def uses(self) -> tuple[int, int]:
        """Hits and misses of all processes that have ended, and of this one."""
        hits, misses = self.hits, self.misses
        with suppress(OSError):
            for line in (self.folder / _USES).read_text(encoding="ascii", errors="replace").splitlines():
                numbers = line.split()
                if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
                    hits, misses = hits + int(numbers[0]), misses + int(numbers[1])
        return hits, misses

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{_ENTRY}"

    def _files(self, suffix: str) -> Iterator[tuple[Path, os.stat_result]]:
        """Our files of a kind, and what the system says of them; others may remove them meanwhile."""
        with suppress(OSError), os.scandir(self.folder) as found:
            for entry in found:
                if entry.name.endswith(suffix):
                    with suppress(OSError):
                        yield Path(entry.path), entry.stat(follow_symlinks=False)


class NoCache(Cache):
    """What stands in for a cache that is switched off."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))

    def read(self, key: str) -> bytes | None:
        """Nothing."""
        return None

    def write(self, key: str, code: bytes) -> None:
        """Keep nothing."""


def folder() -> Path | None:
    """Where code is kept: ``CHAINRULE_CACHE``, or below the user's caches; None if it is ``off``."""
    given = os.environ.get(VARIABLE, "").strip()
    if given.lower() == OFF:
        return None
    if given:
        return Path(given).absolute()
    users = Path(_users_caches())
    return users / "chainrule" / "kernels" if users.is_absolute() else None


def _users_caches() -> str:
    # These leave ~ as it is where the user has no home; Path.expanduser would be an error.
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", "")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")  # noqa: PTH111
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111


def current() -> Cache:
    """The cache of the folder that is set now."""
    place = folder()
    return NoCache() if place is None else _cache_in(place)


@cache
def _cache_in(place: Path) -> Cache:
    made = Cache(place)
    atexit.register(made.save_uses)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=made.forget_uses)
    return made


def _digest(key: str, code: bytes) -> bytes:
    return blake2b(key.encode() + code, digest_size=_DIGEST).digest()


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for the other end, should the file be a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_trusted(status: os.stat_result) -> bool:
    """Whether a file is one that this user or the system's own has written: it is about to be run."""
    if not stat.S_ISREG(status.st_mode):
        return False
    return not hasattr(os, "geteuid") or status.st_uid in (os.geteuid(), 0)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
