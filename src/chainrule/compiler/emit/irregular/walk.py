"""Walking over arrays: the share of a piece, vectors and what is left over, nests of strided loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chainrule.compiler.llvm import Builder, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType

# Bytes worked on at a time, on every machine: where registers are narrower a vector takes several.
WIDTH = 64


def lanes_of(dtype: DType) -> int:
    """How many elements a vector has."""
    return WIDTH // dtype.itemsize


@dataclass(frozen=True)
class Span:
    """The part from ``start`` to ``stop`` of the places 0 … ``extent``."""

    start: Index
    stop: Index
    extent: int

    @property
    def is_whole(self) -> bool:
        """Whether it is known to be all places."""
        return self.start == 0 and self.stop == self.extent


def whole(extent: int) -> Span:
    """All places."""
    return Span(0, extent, extent)


def share(b: Builder, piece: Value, pieces: int, extent: int, unit: int = 1) -> Span:
    """The places of one piece: equally many for each, in multiples of ``unit``."""
    if pieces == 1:
        return whole(extent)
    each = -(-extent // (pieces * unit)) * unit
    start = b.minimum(b.number(b.times(piece, each)), extent)
    return Span(start, b.minimum(b.number(b.plus(start, each)), extent), extent)


def in_vectors(b: Builder, span: Span, lanes: int, body: Callable[[Index, int], None]) -> None:
    """Write ``body(start, lanes)`` for vectors, and for ever shorter ones over what is left.

    A span that is a part must start at a multiple of ``lanes``, and stop at one or at the extent.
    """
    full = span.extent // lanes * lanes
    if full == lanes and span.is_whole:
        body(0, lanes)
    elif full:
        stop = full if span.is_whole else b.minimum(b.number(span.stop), full)
        with b.loop(span.start, stop, lanes) as loop:
            body(loop.index, lanes)
    if full == span.extent:
        return
    if span.is_whole:
        _rest(full, span.extent, body)
        return
    # Pieces beyond the end are empty, and stop at the extent as well.
    has_work = b.compare("lt", b.number(span.start), span.stop)
    with b.when(has_work), b.when(b.compare("eq", b.number(span.stop), span.extent)):
        _rest(full, span.extent, body)


def _rest(start: int, extent: int, body: Callable[[Index, int], None]) -> None:
    for at, lanes in shorter(start, extent):
        body(at, lanes)


def shorter(start: int, extent: int) -> list[tuple[int, int]]:
    """What is left from ``start`` on, cut into powers of two: places and lengths."""
    found = []
    while start < extent:
        lanes = 1 << ((extent - start).bit_length() - 1)
        found.append((start, lanes))
        start += lanes
    return found


@dataclass(frozen=True)
class Dim:
    """An axis of a nest: its extent, and how far a step along it leads in each of several arrays."""

    extent: int
    strides: tuple[int, ...]


def merged(dims: Sequence[Dim]) -> list[Dim]:
    """The same nest with as few axes as possible."""
    found: list[Dim] = []
    for dim in dims:
        if dim.extent == 1:
            continue
        if found and found[-1].strides == tuple(s * dim.extent for s in dim.strides):
            found[-1] = Dim(found[-1].extent * dim.extent, dim.strides)
        else:
            found.append(dim)
    return found


def for_each(
    b: Builder,
    dims: Sequence[Dim],
    starts: tuple[Index, ...],
    body: Callable[[tuple[Index, ...]], None],
    spans: Sequence[Span] | None = None,
) -> None:
    """Write loops over the axes; ``body`` is given the place in each array."""
    if not dims:
        body(starts)
        return
    dim, *inner = dims
    span, *inner_spans = [whole(d.extent) for d in dims] if spans is None else spans
    with b.loop(span.start, span.stop) as loop:
        moved = tuple(
            b.plus(start, b.times(loop.index, stride))
            for start, stride in zip(starts, dim.strides, strict=True)
        )
        for_each(b, inner, moved, body, inner_spans)
