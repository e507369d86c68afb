"""Specs, parameters and elements, read from a graph's text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.spec import Spec
from chainrule.dtypes import EXTENDED, SUPPORTED, DType, canonical, letter, short
from chainrule.errors import ChainruleError
from chainrule.graph.elements import from_bits, from_words
from chainrule.graph.tokens import Tokens, shortened

_DEEPEST = 32
_WORDS = {"True": True, "False": False, "None": None}
_FLOATS = {"nan", "inf", "-nan", "-inf"}
_SHORT = {short(dtype): dtype for dtype in SUPPORTED} | {row.short: name for name, row in EXTENDED.items()}
_NAMES = {str(dtype) for dtype in SUPPORTED} | set(EXTENDED)


class Body(str):
    """A parameter that is a graph, by its name: the graph itself stands below."""

    __slots__ = ()


def spec(tokens: Tokens) -> Spec:
    """``f32[2, 3]``."""
    name = tokens.kind("word", what="an element type")
    if name.text not in _SHORT:
        raise tokens.error(
            "text", name.start, expected=f"one of {', '.join(_SHORT)}", got=shortened(name.text)
        )
    dtype = canonical(_SHORT[name.text])
    tokens.expect("[")
    return Spec(tuple(_items(tokens, "]", _extent)), dtype)


def _extent(tokens: Tokens) -> int:
    start = tokens.next.start
    extent = tokens.number()
    if not (isinstance(extent, int) and 0 <= extent < 2**63):
        raise tokens.error("text", start, expected="an extent from 0 to 2**63 - 1", got=extent)
    return extent


def _items(tokens: Tokens, end: str, item: Callable[[Tokens], Any]) -> list[Any]:
    """Items with commas between them, up to a closing bracket; a comma may follow the last."""
    found: list[Any] = []
    while not tokens.skip(end):
        found.append(item(tokens))
        if not tokens.at(end):
            tokens.expect(",")
    return found


def parameter(tokens: Tokens, depth: int = 0) -> Any:
    """One parameter of an operation."""
    if depth > _DEEPEST:
        raise tokens.error("text_deep", tokens.next.start, most=_DEEPEST)
    if tokens.skip("<"):
        body = Body(tokens.name())
        tokens.expect(">")
        return body
    if tokens.skip("("):
        return tuple(_items(tokens, ")", lambda inner: parameter(inner, depth + 1)))
    if tokens.skip("["):
        return _items(tokens, "]", lambda inner: parameter(inner, depth + 1))
    return _atom(tokens, depth)


def _atom(tokens: Tokens, depth: int) -> Any:
    if tokens.next.kind == "number":
        return tokens.number()
    token = tokens.kind("word", "string", what="a parameter")
    if token.kind == "string":
        return tokens.unquoted(token)
    if token.text in _WORDS:
        return _WORDS[token.text]
    if token.text in _FLOATS:
        return float(token.text)
    if token.text in _NAMES:
        return canonical(token.text)
    if token.text in ("slice", "complex") and tokens.skip("("):
        return _made(tokens, token.text, token.start, _items(tokens, ")", lambda t: parameter(t, depth + 1)))
    raise tokens.error("text", token.start, expected="a parameter", got=shortened(token.text))


def _made(tokens: Tokens, name: str, start: int, items: list[Any]) -> Any:
    if name == "slice" and len(items) == 3:
        return slice(*items)
    if name == "complex" and len(items) == 2 and all(type(x) in (int, float) for x in items):
        return complex(float(items[0]), float(items[1]))
    raise tokens.error("text", start, expected=f"{name}(…) of its parts", got=f"{len(items)} parts")


def constant(tokens: Tokens, expected: Spec) -> np.ndarray:
    """The elements of a constant: a scalar, a flat list, or bits in hexadecimal."""
    start = tokens.next.start
    if tokens.at("<"):
        raise tokens.error("text_missing", start)
    if tokens.skip("bits"):
        flat = _bits(tokens, expected.dtype)
    elif tokens.skip("["):
        flat = _converted(tokens, start, _items(tokens, "]", _element), expected.dtype)
    else:
        flat = _converted(tokens, start, [_element(tokens)], expected.dtype)
    if flat.size != expected.size:
        raise tokens.error("text_count", start, spec=expected, expected=expected.size, got=flat.size)
    return flat.reshape(expected.shape)


def _element(tokens: Tokens) -> Any:
    start = tokens.next.start
    value = parameter(tokens)
    if isinstance(value, bool | int | float | complex):
        return value
    raise tokens.error("text", start, expected="a number", got=type(value).__name__)


def _converted(tokens: Tokens, start: int, numbers: list[Any], dtype: DType) -> np.ndarray:
    """Numbers as an array; each must be of the kind that the type holds."""
    kinds = {"b": (bool,), "i": (int,), "u": (int,), "f": (int, float), "c": (int, float, complex)}
    wrong = [x for x in numbers if type(x) not in kinds[letter(dtype)]]
    if wrong:
        raise tokens.error("text", start, expected=f"elements of type {dtype}", got=wrong[0])
    try:
        return from_words(numbers, dtype)
    except (ValueError, OverflowError, TypeError) as problem:
        raise tokens.error("text", start, expected=f"elements of type {dtype}", got=problem) from problem


def _bits(tokens: Tokens, dtype: DType) -> np.ndarray:
    token = tokens.kind("string", what="bits in hexadecimal")
    try:
        return from_bits(token.text[1:-1], dtype)
    except ValueError as problem:
        raise _bad_bits(tokens, token.start, dtype) from problem


def _bad_bits(tokens: Tokens, start: int, dtype: DType) -> ChainruleError:
    expected = f"two hexadecimal digits for each byte, {dtype.itemsize} bytes for each element"
    return tokens.error("text", start, expected=expected, got="others")
