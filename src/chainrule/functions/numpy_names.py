"""NumPy's own functions on tensors: ``np.f(x)`` is ``cr.f(x)``, and derivatives are kept."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from chainrule.core import tree
from chainrule.core.interpreter import Symbol, Value
from chainrule.core.op import Op
from chainrule.errors import error

# Functions of NumPy by the name that they have here.
_RENAMED = {
    "amax": "max",
    "amin": "min",
    "around": "round",
    "conjugate": "conj",
    "degrees": "rad2deg",
    "invert": "bitwise_invert",
    "radians": "deg2rad",
    "rint": "round",
}

# Names that mean something else here than in NumPy, with the reason.
DIFFERENT = {
    "load": "opens folders of tensors and safetensors too, and returns tensors",
    "put_along_axis": "gives a new tensor; NumPy's writes into the array",
    "record": "records a function as a graph; NumPy's is a class of structured elements",
    "resize": "interpolates images to another size; NumPy's repeats elements",
    "save": "keeps named tensors; NumPy's writes one array",
}

# Looked up by name: the packages above this one are loaded when they are first asked for.
_PLACES = (("", "chainrule"), ("linalg", "chainrule.linalg"), ("fft", "chainrule.fft"))


@cache
def counterpart(function: Any) -> Callable[..., Any] | None:
    """The function here that has the name and the meaning of one of NumPy's; None if there is none."""
    name: str = function.__name__
    if name in DIFFERENT:
        return None
    for place, package in _PLACES:
        theirs = getattr(np, place) if place else np
        if getattr(theirs, name, None) is function:
            return getattr(importlib.import_module(package), _RENAMED.get(name, name), None)
    return None


def call(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What NumPy's function gives for tensors: by its counterpart, or else by the elements alone."""
    own = counterpart(function)
    if own is None:
        return without_derivative(function.__name__, function, args, kwargs)
    positional, named = _translated(function, own, args, kwargs)
    return own(*positional, **named)


def _translated(
    function: Any, own: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """NumPy's arguments as those of the function here: all but the first are handed on by name."""
    theirs, ours = _parameters(function), _parameters(own)
    if not theirs:
        return list(args), kwargs
    positional: list[Any] = []
    given: dict[str, Any] = {}
    for i, value in enumerate(args):
        parameter = theirs[min(i, len(theirs) - 1)]
        if i == 0 or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            positional.append(value)
        else:
            given[parameter.name] = value
    named: dict[str, Any] = {}
    for name, value in {**given, **kwargs}.items():
        here = _name_here(name, ours, theirs)
        if here is not None:
            named[here] = value
        elif not _is_default(name, value, theirs):
            raise _not_offered(function, name, ours)
    return positional, named


@cache
def _parameters(function: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    """What a function takes; nothing is known of some that are written in C."""
    if isinstance(function, Op):
        return tuple(inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in function.args)
    try:
        return tuple(inspect.signature(function).parameters.values())
    except ValueError:
        return ()


def _name_here(
    name: str, ours: tuple[inspect.Parameter, ...], theirs: tuple[inspect.Parameter, ...]
) -> str | None:
    """The same name, or that of the argument at the same place if NumPy has it not for another one."""
    positional, by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    keywords = {parameter.name for parameter in ours if parameter.kind in (positional, by_name)}
    if name in keywords:
        return name
    names = [parameter.name for parameter in theirs]
    if name in names and names.index(name) < len(ours):
        here = ours[names.index(name)]
        if here.kind is positional and here.name not in names:
            return here.name
    return None


def _is_default(name: str, value: Any, theirs: tuple[inspect.Parameter, ...]) -> bool:
    """Whether leaving an argument out changes nothing: it is None, or what NumPy takes without it."""
    default = next((parameter.default for parameter in theirs if parameter.name == name), None)
    plain = isinstance(value, bool | int | float | str)
    return value is None or value is default or (plain and value == default)


def _not_offered(function: Any, name: str, ours: tuple[inspect.Parameter, ...]) -> Exception:
    known = ", ".join(parameter.name for parameter in ours)
    return error("tensor.numpy_argument", function=function.__name__, argument=name, known=known)


def without_derivative(name: str, function: Callable[..., Any], args: Any, kwargs: Mapping[str, Any]) -> Any:
    """NumPy's function on the elements alone, refused where a derivative would be lost in silence."""
    tensors = [x for x in tree.leaves([args, kwargs]) if isinstance(x, Value)]
    symbolic = next((x for x in tensors if isinstance(x.data, Symbol)), None)
    if symbolic is not None:
        raise error("graph.value", spec=symbolic.spec)
    plain_args, plain_kwargs = tree.map_leaves(_elements, (args, kwargs))
    result = function(*plain_args, **plain_kwargs)
    differentiated = any(x.entry is not None or x.duals for x in tensors)
    if differentiated and any(np.asarray(y).dtype.kind == "f" for y in tree.leaves(result)):
        raise error("tensor.numpy_function", name=name)
    return result


def _elements(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, Value) else x
