"""Elements of the operands in the type they are multiplied and added up in."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.compiler.llvm import Builder, Pointer, Value
from chainrule.compiler.target import Target
from chainrule.dtypes import DType, computed_in, letter


@dataclass(frozen=True)
class Numbers:
    """How numbers are read, multiplied and added up, and written.

    Parameters
    ----------
    dtype : dtype
        What is computed in.
    target : Target
        Whether there is an instruction that multiplies and adds.
    """

    dtype: DType
    target: Target

    @property
    def lanes(self) -> int:
        """Numbers in a vector register."""
        return max(1, self.target.vector_bytes // self.dtype.itemsize)

    def zero(self, b: Builder, lanes: int) -> Value:
        """Where a sum begins."""
        return b.constant(0, self.dtype, lanes)

    def load(
        self, b: Builder, place: Pointer, stored: DType, lanes: int = 1, mask: Value | None = None
    ) -> Value:
        """Elements of a stored type as numbers."""
        return b.cast(b.load(place, stored, lanes, mask), self.dtype)

    def store(self, b: Builder, x: Value, place: Pointer, stored: DType, mask: Value | None = None) -> None:
        """Numbers as elements of a stored type."""
        b.store(self.as_stored(b, x, stored), place, mask)

    def as_stored(self, b: Builder, x: Value, stored: DType) -> Value:
        """Numbers rounded to a stored type."""
        return b.cast(b.cast(x, computed_in(stored)), stored)

    def multiply_add(self, b: Builder, x: Value, y: Value, total: Value) -> Value:
        """Total + x · y."""
        if letter(self.dtype) == "f" and self.target.has_fma:
            return b.fma(x, y, total)
        return b.add(total, b.multiply(x, y))
