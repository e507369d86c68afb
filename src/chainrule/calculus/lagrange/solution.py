"""The result of `lagrange`, which reads as a worked solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainrule.calculus.fields import Array, shown
from chainrule.calculus.formula import Formula
from chainrule.calculus.lagrange.checks import Sensitivity
from chainrule.calculus.lagrange.formulas import Written, constraint_names, multiplier_names
from chainrule.calculus.lagrange.solver import SolverCheck
from chainrule.calculus.printed import Printed
from chainrule.errors import text


@dataclass(frozen=True, repr=False)
class LagrangeSolution(Printed):
    r"""A stationary point of a problem with constraints, and what was checked about it.

    Attributes
    ----------
    x : ndarray () or (n,)
        The point, in the form of the start.
    value : float
        The objective there.
    equality_multipliers, inequality_multipliers : ndarray (p,), (q,)
        λ and μ.
    kind : str
        ``"minimum"``, ``"maximum"``, ``"saddle"`` (neither) or ``"degenerate"`` (not decided by the second
        order) under the constraints.
    eigenvalues : ndarray
        Of the Lagrangian's Hessian on the tangent space of the active constraints; empty in a corner.
    active : ndarray (q,) of bool
        Which inequalities hold with equality.
    slack : ndarray (q,)
        h at the point; ≤ 0.
    stationarity, violation, complementarity : float
        Residuals: :math:`\|\nabla L\|`, the largest miss of a constraint, the largest :math:`|μ_i h_i|`.
    dependent : tuple of str
        Active constraints with dependent gradients. There the qualification LICQ fails, and multipliers
        need not be unique, or exist.
    sensitivities : tuple of Sensitivity
        For each constraint, :math:`∂f^*/∂c` by its multiplier and as measured.
    solver : SolverCheck
        What SLSQP found.
    converged : bool
        Whether all conditions hold.
    reason : str
        What went wrong; otherwise empty.
    names : tuple of str
        The variables.
    maximize : bool
        Whether a maximum was asked for.
    written : Written
        The problem as formulas.
    """

    x: Array
    value: float
    equality_multipliers: Array
    inequality_multipliers: Array
    kind: str
    eigenvalues: Array
    active: np.ndarray
    slack: Array
    stationarity: float
    violation: float
    complementarity: float
    dependent: tuple[str, ...]
    sensitivities: tuple[Sensitivity, ...]
    solver: SolverCheck
    converged: bool
    reason: str
    names: tuple[str, ...]
    maximize: bool
    written: Written

    @property
    def lagrangian(self) -> Formula:
        """The Lagrangian as a formula."""
        return self.written.lagrangian

    @property
    def system(self) -> tuple[str, ...]:
        """The equations that were solved."""
        return self.written.system

    @property
    def licq(self) -> bool:
        """Whether the gradients of the active constraints are linearly independent."""
        return not self.dependent

    @property
    def agrees(self) -> bool:
        """Whether SLSQP found the same value."""
        close = abs(self.value - self.solver.value) <= 1e-6 * max(1.0, abs(self.value))
        return bool(self.solver.feasible and close)

    def __str__(self) -> str:
        parts = (self._problem(), self._conditions(), self._solution(), self._multipliers(), self._checks())
        return "\n".join(line for part in parts for line in part)

    def _problem(self) -> list[str]:
        p, labels = len(self.equality_multipliers), self._labels
        relations = ["= 0" if i < p else "≤ 0" for i in range(len(labels))]
        triples = zip(labels, self.written.constraints, relations, strict=True)
        goal = text("lagrange.maximize" if self.maximize else "lagrange.minimize")
        head = f"{goal}  f({', '.join(self.names)}) = {self.written.objective}"
        where = text("lagrange.where")
        return [head, *(f"{where}  {label}: {right} {relation}" for label, right, relation in triples)]

    def _conditions(self) -> list[str]:
        return [self.written.line, text("lagrange.system"), *(f"  {line}" for line in self.system)]

    def _solution(self) -> list[str]:
        if not self.converged:
            return [text("lagrange.failed", reason=self.reason)]
        numbers = np.ravel(self.x)
        point = ", ".join(f"{name} = {shown(x)}" for name, x in zip(self.names, numbers, strict=True))
        kind = text(f"lagrange.{self.kind}", eigenvalues=shown(self.eigenvalues))
        if not self.eigenvalues.size:
            kind = text("lagrange.corner", kind=text(f"optimum.{self.kind}"))
        return [text("lagrange.solution", point=point, value=f"{self.value:.8g}"), kind]

    def _multipliers(self) -> list[str]:
        p, letters = len(self.equality_multipliers), self._letters
        numbers = np.concatenate([self.equality_multipliers, self.inequality_multipliers])
        lines = []
        for i, found in enumerate(self.sensitivities):
            key = "lagrange.multiplier" if i < p or self.active[i - p] else "lagrange.inactive"
            state = "unmeasured" if np.isnan(found.measured) else "measured"
            measured = text(f"lagrange.{state}", value=shown(found.measured))
            said = {"predicted": shown(found.predicted), "measured": measured, "value": shown(numbers[i])}
            lines.append(text(key, multiplier=letters[i], label=self._labels[i], **said))
        return lines

    def _checks(self) -> list[str]:
        residuals = (self.stationarity, self.violation, self.complementarity)
        names = ("stationarity", "violation", "complementarity")
        shown_ = {name: f"{r:.0e}" for name, r in zip(names, residuals, strict=True)}
        lines = [text("lagrange.residuals", **shown_)]
        if self.dependent:
            lines.append(text("lagrange.dependent", labels=", ".join(self.dependent)))
        solver = {"point": shown(self.solver.x), "value": f"{self.solver.value:.8g}"}
        state = "agrees" if self.agrees else "differs" if self.solver.feasible else "fails"
        return [*lines, text(f"lagrange.solver_{state}", **solver)]

    @property
    def _labels(self) -> tuple[str, ...]:
        return constraint_names(len(self.equality_multipliers), len(self.inequality_multipliers))

    @property
    def _letters(self) -> tuple[str, ...]:
        return multiplier_names(len(self.equality_multipliers), len(self.inequality_multipliers))
