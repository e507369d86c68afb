"""The builder of complex numbers: what rules of rows may say to it."""

from __future__ import annotations

from chainrule.compiler.emit.complex.inverse import Inverse
from chainrule.compiler.emit.complex.trigonometric import Trigonometric


class ComplexBuilder(Inverse, Trigonometric):
    """Writes complex numbers into a function."""
