"""Lagrange multipliers: from the problem to the checked solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import chainrule.calculus.lagrange.messages
import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule.calculus.fields import Array, Function, ScalarField, VectorField, as_point, form_of, shown
from chainrule.calculus.lagrange import checks, kkt
from chainrule.calculus.lagrange.formulas import constraint_names, written
from chainrule.calculus.lagrange.problem import Problem
from chainrule.calculus.lagrange.solution import LagrangeSolution
from chainrule.calculus.lagrange.solver import SolverCheck, least_violation, slsqp
from chainrule.errors import error, text

Constraints = Function | Sequence[Function]
_FEASIBLE = 1e-6
_UNBOUNDED = 1e8
_ROUNDING = 1e-14
# How far a second start is from the first, or from a point that is left.
_ASIDE = 1e-2
# At a point that is only near, gradients are only nearly dependent.
_NEARLY = 1e-5


def lagrange(
    objective: Function,
    *,
    x0: Any,
    equality: Constraints = (),
    inequality: Constraints = (),
    names: Sequence[str] | None = None,
    maximize: bool = False,
    strict: bool = True,
) -> LagrangeSolution:
    r"""An extremum under constraints.

    .. math:: \min_x f(x) \;\text{ where }\; g(x) = 0,\; h(x) \le 0, \qquad
              L(x, λ, μ) = f(x) + λ^T g(x) + μ^T h(x)

    Its conditions :math:`\nabla_x L = 0,\; g = 0,\; h \le 0,\; μ \ge 0,\; μ_i h_i = 0` (Karush 1939, Kuhn
    and Tucker 1951) are solved by Newton's method from the start and from the point that SciPy's SLSQP
    finds, and the better of the two is kept. For a maximum :math:`L = f - λ^T g - μ^T h`, and again
    :math:`μ \ge 0`.

    A multiplier is a price. Let the constraint read :math:`g(x) = c`: then :math:`∂f^*/∂c = -λ` for a
    minimum, and λ for a maximum. This is verified by solving again with other c.

    Parameters
    ----------
    objective : callable
        f: a function of one number, of n numbers or of one vector (n,), that gives one number.
    x0 : number or array_like (n,)
        The start. It need not keep the constraints.
    equality, inequality : callable or sequence of callables
        g and h, of the same variables; each gives one number or several.
    names : sequence of str, optional
        Names of the variables; those of the arguments by default.
    maximize : bool
        Look for a maximum.
    strict : bool
        Raise if no solution is found; otherwise the result tells it.

    Returns
    -------
    LagrangeSolution
        Printed, it reads as a worked solution.

    Raises
    ------
    ConvergenceError
        The constraints contradict each other, the objective is unbounded, or there are no multipliers.
    ShapeError, ConfigError
        The functions do not fit the start, or are not finite there.

    Examples
    --------
    >>> found = lagrange(lambda x, y: x * y, equality=lambda x, y: x + y - 1, x0=[1.0, 0.0], maximize=True)
    >>> print(found)
    maximize  f(x, y) = x*y
    where  g: x + y - 1 = 0
    L(x, y, λ) = x*y - λ*(x + y - 1)
    stationary system:
      ∂L/∂x = y - λ = 0
      ∂L/∂y = x - λ = 0
      x + y - 1 = 0
    solution: x = 0.5, y = 0.5, f = 0.25
    a maximum: eigenvalues on the tangent space -1
    λ = 0.5: f* changes by 0.5 per unit of c in g = c (measured 0.5)
    residuals: stationarity ..., constraints ..., complementarity 0e+00
    SLSQP agrees: f = 0.25 at (0.5, 0.5)
    """
    start = as_point(x0, "lagrange")
    problem = _problem(objective, _parts(equality), _parts(inequality), start, -1.0 if maximize else 1.0)
    labels = _names(names, problem)
    x = start.reshape(-1)
    best, opinion = _search(problem, x)
    found = _holds(problem, best) and checks.classified(problem, best)[1] != _opposite(problem)
    reason = "" if found else _reason(problem, best, x, opinion)
    if strict and reason:
        raise error("lagrange.strict", reason=reason, residual=best.residual, point=shown(best.x))
    return _solution(problem, best, start.shape, opinion, reason, labels)


def _parts(constraints: Constraints) -> list[Function]:
    if callable(constraints):
        return [constraints]
    if not isinstance(constraints, Sequence):
        raise error("fields.function", what="lagrange", kind=type(constraints).__name__)
    return list(constraints)


def _problem(
    objective: Function, equality: list[Function], inequality: list[Function], start: Array, sign: float
) -> Problem:
    """The problem, after a look at it from the start."""
    x, vector = start.reshape(-1), start.ndim == 1

    def field(parts: list[Function]) -> VectorField:
        return VectorField(parts, [form_of(f, x.size, "lagrange", vector=vector) for f in parts], "lagrange")

    f = ScalarField(objective, form_of(objective, x.size, "lagrange", vector=vector), "lagrange")
    g, h = field(equality), field(inequality)
    sizes = [len(part.values(x)) for part in (g, h)]
    problem = Problem(f, g, h, sign, np.zeros(sum(sizes)), sizes[0])
    seen = [problem.value(x), *problem.gradient(x), *problem.constraints(x), *problem.jacobian(x).ravel()]
    if not np.isfinite(seen).all():
        raise error("lagrange.start", point=shown(x))
    return problem


def _names(names: Sequence[str] | None, problem: Problem) -> tuple[str, ...]:
    count = problem.objective.form.count
    if names is None:
        return problem.objective.form.names
    if isinstance(names, str) or len(names) != count or len(set(names)) != count:
        raise error("lagrange.names", names=names, count=count)
    return tuple(names)


def _search(problem: Problem, x: Array) -> tuple[kkt.Stationary, SolverCheck]:
    """What is found from a start; from beside it, should that be a bad place to start from."""
    best, opinion = _attempt(problem, x)
    for other in _others(problem, x, best):
        found, second = _attempt(problem, other)
        leads_away = _holds(problem, best) and _is_unbounded(problem, second, x)
        if leads_away or _rank(problem, found) < _rank(problem, best):
            best, opinion = found, second
    return _tidied(problem, best), opinion


def _attempt(problem: Problem, x: Array) -> tuple[kkt.Stationary, SolverCheck]:
    """The better of what Newton's method finds from the start and from SLSQP's point."""
    opinion, starts = slsqp(problem, x), [x]
    if np.isfinite(opinion.x).all():
        starts.append(opinion.x)
    with np.errstate(all="ignore"):
        found = [kkt.solve(problem, s, kkt.multipliers(problem, s)) for s in starts]
    return min(found, key=lambda at: _rank(problem, at)), opinion


def _others(problem: Problem, x: Array, at: kkt.Stationary) -> list[Array]:
    """Beside a start with vanishing gradients, or beside a point that is not of the wanted kind."""
    if not _holds(problem, at):
        is_flat = (np.linalg.norm(problem.jacobian(x), axis=1) == 0).any()
        return [x + _ASIDE * (1 + abs(x)) / np.arange(1, len(x) + 1)] if is_flat else []
    if not _is_unwanted(problem, at):
        return []
    eigenvalues, directions = checks.reduced(problem, at, problem.active(at.x, checks.ACTIVE))
    if not (eigenvalues < 0).any():
        return []
    move = _ASIDE * (1 + np.linalg.norm(at.x)) * directions[:, 0]
    return [at.x + move, at.x - move]


def _tidied(problem: Problem, at: kkt.Stationary) -> kkt.Stationary:
    """The point with fewer digits where that is as good: 0 rather than 1e-17."""
    rounded = np.round(at.x, 12) + 0.0
    with np.errstate(all="ignore"):
        residual = kkt.relative(problem, kkt.conditions(problem, rounded, at.m), rounded)
    return replace(at, x=rounded, residual=residual) if residual <= max(at.residual, _ROUNDING) else at


def _holds(problem: Problem, at: kkt.Stationary) -> bool:
    return at.converged and not checks.has_runaway(problem, at)


def _rank(problem: Problem, at: kkt.Stationary) -> tuple[bool, bool, float, float]:
    """Converged ones first, then those of the wanted kind, then by value."""
    if not _holds(problem, at):
        return True, True, 0.0, at.residual
    # Equal up to rounding counts as equal, and the smaller residual decides.
    return False, _is_unwanted(problem, at), float(f"{problem.value(at.x):.9g}"), at.residual


def _is_unwanted(problem: Problem, at: kkt.Stationary) -> bool:
    return checks.classified(problem, at)[1] in ("saddle", _opposite(problem))


def _opposite(problem: Problem) -> str:
    """The kind of point that was not asked for."""
    return "maximum" if problem.sign > 0 else "minimum"


def _is_unbounded(problem: Problem, opinion: SolverCheck, start: Array) -> bool:
    """Whether SLSQP went down without end and kept the constraints."""
    bound = _UNBOUNDED * max(1.0, abs(problem.value(start)))
    kept = opinion.violation <= _FEASIBLE * max(1.0, float(np.linalg.norm(opinion.x)))
    return kept and problem.sign * opinion.value < -bound


def _reason(problem: Problem, at: kkt.Stationary, start: Array, opinion: SolverCheck) -> str:
    """Why there is no solution."""
    if _holds(problem, at):
        kind = text(f"optimum.{_opposite(problem)}")
        return text("lagrange.opposite", kind=kind, point=shown(at.x))
    if not opinion.feasible and problem.right.size:
        place, violation = least_violation(problem, start)
        if violation > _FEASIBLE:
            return text("lagrange.infeasible", violation=f"{violation:.3g}", point=shown(place))
    if _is_unbounded(problem, opinion, start):
        return text("lagrange.unbounded", value=f"{opinion.value:.3g}", point=shown(opinion.x))
    together = checks.dependent(problem, opinion.x, _NEARLY) if opinion.feasible else ()
    if together:
        labels = constraint_names(problem.p, problem.q)
        names = ", ".join(labels[i] for i in together)
        largest = f"{abs(at.m).max():.1e}"
        return text("lagrange.no_multipliers", labels=names, point=shown(opinion.x), largest=largest)
    return text("lagrange.not_reached")


def _solution(
    problem: Problem,
    at: kkt.Stationary,
    shape: tuple[int, ...],
    opinion: SolverCheck,
    reason: str,
    names: tuple[str, ...],
) -> LagrangeSolution:
    p, y = problem.p, problem.constraints(at.x)
    eigenvalues, kind = (np.zeros(0), "degenerate") if reason else checks.classified(problem, at)
    labels = constraint_names(p, problem.q)
    slope = problem.gradient(at.x) + problem.jacobian(at.x).T @ at.m
    return LagrangeSolution(
        x=at.x.reshape(shape),
        value=problem.objective.value(at.x),
        equality_multipliers=at.m[:p],
        inequality_multipliers=at.m[p:],
        kind=kind,
        eigenvalues=eigenvalues,
        active=problem.active(at.x, checks.ACTIVE)[p:],
        slack=y[p:],
        stationarity=float(np.linalg.norm(slope)),
        violation=problem.violation(at.x),
        complementarity=float(abs(at.m[p:] * y[p:]).max(initial=0.0)),
        dependent=tuple(labels[i] for i in checks.dependent(problem, at.x)),
        sensitivities=() if reason else checks.sensitivities(problem, at),
        solver=opinion,
        converged=not reason,
        reason=reason,
        names=names,
        maximize=problem.sign < 0,
        written=written(problem, names),
    )
