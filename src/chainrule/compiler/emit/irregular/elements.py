"""Elements of any type in registers: complex numbers as two values, 16-bit floats as ``float32``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.compiler.emit.irregular.walk import WIDTH, in_vectors, whole
from chainrule.compiler.llvm import BOOL, Builder, Pointer, Value
from chainrule.compiler.llvm.core import Index
from chainrule.core.spec import Spec
from chainrule.dtypes import DType, computed_in, letter, real_type

# A real number, or real and imaginary part: numbers or vectors.
Number = tuple[Value, ...]
Fold = Callable[[Builder, Number, Number], Number]

BYTE = np.dtype(np.uint8)


class Elements:
    """How elements of one type are read, written and computed with.

    Attributes
    ----------
    dtype : dtype
        What lies in memory.
    part : dtype
        Its parts there: the type itself, or that of real and imaginary part.
    register : dtype
        What a part is computed in.
    """

    def __init__(self, dtype: DType) -> None:
        self.dtype = dtype
        self.is_complex = letter(dtype) == "c"
        self.part = real_type(dtype)
        self.register = computed_in(self.part)
        self.is_half = self.register != self.part

    @property
    def lanes(self) -> int:
        """How many elements are worked on at a time."""
        return WIDTH // self.register.itemsize

    def load_masked(self, b: Builder, place: Pointer, lanes: int, mask: Value) -> Value:
        """Real elements at an address; 0 in lanes that are masked out."""
        return b.cast(b.load(place, self.part, lanes, mask), self.register)

    def gather(self, b: Builder, base: Pointer, indices: Value, mask: Value | None = None) -> Value:
        """Real elements at indices; 0 in lanes that are masked out."""
        if indices.lanes == 1:
            return self._load(b, base, indices, 1)
        return b.cast(b.gather(base, indices, self.part, mask), self.register)

    def load(self, b: Builder, base: Pointer, index: Index, lanes: int = 1) -> Number:
        """Elements, one after the other."""
        if not self.is_complex:
            return (self._load(b, base, index, lanes),)
        both = self._load(b, base, b.times(index, 2), 2 * lanes)
        if lanes == 1:
            return b.lane(both, 0), b.lane(both, 1)
        return b.shuffle(both, range(0, 2 * lanes, 2)), b.shuffle(both, range(1, 2 * lanes, 2))

    def _load(self, b: Builder, base: Pointer, index: Index, lanes: int) -> Value:
        return b.cast(b.load(b.element(base, index, self.part), self.part, lanes), self.register)

    def store(self, b: Builder, x: Number, base: Pointer, index: Index) -> None:
        """Write elements, one after the other, rounded to their type."""
        if self.is_complex:
            b.store(woven(b, *x), b.element(base, b.times(index, 2), self.part))
        else:
            b.store(b.cast(x[0], self.part), b.element(base, index, self.part))

    def constant(self, b: Builder, value: Any, lanes: int = 1) -> Number:
        """A real number."""
        real = b.constant(value, self.register, lanes)
        return (real, b.constant(0, self.register, lanes)) if self.is_complex else (real,)

    def cast(self, b: Builder, x: Number) -> Number:
        """Parts in the type they are computed in."""
        return tuple(b.cast(part, self.register) for part in x)


# Elements in memory: their type, and where they begin.
Array = tuple[Elements, Pointer]


def convert(b: Builder, size: int, source: Array, target: Array) -> None:
    """Copy elements to an array of another type."""

    def move(i: Index, lanes: int) -> None:
        target[0].store(b, source[0].load(b, source[1], i, lanes), target[1], i)

    in_vectors(b, whole(size), source[0].lanes, move)


def woven(b: Builder, x: Value, y: Value) -> Value:
    """The lanes of two vectors in turn."""
    if x.lanes == 1:
        return b.with_lane(b.splat(x, 2), 1, y)
    return b.shuffle(x, [i // 2 + i % 2 * x.lanes for i in range(2 * x.lanes)], y)


def as_moved(spec: Spec) -> Spec:
    """The same elements as integers of their size, which are moved bit by bit."""
    if letter(spec.dtype) == "c":
        return spec
    return Spec(spec.shape, np.dtype(f"uint{8 * spec.dtype.itemsize}"))


def lowest(dtype: DType) -> Any:
    """What no element of a real type is less than."""
    if letter(dtype) == "f":
        return -np.inf
    return False if dtype == BOOL else np.iinfo(dtype).min


def highest(dtype: DType) -> Any:
    """What no element of a real type is greater than."""
    if letter(dtype) == "f":
        return np.inf
    return True if dtype == BOOL else np.iinfo(dtype).max


def add(b: Builder, x: Number, y: Number) -> Number:
    """The sum; of bools: or."""
    return tuple(b.add(p, q) for p, q in zip(x, y, strict=True))


def multiply(b: Builder, x: Number, y: Number) -> Number:
    """The product."""
    if len(x) == 1:
        return (b.multiply(x[0], y[0]),)
    (a, i), (c, j) = x, y
    real = b.subtract(b.multiply(a, c), b.multiply(i, j))
    return real, b.add(b.multiply(a, j), b.multiply(i, c))


def maximum(b: Builder, x: Number, y: Number) -> Number:
    """The larger number; NaN if one is NaN."""
    return (b.maximum(x[0], y[0]),)


def minimum(b: Builder, x: Number, y: Number) -> Number:
    """The smaller number; NaN if one is NaN."""
    return (b.minimum(x[0], y[0]),)
