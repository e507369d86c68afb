"""Extrema under constraints."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus import lagrange
from chainrule.errors import ConfigError, ConvergenceError, DTypeError, ShapeError


def check(found):
    """What every solution must fulfil, whatever the problem."""
    assert found.converged and found.agrees
    assert found.stationarity < 1e-8 and found.violation < 1e-8 and found.complementarity < 1e-8
    assert (found.inequality_multipliers >= 0).all() and (found.slack <= 1e-8).all()
    assert all(s.agrees for s in found.sensitivities)


# Objective, options, point, value, λ, μ, kind.
TEXTBOOK = {
    "largest rectangle": (
        lambda x, y: x * y,
        {"equality": lambda x, y: x + y - 1, "x0": [1.0, 0.0], "maximize": True},
        *((0.5, 0.5), 0.25, [0.5], [], "maximum"),
    ),
    "product on the circle": (
        lambda x, y: x * y,
        {"equality": lambda x, y: x * x + y * y - 1, "x0": [1.0, -0.3]},
        *((math.sqrt(0.5), -math.sqrt(0.5)), -0.5, [0.5], [], "minimum"),
    ),
    "nearest point of a plane": (
        lambda x, y, z: x * x + y * y + z * z,
        {"equality": lambda x, y, z: x + 2 * y + 2 * z - 9, "x0": [0.0, 0.0, 0.0]},
        *((1, 2, 2), 9, [-2], [], "minimum"),
    ),
    "two planes": (
        lambda x, y, z: x * x + y * y + z * z,
        {
            "equality": [lambda x, y, z: x + y + z - 1, lambda x, y, z: x - y + 2 * z - 3],
            "x0": [0.0, 0.0, 0.0],
        },
        *((0.5, -0.5, 1), 1.5, [0, -1], [], "minimum"),
    ),
    "inequality that is active": (
        lambda x: x**2,
        {"inequality": lambda x: 1 - x, "x0": 3.0},
        *(1, 1, [], [2], "minimum"),
    ),
    "inequality that is not": (
        lambda x, y: (x - 2) ** 2 + (y - 1) ** 2,
        {"inequality": lambda x, y: x * x - y - 100, "x0": [0.0, 0.0]},
        *((2, 1), 0, [], [0], "minimum"),
    ),
    "linear on a disc": (
        lambda x, y: x + y,
        {"inequality": lambda x, y: x * x + y * y - 2, "x0": [0.0, 0.1]},
        *((-1, -1), -2, [], [0.5], "minimum"),
    ),
    "corner": (
        lambda x, y: (x - 2) ** 2 + (y - 1) ** 2,
        {"inequality": [lambda x, y: x * x - y, lambda x, y: x + y - 2], "x0": [0.0, 0.0]},
        *((1, 1), 1, [], [2 / 3, 2 / 3], "minimum"),
    ),
    "both kinds": (
        lambda x, y, z: x + y + z,
        {
            "equality": lambda x, y, z: x * x + y * y - 2,
            "inequality": lambda x, y, z: 3 - z,
            "x0": [-1.5, -0.5, 5.0],
        },
        *((-1, -1, 3), 1, [0.5], [1], "minimum"),
    ),
    "profit": (
        lambda x, y: 40 * x + 30 * y,
        {
            "inequality": lambda x, y: (x + y - 12, 2 * x + y - 16, -x, -y),
            "x0": [1.0, 1.0],
            "maximize": True,
        },
        *((4, 8), 400, [], [20, 10, 0, 0], "maximum"),
    ),
}


@pytest.mark.parametrize(
    ("f", "options", "x", "value", "equal", "unequal", "kind"), TEXTBOOK.values(), ids=TEXTBOOK.keys()
)
def test_problems_of_the_textbook(f, options, x, value, equal, unequal, kind):
    found = lagrange(f, **options)
    check(found)
    assert found.x.shape == np.shape(options["x0"])
    assert np.allclose(found.x, x, atol=1e-8)
    assert found.value == pytest.approx(value, abs=1e-10)
    assert np.allclose(found.equality_multipliers, equal, atol=1e-8)
    assert np.allclose(found.inequality_multipliers, unequal, atol=1e-8)
    assert found.kind == kind
    assert found.licq
    assert found.active.tolist() == [m > 1e-9 for m in unequal]


def entropy(p):
    return -cr.sum(p * cr.log(p))


def total(p):
    return cr.sum(p) - 1


def test_the_uniform_distribution_has_the_largest_entropy():
    found = lagrange(entropy, equality=total, x0=[0.7, 0.1, 0.1, 0.1], maximize=True)
    check(found)
    assert np.allclose(found.x, 0.25, atol=1e-12)
    assert found.value == pytest.approx(math.log(4))
    assert np.allclose(found.eigenvalues, -4)


def test_entropy_at_a_given_energy_gives_the_boltzmann_distribution():
    energies = np.array([0.0, 1.0, 2.0, 3.0])
    E = cr.tensor(energies)
    found = lagrange(
        entropy, equality=[total, lambda p: cr.sum(p * E) - 1], x0=[0.4, 0.3, 0.2, 0.1], maximize=True
    )
    check(found)
    beta = found.equality_multipliers[1]
    weights = np.exp(-beta * energies)
    assert np.allclose(found.x, weights / weights.sum(), atol=1e-10)
    # Entropy rises with energy by the inverse temperature.
    assert found.sensitivities[1].predicted == pytest.approx(beta)


def test_the_largest_eigenvalue_is_a_multiplier():
    A = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
    C = cr.tensor(A)
    found = lagrange(
        lambda v: cr.sum(v * (C @ v)), equality=lambda v: cr.sum(v * v) - 1, x0=[1.0, 0.5, 0.2], maximize=True
    )
    check(found)
    values, vectors = np.linalg.eigh(A)
    assert found.equality_multipliers[0] == pytest.approx(values[-1])
    assert abs(found.x @ vectors[:, -1]) == pytest.approx(1)
    assert np.allclose(found.eigenvalues, 2 * (values[:2] - values[-1]))


@pytest.mark.parametrize("seed", range(3))
def test_random_quadratic_programs_with_equalities_against_a_linear_solve(seed):
    rng = np.random.default_rng(seed)
    n, p = 4, 2
    root = rng.normal(size=(n, n))
    H, c = root @ root.T + np.eye(n), rng.normal(size=n)
    A, b = rng.normal(size=(p, n)), rng.normal(size=p)
    Ht, ct, At, bt = map(cr.tensor, (H, c, A, b))
    found = lagrange(
        lambda v: 0.5 * cr.sum(v * (Ht @ v)) + cr.sum(ct * v),
        equality=lambda v: At @ v - bt,
        x0=rng.normal(size=n),
    )
    check(found)
    K = np.block([[H, A.T], [A, np.zeros((p, p))]])
    exact = np.linalg.solve(K, np.concatenate([-c, b]))
    assert np.allclose(np.concatenate([found.x, found.equality_multipliers]), exact, atol=1e-9)
    assert found.kind == "minimum"


@pytest.mark.parametrize("seed", range(3))
def test_random_quadratic_programs_with_inequalities_against_all_active_sets(seed):
    """The solution is that active set whose multipliers are ≥ 0 and whose point keeps the rest."""
    rng = np.random.default_rng(100 + seed)
    n, q = 3, 3
    root = rng.normal(size=(n, n))
    H, c = root @ root.T + np.eye(n), 3 * rng.normal(size=n)
    A, b = rng.normal(size=(q, n)), rng.uniform(0.1, 1, q)
    Ht, ct, At, bt = map(cr.tensor, (H, c, A, b))
    found = lagrange(
        lambda v: 0.5 * cr.sum(v * (Ht @ v)) + cr.sum(ct * v),
        inequality=lambda v: At @ v - bt,
        x0=np.zeros(n),
    )
    check(found)
    x, mu = by_enumeration(H, c, A, b)
    assert np.allclose(found.x, x, atol=1e-8)
    assert np.allclose(found.inequality_multipliers, mu, atol=1e-8)


def by_enumeration(H, c, A, b):
    for bits in range(2 ** len(b)):
        on = np.array([bool(bits >> i & 1) for i in range(len(b))])
        k = on.sum()
        K = np.block([[H, A[on].T], [A[on], np.zeros((k, k))]])
        solution = np.linalg.solve(K, np.concatenate([-c, b[on]]))
        x, mu = solution[: len(c)], np.zeros(len(b))
        mu[on] = solution[len(c) :]
        if (mu >= 0).all() and (A @ x <= b + 1e-10).all():
            return x, mu
    raise AssertionError("a strictly convex program has a solution")


def test_a_weakly_active_constraint():
    found = lagrange(lambda x, y: x**2 + y**2, inequality=lambda x, y: -x, x0=[1.0, 1.0])
    assert found.converged and found.kind == "minimum"
    assert found.active.tolist() == [True]
    assert found.inequality_multipliers[0] == pytest.approx(0, abs=1e-8)


def test_a_stationary_point_that_is_no_minimum_is_named():
    found = lagrange(lambda x, y, z: x * x - y * y, equality=lambda x, y, z: z, x0=[0.0, 0.0, 1.0])
    assert np.allclose(found.x, 0, atol=1e-9)
    assert found.kind == "saddle"
    assert "NEITHER minimum nor maximum: eigenvalues on the tangent space (-2, 2)" in str(found)


@pytest.mark.parametrize(
    "start", [[0.0, 1.0], [0.0, 0.0]], ids=["on a maximum", "where the gradient of g is zero"]
)
def test_a_bad_start_is_left(start):
    found = lagrange(lambda x, y: x**2 + 2 * y**2, equality=lambda x, y: x**2 + y**2 - 1, x0=start)
    check(found)
    assert found.kind == "minimum" and found.value == pytest.approx(1)
    assert found.x[1] == 0


def test_a_minimum_is_no_answer_to_maximize():
    with pytest.raises(ConvergenceError, match=r"Only a minimum was found, at \(0, 0\)"):
        lagrange(lambda x, y: x * y, equality=lambda x, y: x - y, x0=[0.5, 0.5], maximize=True)


def test_a_degenerate_minimum_is_named():
    found = lagrange(lambda x, y: x**4, equality=lambda x, y: y - 1, x0=[0.0, 0.0])
    assert found.kind == "degenerate"
    assert "the second order does not decide" in str(found)


def test_the_lower_of_two_minima_is_kept():
    found = lagrange(lambda x, y: x**4 - 2 * x**2 + 0.3 * x, equality=lambda x, y: x + y, x0=[0.1, 0.0])
    assert found.kind == "minimum"
    assert found.value == pytest.approx(found.solver.value)


def test_dependent_constraints_are_named_and_harmless():
    found = lagrange(
        lambda x, y: x * x + y * y,
        equality=[lambda x, y: x + y - 2, lambda x, y: 2 * x + 2 * y - 4],
        x0=[0.0, 3.0],
    )
    assert found.converged
    assert np.allclose(found.x, 1)
    assert found.dependent == ("g1", "g2")
    assert "LICQ fails: the gradients of g1, g2" in str(found)


# Objective, options, what is said.
FAILURES = {
    "contradiction": (
        lambda x, y: x,
        {"equality": [lambda x, y: x + y - 1, lambda x, y: x + y - 2], "x0": [1.0, 1.0]},
        r"contradict each other: the smallest violation found is 0\.5",
    ),
    "empty region": (
        lambda x: x,
        {"inequality": [lambda x: x - 1, lambda x: 2 - x], "x0": 0.0},
        r"the smallest violation found is 0\.5, at 1\.5",
    ),
    "unbounded": (
        lambda x, y: x + y,
        {"equality": lambda x, y: x - 2 * y, "x0": [1.0, 1.0]},
        "seems unbounded under the constraints",
    ),
    "cusp of a region": (
        lambda x, y: -x,
        {"inequality": [lambda x, y: y - (1 - x) ** 3, lambda x, y: -y], "x0": [0.5, 0.1]},
        r"the gradients of h1, h2 are linearly dependent \(LICQ fails\)",
    ),
    "cusp without multipliers": (
        lambda x, y: x,
        {"equality": lambda x, y: y**2 - x**3, "x0": [1.0, 1.0]},
        r"the gradients of g are linearly dependent \(LICQ fails\)",
    ),
}


@pytest.mark.parametrize(("f", "options", "said"), FAILURES.values(), ids=FAILURES.keys())
def test_failures_say_why(f, options, said):
    with pytest.raises(ConvergenceError, match=said):
        lagrange(f, **options)
    loose = lagrange(f, **options, strict=False)
    assert not loose.converged
    assert "NO solution" in str(loose)


@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (lambda: lagrange(lambda x, y: (x, y), x0=[1.0, 1.0]), ShapeError, "one number at each point"),
        (lambda: lagrange(lambda x, y: x, x0=[1.0]), ShapeError, "1 variables"),
        (lambda: lagrange(lambda x: x, equality=lambda x, y: x, x0=1.0), ShapeError, "1 variables"),
        (lambda: lagrange(cr.log, x0=-1.0), ConfigError, "not finite at the start -1"),
        (lambda: lagrange(lambda x: x, equality=cr.sqrt, x0=-1.0), ConfigError, "not finite at the start"),
        (lambda: lagrange(lambda x: x, x0=math.nan), ConfigError, "nan is not finite"),
        (lambda: lagrange(lambda x, y: x, x0=[1.0, 1.0], names=["a"]), ShapeError, "2 different names"),
        (lambda: lagrange(lambda x: x, equality=3.0, x0=1.0), DTypeError, "takes a function, got float"),
        (lambda: lagrange(2.0, x0=1.0), DTypeError, "takes a function"),
    ],
)
def test_bad_input_is_refused(bad, kind, said):
    with pytest.raises(kind, match=said):
        bad()


def test_the_worked_solution():
    found = lagrange(
        lambda v: v[0] ** 2 + v[1] ** 2, inequality=lambda v: 4 - v[0] - v[1], x0=[3.0, 3.0], names=["a", "b"]
    )
    assert str(found).splitlines()[:-2] == [
        "minimize  f(a, b) = a**2 + b**2",
        "where  h: -a - b + 4 ≤ 0",
        "L(a, b, μ) = a**2 + b**2 + μ*(-a - b + 4)",
        "stationary system:",
        "  ∂L/∂a = 2*a - μ = 0",
        "  ∂L/∂b = 2*b - μ = 0",
        "  -a - b + 4 ≤ 0,  μ ≥ 0,  μ*(-a - b + 4) = 0",
        "solution: a = 2, b = 2, f = 8",
        "a minimum: eigenvalues on the tangent space 2",
        "μ = 4: f* changes by -4 per unit of c in h = c (measured -4)",
    ]


def test_the_worked_solution_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    said = str(lagrange(lambda x, y: x * y, equality=lambda x, y: x + y - 1, x0=[1.0, 0.0], maximize=True))
    assert said.splitlines()[0] == "求最大值  f(x, y) = x*y"
    assert "解：x = 0.5, y = 0.5，f = 0.25" in said


def test_the_lagrangian_is_a_formula():
    import sympy as sp

    found = lagrange(lambda x, y: x * y, equality=lambda x, y: x + y - 1, x0=[1.0, 0.0], maximize=True)
    x, y, m = (sp.Symbol(name, real=True) for name in ("x", "y", "λ"))
    assert sp.expand(found.lagrangian.expr - (x * y - m * (x + y - 1))) == 0
    point = {x: 0.5, y: 0.5, m: found.equality_multipliers[0]}
    assert all(abs(sp.diff(found.lagrangian.expr, s).subs(point)) < 1e-12 for s in (x, y, m))


def test_functions_without_a_formula_are_written_by_letters():
    found = lagrange(
        lambda x, y: x * x + (y if y > 0 else -y) ** 2, equality=lambda x, y: x + y - 1, x0=[1.0, 0.2]
    )
    assert np.allclose(found.x, 0.5)
    assert "L(x, y, λ) = f + λ*g" in str(found)
    assert "∇f + λ ∇g = 0" in str(found)


@pytest.mark.parametrize(
    "constraints",
    [{"equality": lambda x, y: x + y == 1}, {"inequality": lambda x, y: x + y <= 1}],
    ids=["equality", "inequality"],
)
def test_a_comparison_is_no_constraint(constraints):
    with pytest.raises(DTypeError, match="x \\+ y - 1, not x \\+ y == 1"):
        lagrange(lambda x, y: x * y, x0=[1.0, 1.0], **constraints)


def test_a_multiplier_that_cannot_be_measured_is_said_so():
    same = [lambda x, y: x + y - 1, lambda x, y: 2 * x + 2 * y - 2]
    found = lagrange(lambda x, y: x**2 + y**2, equality=same, x0=[3.0, 0.0])
    assert "(not measured: no solution was found for other c)" in str(found)
