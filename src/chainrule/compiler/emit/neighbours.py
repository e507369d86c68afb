r"""Points of a nest in tiles of neighbours: what several of them read is read once.

A nest that reads one buffer at several places near each other, as a convolution of single channels does,
would load each element once for every tap. In a tile of :math:`h \times w` points, of the two axes before
the last, :math:`3 \times 3` taps load :math:`(h + 2)(w + 2)` elements instead of :math:`9 h w`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from chainrule.compiler.emit.contraction.tiles import Split
from chainrule.compiler.emit.expression import Evaluator
from chainrule.compiler.emit.registers import Register
from chainrule.compiler.llvm.core import Index as Place
from chainrule.compiler.loops.expr import Apply, Buffer, Constant, Read, forms, walk
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.kernel import Nest

# Points of a tile along the two axes; rows of pointwise operations that are written out for all of them.
_MOST_DOWN, _MOST_ALONG = 2, 8
_MOST_WRITTEN_OUT = 160
# Tiles of a nest that are enough for threads to share evenly.
_MANY_TILES = 14

Shift = tuple[int, ...]


def tiling_of(nest: Nest, lanes: int) -> tuple[Split, ...] | None:
    """The axes but the last in tiles; None where neighbours read little in common.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.compiler.loops.expr import Apply, Buffer, Read
    >>> from chainrule.compiler.loops.form import Form
    >>> from chainrule.compiler.loops.step import Definition
    >>> from chainrule.ops import pointwise as ops
    >>> f = np.dtype(np.float32)
    >>> x, y = Buffer("x", f, 58 * 64), Buffer("y", f, 56 * 64)
    >>> taps = [Read(x, Form(64 * tap, (64, 1))) for tap in range(3)]
    >>> total = Apply(ops.add, (Apply(ops.add, tuple(taps[:2]), {}, f), taps[2]), {}, f)
    >>> nest = Nest((56, 64), 2, [Definition(y, Form(0, (64, 1)), (56, 64), total)])
    >>> tiling_of(nest, lanes=16)
    (Split(extent=56, most=4),)
    """
    *outer, last = nest.extents or (0,)
    if not outer or nest.outer < len(nest.extents) or 2 * last < lanes or not _is_plain(nest):
        return None
    sizes = [size for size in _sizes(outer) if _is_small(nest, size) and _tiles(outer, size) >= _MANY_TILES]
    best = min(sizes, key=lambda size: _cost(nest, outer, size), default=None)
    if best is None or math.prod(best) == 1:
        return None
    return tuple(Split(n, most) for n, most in zip(outer, best, strict=True))


def _is_plain(nest: Nest) -> bool:
    """Whether a nest reads a buffer at neighbouring places, and all that it reads as vectors or numbers."""
    nodes = list(walk(*(member.value for member in nest.members)))
    reads = {(x.buffer, x.form) for x in nodes if isinstance(x, Read)}
    alike = {(buffer, form.coefs) for buffer, form in reads}
    places = [form for member in nest.members for form in (member.place, *forms(member.value))]
    return (
        len(alike) < len(reads)
        and all(isinstance(x, Apply | Read | Constant) for x in nodes)
        and all(form.coefs[-1] in (0, 1) for form in places)
        and not any(member.folded for member in nest.members)
    )


def _sizes(outer: Sequence[int]) -> Iterator[Shift]:
    """Tiles that are tried."""
    most = (*(1 for _ in outer), _MOST_DOWN, _MOST_ALONG)[-len(outer) :]
    yield from itertools.product(*(range(1, min(m, n) + 1) for m, n in zip(most, outer, strict=True)))


def _tiles(outer: Sequence[int], size: Shift) -> int:
    return math.prod(Split(n, most).count for n, most in zip(outer, size, strict=True))


def _is_small(nest: Nest, size: Shift) -> bool:
    """Whether a tile can be written out."""
    nodes = {id(x): x for member in nest.members for x in walk(member.value)}
    return math.prod(size) * sum(isinstance(x, Apply) for x in nodes.values()) <= _MOST_WRITTEN_OUT


def _cost(nest: Nest, outer: Sequence[int], size: Shift) -> tuple[float, int]:
    """Loads of all tiles, and the size of their code."""
    splits = [Split(n, most) for n, most in zip(outer, size, strict=True)]
    loads = points = 0
    for parts in itertools.product(*(split.parts for split in splits)):
        loads += math.prod(part.count for part in parts) * _loads(nest, [part.size for part in parts])
        points += math.prod(part.size for part in parts)
    return loads, points


def _loads(nest: Nest, size: Sequence[int]) -> int:
    """Different elements that the points of a tile read."""
    reads = {(x.buffer, x.form) for member in nest.members for x in walk(member.value) if isinstance(x, Read)}
    shifts = list(itertools.product(*(range(n) for n in size)))
    return len({(buffer, form.coefs, _moved(form, shift)) for buffer, form in reads for shift in shifts})


def _moved(form: Form, shift: Shift) -> int:
    """A form's offset at a neighbour of a tile's first point."""
    return form.offset + sum(i * c for i, c in zip(shift, form.coefs, strict=False))


class Neighbours:
    """What the points of a tile have in common, at one vector along the last axis."""

    def __init__(self) -> None:
        self.starts: dict[Shift, Place] = {}
        self.loads: dict[tuple[Buffer, Shift, int], Register] = {}


class Neighbour(Evaluator):
    """Values of expressions at a point of a tile.

    Parameters
    ----------
    first : Evaluator
        The same at the tile's first point.
    shift : tuple of int
        How far the point is from that one.
    common : Neighbours
        Shared by the points of the tile.
    """

    def __init__(self, first: Evaluator, shift: Shift, common: Neighbours) -> None:
        self.__dict__.update(first.at({}).__dict__)
        self.shift, self.common = shift, common

    def _start(self, form: Form) -> Place:
        """A form's value at the first lane: that at the tile's first point, and a number."""
        if form.coefs not in self.common.starts:
            self.common.starts[form.coefs] = super()._start(Form(0, form.coefs))
        return self.b.plus(self.common.starts[form.coefs], _moved(form, self.shift))

    def load(self, buffer: Buffer, form: Form) -> Register:
        """Elements of a buffer, which another point may have read."""
        if buffer in self.held or buffer in self.made:
            return super().load(buffer, form)
        key = buffer, form.coefs, _moved(form, self.shift)
        if key not in self.common.loads:
            self.common.loads[key] = super().load(buffer, form)
        return self.common.loads[key]


def starts_of(nest: Nest) -> list[Form]:
    """The forms of a nest without their offsets."""
    places = [form for member in nest.members for form in (member.place, *forms(member.value))]
    return [Form(0, coefs) for coefs in dict.fromkeys(form.coefs for form in places)]


def points_of(first: Evaluator, sizes: Sequence[int]) -> Iterator[Neighbour]:
    """The points of a tile, column by column: what has been read is used soon."""
    common = Neighbours()
    *before, last = (range(n) for n in sizes)
    for along in last:
        for others in itertools.product(*before):
            yield Neighbour(first, (*others, along), common)
