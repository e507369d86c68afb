"""Type rules: which element types an operation takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chainrule import dtypes
from chainrule.core.interpreter import Value, lift
from chainrule.core.op import TABLE, Op
from chainrule.dtypes import DType
from chainrule.errors import error


@dataclass(frozen=True)
class DTypeRule:
    """How the types of an operation's inputs are checked, brought together, and give the result's.

    Parameters
    ----------
    kinds : str
        NumPy kind letters that are taken (``b`` bool, ``i`` ``u`` integers, ``f`` floats).
    output : dtype, callable or None
        The result's type: a fixed one, ``(dtypes, params) -> dtype``, or None for the inputs' own.
    lift_to_float : bool
        Whether integers and bools become the default float first (``exp`` of an integer).
    separate : range or tuple of int
        Positions of arguments with a type of their own: conditions (bool) and indices (integer).
    separate_kinds : str
        Kinds those may have.
    stores : bool
        Whether elements are only moved or converted, never computed with: then types that are for
        storage alone (``float8``, ``int4``) are taken, and the definition sees them as they are.
    """

    kinds: str = "iuf"
    output: DType | Callable[[tuple[DType, ...], dict[str, Any]], Any] | None = None
    lift_to_float: bool = False
    separate: tuple[int, ...] | range = ()
    separate_kinds: str = "iu"
    stores: bool = False

    def prepare(self, op: Op, inputs: tuple[Any, ...]) -> tuple[Value, ...]:
        """The inputs as tensors of one common type, cast where they differ."""
        if self._is_ready(inputs):
            return inputs
        lifted = [x if _is_number(x) else lift(x) for x in inputs]
        target = self._target([x for i, x in enumerate(lifted) if i not in self.separate])
        return tuple(_as_type(x, None if i in self.separate else target) for i, x in enumerate(lifted))

    def _is_ready(self, inputs: tuple[Any, ...]) -> bool:
        """The usual case, decided quickly: tensors that are all of one type already."""
        if self.separate or not inputs or not isinstance(inputs[0], Value):
            return False
        first = inputs[0].data.dtype
        for x in inputs[1:]:
            if not isinstance(x, Value) or x.data.dtype is not first:
                return False
        return not self.lift_to_float or dtypes.letter(first) in "fc"

    def _target(self, inputs: list[Any]) -> DType | None:
        found = [x.dtype for x in inputs if isinstance(x, Value)]
        target = dtypes.promote(found) if found else None
        for default in (dtypes.default_of(x) for x in inputs):
            if default is not None and (target is None or dtypes.kind(default) > dtypes.kind(target)):
                target = default if target is None else dtypes.promote([target, default])
        if not self.lift_to_float or target is None or dtypes.is_stored_only(target):
            return target
        return dtypes.float32 if dtypes.letter(target) in "biu" else target

    def _takes(self, dtype: DType, allowed: str) -> bool:
        return dtypes.letter(dtype) in allowed and (self.stores or not dtypes.is_stored_only(dtype))

    def result(self, op: Op, found: tuple[DType, ...], params: dict[str, Any]) -> Any:
        """Type of the result; a `DTypeError` where a type is not taken."""
        for i, dtype in enumerate(found):
            allowed = self.separate_kinds if i in self.separate else self.kinds
            # NumPy's own kind decides quickly for the usual types; types for storage take one byte.
            is_usual = dtype.kind in allowed and dtype.itemsize > 1
            if not is_usual and not self._takes(dtype, allowed):
                raise _refusal(op, op.arg_names(len(found))[i], dtype, allowed)
        if self.output is None:
            return next(dtype for i, dtype in enumerate(found) if i not in self.separate)
        return self.output(found, params) if callable(self.output) else self.output


def _refusal(op: Op, arg: str, dtype: DType, allowed: str) -> Exception:
    if dtypes.is_stored_only(dtype):
        wider = "float32" if dtypes.letter(dtype) == "f" else "int8"
        return error("ops.stored_only", op=op.name, arg=arg, dtype=dtype, wider=wider)
    taken, example = _in_words(allowed), _example(allowed)
    return error("ops.dtype", op=op.name, arg=arg, dtype=dtype, allowed=taken, example=example)


def _is_number(x: Any) -> bool:
    return dtypes.default_of(x) is not None


def _as_type(x: Any, target: DType | None) -> Value:
    if not isinstance(x, Value):
        return lift(x, target)
    return x if target is None or x.dtype == target else TABLE["cast"](x, dtype=target)


def _in_words(kinds: str) -> str:
    words = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
    return ", ".join(words[letter] for letter in kinds)


def _example(kinds: str) -> str:
    """The type that a user most likely wants, of those that are taken."""
    usual = {"f": "float32", "i": "int64", "b": "bool", "u": "uint32", "c": "complex64"}
    return next(name for letter, name in usual.items() if letter in kinds)
