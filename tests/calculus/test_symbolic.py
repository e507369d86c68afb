"""Every row against its SymPy counterpart, by discovery."""

import numpy as np
import pytest
import sympy as sp

import chainrule as cr
from chainrule.calculus.formula import differentiated
from chainrule.calculus.symbolic import elementwise, expressions
from chainrule.calculus.sympy_rows import ARRAYS, POINTWISE
from chainrule.core.derivative import Zero
from chainrule.errors import GraphError
from chainrule.ops import TABLE

WITHOUT = {
    "gamma_integral": "an integral that only stands in the derivative of gammainc",
    "beta_integral": "an integral that only stands in the derivative of betainc",
    "gammaincinv": "SymPy has no inverse of it",
    "betaincinv": "SymPy has no inverse of it",
    "nextafter": "a function of binary digits, not of numbers",
}

CASES = [(TABLE[name], case) for name in POINTWISE for case in TABLE[name].samples]
STRUCTURAL = [
    (row, case)
    for row in TABLE.values()
    if row.family in ("reduce", "move", "contract", "index", "window", "cumulative")
    for case in row.samples
]
EXPRESSIBLE = (
    *("sum", "prod", "max", "min", "reshape", "transpose", "broadcast_to", "slice", "pad", "flip"),
    *("concatenate", "contract", "gather", "scatter_add", "conv", "sum_pool"),
)


def test_every_pointwise_row_with_a_derivative_is_translated():
    rows = {row.name for row in TABLE.values() if row.family == "pointwise"}
    differentiable = {name for name in rows if not isinstance(TABLE[name].derivative, Zero)}
    assert differentiable - set(POINTWISE) == set(WITHOUT)
    assert set(POINTWISE) <= rows and set(ARRAYS) <= set(TABLE)


def evaluated(row, case, rng):
    """A row's result at a sample: as expressions, with their symbols' values, and by its definition."""
    arrays = case.draw(rng, row.domain)
    symbolic = [i for i, a in enumerate(arrays) if a.dtype.kind == "f"]
    graph = cr.record(lambda *x: row(*with_floats(arrays, x), **case.params), *(arrays[i] for i in symbolic))
    values, places = {}, []
    for i in symbolic:
        symbols = elementwise(lambda x: sp.Dummy(real=True), arrays[i])
        values.update(zip(symbols.flat, [sp.Float(x, 40) for x in arrays[i].ravel().tolist()], strict=True))
        places.append(symbols)
    (found,) = expressions(graph, places)
    return found, values, np.asarray(row(*arrays, **case.params))


def with_floats(arrays, floats):
    given = iter(floats)
    return [next(given) if a.dtype.kind == "f" else a for a in arrays]


def assert_equal(found, values, expected):
    assert found.shape == expected.shape
    numbers = elementwise(lambda e: e.subs(values), found)
    if expected.dtype.kind == "b":
        assert (numbers.astype(bool) == expected).all()
        return
    kind = np.complex128 if expected.dtype.kind == "c" else np.float64
    np.testing.assert_allclose(elementwise(sp.N, numbers).astype(kind), expected, rtol=1e-12, atol=1e-14)


def is_small(case):
    return all(np.prod(shape, dtype=int) <= 24 for shape in case.shapes)


def name_of(cases):
    return [f"{row.name}{i}" for i, (row, _) in enumerate(cases)]


def is_real(row, case):
    return all(a.dtype.kind != "c" for a in case.draw(np.random.default_rng(0), row.domain))


REAL = [(row, case) for row, case in CASES if is_real(row, case) and is_small(case)]


@pytest.mark.parametrize(("row", "case"), REAL, ids=name_of(REAL))
def test_pointwise_expressions_have_the_value_of_the_row(row, case, rng):
    assert_equal(*evaluated(row, case, rng))


def is_differentiable(row, case):
    arrays = case.draw(np.random.default_rng(0), row.domain)
    return any(a.dtype.kind == "f" and row.derivative.reaches(i) for i, a in enumerate(arrays))


FIRST = {row.name: (row, case) for row, case in reversed(REAL) if is_differentiable(row, case)}
NO_SLOPE = {"betainc": "SymPy differentiates it by its last argument only"}
FIRST = [(row, case) for row, case in FIRST.values() if row.name not in ("complex", *NO_SLOPE)]


@pytest.mark.parametrize(("row", "case"), FIRST, ids=name_of(FIRST))
def test_derivatives_of_the_expressions_are_those_of_the_row(row, case, rng):
    arrays = case.draw(rng, row.domain)
    active = [i for i, a in enumerate(arrays) if a.dtype.kind == "f" and row.derivative.reaches(i)]
    point, move = [arrays[i] for i in active], [rng.standard_normal(arrays[i].shape) for i in active]

    def f(*x):
        given = dict(zip(active, x, strict=True))
        return row(*(given.get(i, a) for i, a in enumerate(arrays)), **case.params)

    expected = cr.jvp(f, point, move)[1].numpy()
    graph = cr.record(f, *point)
    symbols = [elementwise(lambda x: sp.Dummy(real=True), x) for x in point]
    flat = [s for of_one in symbols for s in of_one.flat]
    values = dict(zip(flat, [sp.Float(x, 40) for of_one in point for x in of_one.flat], strict=True))
    moves = dict(zip(flat, [sp.Float(x, 40) for of_one in move for x in of_one.flat], strict=True))
    (found,) = expressions(graph, symbols)
    slopes = elementwise(lambda e: sum(differentiated(e, s) * moves[s] for s in e.free_symbols), found)
    assert_equal(elementwise(sp.sympify, slopes), values, expected)


@pytest.mark.parametrize("name", NO_SLOPE)
def test_no_formula_where_sympy_has_no_derivative(name):
    parts = sp.symbols(TABLE[name].args, real=True)
    with pytest.raises(GraphError) as problem:
        differentiated(POINTWISE[name](*parts), parts[0])
    assert problem.value.key == "calculus.no_slope"


SMALL = [(row, case) for row, case in STRUCTURAL if is_small(case) and is_real(row, case)]


@pytest.mark.parametrize(("row", "case"), SMALL, ids=name_of(SMALL))
def test_other_expressions_have_the_value_of_the_row_or_do_not_exist(row, case, rng):
    try:
        found = evaluated(row, case, rng)
    except GraphError as problem:
        found = problem
    if isinstance(found, GraphError):
        assert found.key == "calculus.no_expression" and row.name not in EXPRESSIBLE
    else:
        assert_equal(*found)


def test_constants_are_read_back_exactly():
    from chainrule.calculus.exact import exact

    exacts = [sp.Rational(1, 10), sp.pi / 3, sp.sqrt(2), -sp.sqrt(3) / 2, 2 * sp.E, sp.Integer(-7), 1 / sp.pi]
    assert [exact(float(x)) for x in exacts] == exacts
    assert exact(0.123456789012) == sp.Float("0.123456789012", 17)
    assert exact(np.float64(np.inf)) == sp.oo and exact(np.float64(-np.inf)) == -sp.oo
    assert exact(True) is sp.true and exact(1 + 0.5j) == 1 + sp.I / 2


def test_a_number_near_a_fraction_is_not_taken_for_it():
    from chainrule.calculus.exact import exact

    assert exact(np.nextafter(0.1, 1)).is_Float
