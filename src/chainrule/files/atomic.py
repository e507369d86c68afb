"""Writing a file so that at every moment either the old or the new one is there, whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import chainrule.files.messages  # noqa: F401  (registers the messages used here)
from chainrule.errors import error


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace a file, or make a new one; its folder is made if need be.

    The bytes go to a temporary file beside it and onto the disk before the name changes hands, so
    that neither a kill nor a power cut leaves half a file. A full disk leaves the old one.

    Raises
    ------
    CheckpointError
        The file could not be written; the old one is still there.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_through(temporary, content)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as e:
        with suppress(OSError):
            temporary.unlink()
        raise error("files.write", path=path, problem=e.strerror or e) from e


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last; only POSIX systems let a folder be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
