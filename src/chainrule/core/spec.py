"""Abstract values: what is known of a tensor before it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.dtypes import DType, short

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Spec:
    """Shape and element type of a tensor; prints as ``f32[2, 3]``."""

    shape: Shape
    dtype: DType

    def __str__(self) -> str:
        return f"{short(self.dtype)}[{', '.join(map(str, self.shape))}]"

    @property
    def size(self) -> int:
        """Number of elements."""
        count = 1
        for extent in self.shape:
            count *= extent
        return count
