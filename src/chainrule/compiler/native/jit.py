"""Machine code in memory: modules of LLVM IR are compiled, or taken from the cache, and loaded together."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import llvmlite.binding as llvm

from chainrule.compiler.native.cache import Cache, current, key_of
from chainrule.compiler.native.codegen import (
    LOCK,
    Source,
    emit_assembly,
    emit_object,
    emit_objects,
    machine_of,
)
from chainrule.compiler.native.symbols import Symbols, symbols
from chainrule.compiler.target import Target
from chainrule.errors import error

__all__ = ["Library", "Source", "emit_assembly", "emit_object", "keys_of", "load", "load_kept"]

# Code generation turns copies into calls of these; the C library of every process has them.
FROM_THE_PROCESS = frozenset({"memcpy", "memmove", "memset"})


class Library:
    """Functions in memory. They are freed with it: whoever keeps an address keeps the library too.

    Attributes
    ----------
    names : tuple of str
        The functions that it defines.
    """

    def __init__(self, engine: Any, tracker: Any, names: Iterable[str]) -> None:
        self._engine, self._tracker = engine, tracker
        self.names = tuple(names)

    def address(self, name: str) -> int:
        """Where a function begins.

        Raises
        ------
        CompileError
            No module defined it.
        """
        if name not in self.names:
            raise error("native.no_function", name=name, known=", ".join(self.names))
        return self._tracker[name]

    def __del__(self, is_ending: Callable[[], bool] = sys.is_finalizing) -> None:
        # The operating system frees what is left when the process ends; modules may be empty by then.
        if not is_ending():
            with LOCK:
                self._tracker.close()
                self._engine.close()


def load(
    modules: Sequence[str | Source],
    target: Target,
    *,
    symbols: Mapping[str, int] | None = None,
    threads: int = 1,
) -> Library:
    """Compile modules and load them together; they may call each other's functions.

    Parameters
    ----------
    modules : sequence of str or Source
        LLVM IR. Object code of a module that was compiled before comes from the cache.
    target : Target
        This machine, or one with fewer instructions.
    symbols : mapping of str to int, optional
        Addresses of functions that are defined elsewhere.
    threads : int
        How many modules are compiled at a time.

    Raises
    ------
    CompileError
        A text is not well formed, a function is defined twice, or one that is called is not
        defined by any module, in ``symbols`` or in `FROM_THE_PROCESS`.

    Examples
    --------
    >>> from chainrule.compiler.native.functions import function
    >>> from chainrule.compiler.target import host
    >>> text = "define i64 @twice(i64 %x) { %y = add i64 %x, %x  ret i64 %y }"
    >>> library = load([text], host())
    >>> function(library, "twice", "i64", "i64")(21)
    42
    """
    given = symbols or {}
    sources = [module if isinstance(module, Source) else Source(module) for module in modules]
    objects = _objects(sources, target, current(), threads)
    names = _check_names(objects, given)
    return _link(objects, names, given, target)


def keys_of(sources: Sequence[Source], target: Target) -> list[str]:
    """The names in the cache of what modules are compiled to."""
    return [key_of(source.text, source.passes, target) for source in sources]


def load_kept(keys: Sequence[str], target: Target) -> Library | None:
    """Load what was compiled before; None where something of it is not in the cache any more."""
    objects: list[bytes] = []
    for key in keys:
        code = current().read(key)
        if code is None:
            return None
        objects.append(code)
    return _link(objects, _check_names(objects, {}), {}, target)


def _objects(sources: Sequence[Source], target: Target, cache: Cache, threads: int) -> list[bytes]:
    """Object code from the cache; what is not there is compiled."""
    keys = keys_of(sources, target)
    found: dict[str, bytes] = {}
    missing: dict[str, Source] = {}
    for key, source in zip(keys, sources, strict=True):
        code = cache.read(key)
        if code is None:
            missing[key] = source
        else:
            found[key] = code
    for key, code in zip(missing, emit_objects(list(missing.values()), target, threads), strict=True):
        cache.write(key, code)
        found[key] = code
    return [found[key] for key in keys]


def _check_names(objects: Iterable[bytes], given: Mapping[str, int]) -> list[str]:
    """All names that are defined, each once; LLVM would quietly take what it finds in the process."""
    tables: list[Symbols] = [symbols(code) for code in objects]
    defined = Counter(name for table in tables for name in table.defined)
    twice = [name for name, count in defined.items() if count > 1 or name in given]
    if twice:
        raise error("native.defined_twice", names=", ".join(twice))
    needed = {name for table in tables for name in table.undefined}
    missing = sorted(needed - defined.keys() - given.keys() - FROM_THE_PROCESS)
    if missing:
        raise error("native.undefined", names=", ".join(missing))
    return list(defined)


def _link(objects: Iterable[bytes], names: list[str], given: Mapping[str, int], target: Target) -> Library:
    builder = llvm.JITLibraryBuilder()
    for code in objects:
        builder.add_object_img(code)
    for name in names:
        builder.export_symbol(name)
    for name, address in given.items():
        builder.import_symbol(name, address)
    with LOCK:
        engine = llvm.create_lljit_compiler(machine_of(target), use_jit_link=True, suppress_errors=True)
        try:
            tracker = builder.link(engine, "chainrule")
        except RuntimeError as problem:
            raise error("native.not_loaded", problem=problem) from problem
    return Library(engine, tracker, names)
