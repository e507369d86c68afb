"""What a call was given: the key that its recording is kept under, and words for it.

Tensors and arrays count by shape, type and whether a derivative by them is wanted; their elements are read
anew at each call. Everything else is part of the key by its value: numbers, text, options, functions,
modules, and states, which are recorded as themselves.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.interpreter import Symbol, Value, lift
from chainrule.core.spec import Spec
from chainrule.errors import error, text
from chainrule.tensor import State, Tensor

Key = tuple[Any, ...]

_PLAIN = (bool, int, str, bytes, type(None))
_Array = np.ndarray
_BY_IDENTITY: Any = object.__hash__
_NO_TEXT: Any = object.__repr__
_taken_as_they_are: set[np.dtype] = set()


class Flattener:
    """Takes the arguments of calls apart; made for one function, whose name is for messages."""

    def __init__(self, name: str) -> None:
        self.name = name

    def flatten(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any], grad_enabled: bool
    ) -> tuple[Key, list[np.ndarray], list[Value]]:
        """The key of a call, its arrays, and those tensors among them by which a derivative is wanted."""
        names = sorted(kwargs) if kwargs else ()
        parts: list[Any] = [grad_enabled, len(args), *names]
        arrays: list[np.ndarray] = []
        wanted: list[Value] = []
        for x in (*args, *[kwargs[name] for name in names]) if names else args:
            # The usual case is written out: a call takes a few millionths of a second.
            if type(x) is Tensor and x.entry is None and type(data := x.data) is _Array:
                parts += (data.shape, data.dtype, False)
                arrays.append(data)
            else:
                self._add(x, parts, arrays, wanted, grad_enabled)
        return tuple(parts), arrays, wanted

    def _add(self, x: Any, parts: list[Any], arrays: list[Any], wanted: list[Value], enabled: bool) -> None:
        kind = type(x)
        if is_dynamic(x):
            array, traced = self._elements(x), enabled and isinstance(x, Value) and x.entry is not None
            parts += (array.shape, array.dtype, traced)
            arrays.append(array)
            if traced:
                wanted.append(x)
        elif isinstance(x, list | tuple):
            parts += (kind, len(x))
            for item in x:
                self._add(item, parts, arrays, wanted, enabled)
        elif isinstance(x, dict):
            parts += (kind, tuple(x))
            for item in x.values():
                self._add(item, parts, arrays, wanted, enabled)
        else:
            parts += (kind, self._static(x, kind))

    def _elements(self, x: Any) -> np.ndarray:
        if isinstance(x, Value) and type(x.data) is Symbol:
            raise error("compile.escaped", name=self.name)
        return x.data if isinstance(x, Value) else as_taken(x)

    def _static(self, x: Any, kind: type) -> Any:
        """What stands for a value in the key: equal exactly where a recording may be used again."""
        if kind in _PLAIN:
            return x
        if kind is float:
            return x.hex()  # Tells 0.0 from -0.0, and finds NaN equal to NaN.
        if isinstance(x, State):
            return id(x)
        if _is_told_by_identity(x):
            return _reference(x)
        try:
            hash(x)
        except TypeError as problem:
            raise error(
                "compile.unhashable", name=self.name, argument=_short(x), kind=kind.__name__
            ) from problem
        return x


def _is_told_by_identity(x: Any) -> bool:
    """Whether equality of an object is what Python gives every class: being the same."""
    return getattr(type(x), "__hash__", None) is _BY_IDENTITY


def _reference(x: Any) -> Any:
    """An object that is compared by identity, in a way that does not keep it alive."""
    try:
        return weakref.ref(x)
    except TypeError:
        return x


def is_dynamic(x: Any) -> bool:
    """Whether an argument's elements are read anew at each call."""
    if isinstance(x, Value | np.ndarray | np.generic):
        return not isinstance(x, State)
    return hasattr(x, "__array__") and not isinstance(x, type)


def as_taken(x: Any) -> np.ndarray:
    """An array as `lift` takes it; most are taken as they are."""
    if type(x) is np.ndarray and x.dtype in _taken_as_they_are:
        return x
    taken: np.ndarray = lift(np.asarray(x)).data
    if taken is x:
        _taken_as_they_are.add(taken.dtype)
    return taken


