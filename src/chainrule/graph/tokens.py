"""The words of a graph's text, and where each stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from chainrule.errors import ChainruleError, error

_TOKEN = re.compile(
    r"""[ \t\r]*(?:
        (?P<end>\Z)
      | (?P<newline>\n)
      | (?P<comment>\#[^\n]*)
      | (?P<string>'[^'\\\n]*'|"(?:[^"\\\n]|\\.)*")
      | (?P<number>-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<word>-?[\w.]+)
      | (?P<sign>:=|[][(){}<>,:=])
      | (?P<unknown>.)
    )""",
    re.VERBOSE,
)
_LONGEST_SHOWN = 30
LONGEST_NUMBER = 400


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its kind, its text, and where it begins."""

    kind: str
    text: str
    start: int


class Tokens:
    """A text, read word by word with one word of foresight."""

    def __init__(self, text: str) -> None:
        self.text, self._position = text, 0
        self.next = self._read()

    def _read(self) -> Token:
        found: Any = _TOKEN.match(self.text, self._position)
        self._position = found.end()
        kind = found.lastgroup
        return Token(kind, found[kind], found.start(kind))

    def take(self) -> Token:
        """The next word, whatever it is."""
        token, self.next = self.next, self._read()
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next word is one of these signs or keywords."""
        return self.next.text in texts and self.next.kind in ("sign", "word")

    def skip(self, text: str) -> bool:
        """Take the next word if it is this one."""
        found = self.at(text)
        if found:
            self.take()
        return found

    def expect(self, text: str) -> None:
        """Take the next word, which must be this one."""
        if not self.skip(text):
            raise self.unexpected(f"'{text}'")

    def kind(self, *kinds: str, what: str) -> Token:
        """The next word, which must be of one of these kinds; ``what`` says so to the user."""
        if self.next.kind not in kinds:
            raise self.unexpected(what)
        return self.take()

    def name(self) -> str:
        """The name of a variable or graph: a word, a number, or anything in quotes."""
        token = self.kind("word", "number", "string", what="a name")
        return self.unquoted(token) if token.kind == "string" else token.text

    def unquoted(self, token: Token) -> str:
        """What stands in quotes: as in JSON between double ones, as it is between single ones."""
        if token.text.startswith("'"):
            return token.text[1:-1]
        try:
            return str(json.loads(token.text))
        except ValueError as problem:
            raise self.error(
                "text", token.start, expected="a string as in JSON", got=shortened(token.text)
            ) from problem

    def number(self) -> int | float:
        """A number: a float where it has a point or an exponent."""
        token = self.kind("number", what="a number")
        if any(c in token.text for c in ".eE"):
            return float(token.text)
        if len(token.text) > LONGEST_NUMBER:
            wanted = f"at most {LONGEST_NUMBER} digits"
            raise self.error("text", token.start, expected=wanted, got=len(token.text))
        return int(token.text)

    def end_of_line(self) -> str:
        """The comment of a line, of which this must be the end; empty lines after it are left out."""
        comment = self.take().text if self.next.kind == "comment" else ""
        if self.next.kind != "end":
            self.kind("newline", what="the end of the line")
        self.blank_lines()
        return comment

    def blank_lines(self) -> None:
        """Skip empty lines."""
        while self.next.kind == "newline":
            self.take()

    def unexpected(self, expected: str) -> ChainruleError:
        """The error of a next word that is not what must stand here."""
        words = {"end": "the end of the text", "newline": "the end of the line"}
        got = words.get(self.next.kind, f"'{shortened(self.next.text)}'")
        return self.error("text", self.next.start, expected=expected, got=got)

    def error(self, key: str, start: int, **values: Any) -> ChainruleError:
        """An error that names line and column."""
        line = self.text.count("\n", 0, start) + 1
        column = start - self.text.rfind("\n", 0, start)
        return error(f"graph.{key}", line=line, column=column, **values)


def shortened(text: str) -> str:
    """The beginning of what may be long, for a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
