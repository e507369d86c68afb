"""Random bits by counter: Philox-4×32-10, the same numbers as `chainrule.ops.random` defines.

The functions here work on vectors of counters, so that a fused kernel can draw what it needs where it
needs it.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.emit.irregular.elements import woven
from chainrule.compiler.emit.irregular.form import Params, Phases, Specs, Task, irregular
from chainrule.compiler.emit.irregular.walk import in_vectors, share
from chainrule.compiler.llvm import INDEX, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.compiler.loops.kernel import pieces_of
from chainrule.core.spec import Spec
from chainrule.dtypes import uint32, uint64

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
_LOW = 0xFFFFFFFF
# Words that one call of the generator gives.
WORDS = 4
_BLOCKS = 16
_WORK = 8


def philox(b: Builder, counter: Sequence[Value], key: Sequence[Value]) -> list[Value]:
    """Four words for each counter of four words.

    Parameters
    ----------
    b : Builder
        Where the code goes.
    counter : four values
        Words as ``uint64``, of equally many lanes.
    key : two values
        Words as ``uint64``, one number each.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = (b.splat(word, c0.lanes) for word in key)
    for _ in range(ROUNDS):
        p0, p1 = (b.multiply(b.bits_and(c, _LOW), m) for c, m in zip((c0, c2), MULTIPLIERS, strict=True))
        c0 = b.bits_xor(b.bits_xor(b.shift_right(p1, 32), c1), k0)
        c2 = b.bits_xor(b.bits_xor(b.shift_right(p0, 32), c3), k1)
        c1, c3 = b.bits_and(p1, _LOW), b.bits_and(p0, _LOW)
        k0, k1 = (b.bits_and(b.add(k, w), _LOW) for k, w in zip((k0, k1), WEYL, strict=True))
    return [b.cast(word, uint32) for word in (c0, c1, c2, c3)]


def load_key(b: Builder, pointer: Pointer, spec: Spec) -> list[Value]:
    """The two words of a key."""
    words = (b.load(b.element(pointer, i, spec.dtype), spec.dtype) for i in range(2))
    return [b.bits_and(b.cast(word, uint64), _LOW) for word in words]


def random_words(b: Builder, key: Sequence[Value], blocks: Value) -> Value:
    """The bits of consecutive elements: of each block those numbered 4 · block to 4 · block + 3."""
    w0, w1, w2, w3 = _drawn(b, key, blocks)
    return woven(b, woven(b, w0, w2), woven(b, w1, w3))


def random_bits(b: Builder, key: Sequence[Value], places: Value) -> Value:
    """The bits of any elements of a random array, by their places in row-major order.

    Four words are computed for each and one is kept: where places are consecutive and begin at a multiple of
    four, `random_words` does a quarter of the work.
    """
    counts = b.reinterpret(places, uint64)
    words = _drawn(b, key, b.shift_right(counts, 2))
    which = b.bits_and(counts, WORDS - 1)
    found = words[0]
    for i in range(1, WORDS):
        found = b.select(b.compare("eq", which, i), words[i], found)
    return found


def _drawn(b: Builder, key: Sequence[Value], blocks: Value) -> list[Value]:
    """The words of counters that count in their first two words."""
    counts = b.reinterpret(blocks, uint64)
    none = b.constant(0, uint64, counts.lanes)
    return philox(b, [b.bits_and(counts, _LOW), b.shift_right(counts, 32), none, none], key)


def bits(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``random_bits``."""
    size, lanes = outputs[0].size, _BLOCKS * WORDS
    pieces = pieces_of(_WORK * size, -(-size // lanes))

    def write(task: Task) -> None:
        b = task.b
        key = load_key(b, task.inputs[0], inputs[0])

        def draw(start: Index, count: int) -> None:
            words = random_words(b, key, _counting(b, _block_of(b, start), max(count // WORDS, 1)))
            if count < WORDS:
                # Only what is left over is so short, and its place is known.
                first = start % WORDS if isinstance(start, int) else 0
                words = b.shuffle(words, range(first, first + count)) if count > 1 else b.lane(words, first)
            b.store(words, b.element(task.outputs[0], start, uint32))

        in_vectors(b, share(b, task.piece, pieces, size, lanes), lanes, draw)

    return (irregular(write, pieces),)


def _block_of(b: Builder, place: Index) -> Value:
    return b.number(place // WORDS) if isinstance(place, int) else b.shift_right(place, 2)


def _counting(b: Builder, first: Value, lanes: int) -> Value:
    """The numbers from the first one on."""
    return first if lanes == 1 else b.add(first, b.constants(range(lanes), INDEX))


def fold_in(inputs: Specs, outputs: Specs, params: Params) -> Phases:
    """The row ``fold_in``: the first two words for counters that are data, their last word 1."""
    size, dtype = inputs[1].size, inputs[1].dtype
    pieces = pieces_of(2 * WORDS * _WORK * size, -(-size // _BLOCKS))

    def write(task: Task) -> None:
        b = task.b
        key = load_key(b, task.inputs[0], inputs[0])

        def fold(start: Index, count: int) -> None:
            data = b.cast(b.load(b.element(task.inputs[1], start, dtype), dtype, count), uint64)
            none, one = (b.constant(i, uint64, count) for i in (0, 1))
            low, high, *_ = philox(b, [b.bits_and(data, _LOW), b.shift_right(data, 32), none, one], key)
            b.store(woven(b, low, high), b.element(task.outputs[0], b.times(start, 2), uint32))

        in_vectors(b, share(b, task.piece, pieces, size, _BLOCKS), _BLOCKS, fold)

    return (irregular(write, pieces),)
