"""Native functions as Python callables."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

from chainrule.compiler.native.jit import Library

# What functions take and return, in LLVM's names.
_TYPES: dict[str, Any] = {
    "void": None,
    "ptr": ctypes.c_void_p,
    "i64": ctypes.c_int64,
    "i32": ctypes.c_int32,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
}


def function(library: Library, name: str, result: str, *arguments: str) -> Callable[..., Any]:
    """A function of a library that can be called with numbers and addresses.

    The global interpreter lock is released while it runs.

    Parameters
    ----------
    library : Library
        Is kept alive by the callable.
    name : str
        The function.
    result, *arguments : str
        LLVM's types: ``void``, ``ptr``, ``i64``, ``i32``, ``float`` or ``double``.

    Returns
    -------
    callable
        Takes plain Python numbers; a pointer is the address as an int, or None for null.
    """
    native = function_at(library.address(name), result, *arguments)
    native._library = library  # type: ignore[attr-defined]
    return native


def function_at(address: int, result: str, *arguments: str) -> Callable[..., Any]:
    """The function at an address; whoever calls it keeps alive what it belongs to."""
    return _prototype(result, arguments)(address)


@cache
def _prototype(result: str, arguments: tuple[str, ...]) -> Any:
    return ctypes.CFUNCTYPE(_TYPES[result], *(_TYPES[name] for name in arguments))
