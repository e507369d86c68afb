"""Mathematical functions as builder methods: polynomials on vectors, without a library."""

from __future__ import annotations

from chainrule.compiler.llvm.math.error import ErrorFunctions
from chainrule.compiler.llvm.math.gamma import Gamma
from chainrule.compiler.llvm.math.hyperbolic import Hyperbolic
from chainrule.compiler.llvm.math.inverse import Inverse

__all__ = ["Math"]


class Math(ErrorFunctions, Gamma, Hyperbolic, Inverse):
    """All mathematical functions."""