@dataclass(frozen=True)
class Leaf:
    """One part of the arguments: where it stands, and what it is."""

    path: str
    value: Any
    requires_grad: bool = False

    def __str__(self) -> str:
        return f"{self.path} {self.shown}" if isinstance(self.value, Spec) else f"{self.path}={self.shown}"

    @property
    def shown(self) -> str:
        """The value in a few letters."""
        return str(self.value) if isinstance(self.value, Spec) else _short(self.value)


@dataclass(frozen=True)
class Signature:
    """What a call was given, in words."""

    leaves: tuple[Leaf, ...]
    grad_enabled: bool

    def __str__(self) -> str:
        return ", ".join(map(str, self.leaves)) or "()"


def signature_of(
    names: Sequence[str], args: tuple[Any, ...], kwargs: Mapping[str, Any], grad_enabled: bool
) -> Signature:
    """The signature of a call; ``names`` are those of the positional arguments."""
    named = [*zip(argument_names(names, len(args)), args, strict=True), *sorted(kwargs.items())]
    return Signature(tuple(leaf for name, x in named for leaf in _leaves(name, x)), grad_enabled)


def argument_names(names: Sequence[str], count: int) -> list[str]:
    """A name for each positional argument; those of a ``*args`` are numbered."""
    rest = [f"args[{i}]" for i in range(count - len(names))]
    return [*names[:count], *rest]


def _leaves(path: str, x: Any) -> Iterator[Leaf]:
    if is_dynamic(x):
        requires_grad = isinstance(x, Value) and x.entry is not None
        yield Leaf(path, _spec(x), requires_grad)
    elif isinstance(x, list | tuple):
        for i, item in enumerate(x):
            yield from _leaves(f"{path}[{i}]", item)
    elif isinstance(x, dict):
        for key, item in x.items():
            yield from _leaves(f"{path}[{key!r}]", item)
    else:
        yield Leaf(path, x if type(x) in (*_PLAIN, float) else _short(x))


def _spec(x: Any) -> Spec:
    array = x if isinstance(x, Value) else as_taken(x)
    return Spec(array.shape, array.dtype)


@dataclass(frozen=True)
class Change:
    """Why a recording could not be used: what changed, its kind, and the sentence that says so."""

    cause: str
    kind: str
    sentence: str


def change(kind: str, name: str, **values: Any) -> Change:
    """A change of a kind that has a message ``compile.why_…``."""
    return Change(name, kind, text(f"compile.why_{kind}", name=name, **values))


def differences(before: Signature, now: Signature) -> list[Change]:
    """What two signatures differ in."""
    old, new = ({leaf.path: leaf for leaf in s.leaves} for s in (before, now))
    found = [change("missing", path, before=old[path].shown) for path in old if path not in new]
    for path, leaf in new.items():
        if path not in old:
            found.append(change("new", path, now=leaf.shown))
        else:
            found += _leaf_differences(old[path], leaf)
    if before.grad_enabled != now.grad_enabled:
        found.append(change("grad_mode", "no_grad", before=before.grad_enabled, now=now.grad_enabled))
    return found or [change("form", "arguments")]


def _leaf_differences(old: Leaf, new: Leaf) -> list[Change]:
    name, before, now = new.path, old.value, new.value
    if not (isinstance(before, Spec) and isinstance(now, Spec)):
        same = type(before) is type(now) and (before == now or before != before)
        return [] if same else [change("value", name, before=old.shown, now=new.shown)]
    found = []
    if len(before.shape) != len(now.shape):
        found.append(change("axes", name, before=before.shape, now=now.shape))
    else:
        sizes = enumerate(zip(before.shape, now.shape, strict=True))
        moved = [(axis, one, other) for axis, (one, other) in sizes if one != other]
        found += [change("shape", name, axis=axis, before=one, now=other) for axis, one, other in moved]
    if before.dtype != now.dtype:
        types = {"before": dtypes.short(before.dtype), "now": dtypes.short(now.dtype)}
        found.append(change("dtype", name, **types))
    if old.requires_grad != new.requires_grad:
        both = {"before": old.requires_grad, "now": new.requires_grad}
        found.append(change("requires_grad", name, **both))
    return found


def _short(x: Any) -> str:
    """A value in a few letters; of an object without a text of its own, its kind."""
    if isinstance(x, State):
        return f"State {x.name}".strip()
    label = getattr(x, "label", None) or getattr(x, "__qualname__", None)
    if label:
        return str(label)
    shown = type(x).__name__ if getattr(type(x), "__repr__", None) is _NO_TEXT else repr(x)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
