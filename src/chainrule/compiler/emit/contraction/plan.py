"""The plan of a contraction: tiles, blocks, what is packed, and how the work is cut into pieces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from chainrule.compiler.emit.contraction.cost import PAGE, Cost, cost
from chainrule.compiler.emit.contraction.form import Contraction
from chainrule.compiler.emit.contraction.nest import Blocks, Kind, Nest
from chainrule.compiler.emit.contraction.numbers import Numbers
from chainrule.compiler.emit.contraction.pairs import elements_of_b
from chainrule.compiler.emit.contraction.tiles import Split
from chainrule.compiler.target import Target
from chainrule.dtypes import computed_in

# The most pieces of a phase, and the fewest numbers that a piece of a phase that copies is worth.
MOST_PIECES = 32
_SMALLEST_COPY = 1 << 15
# Steps of depth from asking for a far row of B to using it; measured with `benchmarks/contraction.py`.
_AHEAD = 8
# Columns of inner products that are read side by side; measured.
_FEW_COLUMNS, _MORE_COLUMNS = 2, 4
# Vectors that are left free between groups.
_APART = 2


@dataclass(frozen=True)
class Plan:
    """How a contraction is carried out.

    Attributes
    ----------
    form : Contraction
        What is computed, as it was given.
    target : Target
        For whom.
    nest : Nest
        Its loops in their roles.
    rows : tuple of Split
        Each row axis in tiles; all but the last two are cut into single rows.
    columns : Split
        The column axis in tiles, counted in vectors.
    blocks : Blocks
        The depth in blocks.
    pack_a, pack_b : bool
        Which operand is copied to panels.
    row_chunks, column_chunks, depth_chunks : int
        Into how many parts the tiles and the blocks are cut, for threads.
    inside : int
        How many of the last loops of the batch run inside a block of the depth, so that what they all read
        of it is near: columns that are no run in memory. Blocks are kept in scratch for all of them.
    lasting : bool
        Whether B is the same at many runs, and a caller packs it once: that phase then costs nothing.
    in_loop : bool
        Whether these runs follow each other, so that nothing else drives B out of the caches.
    of_complex : Contraction, optional
        The form of complex numbers that this one does by their parts.
    phases : tuple of int
        The number of pieces of each phase; a phase begins when the one before has ended.
    scratch : int
        Bytes of working memory, shared by all pieces and phases, aligned to 64.
    """

    form: Contraction
    target: Target
    nest: Nest
    rows: tuple[Split, ...]
    columns: Split
    blocks: Blocks
    pack_a: bool = False
    pack_b: bool = False
    row_chunks: int = 1
    column_chunks: int = 1
    depth_chunks: int = 1
    pieces: int = 1
    inside: int = 0
    lasting: bool = False
    in_loop: bool = False
    of_complex: Contraction | None = None

    @cached_property
    def numbers(self) -> Numbers:
        """What is computed in."""
        return Numbers(self.form.accumulator, self.target)

    @property
    def lanes(self) -> int:
        """Columns of a vector."""
        return self.numbers.lanes

    @property
    def lane_loops(self) -> tuple[int, ...]:
        """The dims of the form that lanes of results run along, as one loop; batch, rows, columns in turn."""
        nest, groups = self.nest, {"batch": 0, "rows": 1, "columns": 2}
        group = groups[nest.column.group]
        if nest.exchanged and group:
            group = 3 - group
        first = sum(len(dims) for dims in (self.form.batch, self.form.rows, self.form.columns)[:group])
        return tuple(first + part for part in nest.column.parts)

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and vectors of the largest tile."""
        return math.prod(split.largest for split in self.rows), self.columns.largest

    @property
    def is_blocked(self) -> bool:
        """Whether sums are kept in scratch between blocks of the depth."""
        return self.blocks.count > 1

    @property
    def units(self) -> tuple[int, ...]:
        """Extents of the loops over what is worked on at a time."""
        batch = self._batch[: len(self._batch) - self.inside]
        return (*batch, self.row_chunks, self.column_chunks, self.depth_chunks)

    @property
    def units_of_results(self) -> tuple[int, ...]:
        """The same for adding up parts of the depth, by tiles of rows."""
        return (*self._batch, self.row_tile_count, self.column_chunks, 1)

    @property
    def _batch(self) -> tuple[int, ...]:
        return tuple(axis.dim.extent for axis in self.nest.batch)

    @property
    def stages(self) -> tuple[str, ...]:
        """What the phases are for.

        ``write out`` B of complex numbers, ``pack`` B as a whole, ``sums``, ``results``: parts of the depth
        are added up.
        """
        needed = {
            "write out": self.of_complex is not None,
            "pack": self.pack_b_whole,
            "sums": True,
            "results": self.depth_chunks > 1,
        }
        return tuple(stage for stage, is_needed in needed.items() if is_needed)

    @property
    def phases(self) -> tuple[int, ...]:
        """Pieces of each phase."""
        groups = math.prod(self.groups_of_b)
        found = {
            "write out": _copies(self.elements_written_out, self.elements_written_out),
            "pack": _copies(groups, groups * self.group),
            "sums": self.pieces,
            "results": _copies(math.prod(self.units_of_results), self.elements_added_up),
        }
        return tuple(found[stage] for stage in self.stages)

    @property
    def elements_added_up(self) -> int:
        """Numbers that parts of the depth gave."""
        return self.depth_chunks * math.prod(self.extents_of_sums)

    @property
    def elements_written_out(self) -> int:
        """Complex numbers of B that are written out."""
        return 0 if self.of_complex is None else elements_of_b(self.of_complex)

    @property
    def row_tile_count(self) -> int:
        """How many tiles the rows are cut into."""
        return math.prod(split.count for split in self.rows)

    @property
    def group(self) -> int:
        """Numbers from a packed group to the next: rows or columns for a vector's lanes, a block of depth.

        Groups that were whole pages apart would drive each other out of the first cache.
        """
        numbers = self.lanes * self.blocks.steps
        is_pages = numbers * self.numbers.dtype.itemsize % PAGE == 0
        return numbers + is_pages * _APART * self.lanes

    @property
    def pack_b_whole(self) -> bool:
        """Whether B is packed before all else, because several pieces or runs read the same of it."""
        is_shared = self.row_chunks > 1 or any(axis.dim.b == 0 for axis in self.nest.batch)
        return self.pack_b and (is_shared or self.lasting)

    @property
    def packs_once(self) -> bool:
        """Whether what is packed stays the same from run to run."""
        return self.lasting and "pack" in self.stages

    @property
    def groups_of_b(self) -> tuple[int, ...]:
        """All groups of B: batch, blocks of the depth, groups of columns."""
        batch = (axis.dim.extent for axis in self.nest.batch if axis.dim.b)
        return (*batch, self.blocks.count, self.columns.extent)

    @property
    def fetched_ahead(self) -> int:
        """How many steps before its use a row of B is asked for: processors do not foresee long strides.

        Of inner products it is columns that are asked for, where few are read side by side.
        """
        is_far = 2 * self.distinct("b") * self.nest.form.b.itemsize > self.target.caches.l2
        inner = _FEW_COLUMNS if self.side_by_side == _FEW_COLUMNS else 0
        ahead = {Kind.OUTER: _AHEAD, Kind.INNER: inner}
        return ahead.get(self.nest.kind, 0) if is_far else 0

    @property
    def side_by_side(self) -> int:
        """How many columns of inner products are read at a time.

        Few, if each is read once, and the first cache has room for them and for as many that are asked for.
        """
        column = self.blocks.steps * self.nest.form.b.itemsize
        is_short = 4 * _FEW_COLUMNS * column <= self.target.caches.l1
        return _FEW_COLUMNS if is_short and self.row_tile_count == 1 else _MORE_COLUMNS

    @property
    def fetched_beside(self) -> int | None:
        """How many times less than its own vector a tile fetches of the next panel at each step, in halvings.

        While a panel that comes from afar, as weights do, is worked on, its tiles fetch parts of the next.
        None for what is near.
        """
        tiles = self.row_tile_count // self.row_chunks
        is_far = self.lasting or 2 * self.bytes_of("b") > self.target.caches.l2
        is_whole = self.nest.kind.is_outer and self.pack_b_whole
        if not (is_far and is_whole) or tiles < self.columns.largest:
            return None
        return (tiles // self.columns.largest).bit_length() - 1

    def distinct(self, operand: str) -> int:
        """About how many elements of A or B a place in the batch reads: windows may overlap."""
        return self.nest.distinct[operand]

    def bytes_of(self, operand: str) -> int:
        """About how many bytes those are."""
        size: int = getattr(self.nest.form, operand).itemsize
        return self.distinct(operand) * (size if self.nest.pair is None else 2 * size)

    def is_converted(self, operand: str) -> bool:
        """Whether numbers of A or B are stored in a type that they are not multiplied in."""
        stored = getattr(self.nest.form, operand)
        return self.nest.kind is not Kind.PAIRS and computed_in(stored) != stored

    @cached_property
    def cost(self) -> Cost:
        """What it costs by the model."""
        return cost(self)

    def row_tiles(self) -> list[tuple[int, int]]:
        """Sizes of tiles in rows, and how many of each there are."""
        found = [(1, 1)]
        for split in self.rows:
            found = [(n * part.size, m * part.count) for n, m in found for part in split.parts]
        return found

    def column_tiles(self) -> list[tuple[int, int]]:
        """Sizes of tiles in vectors, and how many of each there are."""
        return [(part.size, part.count) for part in self.columns.parts]

    @property
    def sums_bytes(self) -> int:
        """Scratch of the sums of blocks: all of C in whole vectors, for each part of the depth."""
        if not self.is_blocked:
            return 0
        return self._bytes(self.elements_added_up)

    @property
    def extents_of_sums(self) -> tuple[int, ...]:
        """Of C in whole vectors: batch, rows, columns."""
        return (*self._batch, *(split.extent for split in self.rows), self.columns.extent * self.lanes)

    @property
    def row_panel(self) -> int:
        """Numbers of the packed groups of a tile's rows."""
        return -(-self.rows[-1].largest // self.lanes) * self.group

    @property
    def whole_b_bytes(self) -> int:
        """Scratch of B packed as a whole."""
        return self.pack_b_whole * self._bytes(math.prod(self.groups_of_b) * self.group)

    @property
    def panel_b_bytes(self) -> int:
        """Scratch of a piece for one panel of B."""
        packs = self.pack_b and not self.pack_b_whole
        return packs * self._bytes(self.columns.largest * self.group)

    @property
    def panel_a_bytes(self) -> int:
        """Scratch of a piece for the panels of its rows of A."""
        tiles = -(-self.row_tile_count // self.row_chunks)
        return self.pack_a * self._bytes(tiles * self.row_panel)

    @property
    def scratch(self) -> int:
        """Bytes of working memory."""
        own = self.panel_a_bytes + self.panel_b_bytes
        return self.written_out_bytes + self.sums_bytes + self.whole_b_bytes + self.pieces * own

    @property
    def written_out_bytes(self) -> int:
        """Scratch of B of complex numbers, written out."""
        return self._bytes(4 * self.elements_written_out)

    def _bytes(self, numbers: int) -> int:
        return -(-numbers * self.numbers.dtype.itemsize // 64) * 64

    def __str__(self) -> str:
        rows, vectors = self.tile
        batch, m, n, k = self.nest.form.shape
        packed = (("A", self.pack_a), ("B", self.pack_b))
        lines = [
            f"{m} x {n} x {k}"
            + (f", {batch} times" if batch > 1 else "")
            + (" (exchanged)" if self.nest.exchanged else ""),
            f"{self.nest.kind.value}, tiles of {rows} x {vectors} vectors of {self.lanes}",
            f"depth in {self.blocks.count} blocks of {self.blocks.steps}",
            f"packed: {' '.join(name for name, is_packed in packed if is_packed) or 'nothing'}",
            f"{' + '.join(map(str, self.phases))} pieces, {self.scratch} bytes of scratch",
            f"{self.cost.cycles:.0f} cycles: tiles {self.cost.tiles:.0f}, stores {self.cost.stores:.0f}, "
            f"packing {self.cost.packing:.0f}",
        ]
        return "\n".join(lines)


def _copies(most: int, numbers: int) -> int:
    """Pieces of a phase that copies numbers."""
    return max(1, min(MOST_PIECES, most, numbers // _SMALLEST_COPY))
