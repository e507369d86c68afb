"""Arithmetic of numbers and vectors, with NumPy's meaning for every element type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.compiler.llvm.conversion import convert
from chainrule.compiler.llvm.core import Core, Number
from chainrule.compiler.llvm.types import BOOL, Value, register_type
from chainrule.dtypes import DType

_COMPARISONS = {
    "eq": ("oeq", "eq"),
    "ne": ("une", "ne"),
    "lt": ("olt", "lt"),
    "le": ("ole", "le"),
    "gt": ("ogt", "gt"),
    "ge": ("oge", "ge"),
}


class Arithmetic(Core):
    """Numbers: each method takes values of one element type, and constants for any of them."""

    def alike(self, *numbers: Number) -> list[Value]:
        """Values of one element type and equally many lanes."""
        values = [x for x in numbers if isinstance(x, Value)]
        dtype, lanes = values[0].dtype, max(x.lanes for x in values)
        return [
            self.splat(x, lanes) if isinstance(x, Value) else self.constant(x, dtype, lanes) for x in numbers
        ]

    def _binary(
        self, x: Number, y: Number, *, f: str, i: str, u: str | None = None, b: str | None = None
    ) -> Value:
        """An instruction of two values, by the letter of their type."""
        left, right = self.alike(x, y)
        name = {"f": f, "i": i, "u": i if u is None else u, "b": i if b is None else b}[left.kind]
        return self.define(f"{name} {left}, {right.text}", left.dtype, left.lanes)

    def add(self, x: Number, y: Number) -> Value:
        """The sum; of bools: or."""
        return self._binary(x, y, f="fadd", i="add", b="or")

    def subtract(self, x: Number, y: Number) -> Value:
        """The difference."""
        return self._binary(x, y, f="fsub", i="sub")

    def multiply(self, x: Number, y: Number) -> Value:
        """The product; of bools: and."""
        return self._binary(x, y, f="fmul", i="mul", b="and")

    def divide(self, x: Number, y: Number) -> Value:
        """The quotient of floats."""
        return self._binary(x, y, f="fdiv", i="sdiv", u="udiv")

    def fma(self, x: Number, y: Number, z: Number) -> Value:
        """X · y + z, rounded once; twice where the module is not for processors that can do that."""
        a, b, c = self.alike(x, y, z)
        if not self.module.fused:
            return self.add(self.multiply(a, b), c)
        return self.intrinsic("fma", a.dtype, a, b, c)

    def negative(self, x: Value) -> Value:
        """The opposite number."""
        if x.kind == "f":
            return self.define(f"fneg {x}", x.dtype, x.lanes)
        return self.subtract(self.constant(0, x.dtype, x.lanes), x)

    def absolute(self, x: Value) -> Value:
        """The absolute value; the smallest integer has none, and stays."""
        if x.kind == "f":
            return self.intrinsic("fabs", x.dtype, x)
        if x.kind in "bu":
            return x
        return self.select(self.compare("lt", x, 0), self.negative(x), x)

    def sqrt(self, x: Value) -> Value:
        """The square root, correctly rounded."""
        return self.intrinsic("sqrt", x.dtype, x)

    def compare(self, how: str, x: Number, y: Number) -> Value:
        """One bit: eq, ne, lt, le, gt or ge; only ne holds for NaN."""
        left, right = self.alike(x, y)
        of_floats, of_integers = _COMPARISONS[how]
        if left.kind == "f":
            text = f"fcmp {of_floats}"
        else:
            sign = "" if how in ("eq", "ne") else "s" if left.kind == "i" else "u"
            text = f"icmp {sign}{of_integers}"
        return self.define(f"{text} {left}, {right.text}", BOOL, left.lanes)

    def any_lane(self, mask: Value) -> Value:
        """Whether a condition holds in at least one lane."""
        if mask.lanes == 1:
            return mask
        bits = self.fresh("m")
        self.line(f"{bits} = bitcast {mask} to i{mask.lanes}")
        return self.define(f"icmp ne i{mask.lanes} {bits}, 0", BOOL)

    def is_nan(self, x: Value) -> Value:
        """Whether a float is NaN."""
        return self.define(f"fcmp uno {x}, {x.text}", BOOL, x.lanes)

    def select(self, condition: Value, x: Number, y: Number) -> Value:
        """X where a condition holds, y elsewhere."""
        left, right = self.alike(x, y)
        lanes = max(condition.lanes, left.lanes)
        bits, left, right = (self.splat(value, lanes) for value in (condition, left, right))
        return self.define(f"select {bits}, {left}, {right}", left.dtype, lanes)

    def maximum(self, x: Number, y: Number) -> Value:
        """The larger number; NaN if one is NaN."""
        return self._extreme(x, y, "gt", "max")

    def minimum(self, x: Number, y: Number) -> Value:
        """The smaller number; NaN if one is NaN."""
        return self._extreme(x, y, "lt", "min")

    def _extreme(self, x: Number, y: Number, beats: str, name: str) -> Value:
        if not isinstance(x, Value):
            x, y = y, x
        left, right = self.alike(x, y)
        if left.kind in "biu":
            return self.select(self.compare(beats, left, right), left, right)
        # A comparison with NaN is false: the second operand comes out, so that its NaN is kept.
        if not isinstance(y, Value):
            return self.select(self.compare(beats, right, left), right, left)
        return self.select(
            self.is_nan(left), left, self.select(self.compare(beats, left, right), left, right)
        )

    def bits_and(self, x: Number, y: Number) -> Value:
        """Bitwise and."""
        return self._binary(x, y, f="and", i="and")

    def bits_or(self, x: Number, y: Number) -> Value:
        """Bitwise or."""
        return self._binary(x, y, f="or", i="or")

    def bits_xor(self, x: Number, y: Number) -> Value:
        """Bitwise exclusive or."""
        return self._binary(x, y, f="xor", i="xor")

    def bits_not(self, x: Value) -> Value:
        """Bitwise complement."""
        return self.bits_xor(x, True if x.dtype == BOOL else -1)

    def shift_left(self, x: Number, y: Number) -> Value:
        """Bits moved up; by fewer places than there are bits."""
        return self._binary(x, y, f="shl", i="shl")

    def shift_right(self, x: Number, y: Number) -> Value:
        """Bits moved down; the sign stays. By fewer places than there are bits."""
        return self._binary(x, y, f="lshr", i="ashr", u="lshr")

    def reinterpret(self, x: Value, dtype: DType) -> Value:
        """The same bits as another type of the same size."""
        if register_type(x.dtype) == register_type(dtype):
            return Value(x.text, dtype, x.lanes)
        return self.define(f"bitcast {x} to {register_type(dtype, x.lanes)}", dtype, x.lanes)

    def cast(self, x: Value, dtype: DType) -> Value:
        """The number in another element type: see `conversion`."""
        return convert(self, x, dtype)

    def fold_lanes(self, combine: Callable[[Any, Any], Value], x: Value) -> Value:
        """All lanes folded into one number, halves onto halves: an order that does not change."""
        while x.lanes > 1:
            half = x.lanes // 2
            low, high = self.shuffle(x, range(half)), self.shuffle(x, range(half, x.lanes))
            if half == 1:
                low, high = (Value(part.text, part.dtype) for part in (self.lane(x, 0), self.lane(x, 1)))
            x = combine(low, high)
        return x
