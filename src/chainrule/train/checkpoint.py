"""Checkpoint files: one safetensors file, whose header also holds everything that is not an array.

One file can be replaced in one step; a folder of several cannot, and a kill between two of them
would leave a pair that does not belong together. No pickle: nothing in a file is run, and
the safetensors library checks offsets and sizes before anything is read. The weights are the
arrays whose names begin with ``model.``, for any program that reads safetensors.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import chainrule.train.messages  # noqa: F401  (registers the messages used here)
from chainrule.errors import error
from chainrule.files.atomic import write_atomically
from chainrule.train.packing import pack, unpack

FORMAT, VERSION = "chainrule.checkpoint", 1
KEYS = ("version", "crc32", "state")
LAST, BEST = "last.safetensors", "best.safetensors"


def write_checkpoint(path: str | os.PathLike[str], state: Any) -> None:
    """Save nested dicts and lists of arrays, numbers and strings, replacing the file in one step.

    Parameters
    ----------
    path : path
        The file; its folder is made if need be.
    state : nest
        What to save.

    Raises
    ------
    CheckpointError
        The file could not be written, for example because the disk is full; an older one is
        still there.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import train
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     train.write_checkpoint(f"{folder}/a.safetensors", {"w": np.ones(2), "epoch": 3})
    ...     train.read_checkpoint(f"{folder}/a.safetensors")
    {'w': array([1., 1.]), 'epoch': 3}
    """
    from safetensors.numpy import save

    arrays, skeleton = pack(state)
    rest = {"version": VERSION, "crc32": _checksum(arrays, skeleton), "state": skeleton}
    # One entry alone: the library writes several in an order that changes from run to run.
    write_atomically(path, save(arrays, metadata={FORMAT: json.dumps(rest)}))


def read_checkpoint(path: str | os.PathLike[str]) -> Any:
    """What `write_checkpoint` saved.

    Raises
    ------
    CheckpointError
        There is no such file, it is damaged, or it is not a checkpoint of Chainrule.
    """
    path = Path(path)
    if not path.is_file():
        raise error("train.no_checkpoint", path=path)
    with _refusing_damage(path):
        entry, arrays = _read(path)
        rest = json.loads(entry or "{}")
        version, crc32, skeleton = (rest[key] for key in KEYS) if entry is not None else (None,) * 3
    if entry is None:
        raise error("train.foreign", path=path)
    if version != VERSION:
        raise error("train.version", path=path, got=version, known=VERSION)
    if crc32 != _checksum(arrays, skeleton):
        raise error("train.damaged", path=path, problem="crc32")
    with _refusing_damage(path):
        return unpack(arrays, skeleton)


def _read(path: Path) -> tuple[str | None, dict[str, np.ndarray]]:
    """The header's own entry, None in a foreign file, and the arrays."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        entry = (file.metadata() or {}).get(FORMAT)
        names = () if entry is None else file.keys()
        return entry, {name: file.get_tensor(name) for name in names}


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    """Whatever reading a damaged or hostile file raises, as one kind of error that names the file."""
    from safetensors import SafetensorError

    try:
        yield
    except (SafetensorError, OSError, ValueError, TypeError, LookupError, RecursionError, MemoryError) as e:
        raise error("train.damaged", path=path, problem=e) from e


def _checksum(arrays: Mapping[str, np.ndarray], skeleton: Any) -> str:
    """CRC-32 of the skeleton, then of every array with its name, type and shape."""
    found = zlib.crc32(json.dumps(skeleton).encode())
    for name, array in sorted(arrays.items()):
        found = zlib.crc32(f"{name} {array.dtype} {array.shape}".encode(), found)
        found = zlib.crc32(array.tobytes(), found)
    return f"{found:08x}"
