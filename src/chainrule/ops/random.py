"""Random bits by counter: the one source of all random numbers.

Element ``i`` of the result depends on the key and on ``i`` alone (Philox-4×32-10; Salmon et al.,
"Parallel random numbers: as easy as 1, 2, 3", SC 2011). So a mask can be computed again rather
than stored, any part of it on its own, and it is the same on every backend.

A counter has four words. `random_bits` counts in the first two and leaves the last at 0, `fold_in`
puts its data there and the last word to 1: the keys that it makes never repeat bits that are drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Zero
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import Integers, sample
from chainrule.core.spec import Shape
from chainrule.dtypes import uint32
from chainrule.ops import shapes

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW, _SHIFT = 0xFFFFFFFF, np.uint64(32)
# Counters that are encrypted at a time: what is computed on the way stays in a cache.
_RUN = 1 << 13
_WORDS = Integers(0, 2**32 - 1, dtype="uint32")


def philox(counter: list[np.ndarray], key: np.ndarray) -> list[np.ndarray]:
    """Ten rounds of Philox-4×32 on four arrays of counter words with a key of two words."""
    c0, c1, c2, c3 = (word.astype(np.uint64) for word in counter)
    k0, k1 = (int(word) & _LOW for word in key)
    for _ in range(_ROUNDS):
        p0, p1 = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c2 = (p1 >> _SHIFT) ^ c1 ^ np.uint64(k0), (p0 >> _SHIFT) ^ c3 ^ np.uint64(k1)
        c1, c3 = p1 & np.uint64(_LOW), p0 & np.uint64(_LOW)
        k0, k1 = (k0 + _WEYL[0]) & _LOW, (k1 + _WEYL[1]) & _LOW
    return [word.astype(np.uint32) for word in (c0, c1, c2, c3)]


def _encrypted(counts: np.ndarray, last: int, key: np.ndarray) -> np.ndarray:
    """The four words of each counter value, along a new last axis."""
    none = np.zeros_like(counts)
    words = philox([counts & np.uint64(_LOW), counts >> _SHIFT, none, none + np.uint64(last)], key)
    return np.stack(words, axis=-1)


def _random_bits(key: np.ndarray, shape: Shape) -> np.ndarray:
    words = np.empty((-(-shapes.size(shape) // 4), 4), np.uint32)
    for run in range(0, len(words), _RUN):
        counts = np.arange(run, min(run + _RUN, len(words)), dtype=np.uint64)
        words[run : run + _RUN] = _encrypted(counts, 0, key)
    return words.ravel()[: shapes.size(shape)].reshape(shape)


def _bits_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    return tuple(params["shape"])


random_bits = Op(
    name="random_bits",
    family="random",
    args=("k",),
    formula=r"\mathrm{Philox}_{k}(0, 1, 2, \dots)",
    shape=_bits_shape,
    dtype=DTypeRule("u", output=uint32),
    numpy=_random_bits,
    derivative=Zero(),
    domain=(_WORDS,),
    samples=(sample((2,), shape=(3, 5)), sample((2,), shape=(0, 2)), sample((2,), shape=())),
    cost=lambda inputs, output, params: 20 * shapes.size(output),
)


def _fold_in_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    return (*found[1], 2)


fold_in = Op(
    name="fold_in",
    family="random",
    args=("k", "d"),
    formula=r"\mathrm{Philox}_{k}(d)",
    shape=_fold_in_shape,
    dtype=DTypeRule("u", output=uint32, separate=(1,)),
    numpy=lambda k, d: _encrypted(d.astype(np.uint64), 1, k)[..., :2],
    derivative=Zero(),
    domain=(_WORDS, Integers(-3, 2**40)),
    samples=(sample((2,), ()), sample((2,), (3, 2)), sample((2,), (0,))),
    cost=lambda inputs, output, params: 40 * shapes.size(output),
)
