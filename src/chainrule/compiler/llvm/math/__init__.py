"""Mathematical functions as builder methods: polynomials on vectors, without a library."""

from __future__ import annotations

from chainrule.compiler.llvm.math.error import Error
from chainrule.compiler.llvm.math.hyperbolic import Hyperbolic
from chainrule.compiler.llvm.math.inverse import Inverse
from chainrule.compiler.llvm.math.power import Power
from chainrule.compiler.llvm.math.rounding import Rounding
from chainrule.compiler.llvm.math.trigonometric import Trigonometric

__all__ = ["Math"]


class Math(Error, Hyperbolic, Inverse, Power, Rounding, Trigonometric):
    """All mathematical functions."""
