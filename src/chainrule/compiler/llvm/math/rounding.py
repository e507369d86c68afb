"""Rounding to integers: processors' own instructions, which LLVM's intrinsics stand for."""

from __future__ import annotations

from chainrule.compiler.llvm.math.base import Elementary
from chainrule.compiler.llvm.types import Value


class Rounding(Elementary):
    """Rounding to integers; integers are whole already and stay as they are."""

    def floor(self, x: Value) -> Value:
        """The next integer that is not larger; exact."""
        return self._rounded("floor", x)

    def ceil(self, x: Value) -> Value:
        """The next integer that is not smaller; exact."""
        return self._rounded("ceil", x)

    def trunc(self, x: Value) -> Value:
        """The next integer towards 0; exact."""
        return self._rounded("trunc", x)

    def round(self, x: Value) -> Value:
        """The nearest integer, the even one of two; exact."""
        return self._rounded("rint", x)

    def _rounded(self, how: str, x: Value) -> Value:
        return self.intrinsic(how, x.dtype, x) if x.kind == "f" else x
