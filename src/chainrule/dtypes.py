r"""Element types and their promotion.

Two tensors of different types meet in the type that this rule gives:

1. types are ordered in kinds, bool < integer < float < complex;
2. within the integers NumPy's rule holds (``int8`` with ``uint8`` gives ``int16``); within the floats
   the wider type wins, and ``float16`` with ``bfloat16`` gives ``float32``;
3. across kinds the higher kind's type is taken as it is (``int64`` with ``float32`` gives
   ``float32``, where NumPy would go to ``float64``); a float with a complex number gives a complex
   number wide enough for both (``float64`` with ``complex64`` gives ``complex128``);
4. a Python number takes the other operand's type, unless its kind is higher: then it brings
   the default type of its kind (``int64``, ``float32``, ``complex64``).

So nothing becomes ``float64`` or ``complex128`` unless a tensor of such a type took part.

``float16`` and ``bfloat16`` are computed in ``float32``, and each result is rounded once. ``float8_e4m3fn``,
``float8_e5m2``, ``int4`` and ``uint4`` are for storage alone: they can be made, cast, moved, indexed and
saved, but not computed with, and meet no other type.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chainrule.errors import DTypeError, Message, error, register

DType = np.dtype
DTypeLike = npt.DTypeLike

bool_ = np.dtype(np.bool_)
int8, int16, int32, int64 = (np.dtype(f"int{n}") for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (np.dtype(f"uint{n}") for n in (8, 16, 32, 64))
float16, float32, float64 = (np.dtype(f"float{n}") for n in (16, 32, 64))
complex64, complex128 = (np.dtype(f"complex{n}") for n in (64, 128))

SUPPORTED: tuple[DType, ...] = (
    *(bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64),
    *(float16, float32, float64, complex64, complex128),
)


@dataclass(frozen=True)
class Extended:
    """A type that NumPy has not by itself: ml_dtypes has it, and is imported when one is first named."""

    letter: str
    short: str
    stored_only: bool = True


EXTENDED: dict[str, Extended] = {
    "bfloat16": Extended("f", "bf16", stored_only=False),
    "float8_e4m3fn": Extended("f", "f8e4m3"),
    "float8_e5m2": Extended("f", "f8e5m2"),
    "int4": Extended("i", "i4"),
    "uint4": Extended("u", "u4"),
}

_NAMES = ", ".join([*map(str, SUPPORTED), *EXTENDED])

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
        "storage": Message(
            DTypeError,
            "{a} is a type for storage alone and meets no other ({b}); cast it first, for example "
            "x.astype('{wider}')",
            "{a} 只用于存储，不能与其他类型（{b}）混用；请先转换，例如 x.astype('{wider}')",
        ),
        "no_package": Message(
            DTypeError,
            "{name} needs the package ml_dtypes, which is not installed: pip install ml_dtypes",
            "{name} 需要 ml_dtypes 包，但尚未安装：pip install ml_dtypes",
        ),
    },
)

_ORDER = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}
_SHORT = {"bool": "bool", "float": "f", "int": "i", "uint": "u", "complex": "c"}


def letter(dtype: DType) -> str:
    """The kind's letter: ``b`` bool, ``i`` and ``u`` integers, ``f`` floats, ``c`` complex numbers."""
    kind = dtype.kind
    if kind != "V":
        return kind
    extended = EXTENDED.get(dtype.name)
    return kind if extended is None else extended.letter


def kind(dtype: DType) -> int:
    """0 for bool, 1 for integers, 2 for floats, 3 for complex numbers."""
    return _ORDER[letter(dtype)]


def is_stored_only(dtype: DType) -> bool:
    """Whether a type is for storage alone, and not computed with."""
    return dtype.itemsize == 1 and dtype.name in EXTENDED


def is_float(dtype: DType) -> bool:
    """Whether a type has derivatives."""
    if dtype.kind in "fc":  # Decides for the usual types; float8_e5m2 has one byte.
        return dtype.itemsize > 1
    return letter(dtype) == "f" and not is_stored_only(dtype)


def computed_in(dtype: DType) -> DType:
    """The type that definitions compute in: ``float32`` for the 16-bit floats, else the type itself."""
    return float32 if dtype.itemsize == 2 and letter(dtype) == "f" else dtype


def shown_in(dtype: DType) -> DType:
    """The type of NumPy's own that elements are printed in and given to Python in."""
    if dtype.name not in EXTENDED:
        return dtype
    return {"f": float32, "i": int8, "u": uint8}[letter(dtype)]


def real_type(dtype: DType) -> DType:
    """The type of a complex type's real part; any other type itself."""
    return {complex64: float32, complex128: float64}.get(dtype, dtype)


def complex_type(dtype: DType) -> DType:
    """The complex type whose parts hold a type's values."""
    return complex128 if dtype in (float64, complex128) else complex64


def canonical(dtype: DTypeLike) -> DType:
    """The supported type that ``dtype`` names.

    Python's ``float``, and None, mean the default ``float32``; its ``complex`` means ``complex64``.
    """
    if dtype is float or dtype is None:
        return float32
    if dtype is complex:
        return complex64
    if isinstance(dtype, str) and dtype in EXTENDED:
        return extended(dtype)
    try:
        found = np.dtype(dtype)
    except (TypeError, ValueError) as problem:
        raise error("dtype.unknown", value=repr(dtype), supported=_NAMES) from problem
    if found not in SUPPORTED and found.name not in EXTENDED:
        raise error("dtype.unsupported", dtype=found, supported=_NAMES)
    return found


def extended(name: str) -> DType:
    """One of the types that NumPy has not by itself."""
    try:
        import ml_dtypes
    except ModuleNotFoundError as problem:
        raise error("dtype.no_package", name=name) from problem
    found: DType = np.dtype(getattr(ml_dtypes, name))
    return found


def default_of(value: object) -> DType | None:
    """The default type of a Python number, None for anything else."""
    if isinstance(value, np.generic):  # np.float64 is a Python float too, but has a type of its own
        return None
    if isinstance(value, bool):
        return bool_
    if isinstance(value, int):
        return int64
    if isinstance(value, float):
        return float32
    return complex64 if isinstance(value, complex) else None


def promote(dtypes: Iterable[DType]) -> DType:
    """The common type of several tensors.

    Examples
    --------
    >>> from chainrule import dtypes
    >>> str(dtypes.promote([dtypes.int64, dtypes.float32]))
    'float32'
    """
    first, *rest = dtypes
    for dtype in rest:
        first = first if first == dtype else _promote_two(first, dtype)
    return first


def _promote_two(a: DType, b: DType) -> DType:
    for one, other in ((a, b), (b, a)):
        if is_stored_only(one):
            wider = "float32" if letter(one) == "f" else "int8"
            raise error("dtype.storage", a=one, b=other, wider=wider)
    kinds = letter(a) + letter(b)
    if "c" in kinds:
        return complex128 if complex_type(a) == complex128 or complex_type(b) == complex128 else complex64
    if kinds == "ff":
        return float32 if a.itemsize == b.itemsize else max(a, b, key=lambda dtype: dtype.itemsize)
    if kind(a) != kind(b):
        return a if kind(a) > kind(b) else b
    common = np.promote_types(a, b)
    if kind(common) != kind(a):
        raise error("dtype.no_common", a=a, b=b)
    return common


def short(dtype: DType) -> str:
    """The short name used in printed graphs, for example ``f32``."""
    name = str(dtype)
    if name in EXTENDED:
        return EXTENDED[name].short
    letters = name.rstrip("0123456789")
    return _SHORT[letters] + name[len(letters) :]
