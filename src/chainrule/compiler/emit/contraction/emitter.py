"""Writing the code of a plan."""

from __future__ import annotations

from chainrule.compiler.emit.contraction.pairs import write_out
from chainrule.compiler.emit.contraction.panels import Panels
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.emit.contraction.results import Initial, Operands, Store
from chainrule.compiler.emit.contraction.walk import share
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.types import UINT8


def write(
    b: Builder,
    plan: Plan,
    a: Pointer,
    bb: Pointer,
    c: Pointer,
    piece: Value,
    scratch: Pointer,
    store: Store | None = None,
    initial: Initial | None = None,
    phase: int = 0,
    packed: Pointer | None = None,
    by_rows: bool = False,
) -> None:
    """Write the code of one piece of one phase of a plan.

    Parameters
    ----------
    b : Builder
        A function that is called for each piece; phases are functions of their own.
    plan : Plan
        What is done.
    a, bb, c : Pointer
        The first elements of A, B and C.
    piece : Value
        The number of the piece.
    scratch : Pointer
        ``plan.scratch`` bytes, the same for all pieces and phases, aligned to 64.
    store : callable, optional
        Called as ``store(b, value, batch, rows, columns, mask)`` to write each finished vector; without it
        vectors go to C. ``batch``, ``rows`` and ``columns`` are a `Place`, which gives the indices along the
        dims of the form as it was given. Lanes run along ``plan.lane_loops``; the place is that of the
        first lane. ``mask`` is None or says which lanes are inside.
        Products of complex numbers take none.
    initial : callable, optional
        Called as ``initial(b, lanes, batch, rows, columns, mask)`` for the numbers that sums begin with.
    phase : int
        Which phase, of those in ``plan.phases``.
    packed : Pointer, optional
        If ``plan.stages`` begins with ``"pack"``: where B is packed to and read from, ``plan.whole_b_bytes``
        aligned to 64, instead of in scratch. A caller whose B does not change runs that phase once.
    by_rows : bool
        Whether ``store`` writes so much that it should do so once for a tile's row, in a loop, and not for
        every vector of the tile: long texts take long to compile, and drive each other out of the cache.
    """
    if 0 in plan.form.shape[:3]:
        return
    if plan.of_complex is not None:
        of_b, scratch = scratch, b.element(scratch, plan.written_out_bytes, UINT8)
        if plan.stages[phase] == "write out":
            _write_out(b, plan, bb, of_b, piece)
            return
        bb = of_b
    left, right = (bb, a) if plan.nest.exchanged else (a, bb)
    Panels(b, plan, Operands(left, right, c, scratch, packed, store, initial, by_rows), piece).write(phase)


def _write_out(b: Builder, plan: Plan, bb: Pointer, target: Pointer, piece: Value) -> None:
    """B of complex numbers as pairs of real ones."""
    assert plan.of_complex is not None
    numbers = share(b, piece, plan.phases[0], plan.elements_written_out)
    with b.loop(numbers.start, numbers.stop) as loop:
        write_out(b, plan.of_complex, bb, target, loop.index)
