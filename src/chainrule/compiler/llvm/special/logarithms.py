"""Products with logarithms, in which 0 counts more than an infinite logarithm."""

from __future__ import annotations

from chainrule.compiler.llvm.math import Math
from chainrule.compiler.llvm.types import Value


class Logarithms(Math):
    """Products with logarithms."""

    def xlogy(self, x: Value, y: Value) -> Value:
        r""":math:`x \ln y`, and 0 where x is 0 and y is a number."""
        return self._zero_first(x, y, self.log(y))

    def xlog1py(self, x: Value, y: Value) -> Value:
        r""":math:`x \ln(1 + y)`, and 0 where x is 0 and y is a number."""
        return self._zero_first(x, y, self.log1p(y))

    def _zero_first(self, x: Value, y: Value, logarithm: Value) -> Value:
        zero = self.bits_and(self.compare("eq", x, 0.0), self.bits_not(self.is_nan(y)))
        return self.select(zero, 0.0, self.multiply(x, logarithm))
