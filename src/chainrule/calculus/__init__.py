"""Calculus of one and several variables."""

from chainrule.calculus.antiderivative import Antiderivative, antiderivative
from chainrule.calculus.continuity import Continuity, ContinuityCheck, check_continuity, is_continuous
from chainrule.calculus.convexity import Chord, Convexity, is_convex
from chainrule.calculus.critical import CriticalPoint, CriticalPoints, critical_points
from chainrule.calculus.derivatives import derivative, directional, gradient, hessian, jacobian, partial
from chainrule.calculus.descent import DescentPath, descent_path
from chainrule.calculus.formula import Formula, formula
from chainrule.calculus.integrals import Integral, integrate
from chainrule.calculus.lagrange import LagrangeSolution, Sensitivity, SolverCheck, lagrange
from chainrule.calculus.limits import Limit, limit
from chainrule.calculus.lines import secant, tangent_line, tangent_plane
from chainrule.calculus.minimize import minimize
from chainrule.calculus.monte_carlo import MonteCarlo, monte_carlo
from chainrule.calculus.operators import curl, divergence, laplacian
from chainrule.calculus.polynomial import Polynomial
from chainrule.calculus.riemann import RiemannSum, riemann_sum, simpson, trapezoid
from chainrule.calculus.roots import Root, bisect, newton
from chainrule.calculus.taylor import taylor

__all__ = [
    "Antiderivative",
    "Chord",
    "Continuity",
    "ContinuityCheck",
    "Convexity",
    "CriticalPoint",
    "CriticalPoints",
    "DescentPath",
    "Formula",
    "Integral",
    "LagrangeSolution",
    "Limit",
    "MonteCarlo",
    "Polynomial",
    "RiemannSum",
    "Root",
    "Sensitivity",
    "SolverCheck",
    "antiderivative",
    "bisect",
    "check_continuity",
    "critical_points",
    "curl",
    "derivative",
    "descent_path",
    "directional",
    "divergence",
    "formula",
    "gradient",
    "hessian",
    "integrate",
    "is_continuous",
    "is_convex",
    "jacobian",
    "lagrange",
    "laplacian",
    "limit",
    "minimize",
    "monte_carlo",
    "newton",
    "partial",
    "riemann_sum",
    "secant",
    "simpson",
    "tangent_line",
    "tangent_plane",
    "taylor",
    "trapezoid",
]
