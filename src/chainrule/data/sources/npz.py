"""Named arrays in an ``.npz`` file (Keras's ``mnist.npz``, `numpy.savez`), read without pickle."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import IO

from numpy.lib import format as npy

from chainrule.data.arrays import Array
from chainrule.data.limits import MAX_DEFLATE, check_bytes
from chainrule.data.sources.arrays import NAMES, from_mapping
from chainrule.data.splits import Splits
from chainrule.errors import ChainruleError, error

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def load_npz(source: str | Path, *, task: str | None = None, skip_bad: bool = False) -> Splits:
    """``x`` and ``y``, or ``x_train``, ``y_train``, ``x_test``, ``y_test`` (the test part is kept).

    Parameters
    ----------
    source : str or Path
        The file.
    task, skip_bad
        As for arrays.
    """
    path = Path(source)
    return from_mapping(read_npz(path, NAMES), path.stem, task, skip_bad)


def is_npz(source: object) -> bool:
    """Whether a source is the path of an ``.npz`` file."""
    return isinstance(source, str | Path) and str(source).lower().endswith(".npz")


def read_npz(path: str | Path, names: tuple[str, ...]) -> dict[str, Array]:
    """Those of some named arrays that an ``.npz`` file holds.

    Raises
    ------
    DataError
        A missing or damaged file, arrays of Python objects, or a header that promises more than
        the file can hold.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            found = {name: members[name] for name in names if name in members}
            if not found:
                raise error("data.array_names", name=path, got=", ".join(members), known=", ".join(names))
            return {name: _read(archive, info, path, size) for name, info in found.items()}
    except ChainruleError:
        raise
    except FileNotFoundError as e:
        raise error("data.no_file", path=path) from e
    # zipfile, zlib and the header's parser raise a dozen kinds of errors on damaged files.
    except Exception as e:
        raise error("data.damaged", path=path, kind=".npz", problem=str(e) or type(e).__name__) from e


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, size: int) -> Array:
    check_bytes(path, info.file_size)
    if info.file_size > MAX_DEFLATE * size:
        raise error("data.promises", path=path, promised=info.file_size, held=size)
    with archive.open(info) as file:
        _check_header(file, info, path)
    with archive.open(info) as file:
        return npy.read_array(file, allow_pickle=False)


def _check_header(file: IO[bytes], info: zipfile.ZipInfo, path: Path) -> None:
    """Refuse objects and sizes before any memory is taken for them."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"version {version} of the .npy format")
    shape, _, dtype = HEADERS[version](file)
    if dtype.hasobject:
        raise error("data.objects", path=path, name=info.filename)
    if any(n < 0 for n in shape):
        raise ValueError(f"negative shape {shape}")
    promised = file.tell() + math.prod(shape) * dtype.itemsize
    if promised != info.file_size:
        raise error("data.promises", path=path, promised=promised, held=info.file_size)
