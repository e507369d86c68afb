"""Extrema under constraints, by Lagrange multipliers."""

from chainrule.calculus.lagrange.checks import Sensitivity
from chainrule.calculus.lagrange.solution import LagrangeSolution
from chainrule.calculus.lagrange.solve import lagrange
from chainrule.calculus.lagrange.solver import SolverCheck

__all__ = ["LagrangeSolution", "Sensitivity", "SolverCheck", "lagrange"]
