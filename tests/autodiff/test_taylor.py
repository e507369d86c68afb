"""Taylor mode against nested forward mode, exact series, and a count of its operations."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from sympy.polys.domains import QQ
from sympy.polys.ring_series import rs_atan, rs_exp, rs_log, rs_nth_root, rs_series_inversion, rs_sin, rs_tan
from sympy.polys.rings import ring

import chainrule as cr
from chainrule.autodiff import expand, multi_indices
from chainrule.core import tree
from chainrule.core.interpreter import Interpreter, lift, pushed, run
from chainrule.dtypes import is_float
from chainrule.errors import ConfigError, DTypeError, ShapeError
from chainrule.ops import TABLE

ORDER = 20
R, T = ring("t", QQ)


def floats_of(row, case):
    """Positions of a sample's arguments that have derivatives."""
    arrays = case.draw(np.random.default_rng(0), row.domain)
    return [i for i, a in enumerate(arrays) if is_float(a.dtype) and row.derivative.reaches(i)]


CASES = [(row, case) for row in TABLE.values() for case in row.samples if floats_of(row, case)]


def of_floats(row, case, rng):
    """A row as a function of its differentiable arguments, a point, and a direction."""
    arrays, active = case.draw(rng, row.domain), floats_of(row, case)

    def f(*values):
        given = list(arrays)
        for i, x in zip(active, values, strict=True):
            given[i] = x
        return [y for y in tree.leaves(row(*given, **case.params)) if is_float(y.dtype)]

    point = [arrays[i] for i in active]
    return f, point, [direction(x, rng) for x in point]


def direction(x, rng):
    real = rng.standard_normal(x.shape)
    return real + 1j * rng.standard_normal(x.shape) if x.dtype.kind == "c" else real


def along(f, v):
    """The derivative of a function along a direction, by forward mode."""
    return lambda *x: cr.jvp(f, x, v)[1]


@pytest.mark.parametrize(("row", "case"), CASES, ids=[f"{row.name}{i}" for i, (row, _) in enumerate(CASES)])
def test_every_row_agrees_with_nested_forward_mode(row, case, rng):
    f, x, v = of_floats(row, case, rng)
    series = cr.jet(f, x, v, order=4)
    derivative = f
    for k, coefficients in enumerate(series):
        for got, expected in zip(coefficients, derivative(*x), strict=True):
            exact = expected.numpy()
            size = np.max(np.abs(exact), initial=1.0)
            np.testing.assert_allclose(got.numpy() * math.factorial(k), exact, rtol=1e-8, atol=1e-9 * size)
        derivative = along(derivative, v)


def rational_erf(t, n):
    """exp(-t²), integrated term by term; without the factor 2 / √π."""
    return sum((c * t ** (k + 1) / (k + 1) for (k,), c in rs_exp(-(t**2), t, n - 1).terms()), R.zero)


