r"""What every matrix product and convolution is.

.. math:: C[\text{batch}, i, j] = \sum_k A[\text{batch}, i, k] \, B[\text{batch}, k, j]

Each of batch, rows :math:`i`, columns :math:`j` and depth :math:`k` stands for any number of loops, and each
operand is read at an affine place. A convolution is a product whose places overlap: its rows are windows,
its depth are taps and channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chainrule.dtypes import DType, computed_in


@dataclass(frozen=True)
class Dim:
    """One loop.

    Parameters
    ----------
    extent : int
        How many steps it has.
    a, b, c : int
        How many elements one step is in A, B and C; 0 where the operand has no such axis. May be negative.
    """

    extent: int
    a: int = 0
    b: int = 0
    c: int = 0

    @property
    def strides(self) -> tuple[int, int, int]:
        """Steps in A, B and C."""
        return self.a, self.b, self.c


@dataclass(frozen=True)
class Contraction:
    """A product of two operands.

    Parameters
    ----------
    batch, rows, columns, depth : tuple of Dim
        Loops; outer ones first.
    a, b, c : dtype
        Element types in memory. Products are added up in the type of C, for 16-bit floats in ``float32``.
    in_pairs : bool
        Whether products of ``bfloat16`` may be added up in pairs, by an instruction that takes
        subnormal numbers for 0.

    Examples
    --------
    A matrix (6, 4) times a matrix (4, 5):

    >>> import numpy as np
    >>> f = np.dtype(np.float32)
    >>> form = Contraction((), (Dim(6, a=4, c=5),), (Dim(5, b=1, c=1),), (Dim(4, a=1, b=5),), f, f, f)
    >>> form.shape, form.multiplications
    ((1, 6, 5, 4), 120)
    """

    batch: tuple[Dim, ...]
    rows: tuple[Dim, ...]
    columns: tuple[Dim, ...]
    depth: tuple[Dim, ...]
    a: DType
    b: DType
    c: DType
    in_pairs: bool = False

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """How many batches, rows, columns and steps of depth there are."""
        return extent(self.batch), extent(self.rows), extent(self.columns), extent(self.depth)

    @property
    def multiplications(self) -> int:
        """How many products are added up."""
        return math.prod(self.shape)

    @property
    def accumulator(self) -> DType:
        """The type that products are added up in."""
        return computed_in(self.c)

    def exchanged(self) -> Contraction:
        """The same with A and B, and so rows and columns, in each other's place."""
        groups = (self.batch, self.columns, self.rows, self.depth)
        batch, rows, columns, depth = (tuple(Dim(d.extent, d.b, d.a, d.c) for d in dims) for dims in groups)
        return Contraction(batch, rows, columns, depth, self.b, self.a, self.c, self.in_pairs)

    def simplified(self) -> Contraction:
        """The same with as few loops as possible.

        Examples
        --------
        >>> import numpy as np
        >>> f = np.dtype(np.float32)
        >>> rows = (Dim(3, a=8, c=10), Dim(1), Dim(2, a=4, c=5))
        >>> Contraction((), rows, (Dim(5, b=1, c=1),), (Dim(4, a=1, b=5),), f, f, f).simplified().rows
        (Dim(extent=6, a=4, b=0, c=5),)
        """
        groups = (self.batch, self.rows, self.columns, self.depth)
        batch, rows, columns, depth = (tuple(dim for dim, _ in merged(dims)) for dims in groups)
        return replace(self, batch=batch, rows=rows, columns=columns, depth=depth)

    def oriented(self) -> Contraction:
        """Rows and columns exchanged if C is contiguous along the rows and not along the columns."""
        form = self.simplified()
        along_columns = any(dim.c == 1 for dim in form.columns)
        along_rows = any(dim.c == 1 for dim in form.rows)
        return self.exchanged() if along_rows and not along_columns else self


def extent(dims: Iterable[Dim]) -> int:
    """Steps of a nest."""
    return math.prod(dim.extent for dim in dims)


def merged(dims: tuple[Dim, ...]) -> list[tuple[Dim, tuple[int, ...]]]:
    """The same nest, large steps outside, with as few loops as possible.

    Beside each loop stand the places of those it is made of. A nest with no steps is one loop of extent 0.
    """
    if any(dim.extent == 0 for dim in dims):
        return [(Dim(0), tuple(range(len(dims))))]
    found: list[tuple[Dim, tuple[int, ...]]] = []
    real = [place for place, dim in enumerate(dims) if dim.extent != 1]
    for place in sorted(real, key=lambda place: _size_of_step(dims[place]), reverse=True):
        dim = dims[place]
        if found and found[-1][0].strides == tuple(s * dim.extent for s in dim.strides):
            outer, places = found.pop()
            found.append((Dim(outer.extent * dim.extent, *dim.strides), (*places, place)))
        else:
            found.append((dim, (place,)))
    return found


def _size_of_step(dim: Dim) -> tuple[int, int, int]:
    return abs(dim.c), abs(dim.a), abs(dim.b)
