"""The IDX format of MNIST, and folders with its four standard files.

Format: two zero bytes, a byte for the element type, a byte for the number of axes, each
extent as a big-endian 32-bit integer, then the elements (http://yann.lecun.com/exdb/mnist/).
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from chainrule.data.arrays import Array
from chainrule.data.sources.arrays import from_mapping
from chainrule.data.splits import Splits
from chainrule.errors import error
from chainrule.files.limits import MAX_DEFLATE, check_bytes

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MAX_AXES = 4
CHUNK = 2**20
FILES = {
    "x_train": "train-images",
    "y_train": "train-labels",
    "x_test": "t10k-images",
    "y_test": "t10k-labels",
}


def load_idx(source: str | Path) -> Splits:
    """A folder with MNIST's four files, plain or ``.gz``; the test part is kept as it is.

    Parameters
    ----------
    source : str or Path
        The folder.
    """
    folder = Path(source)
    paths = {name: _find(folder, stem) for name, stem in FILES.items()}
    missing = [FILES[name] for name, path in paths.items() if path is None]
    if missing:
        raise error("data.idx_missing", folder=folder, missing=", ".join(missing))
    arrays = {name: read_idx(path) for name, path in paths.items() if path is not None}
    return from_mapping(arrays, folder.resolve().name, "classification", skip_bad=False)


def is_idx(source: object) -> bool:
    """Whether a source is a folder that holds at least one of the four files."""
    return isinstance(source, str | Path) and any(_find(Path(source), stem) for stem in FILES.values())


def _find(folder: Path, stem: str) -> Path | None:
    axes = 3 if stem.endswith("images") else 1
    names = (f"{stem}{dot}idx{axes}-ubyte{gz}" for dot in "-." for gz in ("", ".gz"))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_idx(path: str | Path) -> Array:
    """Read one IDX file, compressed if its name ends in ``.gz``.

    Returns
    -------
    array
        Of the file's own element type and shape.

    Raises
    ------
    DataError
        A missing or damaged file, or one longer or shorter than its header says.
    """
    path = Path(path)
    try:
        with path.open("rb") as raw:
            return _parse(gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw, path)
    except FileNotFoundError as e:
        raise error("files.no_file", path=path) from e
    except (EOFError, OSError, zlib.error) as e:
        raise error("files.damaged", path=path, kind="IDX", problem=e) from e


def _parse(file: BinaryIO | gzip.GzipFile, path: Path) -> Array:
    dtype, axes = _magic(file.read(4), path)
    extents = file.read(4 * axes)
    if len(extents) != 4 * axes:
        raise error("data.idx_short", path=path, expected=4 + 4 * axes, got=4 + len(extents))
    shape = struct.unpack(f">{axes}I", extents)
    expected = math.prod(shape) * dtype.itemsize
    check_bytes(path, expected)
    # A header alone must not make us take memory that the file cannot fill.
    if expected > MAX_DEFLATE * path.stat().st_size:
        raise error("files.promises", path=path, promised=expected, held=path.stat().st_size)
    body = _read_up_to(file, expected + 1)
    if len(body) != expected:
        got = f"{len(body)}" if len(body) < expected else f"> {expected}"
        raise error("data.idx_length", path=path, shape=shape, expected=expected, got=got)
    return np.frombuffer(body, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _magic(head: bytes, path: Path) -> tuple[np.dtype, int]:
    if len(head) != 4 or head[:2] != b"\0\0" or head[2] not in TYPES or not 1 <= head[3] <= MAX_AXES:
        raise error("data.idx_magic", path=path, got=head.hex(" ") or "-")
    return np.dtype(TYPES[head[2]]), head[3]


def _read_up_to(file: BinaryIO | gzip.GzipFile, count: int) -> bytearray:
    body = bytearray()
    while len(body) < count:
        chunk = file.read(min(CHUNK, count - len(body)))
        if not chunk:
            break
        body += chunk
    return body
