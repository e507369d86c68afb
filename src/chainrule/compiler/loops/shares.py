"""Scans whose rows do not depend on each other: each share of the rows makes all steps by itself.

So threads meet once after the loop instead of several times at every step, and what a share works on stays in
the cache of one core. Rows are the first axis of all states, as a recurrent layer's batch is. A step of the
body is of rows if it writes each row's elements together, in order, and reads of other values with rows the
same row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chainrule.compiler.emit.contraction.form import Dim
from chainrule.compiler.emit.contraction.pairs import is_complex
from chainrule.compiler.loops.expr import Buffer, Expr, Guard, Guarded, Index, Read, cost, rebuilt, walk
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.step import Definition, Opaque, Step, Window
from chainrule.core.spec import Shape

if TYPE_CHECKING:
    from chainrule.compiler.loops.rules.contract import Product

# The most shares, and the fewest rows that a register tile of a product has use for.
_MOST_SHARES, _FEWEST_ROWS = 16, 8
# Operations below which all steps of a share are not worth handing to another thread.
_SMALLEST_SHARE = 1 << 15
# What all rows read should stay in the second cache of a core, where every share reads it at every step.
_NEAR = 3 << 18


@dataclass(frozen=True)
class Shares:
    """The steps of a body for one share of the rows.

    Attributes
    ----------
    count : int
        How many shares there are.
    steps : list of Step
        On parts of buffers.
    parts : dict
        By buffer, what a share sees of it.
    """

    count: int
    steps: list[Step]
    parts: Mapping[Buffer, Window]


def in_shares(steps: Sequence[Step], rows: int, length: int) -> Shares | None:
    """Steps of a scan's body cut along the rows; None if rows depend on each other, or it does not pay."""
    axes = _axes(steps, rows)
    count = 1 if axes is None else _count(steps, rows, length)
    if axes is None or count == 1:
        return None
    cutter = Cutter(rows, count)
    return Shares(
        count, [cutter.step(step, axis) for step, axis in zip(steps, axes, strict=True)], cutter.parts
    )


def _axes(steps: Sequence[Step], rows: int) -> list[int] | None:
    """For each step the axis, or the loop of a contraction, that runs along the rows."""
    written = {memory_of(x) for step in steps for x in step.writes()}
    found = []
    for step in steps:
        axis = axis_of_rows(step, rows)
        if axis is None or not written.isdisjoint(map(memory_of, shared_reads(step, axis))):
            return None
        found.append(axis)
    return found


def memory_of(buffer: Buffer) -> Buffer:
    """Where a buffer lies: another step may have written what this one sees through another window."""
    return buffer.base if isinstance(buffer, Window) and buffer.base is not None else buffer


def axis_of_rows(step: Step, rows: int) -> int | None:
    """The axis along the rows, if all that has rows is written and read row by row."""
    if isinstance(step, Definition):
        places = [(step.target, step.place), *_reads(step.value)]
        found = [a for a in range(len(step.extents)) if a not in step.folded and step.extents[a] == rows]
        return next((a for a in found if _is_by_row(places, a, step.extents, rows, step.value)), None)
    if isinstance(step, Opaque) and step.name == "contraction" and not is_complex(step.detail.form):
        extents, places = _of_contraction(step)
        loops = len(extents) - len(step.detail.form.depth)
        found = [a for a in range(loops) if extents[a] == rows]
        return next((a for a in found if _is_by_row(places, a, extents, rows)), None)
    return None


def _reads(value: Expr) -> list[tuple[Buffer, Form]]:
    return [(x.buffer, x.form) for x in walk(value) if isinstance(x, Read)]


def _of_contraction(step: Opaque) -> tuple[Shape, list[tuple[Buffer, Form]]]:
    """The loops of a contraction, and the places of C, A and B over them."""
    detail, form = step.detail, step.detail.form
    dims: tuple[Dim, ...] = (*form.batch, *form.rows, *form.columns, *form.depth)
    places = [
        (step.outputs[0], Form(detail.place.offset, tuple(dim.c for dim in dims))),
        (step.inputs[0], Form(detail.a_offset, tuple(dim.a for dim in dims))),
        (step.inputs[1], Form(detail.b_offset, tuple(dim.b for dim in dims))),
    ]
    return tuple(dim.extent for dim in dims), places


def _is_by_row(
    places: Sequence[tuple[Buffer, Form]], axis: int, extents: Shape, rows: int, value: Expr | None = None
) -> bool:
    """Whether the first place, and all others that the axis moves, stay within the row that it numbers."""
    if value is not None and any(_depends(x, axis) for x in walk(value)):
        return False
    moved = [(buffer, form) for buffer, form in places[1:] if form.coefs[axis]]
    guards = value.guards if isinstance(value, Guarded) else ()
    is_within = all(_within_row(buffer, form, axis, extents, rows, guards) for buffer, form in moved)
    return is_within and _within_row(*places[0], axis, extents, rows)


def _depends(x: Expr, axis: int) -> bool:
    """Whether the number of the row itself matters."""
    if isinstance(x, Guarded):
        return any(guard.form.coefs[axis] for guard in x.guards)
    return isinstance(x, Index) and bool(x.form.coefs[axis])


