"""Element types and their promotion.

Two tensors of different types meet in the type that this rule gives:

1. types are ordered in kinds, bool < integer < float < complex;
2. within one kind NumPy's rule holds (``int8`` with ``uint8`` gives ``int16``);
3. across kinds the higher kind's type is taken as it is (``int64`` with ``float32`` gives
   ``float32``, where NumPy would go to ``float64``);
4. a Python number takes the other operand's type, unless its kind is higher: then it brings
   the default type of its kind.

So nothing becomes ``float64`` unless a ``float64`` tensor took part.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from chainrule.errors import DTypeError, Message, error, register

DType = np.dtype
DTypeLike = npt.DTypeLike

bool_ = np.dtype(np.bool_)
int8, int16, int32, int64 = (np.dtype(f"int{n}") for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (np.dtype(f"uint{n}") for n in (8, 16, 32, 64))
float32, float64 = np.dtype(np.float32), np.dtype(np.float64)

SUPPORTED: tuple[DType, ...] = (
    *(bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64),
    *(float32, float64),
)

_NAMES = ", ".join(map(str, SUPPORTED))

register(
    "dtype",
    {
        "unknown": Message(
            DTypeError,
            "{value} does not name an element type; use one of {supported}",
            "{value} 不是元素类型的名称；可用类型：{supported}",
        ),
        "unsupported": Message(
            DTypeError,
            "element type {dtype} is not supported; convert to one of {supported}",
            "不支持元素类型 {dtype}；请转换为以下类型之一：{supported}",
        ),
        "no_common": Message(
            DTypeError,
            "{a} and {b} have no common integer type (NumPy would go to float64 in silence); "
            "cast one of them first, for example x.astype('{a}')",
            "{a} 与 {b} 没有公共的整数类型（NumPy 会悄悄变成 float64）；"
            "请先转换其中一个，例如 x.astype('{a}')",
        ),
    },
)

_KINDS = "biufc"
_SHORT = {"bool": "bool", "float": "f", "int": "i", "uint": "u", "complex": "c"}


def kind(dtype: DType) -> int:
    """0 for bool, 1 for integers, 2 for floats, 3 for complex numbers."""
    return {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}[dtype.kind]


def is_float(dtype: DType) -> bool:
    """Whether a type has derivatives."""
    return dtype.kind in "fc"


def canonical(dtype: DTypeLike) -> DType:
    """The supported type that ``dtype`` names; Python's ``float``, and None, mean the default ``float32``."""
    try:
        found = float32 if dtype is float or dtype is None else np.dtype(dtype)
    except (TypeError, ValueError) as problem:
        raise error("dtype.unknown", value=repr(dtype), supported=_NAMES) from problem
    if found not in SUPPORTED:
        raise error("dtype.unsupported", dtype=found, supported=_NAMES)
    return found


def default_of(value: object) -> DType | None:
    """The default type of a Python number, None for anything else."""
    if isinstance(value, np.generic):  # np.float64 is a Python float too, but has a type of its own
        return None
    if isinstance(value, bool):
        return bool_
    if isinstance(value, int):
        return int64
    return float32 if isinstance(value, float) else None


def promote(dtypes: Iterable[DType]) -> DType:
    """The common type of several tensors.

    >>> from chainrule import dtypes
    >>> str(dtypes.promote([dtypes.int64, dtypes.float32]))
    'float32'
    """
    first, *rest = dtypes
    for dtype in rest:
        first = first if first == dtype else _promote_two(first, dtype)
    return first


def _promote_two(a: DType, b: DType) -> DType:
    if kind(a) != kind(b):
        return a if kind(a) > kind(b) else b
    common = np.promote_types(a, b)
    if kind(common) != kind(a):
        raise error("dtype.no_common", a=a, b=b)
    return common


def short(dtype: DType) -> str:
    """The short name used in printed graphs, for example ``f32``."""
    name = str(dtype)
    letters = name.rstrip("0123456789")
    return _SHORT[letters] + name[len(letters) :]
