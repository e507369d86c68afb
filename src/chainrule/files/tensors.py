"""Tensors in files: ``save`` and ``load``."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import lift, wrap
from chainrule.errors import error, text
from chainrule.files import npy, safetensors
from chainrule.files.atomic import write_atomically
from chainrule.tensor import Tensor

_NUMPY = frozenset(map(str, dtypes.SUPPORTED))


@dataclass(frozen=True)
class Format:
    """One kind of file: how a dict of arrays is written and read, and which types it holds."""

    write: Callable[[Mapping[str, np.ndarray]], bytes]
    read: Callable[[Path], Mapping[str, np.ndarray]]
    types: frozenset[str]
    single: bool = False


FORMATS: dict[str, Format] = {
    ".npy": Format(
        lambda arrays: npy.npy_bytes(arrays["x"]), lambda path: {"x": npy.read_npy(path)}, _NUMPY, single=True
    ),
    ".npz": Format(npy.npz_bytes, npy.read_npz, _NUMPY),
    ".safetensors": Format(
        safetensors.safetensors_bytes,
        safetensors.read_safetensors,
        frozenset(safetensors.TYPES.values()),
    ),
}


def save(path: str | os.PathLike[str], tensors: Any) -> None:
    """Write tensors to a file, replacing it in one step.

    Parameters
    ----------
    path : path
        Its ending says the format: ``.npy`` for one tensor, ``.npz`` or ``.safetensors`` for a dict of
        named ones.
    tensors : Tensor or dict of Tensor
        What to save.

    Raises
    ------
    DataError
        The ending is not known, or the format cannot hold a tensor's type.
    CheckpointError
        The file could not be written; an older one is still there.

    Examples
    --------
    >>> import tempfile
    >>> import chainrule as cr
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cr.save(f"{folder}/a.safetensors", {"w": cr.tensor([1.0, 2.0], dtype="bfloat16")})
    ...     cr.load(f"{folder}/a.safetensors")
    {'w': tensor([1., 2.], dtype=bfloat16)}
    """
    path = Path(path)
    form = _format(path)
    arrays = _named(path, tensors, form)
    for name, array in arrays.items():
        _check_type(path, name, array, form)
    write_atomically(path, form.write(arrays))


def load(path: str | os.PathLike[str]) -> Any:
    """Read what `save`, NumPy or any writer of safetensors wrote: a tensor, or a dict of them.

    Raises
    ------
    DataError
        There is no such file, its ending is not known, it is damaged, or it holds Python objects.
    """
    path = Path(path)
    form = _format(path)
    tensors = {name: _tensor(array) for name, array in form.read(path).items()}
    return tensors["x"] if form.single else tensors


def _format(path: Path) -> Format:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise error("files.suffix", path=path, suffix=repr(path.suffix), known=", ".join(FORMATS))
    return FORMATS[suffix]


def _named(path: Path, tensors: Any, form: Format) -> dict[str, np.ndarray]:
    if form.single:
        if isinstance(tensors, Mapping):
            raise error("files.one_tensor", path=path, kind=type(tensors).__name__)
        return {"x": lift(tensors).numpy()}
    if not isinstance(tensors, Mapping):
        raise error("files.not_tensors", path=path, suffix=path.suffix)
    for name in tensors:
        if not isinstance(name, str) or not name:
            raise error("files.name", path=path, name=repr(name))
    return {name: lift(x).numpy() for name, x in tensors.items()}


def _check_type(path: Path, name: str, array: np.ndarray, form: Format) -> None:
    dtype = str(array.dtype)
    if dtype in form.types:
        return
    wider = {"int4": "int8", "uint4": "uint8"}.get(dtype, "complex64")
    remedy = text("files.remedy_cast", name=name, dtype=wider)
    if dtype in FORMATS[".safetensors"].types:
        remedy = text("files.remedy_safetensors")
    raise error("files.type", path=path, name=name, dtype=dtype, suffix=path.suffix, remedy=remedy)


def _tensor(array: np.ndarray) -> Tensor:
    """A tensor of native byte order around what was read."""
    native = array.astype(array.dtype.newbyteorder("="), copy=False) if array.dtype.kind in "iufc" else array
    dtypes.canonical(native.dtype)
    return wrap(native)
