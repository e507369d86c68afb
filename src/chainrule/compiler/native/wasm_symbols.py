"""The symbol table of a WebAssembly object.

Source: "WebAssembly Object File Linking" of the tool conventions, sections "Linking Metadata Section" and
"Symbol Table Subsection".
"""

from __future__ import annotations

from collections.abc import Iterator

MAGIC = b"\0asm"

_CUSTOM, _IMPORTS = 0, 2
_SYMBOL_TABLE = 8
_FUNCTION, _DATA, _GLOBAL, _SECTION, _TAG, _TABLE = range(6)
_MEMORY_IMPORT = 2
# Which import a symbol without a name of its own is: kinds of symbols by kinds of imports.
_SYMBOL_OF_IMPORT = {0: _FUNCTION, 1: _TABLE, 3: _GLOBAL, 4: _TAG}
_LOCAL, _UNDEFINED, _NAMED = 0x02, 0x10, 0x40


class _Reader:
    """Reads one thing after the other."""

    def __init__(self, code: bytes, place: int, end: int) -> None:
        self.code, self.place, self.end = code, place, end

    def byte(self) -> int:
        self.place += 1
        return self.code[self.place - 1]

    def number(self) -> int:
        """An unsigned number, seven bits in each byte (LEB128)."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self) -> str:
        size = self.number()
        self.place += size
        return self.code[self.place - size : self.place].decode("utf-8")

    def parts(self) -> Iterator[tuple[int, _Reader]]:
        """Numbers and contents of sections."""
        while self.place < self.end:
            kind, size = self.byte(), self.number()
            self.place += size
            yield kind, _Reader(self.code, self.place - size, self.place)


def global_names(code: bytes) -> Iterator[tuple[str, bool]]:
    """Names that other files see, and whether they are defined."""
    imports: dict[int, list[str]] = {}
    for kind, section in _Reader(code, 8, len(code)).parts():
        if kind == _IMPORTS:
            imports = _imports(section)
        elif kind == _CUSTOM and section.text() == "linking":
            section.number()  # the version
            for part, table in section.parts():
                if part == _SYMBOL_TABLE:
                    yield from _symbols(table, imports)


def _imports(section: _Reader) -> dict[int, list[str]]:
    """Names of imports, for each kind of symbols in order."""
    found: dict[int, list[str]] = {kind: [] for kind in _SYMBOL_OF_IMPORT.values()}
    for _ in range(section.number()):
        section.text()  # the module
        name, kind = section.text(), section.byte()
        if kind != _MEMORY_IMPORT:
            found[_SYMBOL_OF_IMPORT[kind]].append(name)
        _skip_type(section, kind)
    return found


def _skip_type(section: _Reader, kind: int) -> None:
    """What an import is besides its name."""
    if kind == 0:
        section.number()
    elif kind in (3, 4):
        section.byte()
        section.number()
    else:
        if kind == 1:
            section.byte()
        has_maximum = section.number() & 1
        for _ in range(1 + has_maximum):
            section.number()


def _symbols(table: _Reader, imports: dict[int, list[str]]) -> Iterator[tuple[str, bool]]:
    for _ in range(table.number()):
        kind, flags = table.byte(), table.number()
        name, is_defined = "", not flags & _UNDEFINED
        if kind == _DATA:
            name = table.text()
            if is_defined:
                for _ in range(3):  # segment, offset, size
                    table.number()
        else:
            index = table.number()
            if kind != _SECTION:
                name = table.text() if is_defined or flags & _NAMED else imports[kind][index]
        if kind != _SECTION and not flags & _LOCAL:
            yield name, is_defined
