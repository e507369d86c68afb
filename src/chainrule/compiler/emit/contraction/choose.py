"""Choosing the plan of a contraction by the cost model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from chainrule.compiler.emit.contraction.cost import PAGE, adding_up, packing, unevenness
from chainrule.compiler.emit.contraction.dot import can_add_pairs
from chainrule.compiler.emit.contraction.form import Contraction
from chainrule.compiler.emit.contraction.nest import Kind, Nest, blocks_of, nests_of
from chainrule.compiler.emit.contraction.numbers import Numbers
from chainrule.compiler.emit.contraction.pairs import is_complex, pairs_of
from chainrule.compiler.emit.contraction.plan import MOST_PIECES, Plan
from chainrule.compiler.emit.contraction.tiles import Split
from chainrule.compiler.target import Target

# Multiplications below which a piece is not worth handing to another thread, and the most pieces.
_SMALLEST_PIECE = 1 << 18
# Reading a number from the second cache takes as long as so many multiplications.
_READING = 4
# Parts of the depth are added up at the end: few of them, where rows and columns do not suffice.
_MOST_DEPTH_PIECES, _SHORTEST_PIECE = 16, 128
# Steps of a block of depth where rows of B would drive each other out of the cache; measured.
_SHALLOW = 4
# Steps of a block whose elements of A lie on a page each; measured.
_MOST_PAGES = 512
# Sizes of tiles that are tried; few rows take more vectors.
_VECTORS, _VECTORS_FOR_FEW, _FEW_ROWS = (1, 2, 3, 4), (1, 2, 4, 8, 12), 4
_MOST_ROWS = {Kind.OUTER: 24, Kind.PAIRS: 24, Kind.LANEWISE: 9}


def plan(
    form: Contraction,
    target: Target,
    *,
    kind: Kind | None = None,
    exchange: bool | None = None,
    tile: tuple[int, int] | None = None,
    depth: int | None = None,
    pack_a: bool | None = None,
    pack_b: bool | None = None,
    pieces: int | None = None,
    lasting: str = "",
    in_loop: bool = False,
) -> Plan:
    """The best plan by the cost model; what is given is taken as it is.

    Parameters
    ----------
    form : Contraction
        What is computed.
    target : Target
        For whom.
    kind : Kind, optional
        What is done in the innermost part, if the form allows it.
    exchange : bool, optional
        Whether rows and columns are exchanged, so that vectors run along the rows.
    tile : (int, int), optional
        The most rows and vectors of a tile.
    depth : int, optional
        The most steps of a block of depth.
    pack_a, pack_b : bool, optional
        Which operand is copied to panels.
    pieces : int, optional
        About how many pieces there are.
    lasting : str
        Which operands, ``a``, ``b`` or both, are the same at many runs.
    in_loop : bool
        Whether these runs follow each other.
    """
    if is_complex(form):
        chosen = plan(
            pairs_of(form), target, exchange=exchange, tile=tile, depth=depth, pack_a=pack_a, pieces=pieces
        )
        return replace(chosen, of_complex=form)
    ways = [exchange] if exchange is not None else [False, True]
    in_pairs = can_add_pairs(form, target)
    found = [
        candidate
        for way in ways
        for nest in _of_kind(list(nests_of(form, exchange=way, in_pairs=in_pairs)), kind)
        for size in ([tile] if tile else _tiles(nest, target))
        for candidate in _candidates(nest, form, target, size, depth, pack_a, pack_b)
    ]
    found = [
        replace(one, lasting=("a" if one.nest.exchanged else "b") in lasting, in_loop=in_loop)
        for one in found
    ]
    cut = (
        _in_pieces(one, pieces) if pieces else _with_weights_read_once(_in_pieces(one, None)) for one in found
    )
    return min(cut, key=lambda one: one.cost.cycles)


def _of_kind(nests: list[Nest], kind: Kind | None) -> list[Nest]:
    return [nest for nest in nests if nest.kind is kind] or nests


def _tiles(nest: Nest, target: Target) -> Iterator[tuple[int, int]]:
    """Tiles whose accumulators, with the vectors of B and one element of A, fit into the registers."""
    if nest.kind is Kind.INNER:
        yield 1, 1
        return
    spare = 1 if target.has_fma else 2
    few = math.prod(axis.dim.extent for axis in nest.rows) <= _FEW_ROWS
    for vectors in _VECTORS_FOR_FEW if few else _VECTORS:
        rows = min((target.registers - vectors - spare) // vectors, _MOST_ROWS[nest.kind])
        if rows >= 1:
            yield rows, vectors
        if rows > target.caches.rows_of_a_set / 2 and vectors == _VECTORS[-1]:
            yield max(1, target.caches.rows_of_a_set // 2), vectors


def _candidates(
    nest: Nest,
    form: Contraction,
    target: Target,
    tile: tuple[int, int],
    depth: int | None,
    pack_a: bool | None,
    pack_b: bool | None,
) -> list[Plan]:
    numbers = Numbers(form.accumulator, target)
    rows, vectors = (1, 1) if nest.kind is Kind.INNER else tile
    columns = Split(-(-nest.column.dim.extent // numbers.lanes), vectors)
    depths = [depth] if depth and nest.kind is not Kind.INNER else _depths(nest, target, columns)
    if nest.is_odd:
        # Half a pair stands at the end of the innermost loop, not of a part of it.
        depths = [max(steps, nest.depth[-1].dim.extent) for steps in depths]
    found = []
    for steps in depths:
        blocks = blocks_of([axis.dim.extent for axis in nest.depth], steps)
        first = Plan(form, target, nest, _row_splits(nest, rows), columns, blocks)
        ways_a, ways_b = _packings(first)
        if pack_a in ways_a:
            ways_a = [pack_a]
        if pack_b in ways_b:
            ways_b = [pack_b]
        found += [replace(first, pack_a=a, pack_b=b) for a in ways_a for b in ways_b]
    return found


def _depths(nest: Nest, target: Target, columns: Split) -> list[int]:
    """Steps of a block: what the second cache holds, and of a long depth few enough to cut it into pieces."""
    whole = math.prod(axis.dim.extent for axis in nest.depth)
    most = _block_steps(nest, target, columns)
    rows = math.prod(axis.dim.extent for axis in nest.rows)
    if _streams_rows(nest):
        return [most, _SHALLOW if rows == 1 else 2 * _SHALLOW]
    is_long = nest.kind is not Kind.INNER and whole > 2 * max(rows, nest.column.dim.extent)
    part = max(_SHORTEST_PIECE, whole // _MOST_DEPTH_PIECES)
    return [most, part] if is_long and part < min(most, whole) else [most]


def _block_steps(nest: Nest, target: Target, columns: Split) -> int:
    """How deep a panel of B may be for the second cache."""
    if nest.kind is Kind.INNER:
        return math.prod(axis.dim.extent for axis in nest.depth)
    width = columns.largest * target.vector_bytes
    if abs(nest.depth[-1].dim.a) * nest.form.a.itemsize >= PAGE:
        return _MOST_PAGES
    return max(256, target.caches.l2 * 3 // 8 // max(1, width))


def _streams_rows(nest: Nest) -> bool:
    """Whether rows of B are read once, since A has few, and share sets of the first cache."""
    step = nest.depth[-1].dim.b * nest.form.b.itemsize
    is_few = math.prod(axis.dim.extent for axis in nest.rows) <= _FEW_ROWS
    return is_few and step != 0 and step % PAGE == 0


def _packings(candidate: Plan) -> tuple[list[bool], list[bool]]:
    """Whether A and B may, or must, be packed."""
    nest = candidate.nest
    if nest.kind is Kind.INNER:
        return [False], [False]
    may_pack_a = nest.kind.is_outer and all(split.largest == 1 for split in candidate.rows[:-1])
    ways_a = [False, True] if may_pack_a else [False]
    if may_pack_a and _should_pack_a(candidate):
        ways_a = [True]
    return ways_a, [True] if _must_pack_b(candidate) else [False, True]


def _should_pack_a(candidate: Plan) -> bool:
    """Whether elements of A can't be used as they lie, or only at some cost each time."""
    nest = candidate.nest
    if nest.kind is Kind.PAIRS:
        return nest.along_depth("a") != 1
    return candidate.is_converted("a") and candidate.columns.count > 1


