"""What a plan costs, in cycles of one core: a model small enough to be read, close enough to choose by.

A step of a tile of m rows and n vectors takes as long as the busiest of what it needs: m·n multiply-adds,
m + n loads, or the vectors of B where they come from the second cache. To this come what each tile costs once
(its stores, the start of its loop), the copies of what is packed, and a penalty where an operand is read in
steps that fall on ever new pages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.emit.contraction.tile import WRITTEN_OUT

if TYPE_CHECKING:
    from chainrule.compiler.emit.contraction.plan import Plan

# What a core does in a cycle: usual numbers of wide processors of the last ten years.
PRODUCTS, LOADS, LATENCY = 2, 2, 4
SECOND_CACHE_BYTES, THIRD_CACHE_BYTES = 32, 14
# From the second cache in one run, as what is packed.
SECOND_CACHE_RUN_BYTES = 40
SECOND_CACHE_WAYS = 16
PAGE = 4096
CACHE_LINE = 64
# Pages whose addresses are at hand.
PAGES = 64

# Cycles, measured with `benchmarks/contraction.py`: of a tile, a step and a loop over steps;
TILE_START, PER_STEP, LOOP_START = 20.0, 0.2, 8.0
# of a stored vector, and of numbers that are stored alone, near each other and far;
PER_STORE, NEAR_ALONE, FAR_ALONE = 1.0, 2.0, 12.0
# of another phase, and of a vector of sums that is added to others;
PHASE_START, PER_NEAR_PART, PER_FAR_PART = 4000.0, 2.0, 8.0
# of weaving two vectors;
PER_TURN = 1.0
# of a vector of 16-bit floats that is converted, and of two that are woven to pairs;
CONVERTED, PAIRED = 1.0, 1.2
# of a packed number, by how it is read;
COPIED, COPIED_IN_PARTS, WOVEN, SINGLE = 0.3, 0.5, 0.4, 1.5
# of one that comes from beyond the second cache in short runs, besides;
FAR_IN_PARTS = 0.5
# of a packed pair whose numbers lie apart;
COPIED_PAIR = 0.6
# of a number that is read once more, from the second cache, from beyond it, and from memory;
NEAR, FAR, FROM_MEMORY = 0.01, 0.2, 0.6
# of the lesser of multiplying and loading, which do not run side by side without any loss;
CROWDED = 0.1
# of an element of A whose cache line is driven out by those of the tile's other rows, to near and afar;
DRIVEN_OUT, DRIVEN_OUT_FAR = 0.1, 0.5
# of a stored vector whose cache line has to wait for those of other rows;
CROWDED_STORE = 15.0
# of a step to another page in A and in B, and to a single cache line of B beyond the second cache.
NEW_PAGE_A, NEW_PAGE_B, LONE_LINE = 0.6, 1.7, 6.0


@dataclass(frozen=True)
class Cost:
    """Cycles, by what they are spent on."""

    tiles: float
    stores: float
    packing: float

    @property
    def cycles(self) -> float:
        """All of them."""
        return self.tiles + self.stores + self.packing


def step_cycles(plan: Plan, rows: int, vectors: int) -> float:
    """Cycles of one step of depth of a tile whose operands are near."""
    products = rows * vectors
    loads = rows + vectors
    if not plan.nest.kind.is_outer:
        loads = products + vectors
    if plan.nest.kind is Kind.INNER:
        # A step is a lane of a vector; each column has its own product, with the row's vector.
        return max((plan.lanes + 1) / LOADS, LATENCY) * rows * vectors / plan.lanes
    multiply = products / PRODUCTS * (1 if plan.target.has_fma else 2)
    waits = LATENCY if products < PRODUCTS * LATENCY else 0
    fetch = loads / LOADS
    changing = vectors * _changing(plan)
    return max(multiply, fetch, waits) + CROWDED * min(multiply, fetch) + PER_STEP + changing


def _changing(plan: Plan) -> float:
    """Cycles from a vector of B as it lies to one that is multiplied."""
    if plan.pack_b:
        return 0.0
    if plan.nest.kind is Kind.PAIRS:
        return PAIRED
    return CONVERTED if plan.is_converted("b") else 0.0


def cost(plan: Plan) -> Cost:
    """What a plan costs."""
    nest = plan.nest
    batches = math.prod(axis.dim.extent for axis in nest.batch)
    steps = steps_of(plan)
    tiles = stores = 0.0
    for rows, row_count in plan.row_tiles():
        for vectors, column_count in plan.column_tiles():
            count = row_count * column_count
            loops = 0 if steps * rows * vectors <= WRITTEN_OUT else math.prod(plan.blocks.inner[:-1])
            tiles += count * (steps * _step(plan, rows, vectors) + plan.blocks.count * loops * LOOP_START)
            stores += count * (_storing(plan, rows * vectors) + _crowded_stores(plan, rows) * rows * vectors)
    tiles *= unevenness(plan)
    return Cost(batches * tiles, batches * (stores + adding_up(plan)), batches * packing(plan))


def unevenness(plan: Plan) -> float:
    """How many times longer than half of the work two threads take.

    Each begins with half of the units. Chunks of rows and columns differ by a tile, so halves may differ by
    more than one unit; what the slower one has left then is taken from it piece by piece.
    """
    units, pieces = math.prod(plan.units), max(1, plan.pieces)
    if units <= 1:
        return 1.0
    *_, row_chunks, column_chunks, _ = plan.units
    work = math.prod(plan.units) // (row_chunks * column_chunks) * plan.row_tile_count * plan.columns.count
    largest = -(-plan.row_tile_count // row_chunks) * -(-plan.columns.count // column_chunks)
    apart = abs(work / 2 - _work_before(plan, units // 2))
    return 1 + min(apart, largest * -(-units // pieces) / 2) / (work / 2)


def _work_before(plan: Plan, units: int) -> int:
    """Tiles of so many first units."""
    *_, row_chunks, column_chunks, depth = plan.units
    rest, part = divmod(units, depth)
    rest, column = divmod(rest, column_chunks)
    batch, row = divmod(rest, row_chunks)
    rows, columns = plan.row_tile_count, plan.columns.count
    first_row, first_column = rows * row // row_chunks, columns * column // column_chunks
    height = rows * (row + 1) // row_chunks - first_row
    width = columns * (column + 1) // column_chunks - first_column
    return depth * (columns * (batch * rows + first_row) + height * first_column) + height * width * part


def adding_up(plan: Plan) -> float:
    """Cycles of adding up what the parts of the depth gave; for one batch."""
    if plan.depth_chunks == 1:
        return 0.0
    vectors = plan.depth_chunks * math.prod(axis.dim.extent for axis in plan.nest.rows) * plan.columns.extent
    is_near = vectors * plan.target.vector_bytes <= plan.target.caches.l2
    return PHASE_START + vectors * (PER_NEAR_PART if is_near else PER_FAR_PART)


def steps_of(plan: Plan) -> int:
    """Steps of the whole depth."""
    return math.prod(axis.dim.extent for axis in plan.nest.depth)


def _storing(plan: Plan, vectors: int) -> float:
    """Cycles of starting and ending a tile."""
    step = abs(plan.nest.column.dim.c) * plan.nest.form.c.itemsize
    store = (NEAR_ALONE if step <= 4 * CACHE_LINE else FAR_ALONE) * plan.lanes
    if plan.nest.column.dim.c == 1:
        store = PER_STORE
    if plan.nest.kind is Kind.INNER:
        store += PER_TURN * plan.lanes * math.log2(2 * plan.lanes)
    kept = plan.blocks.count * (TILE_START + 2 * PER_STORE * vectors) if plan.is_blocked else 0.0
    return kept + TILE_START + store * vectors


def _crowded_stores(plan: Plan, rows: int) -> float:
    """Cycles of a stored vector beyond what the tile multiplies, if rows lie in the same sets of a cache."""
    step = abs(plan.nest.rows[-1].dim.c) * plan.nest.form.c.itemsize
    rows_of_a_set = rows * math.gcd(step, PAGE) / PAGE
    if 2 * rows_of_a_set <= plan.target.caches.rows_of_a_set:
        return 0.0
    return max(0.0, CROWDED_STORE - steps_of(plan) / PRODUCTS)


def _step(plan: Plan, rows: int, vectors: int) -> float:
    """Cycles of one step of depth, wherever its operands are."""
    near = step_cycles(plan, rows, vectors)
    vector_bytes = plan.target.vector_bytes
    far = _from_afar(plan, vectors * vector_bytes)
    pages = 0.0
    if plan.nest.kind is Kind.INNER:
        return max(near, far) + CROWDED * far
    if not plan.pack_b:
        pages += NEW_PAGE_B * _pages(plan, plan.nest.depth[-1].dim.b * plan.nest.form.b.itemsize)
        is_lone = vectors * vector_bytes < 2 * CACHE_LINE
        pages += LONE_LINE * (is_lone and not _fits(plan, "b"))
    if not plan.pack_a:
        driven_out = DRIVEN_OUT if _fits(plan, "a") else DRIVEN_OUT_FAR
        pages += driven_out * rows * _drive_each_other_out(plan, rows)
        pages += NEW_PAGE_A * _pages(plan, plan.nest.depth[-1].dim.a * plan.nest.form.a.itemsize)
    return max(near, far) + CROWDED * far + pages


def _from_afar(plan: Plan, width: int) -> float:
    """Cycles of reading a row of a panel of B, of so many bytes, from where it stays between two tiles."""
    panel, caches = plan.blocks.steps * width, plan.target.caches
    step = abs(plan.nest.depth[-1].dim.b) * plan.nest.form.b.itemsize
    # Inner products with a single row read each panel once, wherever all of B is.
    is_passing = plan.nest.kind is Kind.INNER and plan.row_tile_count == 1
    if 2 * (plan.bytes_of("b") if is_passing else panel) <= caches.l1:
        return 0.0
    is_strided = not plan.pack_b and plan.nest.column.dim.b == 1 and step > width
    if is_strided and plan.row_tile_count > 1 and 2 * panel > caches.l2 * _share_of_sets(plan, step, width):
        return width / THIRD_CACHE_BYTES
    return width / (SECOND_CACHE_RUN_BYTES if plan.packs_once else SECOND_CACHE_BYTES)


def _share_of_sets(plan: Plan, step: int, width: int) -> float:
    """The part of the second cache that rows of so many bytes can lie in, so far from each other."""
    sets = max(1, plan.target.caches.l2 // (CACHE_LINE * SECOND_CACHE_WAYS))
    return min(1.0, width / CACHE_LINE / math.gcd(max(1, step // CACHE_LINE), sets))


def _drive_each_other_out(plan: Plan, rows: int) -> bool:
    """Whether more rows of a tile than a set of the first cache has room for lie in one set."""
    step = plan.nest.rows[-1].dim.a * plan.nest.form.a.itemsize
    return step != 0 and step % PAGE == 0 and rows > plan.target.caches.rows_of_a_set


def _pages(plan: Plan, step: int) -> float:
    """How far steps are from each other: half a page is near."""
    if plan.blocks.inner[-1] <= PAGES:
        return 0.0
    return min(1.0, max(0.0, 2 * abs(step) / PAGE - 1))


def packing(plan: Plan) -> float:
    """What copying costs, and reading B anew for each chunk of rows, A for each of columns; for one batch."""
    nest, steps = plan.nest, steps_of(plan)
    rows = math.prod(axis.dim.extent for axis in nest.rows)
    width = plan.columns.extent * plan.lanes
    times_a, times_b = plan.column_chunks, plan.row_chunks
    cycles = times_a * _again(plan, "a") + times_b * _again(plan, "b")
    if plan.pack_a:
        copied = COPIED_IN_PARTS + FAR_IN_PARTS * (not _fits(plan, "a"))
        per_element = _per_element(nest.rows[-1].dim.a, nest.along_depth("a"), copied, nest.kind)
        cycles += times_a * steps * rows * per_element
    if plan.pack_b and not plan.lasting:
        cycles += steps * width * _per_element(nest.column.dim.b, nest.along_depth("b"), COPIED, nest.kind)
    return cycles


def _again(plan: Plan, operand: str) -> float:
    """What it costs to read an operand once more."""
    numbers = plan.bytes_of(operand) / plan.numbers.dtype.itemsize
    if operand == "b" and _is_cold(plan):
        return numbers * (FROM_MEMORY if plan.fetched_beside is None else FAR)
    if _fits(plan, operand):
        return numbers * NEAR
    return numbers * (NEAR + (FAR - NEAR) * _share_from_afar(plan, operand))


def _share_from_afar(plan: Plan, operand: str) -> float:
    """The part of an operand that is not near from the place before, of those that run inside a block."""
    if plan.inside == 0:
        return 1.0
    dims = [axis.dim for axis in plan.nest.batch[-plan.inside :]]
    steps = [(dim.extent, abs(getattr(dim, operand))) for dim in dims]
    places, own = math.prod(extent for extent, _ in steps), plan.distinct(operand)
    different = math.prod(extent for extent, step in steps if step)
    together = min(different * own, own + sum((extent - 1) * step for extent, step in steps))
    return together / max(1, places * own)


def _is_cold(plan: Plan) -> bool:
    """Whether weights come from memory, since those of other layers have driven them out.

    Packed weights that are read once flow in evenly; of several tiles, the first one waits for them.
    """
    if not plan.lasting or plan.in_loop or (plan.pack_b and plan.row_tile_count == 1):
        return False
    places = math.prod(axis.dim.extent for axis in plan.nest.batch if axis.dim.b)
    return 8 * places * plan.bytes_of("b") > plan.target.caches.l2


def _fits(plan: Plan, operand: str) -> bool:
    """Whether an operand stays in the second cache."""
    return 2 * plan.bytes_of(operand) <= plan.target.caches.l2


def _per_element(along_lanes: int, along_depth: int, copied: float, kind: Kind) -> float:
    if along_lanes == 1:
        return COPIED_PAIR if kind is Kind.PAIRS else copied
    return WOVEN if along_depth == 1 else SINGLE