def _within_row(
    buffer: Buffer, form: Form, axis: int, extents: Shape, rows: int, guards: Sequence[Guard] = ()
) -> bool:
    step, rest = divmod(buffer.size, rows)
    others = Form(form.offset, tuple(0 if a == axis else c for a, c in enumerate(form.coefs)))
    first, last = _span(others, extents, guards)
    return rest == 0 and form.coefs[axis] == step and first >= 0 and last < step


def _span(form: Form, extents: Shape, guards: Sequence[Guard]) -> tuple[int, int]:
    """The smallest and the largest value of a form where guards hold."""
    below = above = 0
    for guard in guards:
        # The form is a multiple of what the guard bounds, and a rest.
        axis = next(iter(guard.form.axes), None)
        times = 0 if axis is None else form.coefs[axis] // guard.form.coefs[axis]
        coefs = tuple(c - times * g for c, g in zip(form.coefs, guard.form.coefs, strict=True))
        form = Form(form.offset - times * guard.form.offset, coefs)
        reach = times * (guard.extent - 1)
        below, above = below + min(reach, 0), above + max(reach, 0)
    first, last = form.span(extents)
    return first + below, last + above


def shared_reads(step: Step, axis: int) -> set[Buffer]:
    """What all rows read."""
    places = _reads(step.value) if isinstance(step, Definition) else _of_contraction(step)[1][1:]  # type: ignore[arg-type]
    return {buffer for buffer, form in places if not form.coefs[axis]}


def _count(steps: Sequence[Step], rows: int, length: int) -> int:
    """Into how many shares the rows are cut: a number that depends on shapes alone."""
    products = [step for step in steps if isinstance(step, Opaque)]
    operands = {x for step in products for x in step.inputs} - {x for step in steps for x in step.writes()}
    if sum(x.nbytes for x in operands if not isinstance(x, Window)) > _NEAR:
        return 1
    work = length * sum(_work(step) for step in steps)
    ways = [n for n in range(1, _MOST_SHARES + 1) if rows % n == 0 and rows // n >= _FEWEST_ROWS]
    return max((n for n in ways if work // n >= _SMALLEST_SHARE), default=1)


def _work(step: Step) -> int:
    """Operations of one step."""
    if isinstance(step, Definition):
        return step.target.size * (1 + cost(step.value))
    assert isinstance(step, Opaque)
    return int(step.detail.form.multiplications)


class Cutter:
    """Cuts steps along their rows.

    Parameters
    ----------
    rows, count : int
        How many rows there are, and into how many shares they are cut.
    """

    def __init__(self, rows: int, count: int) -> None:
        self.rows, self.count = rows // count, count
        self.parts: dict[Buffer, Window] = {}

    def step(self, step: Step, axis: int) -> Step:
        """A step for one share."""
        return self._definition(step, axis) if isinstance(step, Definition) else self._contraction(step, axis)

    def _definition(self, step: Definition, axis: int) -> Definition:
        def change(x: Expr) -> Expr:
            is_moved = isinstance(x, Read) and x.form.coefs[axis]
            return Read(self.part(x.buffer), x.form) if is_moved else x  # type: ignore[attr-defined]

        extents = tuple(self.rows if a == axis else n for a, n in enumerate(step.extents))
        return replace(
            step, target=self.part(step.target), extents=extents, value=rebuilt(step.value, change)
        )

    def _contraction(self, step: Step, axis: int) -> Opaque:
        assert isinstance(step, Opaque)
        form, detail = step.detail.form, step.detail
        moved = [bool(place.coefs[axis]) for _, place in _of_contraction(step)[1][1:]]
        inputs = [self.part(x) if is_moved else x for x, is_moved in zip(step.inputs, moved, strict=True)]
        ends = (len(form.batch), len(form.batch) + len(form.rows))
        batch = self._shorter(form.batch, axis)
        rows = self._shorter(form.rows, axis - ends[0])
        columns = self._shorter(form.columns, axis - ends[1])
        of_result = detail.axes[axis]
        extents = tuple(self.rows if a == of_result else n for a, n in enumerate(detail.extents))
        shorter: Product = replace(
            detail, form=replace(form, batch=batch, rows=rows, columns=columns), extents=extents
        )
        return replace(step, inputs=inputs, outputs=[self.part(step.outputs[0])], detail=shorter, scratch=[])

    def _shorter(self, dims: tuple[Dim, ...], place: int) -> tuple[Dim, ...]:
        return tuple(replace(dim, extent=self.rows) if i == place else dim for i, dim in enumerate(dims))

    def part(self, buffer: Buffer) -> Buffer:
        """What a share sees of a buffer."""
        if buffer not in self.parts:
            size = buffer.size // self.count
            if isinstance(buffer, Window):
                part = replace(buffer, size=size, share=size)
            else:
                part = Window(buffer.name, buffer.dtype, size, "window", None, buffer, share=size)
            self.parts[buffer] = part
        return self.parts[buffer]
