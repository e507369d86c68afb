"""Exchange with other array libraries, and what the array API standard asks of a namespace.

>>> import numpy as np
>>> import chainrule as cr
>>> xp = cr.tensor([1.0]).__array_namespace__()
>>> xp.from_dlpack(np.arange(3))
tensor([0, 1, 2])
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import Value, lift, wrap
from chainrule.dtypes import DType, DTypeLike
from chainrule.errors import ConfigError, DTypeError, Message, error, register, text
from chainrule.ops.shapes import broadcast_named
from chainrule.tensor import Tensor

DEVICE = "cpu"

register(
    "interop",
    {
        "copy": Message(
            ConfigError,
            "asarray: these elements cannot be used without a copy ({reason}); leave out copy=False",
            "asarray：不复制就无法使用这些元素（{reason}）；请去掉 copy=False",
        ),
        "copy_list": Message(ConfigError, "they are no array yet", "它们还不是数组"),
        "copy_cast": Message(
            ConfigError, "they are {found}, not {wanted}", "它们的类型是 {found}，不是 {wanted}"
        ),
        "dlpack": Message(
            DTypeError,
            "from_dlpack: {kind} cannot be exchanged: {problem}",
            "from_dlpack：无法交换 {kind}：{problem}",
        ),
        "kind": Message(
            ConfigError,
            "{kind} is no kind of element types; use one of {known}, or a tuple of them",
            "{kind} 不是元素类型的种类；可用：{known}，或由它们组成的元组",
        ),
        "no_range": Message(
            DTypeError,
            "{what}: {dtype} is not {expected}",
            "{what}：{dtype} 不是{expected}",
        ),
        "a_float": Message(DTypeError, "a floating-point type", "浮点类型"),
        "an_integer": Message(DTypeError, "an integer type", "整数类型"),
        "nothing_to_promote": Message(
            DTypeError,
            "result_type needs at least one tensor or element type among its arguments",
            "result_type 的参数中至少要有一个张量或元素类型",
        ),
    },
)


def check_device(device: Any) -> None:
    """Refuse any device but the one there is."""
    if device not in (None, DEVICE):
        raise error("tensor.device", device=repr(device))


def asarray(
    obj: Any, dtype: DTypeLike | None = None, *, device: str | None = None, copy: bool | None = None
) -> Tensor:
    """A tensor of anything that has elements; memory is shared where that is possible.

    Parameters
    ----------
    obj : Tensor, array, number, nested list, or object with ``__dlpack__`` or a buffer
        A NumPy array that is shared must not be written to afterwards.
    dtype : dtype, optional
        Element type; by default that of ``obj``, ``float32`` for Python floats.
    copy : bool, optional
        True: always copy. False: never, an error where it would be needed.

    Raises
    ------
    ConfigError
        ``copy=False`` where a copy is needed, or an unknown device.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.asarray([1, 2], dtype="float32")
    tensor([1., 2.])
    """
    check_device(device)
    wanted = None if dtype is None else dtypes.canonical(dtype)
    foreign = not isinstance(obj, Value) and not hasattr(obj, "__array__") and hasattr(obj, "__dlpack__")
    x = from_dlpack(obj) if foreign else lift(obj, None if isinstance(obj, Value | np.ndarray) else wanted)
    if copy is False:
        _check_no_copy(obj, x, wanted)
    x = x if wanted is None else x.astype(wanted)
    return wrap(np.array(x.numpy())) if copy and not x.requires_grad else x


def _check_no_copy(obj: Any, x: Tensor, wanted: DType | None) -> None:
    if isinstance(obj, int | float | complex | list | tuple):
        raise error("interop.copy", reason=text("interop.copy_list"))
    if wanted is not None and wanted != x.dtype:
        reason = text("interop.copy_cast", found=x.dtype, wanted=wanted)
        raise error("interop.copy", reason=reason)


def from_dlpack(x: Any, *, device: str | None = None, copy: bool | None = None) -> Tensor:
    """A tensor around the memory of another library's array (DLPack); it must not be written to afterwards.

    Raises
    ------
    DTypeError
        The array lies on another device, or has a type that is not known here.

    Examples
    --------
    >>> import numpy as np
    >>> import chainrule as cr
    >>> cr.from_dlpack(np.eye(2, dtype=np.float32))
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_device(device)
    if isinstance(x, Tensor):
        return wrap(np.array(x.numpy())) if copy else x
    try:
        array = np.from_dlpack(x, copy=copy)
    except (AttributeError, BufferError, RuntimeError, TypeError, ValueError) as problem:
        raise error("interop.dlpack", kind=type(x).__name__, problem=problem) from problem
    return lift(array)