def _row_splits(nest: Nest, most: int) -> tuple[Split, ...]:
    """The last row axis in tiles; if it is short, whole, and the one before it in tiles."""
    extents = [axis.dim.extent for axis in nest.rows]
    last = extents[-1]
    splits = [Split(n, 1) for n in extents[:-1]] + [Split(last, most)]
    is_packed = nest.kind is Kind.PAIRS and nest.along_depth("a") != 1
    if len(extents) > 1 and 0 < 2 * last <= most and not is_packed:
        splits[-2] = Split(extents[-2], most // last)
    return tuple(splits)


def _must_pack_b(candidate: Plan) -> bool:
    """Whether vectors of B can't be loaded from where it lies, or must be converted by many instructions."""
    nest = candidate.nest
    is_ragged = nest.column.dim.extent % candidate.lanes != 0
    if nest.column.dim.extent > 1 and nest.column.dim.b != 1:
        return True
    is_costly = candidate.is_converted("b") and nest.form.b.name != "bfloat16"
    return (is_ragged and not candidate.target.has_masks) or is_costly


def _in_pieces(chosen: Plan, wanted: int | None) -> Plan:
    """The plan cut into pieces: a number that depends on the form alone."""
    if wanted is None:
        wanted = max(1, min(MOST_PIECES, _work(chosen) // _SMALLEST_PIECE))
        # Two, four or eight threads share a power of two evenly.
        wanted = 1 << (wanted - 1).bit_length()
    ways = [
        _with_parts(replace(order, row_chunks=rows, column_chunks=columns), wanted)
        for order in _orders(chosen)
        for rows, columns in _cuts(order, wanted)
    ]
    ways = [replace(way, pieces=_alike(math.prod(way.units), wanted)) for way in ways]
    enough = min(wanted, max(math.prod(way.units) for way in ways))
    sums = chosen.cost.tiles / max(1, math.prod(axis.dim.extent for axis in chosen.nest.batch))
    ways = [way for way in ways if 2 * math.prod(way.units) >= enough]
    return min(ways, key=lambda way: packing(way) + adding_up(way) + sums * unevenness(way))


def _alike(units: int, wanted: int) -> int:
    """The fewest pieces of which none has more units than if they were as many as wanted.

    >>> _alike(36, 32)
    18
    """
    each = -(-units // wanted)
    return -(-units // max(1, each)) or 1


def _with_weights_read_once(chosen: Plan) -> Plan:
    """The same with each panel of weights read by one piece alone, if pieces are not many fewer then."""
    columns = chosen.columns.count
    is_fit = chosen.lasting and chosen.pack_b and chosen.nest.kind.is_outer and not chosen.is_blocked
    is_near = 2 * chosen.bytes_of("a") <= chosen.target.caches.l2
    are_many = columns >= 8 and columns % 2 == 0 and chosen.pieces <= 3 * columns
    if chosen.units[:-3] or chosen.row_chunks == 1 or not (is_fit and is_near and are_many):
        return chosen
    return replace(
        chosen, row_chunks=1, column_chunks=min(columns, MOST_PIECES), pieces=min(columns, MOST_PIECES)
    )


def _cuts(order: Plan, wanted: int) -> list[tuple[int, int]]:
    """Numbers of chunks of rows and columns; rows of B that are read from end to end stay whole."""
    if _streams_rows(order.nest) and order.blocks.steps <= 2 * _SHALLOW:
        return [(1, 1)]
    found = _chunks(order, -(-wanted // max(1, math.prod(order.units))))
    return found if (1, 1) in found else [*found, (1, 1)]


def _orders(chosen: Plan) -> list[Plan]:
    """Loops over columns that are no run in memory outside the blocks of the depth, or inside them."""
    columns = sum(axis.group == "columns" for axis in chosen.nest.batch)
    return [chosen, replace(chosen, inside=columns)] if columns and chosen.is_blocked else [chosen]


def _with_parts(way: Plan, wanted: int) -> Plan:
    """A way to cut rows and columns, with the depth cut too where these do not suffice."""
    free = min(wanted, _MOST_DEPTH_PIECES) // max(1, math.prod(way.units))
    # No part may be left without a block: its sums would never be written.
    return replace(way, depth_chunks=max(1, min(free, way.blocks.count)))


def _work(chosen: Plan) -> int:
    """Multiplications, or what takes as long: products with a vector do little else than read."""
    batches = math.prod(axis.dim.extent for axis in chosen.nest.batch)
    reading = _READING * batches * (chosen.distinct("a") + chosen.distinct("b"))
    return max(chosen.form.multiplications, reading)


def _chunks(chosen: Plan, needed: int) -> list[tuple[int, int]]:
    """Numbers of chunks of rows and columns that give as many pieces as are needed, or nearly so."""
    row_tiles, column_tiles = max(1, chosen.row_tile_count), max(1, chosen.columns.count)
    needed = min(needed, row_tiles * column_tiles)
    found = []
    for columns in (2**i for i in range(needed.bit_length() + 1)):
        columns = min(columns, column_tiles)
        rows = min(-(-needed // columns), row_tiles)
        found.append((rows, columns))
    most = max(rows * columns for rows, columns in found)
    return [way for way in dict.fromkeys(found) if 2 * math.prod(way) >= min(needed, most)]
