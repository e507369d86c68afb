"""Complex numbers in registers are pairs of real ones; in memory the parts alternate."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule import dtypes
from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.dtypes import DType


@dataclass(frozen=True)
class Pair:
    """A complex number, or a vector of them: real and imaginary parts.

    Attributes
    ----------
    real, imag : Value
        Parts of one element type and equally many lanes.
    """

    real: Value
    imag: Value

    @property
    def dtype(self) -> DType:
        """The complex element type."""
        return dtypes.complex_type(self.real.dtype)

    @property
    def lanes(self) -> int:
        """How many numbers there are."""
        return self.real.lanes

    @property
    def kind(self) -> str:
        """The letter of the element type."""
        return "c"


Register = Value | Pair


def load_number(
    b: Builder, base: Pointer, index: Index, dtype: DType, lanes: int = 1, mask: Value | None = None
) -> Register:
    """Elements of an array from an index on; of complex numbers the parts alternate in memory."""
    if dtypes.letter(dtype) != "c":
        return b.load(b.element(base, index, dtype), dtype, lanes, mask)
    part = dtypes.real_type(dtype)
    place = b.element(base, b.times(index, 2), part)
    parts = b.load(place, part, 2 * lanes, _doubled(b, mask))
    if lanes == 1:
        return Pair(b.lane(parts, 0), b.lane(parts, 1))
    return Pair(b.shuffle(parts, range(0, 2 * lanes, 2)), b.shuffle(parts, range(1, 2 * lanes, 2)))


def store_number(b: Builder, x: Register, base: Pointer, index: Index, mask: Value | None = None) -> None:
    """Write elements to an array from an index on."""
    if isinstance(x, Value):
        b.store(x, b.element(base, index, x.dtype), mask)
        return
    place = b.element(base, b.times(index, 2), x.real.dtype)
    if x.lanes == 1:
        b.store(x.real, place)
        b.store(x.imag, b.element(place, 1, x.real.dtype))
        return
    order = [part * x.lanes + i for i in range(x.lanes) for part in (0, 1)]
    b.store(b.shuffle(x.real, order, x.imag), place, _doubled(b, mask))


def _doubled(b: Builder, mask: Value | None) -> Value | None:
    """The mask of numbers as that of their parts."""
    return None if mask is None else b.shuffle(mask, [i // 2 for i in range(2 * mask.lanes)])
