"""Special functions as builder methods: series and continued fractions, until every lane has converged."""

from __future__ import annotations

from chainrule.compiler.llvm.special.bessel import Bessel
from chainrule.compiler.llvm.special.logarithms import Logarithms
from chainrule.compiler.llvm.special.quadrature import Quadrature
from chainrule.compiler.llvm.special.quantiles import Quantiles
from chainrule.compiler.llvm.special.zeta import Zeta

__all__ = ["Special"]


class Special(Quantiles, Quadrature, Bessel, Zeta, Logarithms):
    """All special functions."""