def astype(x: Any, dtype: DTypeLike, *, copy: bool = True, device: str | None = None) -> Tensor:
    """The same values as another element type."""
    check_device(device)
    return lift(x).astype(dtype)


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The common type of tensors, element types and Python numbers (see `chainrule.dtypes`).

    Examples
    --------
    >>> import chainrule as cr
    >>> str(cr.result_type(cr.int8, cr.tensor([1.0], dtype="float16"), 2.0))
    'float16'
    """
    numbers = [x for x in arrays_and_dtypes if dtypes.default_of(x) is not None]
    typed = [_dtype_of(x) for x in arrays_and_dtypes if dtypes.default_of(x) is None]
    if not typed:
        raise error("interop.nothing_to_promote")
    found = dtypes.promote(typed)
    for default in map(dtypes.default_of, numbers):
        if default is not None and dtypes.kind(default) > dtypes.kind(found):
            found = dtypes.promote([found, default])
    return found


def _dtype_of(x: Any) -> DType:
    return x.dtype if isinstance(x, Value | np.ndarray | np.generic) else dtypes.canonical(x)


def can_cast(from_: Any, to: DTypeLike) -> bool:
    """Whether promotion could turn one type into the other: a cast that keeps the kind's rules.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.can_cast(cr.int8, cr.int16), cr.can_cast(cr.float64, cr.float32)
    (True, False)
    """
    wanted = dtypes.canonical(to)
    try:
        return dtypes.promote([_dtype_of(from_), wanted]) == wanted
    except DTypeError:
        return False


_KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "f",
    "complex floating": "c",
    "numeric": "iufc",
}


def isdtype(dtype: DTypeLike, kind: Any) -> bool:
    """Whether an element type is of a kind (``"real floating"``, ``"integral"`` …), or is a given type.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.isdtype(cr.float32, "real floating"), cr.isdtype(cr.int8, (cr.bool_, "real floating"))
    (True, False)
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    found = dtypes.canonical(dtype)
    if isinstance(kind, str):
        if kind not in _KINDS:
            raise error("interop.kind", kind=repr(kind), known=", ".join(map(repr, _KINDS)))
        return dtypes.letter(found) in _KINDS[kind]
    return found == dtypes.canonical(kind)


@dataclass(frozen=True)
class FloatInfo:
    """What a floating-point type can hold: bits, gap after 1, extremes, smallest normal number."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


@dataclass(frozen=True)
class IntegerInfo:
    """What an integer type can hold."""

    bits: int
    max: int
    min: int
    dtype: DType


def finfo(type: Any) -> FloatInfo:
    """Limits of a floating-point type, or of a complex type's parts.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.finfo("bfloat16").eps
    0.0078125
    """
    dtype = dtypes.real_type(_dtype_of(type))
    if dtypes.letter(dtype) != "f":
        raise error("interop.no_range", what="finfo", dtype=dtype, expected=text("interop.a_float"))
    found = _extended_limits("finfo", dtype) if dtype.name in dtypes.EXTENDED else np.finfo(dtype)
    limits = {name: float(getattr(found, name)) for name in ("eps", "max", "min", "smallest_normal")}
    return FloatInfo(bits=dtype.itemsize * 8, dtype=dtype, **limits)


def iinfo(type: Any) -> IntegerInfo:
    """Limits of an integer type.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.iinfo(cr.int8).max
    127
    """
    dtype = _dtype_of(type)
    if dtypes.letter(dtype) not in "iu":
        raise error("interop.no_range", what="iinfo", dtype=dtype, expected=text("interop.an_integer"))
    found = _extended_limits("iinfo", dtype) if dtype.name in dtypes.EXTENDED else np.iinfo(dtype)
    return IntegerInfo(int(found.bits), int(found.max), int(found.min), dtype)


def _extended_limits(kind: str, dtype: DType) -> Any:
    import ml_dtypes

    return getattr(ml_dtypes, kind)(dtype)


class NamespaceInfo:
    """What the array API standard asks of ``__array_namespace_info__()``."""

    def capabilities(self) -> dict[str, Any]:
        """Boolean indexing and value-dependent shapes are there (not while recording)."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        """The one device."""
        return DEVICE

    def devices(self) -> list[str]:
        """All devices."""
        return [DEVICE]

    def default_dtypes(self, *, device: str | None = None) -> dict[str, DType]:
        """The types of Python numbers and indices."""
        check_device(device)
        return {
            "real floating": dtypes.float32,
            "complex floating": dtypes.complex64,
            "integral": dtypes.int64,
            "indexing": dtypes.int64,
        }

    def dtypes(self, *, device: str | None = None, kind: Any = None) -> dict[str, DType]:
        """The standard's types by name, or those of a kind."""
        check_device(device)
        standard = [dtype for dtype in dtypes.SUPPORTED if dtype != dtypes.float16]
        return {str(dtype): dtype for dtype in standard if kind is None or isdtype(dtype, kind)}


__array_api_version__ = "2024.12"
__array_namespace_info__ = NamespaceInfo


def broadcast_shapes(*shapes: Iterable[int]) -> tuple[int, ...]:
    """The common shape of several by broadcasting.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.broadcast_shapes((2, 1), (3,))
    (2, 3)
    """
    return broadcast_named("broadcast_shapes", {f"shape{i}": tuple(s) for i, s in enumerate(shapes)})


e, pi, inf, nan, newaxis = math.e, math.pi, math.inf, math.nan, None
