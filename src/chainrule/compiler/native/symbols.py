"""What an object file defines and what it needs: its symbol table, in the formats of the three systems.

WebAssembly has a format of its own (`wasm_symbols`).

Sources: System V ABI, chapter 4 (ELF); Apple's ``mach-o/nlist.h`` (Mach-O); Microsoft's PE format, section
"COFF symbol table".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chainrule.compiler.native import wasm_symbols

# ELF
_SYMBOL_TABLE = 2
_LOCAL = 0
# Mach-O
_LC_SYMTAB = 2
_PRIVATE_STAB_TYPE = 0xF0 | 0x0E
_EXTERNAL = 0x01
# COFF
_EXTERNAL_CLASS = 2


@dataclass(frozen=True)
class Symbols:
    """Names of an object file that other files see.

    Attributes
    ----------
    defined, undefined : tuple of str
        What it offers, and what it needs of others.
    """

    defined: tuple[str, ...]
    undefined: tuple[str, ...]


def symbols(code: bytes) -> Symbols:
    """The global names that an object file defines and needs.

    Examples
    --------
    >>> from chainrule.compiler.native.codegen import emit_object
    >>> from chainrule.compiler.target import named
    >>> text = "declare void @g() define void @f() { call void @g() ret void }"
    >>> symbols(emit_object(text, named("aarch64")))
    Symbols(defined=('f',), undefined=('g',))
    """
    if code[:4] == b"\x7fELF":
        found = list(_elf(code))
    elif code[:4] == wasm_symbols.MAGIC:
        found = list(wasm_symbols.global_names(code))
    elif code[:4] == b"\xcf\xfa\xed\xfe":
        found = list(_macho(code))
    else:
        found = list(_coff(code))
    defined = tuple(name for name, is_defined in found if is_defined)
    return Symbols(defined, tuple(name for name, is_defined in found if not is_defined))


def _elf(code: bytes) -> Iterator[tuple[str, bool]]:
    (sections,) = struct.unpack_from("<Q", code, 40)
    entry_size, count = struct.unpack_from("<HH", code, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", code, sections + k * entry_size) for k in range(count)]
    for _, kind, _, _, start, size, link, _, _, step in headers:
        if kind != _SYMBOL_TABLE:
            continue
        names = headers[link][4]
        for place in range(start + step, start + size, step):
            name, info, _, section = struct.unpack_from("<IBBH", code, place)
            if info >> 4 != _LOCAL:
                yield _text(code, names + name), section != 0


def _macho(code: bytes) -> Iterator[tuple[str, bool]]:
    (commands,) = struct.unpack_from("<I", code, 16)
    place = 32
    for _ in range(commands):
        command, size = struct.unpack_from("<II", code, place)
        if command == _LC_SYMTAB:
            start, count, names, _ = struct.unpack_from("<IIII", code, place + 8)
            for k in range(count):
                name, kind = struct.unpack_from("<IB", code, start + 16 * k)
                if kind & _EXTERNAL:
                    # C names carry an underscore there.
                    yield _text(code, names + name).removeprefix("_"), kind & _PRIVATE_STAB_TYPE != 0
        place += size


def _coff(code: bytes) -> Iterator[tuple[str, bool]]:
    start, count = struct.unpack_from("<II", code, 8)
    names = start + 18 * count
    k = 0
    while k < count:
        name, _, section, _, kind, extra = struct.unpack_from("<8sIhHBB", code, start + 18 * k)
        if kind == _EXTERNAL_CLASS:
            long_name = name[:4] == b"\0\0\0\0"
            text = _text(code, names + int.from_bytes(name[4:], "little")) if long_name else _plain(name)
            yield text, section != 0
        k += 1 + extra


def _text(code: bytes, place: int) -> str:
    return code[place : code.index(b"\0", place)].decode("utf-8")


def _plain(name: bytes) -> str:
    return name.rstrip(b"\0").decode("utf-8")