KNOWN = {
    "exp": (cr.exp, 0.0, lambda t, n: rs_exp(t, t, n)),
    "log1p": (cr.log1p, 0.0, lambda t, n: rs_log(1 + t, t, n)),
    "sin": (cr.sin, 0.0, lambda t, n: rs_sin(t, t, n)),
    "tan": (cr.tan, 0.0, lambda t, n: rs_tan(t, t, n)),
    "geometric": (lambda x: 1 / (1 - x), 0.0, lambda t, n: rs_series_inversion(1 - t, t, n)),
    "sqrt": (cr.sqrt, 1.0, lambda t, n: rs_nth_root(1 + t, 2, t, n)),
    "arctan": (cr.arctan, 0.0, lambda t, n: rs_atan(t, t, n)),
    "erf": (lambda x: cr.erf(x) * (math.sqrt(math.pi) / 2), 0.0, rational_erf),
    "cubed": (lambda x: x**3, 0.0, lambda t, n: t**3),
    "power": (lambda x: x**0.5, 1.0, lambda t, n: rs_nth_root(1 + t, 2, t, n)),
    "exp of sin": (lambda x: cr.exp(cr.sin(x)), 0.0, lambda t, n: rs_exp(rs_sin(t, t, n), t, n)),
    "tan over 1 + x²": (
        lambda x: cr.tan(x) / (1 + x * x),
        0.0,
        lambda t, n: rs_tan(t, t, n) * rs_series_inversion(1 + t**2, t, n),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_series_to_order_20(name):
    f, x, exact = KNOWN[name]
    found = cr.jet(f, (np.float64(x),), (np.float64(1.0),), order=ORDER)
    series = exact(T, ORDER + 1)
    expected = [float(series.coeff(T**k) if k else series.coeff(1)) for k in range(ORDER + 1)]
    np.testing.assert_allclose([float(c) for c in found], expected, rtol=1e-12, atol=1e-15)


def test_a_curve_with_several_coefficients():
    """exp(s + s²/2 + s³) = 1 + s + s² + (1/6 + 1/2 + 1) s³ + …"""
    found = cr.jet(cr.exp, (np.float64(0.0),), (1.0,), (0.5,), (1.0,))
    np.testing.assert_allclose([float(c) for c in found], [1, 1, 1, 1 / 6 + 1 / 2 + 1], rtol=1e-15)


def test_order_one_is_forward_mode(rng):
    x, v = rng.standard_normal((2, 3, 4))

    def f(x):
        return cr.softmax(x) @ cr.sin(x).T

    y, slope = cr.jvp(f, (x,), (v,))
    series = cr.jet(f, (x,), (v,))
    np.testing.assert_array_equal(series[0], y)
    np.testing.assert_allclose(series[1], slope, rtol=1e-12)


def f_of_two(x, y):
    return cr.exp(x) * cr.sin(y) / (1 + x + y)


def test_several_variables_against_sympy():
    x, y = sp.symbols("x y")
    formula = sp.exp(x) * sp.sin(y) / (1 + x + y)
    seeds = {(1, 0): (1.0, None), (0, 1): (None, 1.0)}
    found = expand(f_of_two, (np.float64(0.25), np.float64(0.5)), seeds, multi_indices(2, 5))
    assert len(found) == math.comb(7, 2)
    for (i, j), got in found.items():
        derivative = formula.diff(x, i, y, j) if i + j else formula
        exact = derivative.evalf(30, subs={x: sp.Rational(1, 4), y: sp.Rational(1, 2)})
        expected = float(exact / sp.factorial(i) / sp.factorial(j))
        np.testing.assert_allclose(float(got), expected, rtol=1e-12)


def test_only_what_is_asked_for_is_expanded():
    """With (2, 1) come all that are nowhere larger, and no others."""
    seeds = {(1, 0): (1.0, None), (0, 1): (None, 1.0)}
    found = expand(lambda x, y: x**2 * y, (np.float64(3.0), np.float64(5.0)), seeds, [(2, 1)])
    assert {m: float(c) for m, c in found.items()} == {(2, 1): 1.0}


def test_gradient_of_a_coefficient():
    """The gradient of the third coefficient of exp(a x) is that of a³/6."""

    def third(a):
        return cr.jet(lambda x: cr.exp(a * x), (np.float64(0.0),), (np.float64(1.0),), order=3)[3]

    assert float(cr.grad(third)(np.float64(2.0))) == pytest.approx(2.0, rel=1e-14)


def test_series_of_a_gradient():
    found = cr.jet(cr.grad(cr.sin), (np.float64(0.0),), (np.float64(1.0),), order=6)
    np.testing.assert_allclose([float(c) for c in found], [1, 0, -1 / 2, 0, 1 / 24, 0, -1 / 720], atol=1e-16)


def test_series_of_a_forward_derivative():
    slope = along(lambda x: cr.tanh(x) ** 2, (np.float64(1.0),))
    found = cr.jet(slope, (np.float64(0.3),), (np.float64(1.0),), order=3)
    whole = cr.jet(lambda x: cr.tanh(x) ** 2, (np.float64(0.3),), (np.float64(1.0),), order=4)
    np.testing.assert_allclose(
        [float(c) for c in found], [(k + 1) * float(whole[k + 1]) for k in range(4)], rtol=1e-13
    )


def test_series_inside_a_series_do_not_mix():
    """d/ds of x · d²/dt² (x t³ + s): perturbations of both levels stay apart."""

    def inner(x):
        return cr.jet(lambda t: x * t**3, (np.float64(1.0),), (np.float64(1.0),), order=2)[2]

    found = cr.jet(lambda x: x * inner(x), (np.float64(2.0),), (np.float64(1.0),), order=3)
    assert [float(c) for c in found] == [12.0, 12.0, 3.0, 0.0]


def test_forward_derivative_of_a_series():
    def second(x):
        return cr.jet(cr.sin, (x,), (1.0,), order=2)[2]

    assert float(cr.jvp(second, (np.float64(0.7),), (1.0,))[1]) == pytest.approx(
        -math.cos(0.7) / 2, rel=1e-14
    )


def test_recorded_series_are_the_same():
    x, v = np.array([0.1, 0.2]), np.array([1.0, -1.0])

    def f(x, v):
        return cr.jet(lambda x: cr.tanh(x) / (1 + cr.exp(x)), (x,), (v,), order=5)

    graph = cr.record(f, x, v)
    graph.verify()
    for got, expected in zip(graph(x, v), f(x, v), strict=True):
        np.testing.assert_array_equal(got, expected)


def scanned(x):
    last, ys = cr.scan(lambda s, t: (cr.sin(s) * t + x, s * s), x, np.array([0.5, 1.0, 1.5]))
    return [last, ys]


def chosen(x):
    return [cr.cond(x < 1.0, lambda x: cr.tanh(x) * x, cr.exp, x), cr.cond(x > 1.0, cr.log, cr.sqrt, x)]


def repeated(x):
    """Newton's iteration, with a counter beside it."""
    start = (np.array(1.0), np.array(0))
    return [cr.while_loop(lambda s: s[1] < 4, lambda s: ((s[0] + x / s[0]) / 2, s[1] + 1), start)[0]]


def unrolled(x):
    s, ys = x, []
    for t in (0.5, 1.0, 1.5):
        s, y = cr.sin(s) * t + x, s * s
        ys.append(y)
    root = np.array(1.0)
    for _ in range(4):
        root = (root + x / root) / 2
    return {scanned: [s, cr.stack(ys)], chosen: [cr.tanh(x) * x, cr.sqrt(x)], repeated: [root]}


@pytest.mark.parametrize("f", [scanned, chosen, repeated], ids=lambda f: f.__name__)
def test_control_that_is_recorded_has_the_series_of_what_it_stands_for(f):
    x, v = np.array(0.3), np.array(1.0)
    expected = cr.jet(lambda x: unrolled(x)[f], (x,), (v,), order=6)
    inside = cr.record(lambda x: cr.jet(f, (x,), (v,), order=6), x)
    graph = cr.record(f, x)
    of_a_graph = cr.jet(lambda x: list(graph(x)), (x,), (v,), order=6)
    flat = list(tree.leaves(expected))
    for found in (
        inside(x),
        list(tree.leaves(of_a_graph)),
        list(tree.leaves(cr.jet(f, (x,), (v,), order=6))),
    ):
        for got, exact in zip(found, flat, strict=True):
            np.testing.assert_allclose(got, exact, rtol=1e-12, atol=1e-14)


def size_of(graph):
    """Operations of a graph and of the bodies in it."""
    bodies = [value for node in graph.nodes for value in node.params.values() if isinstance(value, cr.Graph)]
    return len(graph.nodes) + sum(map(size_of, bodies))


@pytest.mark.parametrize("f", [scanned, chosen, repeated], ids=lambda f: f.__name__)
def test_recorded_control_does_not_double_with_each_order(f):
    def at(order):
        return size_of(cr.record(lambda x: cr.jet(f, (x,), (1.0,), order=order), np.array(0.3)))

    counts = [at(order) for order in (4, 8, 16)]
    assert all(later <= 2**3 * earlier for earlier, later in pairwise(counts)), counts


@pytest.mark.parametrize("name", ["bessel_i", "spherical_bessel"])
@pytest.mark.parametrize("record", [False, True], ids=["eager", "recorded"])
def test_families_of_functions_share_their_members(name, record):
    """A family's derivative names two further members, and the order may be an array."""
    n, x = np.array([[0], [2]]), np.array([0.3, 0.7])

    def at(order):
        def run(x):
            return cr.jet(lambda x: TABLE[name](n, x), (x,), (np.ones(2),), order=order)

        return (
            len(cr.record(run, x).nodes)
            if record
            else operations(lambda x: TABLE[name](n, x), (x,), (np.ones(2),), order)
        )

    counts = [at(order) for order in (4, 8, 16)]
    assert all(later <= 2**4 * earlier for earlier, later in pairwise(counts)), counts


def test_a_function_that_does_not_depend_on_its_argument():
    constant = cr.tensor([1.0, 2.0])
    found = cr.jet(lambda x: (constant, 3.0), (0.0,), (1.0,), order=2)
    assert [y.tolist() for y, _ in found] == [[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]]
    assert [float(y) for _, y in found] == [3.0, 0.0, 0.0]


def test_holomorphic_functions_have_complex_series():
    z = np.complex128(0.3 + 0.4j)
    found = cr.jet(lambda z: cr.exp(z) / (1 + z), (z,), (np.complex128(1j),), order=8)
    t = sp.Symbol("t")
    exact = sp.series(
        sp.exp(t) / (1 + (sp.Rational(3, 10) + sp.Rational(2, 5) * sp.I + t)), t, 0, 9
    ).removeO()
    for k, got in enumerate(found):
        expected = complex(exact.coeff(t, k).evalf(20)) * np.exp(complex(z)) * 1j**k
        assert complex(got.numpy()) == pytest.approx(expected, rel=1e-12)


def test_the_watch_for_nan_sees_inside_a_series():
    with cr.debug.nan(), pytest.raises(cr.errors.NonFiniteError, match="power"):
        cr.jet(lambda x: x**1.5, (np.float64(0.0),), (1.0,), order=2)


def test_not_finite_where_the_function_is_not_differentiable():
    found = cr.jet(lambda x: x**1.5, (np.float64(0.0),), (1.0,), order=2)
    assert float(found[1]) == 0 and not np.isfinite(float(found[2]))


def test_a_custom_rule_takes_part():
    cube = cr.custom_derivative(
        backward=lambda g, y, x: g * 3 * x * x, forward=lambda t, y, x: t[0] * 3 * x * x
    )(lambda x: x * x * x)
    found = cr.jet(cube, (np.float64(2.0),), (np.float64(1.0),), order=4)
    assert [float(c) for c in found] == [8.0, 12.0, 6.0, 1.0, 0.0]


class Count(Interpreter):
    """Counts the operations that reach the layers below it."""

    def __init__(self):
        self.operations = 0

    def apply(self, op, inputs, params, level):
        self.operations += 1
        return run(op, inputs, params, level - 1)


def operations(f, x, v, order):
    """How many operations an expansion takes."""
    with pushed(Count()) as count:
        cr.jet(f, x, v, order=order)
    return count.operations


def deep(x):
    for _ in range(4):
        x = cr.tanh(cr.logaddexp(cr.sin(x), cr.cos(x) * x)) / (1 + cr.exp(-x) ** 1.5)
    return x


@cache
def bessel(order):
    r"""J_n, of which only :math:`J_n' = (J_{n-1} - J_{n+1}) / 2` is known: two new functions per step."""
    from scipy.special import jv

    def slope(t, y, x):
        return t[0] * (bessel(order - 1)(x) - bessel(order + 1)(x)) * 0.5

    @cr.custom_derivative(backward=lambda g, y, x: slope((g,), y, x), forward=slope)
    def j(x):
        return lift(jv(order, x.numpy()))

    return j


POINTWISE = {row.name: (row, case) for row, case in reversed(CASES) if row.family == "pointwise"}


@pytest.mark.parametrize("name", POINTWISE)
def test_cost_of_a_row_is_polynomial_in_the_order(name, rng):
    row, case = POINTWISE[name]
    f, x, v = of_floats(row, case, rng)
    counts = [operations(f, x, v, order) for order in (4, 8, 16)]
    assert all(later <= 2**4 * earlier for earlier, later in pairwise(counts)), counts


def test_cost_of_a_deep_function_is_at_most_cubic_in_the_order():
    counts = [operations(deep, (np.float64(0.3),), (np.float64(1.0),), order) for order in (8, 16, 32)]
    assert all(later <= 2**3 * earlier for earlier, later in pairwise(counts)), counts


def test_cost_is_polynomial_where_a_rule_names_two_new_functions():
    """Without sharing, the derivatives of a Bessel function would double with each order."""
    counts = [operations(bessel(0), (np.float64(0.3),), (np.float64(1.0),), order) for order in (4, 8, 16)]
    assert all(later <= 2**4 * earlier for earlier, later in pairwise(counts)), counts


def test_bessel_series_is_the_known_one():
    found = cr.jet(bessel(0), (np.float64(0.0),), (np.float64(1.0),), order=ORDER)
    expected = [
        0.0 if k % 2 else (-1 / 4) ** (k // 2) / math.factorial(k // 2) ** 2 for k in range(ORDER + 1)
    ]
    np.testing.assert_allclose([float(c) for c in found], expected, rtol=1e-9, atol=1e-18)


def test_order_forty_is_within_reach():
    found = cr.jet(deep, (np.float64(0.1),), (np.float64(1.0),), order=40)
    assert len(found) == 41 and all(np.isfinite(float(c)) for c in found)


X = np.float64(1.0)
BAD = [
    (lambda: cr.jet(cr.sin, (X,), (X,), order=-1), ConfigError, "order"),
    (lambda: cr.jet(cr.sin, (X,), (X,), order=1.5), ConfigError, "order"),
    (lambda: cr.jet(cr.sin, cr.tensor(1.0), (X,), order=1), DTypeError, "jet_tuples"),
    (lambda: cr.jet(cr.sin, (X,), cr.tensor([1.0]), order=1), DTypeError, "jet_tuples"),
    (lambda: cr.jet(cr.sin(X), (X,), (X,), order=1), DTypeError, "function"),
    (lambda: cr.jet(cr.sin, (X,), (X, X), order=1), ShapeError, "jet_count"),
    (lambda: cr.jet(cr.sin, (X,), ([X, X],), order=1), ShapeError, "jet_count"),
    (lambda: cr.jet(cr.sin, (X,), (np.ones(2),), order=1), ShapeError, "jet_shape"),
]


@pytest.mark.parametrize(("call", "kind", "key"), BAD, ids=[f"{key}{i}" for i, (_, _, key) in enumerate(BAD)])
def test_bad_input(call, kind, key):
    with pytest.raises(kind) as problem:
        call()
    assert problem.value.key == f"autodiff.{key}"
