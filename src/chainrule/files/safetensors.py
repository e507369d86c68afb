"""safetensors files: a header in JSON and raw elements, nothing that could run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from chainrule import dtypes
from chainrule.files.limits import check_bytes
from chainrule.files.npy import refusing_damage

# Names of the format (its README, "Format") and types here; int4 and complex128 have none.
TYPES = {
    "BOOL": "bool",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U8": "uint8",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
    "F16": "float16",
    "BF16": "bfloat16",
    "F32": "float32",
    "F64": "float64",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "C64": "complex64",
}


def safetensors_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """The content of a safetensors file."""
    from safetensors.numpy import save

    return save({name: np.asarray(array, order="C") for name, array in arrays.items()})


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file, in its order.

    Raises
    ------
    DataError
        A missing or damaged file, or an element type that is not known.
    """
    from safetensors import deserialize

    with refusing_damage(path, "safetensors"):
        check_bytes(path, path.stat().st_size)
        parts = deserialize(path.read_bytes())
        return {name: _array(part["data"], part["dtype"], part["shape"]) for name, part in parts}


def _array(data: bytes, name: str, shape: list[int]) -> np.ndarray:
    if name not in TYPES:
        raise ValueError(f"element type {name}")
    return np.frombuffer(data, dtypes.canonical(TYPES[name])).reshape(shape)
