"""``.npy`` and ``.npz`` files: written whole, and read without pickle and without trusting their headers."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from chainrule.errors import ChainruleError, error
from chainrule.files.limits import MAX_DEFLATE, check_bytes

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def npy_bytes(array: np.ndarray) -> bytes:
    """The content of an ``.npy`` file."""
    content = io.BytesIO()
    npy.write_array(content, array, allow_pickle=False)
    return content.getvalue()


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """The content of an ``.npz`` file, not compressed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            # A date of its own would make equal contents differ.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), npy_bytes(array))
    return content.getvalue()


def read_npy(path: Path) -> np.ndarray:
    """The array of an ``.npy`` file.

    Raises
    ------
    DataError
        A missing or damaged file, Python objects, or a header that promises more than the file holds.
    """
    with refusing_damage(path, ".npy"), path.open("rb") as file:
        size = path.stat().st_size
        check_bytes(path, size)
        _check_header(file, size, path.name, path)
        file.seek(0)
        return npy.read_array(file, allow_pickle=False)


def npz_names(path: Path) -> list[str]:
    """Names of the arrays in an ``.npz`` file."""
    with refusing_damage(path, ".npz"), zipfile.ZipFile(path) as archive:
        return [info.filename.removesuffix(".npy") for info in archive.infolist()]


def read_npz(path: Path, names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays of an ``.npz`` file: those of the given names that it holds, or all.

    Raises
    ------
    DataError
        As for `read_npy`.
    """
    with refusing_damage(path, ".npz"), zipfile.ZipFile(path) as archive:
        members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        wanted = members if names is None else [name for name in names if name in members]
        size = path.stat().st_size
        return {name: _read_member(archive, members[name], path, size) for name in wanted}


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, size: int) -> np.ndarray:
    check_bytes(path, info.file_size)
    if info.file_size > MAX_DEFLATE * size:
        raise error("files.promises", path=path, promised=info.file_size, held=size)
    with archive.open(info) as file:
        _check_header(file, info.file_size, info.filename, path)
    with archive.open(info) as file:
        return npy.read_array(file, allow_pickle=False)


def _check_header(file: IO[bytes], size: int, name: str, path: Path) -> None:
    """Refuse objects and sizes before any memory is taken for them."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"version {version} of the .npy format")
    shape, _, dtype = HEADERS[version](file)
    if dtype.hasobject:
        raise error("files.objects", path=path, name=name)
    if any(n < 0 for n in shape):
        raise ValueError(f"negative shape {shape}")
    promised = file.tell() + math.prod(shape) * dtype.itemsize
    if promised != size:
        raise error("files.promises", path=path, promised=promised, held=size)


@contextmanager
def refusing_damage(path: Path, kind: str) -> Iterator[None]:
    """Whatever reading a missing, damaged or hostile file raises, as an error that names the file."""
    try:
        yield
    except ChainruleError:
        raise
    except FileNotFoundError as e:
        raise error("files.no_file", path=path) from e
    # zipfile, zlib, safetensors and the headers' parsers raise a dozen kinds of errors on damaged files.
    except Exception as e:
        raise error("files.damaged", path=path, kind=kind, problem=str(e) or type(e).__name__) from e
