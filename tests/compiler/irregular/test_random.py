"""The generator as a part of other kernels: bits of any places, in vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from chainrule.compiler.emit.irregular import random_bits, random_words
from chainrule.compiler.emit.irregular.random import load_key
from chainrule.compiler.llvm import INDEX, Builder, Module, Value
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import VARIABLE, host
from chainrule.core.spec import Spec
from chainrule.dtypes import uint32
from chainrule.ops.random import _encrypted

from .cases import LEVELS

KEY = np.array([0x243F6A88, 0x85A308D3], np.uint32)
PLACES = np.array([0, 1, 2, 3, 4, 7, 1001, 1 << 20, (1 << 34) + 5, (1 << 60) + 2, 9, 8, 6, 5, 12, 3])


@pytest.fixture(params=LEVELS, autouse=True)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, request.param)
    return str(request.param)


def drawn(draw: Callable[[Builder, list[Value], Value], Value], places: np.ndarray, count: int) -> np.ndarray:
    """What a function of key and places gives in a kernel."""
    module = Module()
    b = Builder(module, "draw", [("ptr", "key"), ("ptr", "places"), ("ptr", "result")])
    key = load_key(b, b.pointer("key"), Spec((2,), uint32))
    b.store(draw(b, key, b.load(b.pointer("places"), INDEX, places.size)), b.pointer("result"))
    b.finish()
    found = np.empty(count, np.uint32)
    call = function(load([str(module)], host()), "draw", "void", "ptr", "ptr", "ptr")
    call(KEY.ctypes.data, places.ctypes.data, found.ctypes.data)
    return found


@pytest.mark.parametrize("lanes", [1, 2, 4, 16])
def test_bits_of_any_places(lanes: int) -> None:
    places = PLACES[-lanes:] if lanes < 16 else PLACES
    expected = _encrypted((places >> 2).astype(np.uint64), 0, KEY)[np.arange(lanes), places & 3]
    np.testing.assert_array_equal(drawn(random_bits, np.ascontiguousarray(places), lanes), expected)


@pytest.mark.parametrize("lanes", [1, 2, 8])
@pytest.mark.parametrize("first", [0, 5, (1 << 32) - 3])
def test_words_of_blocks(lanes: int, first: int) -> None:
    blocks = np.arange(first, first + lanes)
    expected = _encrypted(blocks.astype(np.uint64), 0, KEY).ravel()
    np.testing.assert_array_equal(drawn(random_words, blocks, 4 * lanes), expected)
