"""What the standard says of NaN, infinities, zeros and the ends of domains, function by function.

Source: "Special cases" of the element-wise and statistical functions, array API standard 2024.12. A class
of numbers stands here as one or two of them: 1.5 and -1.5 for finite ones, 2.0 for an even exponent.
"""

from __future__ import annotations

import operator
from math import copysign, inf, isnan, nan, pi
from typing import Any

import pytest

import chainrule as cr

ZEROS = (0.0, -0.0)
FINITE = (1.5, -1.5)

UNARY: dict[str, dict[float, float]] = {
    "abs": {-inf: inf, -1.5: 1.5},
    "acos": {1.5: nan, -1.5: nan, 1.0: 0.0},
    "acosh": {0.5: nan, 1.0: 0.0, inf: inf},
    "asin": {1.5: nan, -1.5: nan, 0.0: 0.0},
    "asinh": {0.0: 0.0, inf: inf, -inf: -inf},
    "atan": {0.0: 0.0, inf: pi / 2, -inf: -pi / 2},
    "atanh": {-1.5: nan, 1.5: nan, -1.0: -inf, 1.0: inf, 0.0: 0.0},
    "ceil": {2.0: 2.0, inf: inf, -inf: -inf, 0.0: 0.0, -0.5: -0.0},
    "cos": {0.0: 1.0, inf: nan, -inf: nan},
    "cosh": {0.0: 1.0, inf: inf, -inf: inf},
    "exp": {0.0: 1.0, inf: inf, -inf: 0.0},
    "expm1": {0.0: 0.0, inf: inf, -inf: -1.0},
    "floor": {2.0: 2.0, inf: inf, -inf: -inf, 0.0: 0.0},
    "log": {-1.5: nan, 0.0: -inf, 1.0: 0.0, inf: inf},
    "log1p": {-1.5: nan, -1.0: -inf, 0.0: 0.0, inf: inf},
    "log2": {-1.5: nan, 0.0: -inf, 1.0: 0.0, inf: inf},
    "log10": {-1.5: nan, 0.0: -inf, 1.0: 0.0, inf: inf},
    "negative": {0.0: -0.0, inf: -inf},
    "reciprocal": {inf: 0.0, -inf: -0.0, 0.0: inf},
    "round": {inf: inf, -inf: -inf, 0.0: 0.0, 0.5: 0.0, -0.5: -0.0, 1.5: 2.0, 2.5: 2.0},
    "sign": {-1.5: -1.0, 0.0: 0.0, 1.5: 1.0, inf: 1.0},
    "sin": {0.0: 0.0, inf: nan, -inf: nan},
    "sinh": {0.0: 0.0, inf: inf, -inf: -inf},
    "sqrt": {-1.5: nan, 0.0: 0.0, inf: inf},
    "square": {-inf: inf},
    "tan": {0.0: 0.0, inf: nan, -inf: nan},
    "tanh": {0.0: 0.0, inf: 1.0, -inf: -1.0},
    "trunc": {2.0: 2.0, inf: inf, -inf: -inf, 0.0: 0.0, -0.5: -0.0},
}
# Of negative zero; a dict cannot hold it beside 0.0.
ODD = ("asin", "asinh", "atan", "atanh", "ceil", "expm1", "floor", "log1p", "round", "sin", "sinh")
ODD += ("sqrt", "tan", "tanh", "trunc")
OF_NEGATIVE_ZERO = {
    **dict.fromkeys(ODD, -0.0),
    **dict.fromkeys(("log", "log2", "log10", "reciprocal"), -inf),
    **dict.fromkeys(("cos", "cosh", "exp"), 1.0),
    **dict.fromkeys(("abs", "negative", "square"), 0.0),
}


def of_both(*cases: tuple[float, float, float]) -> list[tuple[float, float, float]]:
    """Cases, and the same with their arguments exchanged."""
    return [*cases, *((b, a, y) for a, b, y in cases)]


def signs(a: float, b: float) -> float:
    """The sign of a product, as a number of that sign."""
    return copysign(1.0, a) * copysign(1.0, b)


BINARY: dict[str, list[tuple[float, float, float]]] = {
    "add": [
        *of_both((nan, 1.5, nan), (inf, -inf, nan), (inf, 1.5, inf), (-inf, 1.5, -inf), (0.0, -0.0, 0.0)),
        *of_both((inf, inf, inf), (-inf, -inf, -inf), (-0.0, -0.0, -0.0), (0.0, 1.5, 1.5), (-1.5, 1.5, 0.0)),
    ],
    "subtract": [(inf, inf, nan), (inf, -inf, inf), (-0.0, 0.0, -0.0), (0.0, 0.0, 0.0), (1.5, 1.5, 0.0)],
    "multiply": [
        *of_both(*((sign * inf, zero, nan) for sign in (1, -1) for zero in ZEROS), (nan, 0.0, nan)),
        *of_both(*((infinity, x, signs(infinity, x) * inf) for infinity in (inf, -inf) for x in FINITE)),
        *of_both(*((zero, x, signs(zero, x) * 0.0) for zero in ZEROS for x in (*ZEROS, *FINITE))),
    ],
    "divide": [
        *((a, b, nan) for a in (inf, -inf) for b in (inf, -inf)),
        *((a, b, nan) for a in ZEROS for b in ZEROS),
        *((zero, x, signs(zero, x) * 0.0) for zero in ZEROS for x in (*FINITE, inf, -inf)),
        *((x, zero, signs(zero, x) * inf) for zero in ZEROS for x in (*FINITE, inf, -inf)),
        *((x, infinity, signs(infinity, x) * 0.0) for infinity in (inf, -inf) for x in FINITE),
        *((infinity, x, signs(infinity, x) * inf) for infinity in (inf, -inf) for x in FINITE),
    ],
    "pow": [
        *((x, 0.0, 1.0) for x in (*ZEROS, *FINITE, inf, -inf, nan)),
        *((x, -0.0, 1.0) for x in (*ZEROS, *FINITE, inf, -inf, nan)),
        *((nan, x, nan) for x in (1.5, -1.5, inf)),
        *((x, nan, nan) for x in (1.5, 0.0)),
        *((1.0, x, 1.0) for x in (nan, inf, -inf, 1.5)),
        *((x, inf, inf) for x in (1.5, -1.5)),
        *((x, -inf, 0.0) for x in (1.5, -1.5)),
        *((-1.0, infinity, 1.0) for infinity in (inf, -inf)),
        *((x, inf, 0.0) for x in (0.5, -0.5, *ZEROS)),
        *((x, -inf, inf) for x in (0.5, -0.5, *ZEROS)),
        *((inf, 1.5, inf), (inf, -1.5, 0.0), (-inf, 3.0, -inf), (-inf, 2.0, inf), (-inf, -3.0, -0.0)),
        *((-inf, -2.0, 0.0), (0.0, 1.5, 0.0), (0.0, -1.5, inf), (-0.0, 3.0, -0.0), (-0.0, 2.0, 0.0)),
        *((-0.0, -3.0, -inf), (-0.0, -2.0, inf), (-1.5, 0.5, nan)),
    ],
    "atan2": [
        *((nan, 1.5, nan), (1.5, nan, nan), (1.5, 0.0, pi / 2), (1.5, -0.0, pi / 2), (0.0, 1.5, 0.0)),
        *((0.0, 0.0, 0.0), (0.0, -0.0, pi), (0.0, -1.5, pi), (-0.0, 1.5, -0.0), (-0.0, 0.0, -0.0)),
        *((-0.0, -0.0, -pi), (-0.0, -1.5, -pi), (-1.5, 0.0, -pi / 2), (1.5, inf, 0.0), (1.5, -inf, pi)),
        *((-1.5, inf, -0.0), (-1.5, -inf, -pi), (inf, 1.5, pi / 2), (-inf, 1.5, -pi / 2)),
        *((inf, inf, pi / 4), (inf, -inf, 3 * pi / 4), (-inf, inf, -pi / 4), (-inf, -inf, -3 * pi / 4)),
    ],
    "remainder": [
        *((nan, 1.5, nan), (1.5, nan, nan), (inf, 1.5, nan), (-inf, 1.5, nan), (0.0, 0.0, nan)),
        *((0.0, 1.5, 0.0), (-0.0, 1.5, 0.0), (0.0, -1.5, -0.0), (-0.0, -1.5, -0.0), (1.5, 0.0, nan)),
        *((1.0, inf, 1.0), (1.0, -inf, -inf), (-1.0, inf, inf), (-1.0, -inf, -1.0), (3.0, 1.5, 0.0)),
    ],
    "hypot": of_both((inf, nan, inf), (-inf, nan, inf), (inf, 1.5, inf), (nan, 1.5, nan), (0.0, -1.5, 1.5)),
    "logaddexp": of_both((nan, 1.5, nan), (inf, 1.5, inf), (inf, -inf, inf)),
    "maximum": of_both((nan, 1.5, nan), (nan, inf, nan), (inf, 1.5, inf), (-inf, 1.5, 1.5)),
    "minimum": of_both((nan, 1.5, nan), (nan, inf, nan), (inf, 1.5, 1.5), (-inf, 1.5, -inf)),
    "copysign": [(1.5, -0.0, -1.5), (-1.5, 0.0, 1.5), (nan, -1.0, nan), (inf, -1.5, -inf), (0.0, -inf, -0.0)],
    "nextafter": [(nan, 1.5, nan), (1.5, nan, nan), (-0.0, 0.0, 0.0), (0.0, -0.0, -0.0), (inf, inf, inf)],
}
TYPES = ("float32", "float64")


def assert_is(result: Any, expected: float) -> None:
    """The same special number, with its sign."""
    found = result.item()
    assert isnan(found) == isnan(expected)
    if not isnan(expected):
        assert found == pytest.approx(expected, rel=1e-6)
        assert copysign(1.0, found) == copysign(1.0, expected)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    ("name", "x", "y"), [(f, x, y) for f, cases in UNARY.items() for x, y in cases.items()]
)
def test_unary(name, x, y, dtype):
    assert_is(getattr(cr, name)(cr.tensor(x, dtype=dtype)), y)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", UNARY)
def test_nan_gives_nan(name, dtype):
    assert_is(getattr(cr, name)(cr.tensor(nan, dtype=dtype)), nan)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("name", "y"), OF_NEGATIVE_ZERO.items())
def test_negative_zero(name, y, dtype):
    assert_is(getattr(cr, name)(cr.tensor(-0.0, dtype=dtype)), y)


CASES = [(name, *case) for name, cases in BINARY.items() for case in cases]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("name", "a", "b", "y"), CASES)
def test_binary(name, a, b, y, dtype):
    assert_is(getattr(cr, name)(cr.tensor(a, dtype=dtype), cr.tensor(b, dtype=dtype)), y)


OPERATORS = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "pow": "pow"}


@pytest.mark.parametrize(("name", "a", "b", "y"), [case for case in CASES if case[0] in OPERATORS])
def test_operators_are_the_functions_in_place_too(name, a, b, y):
    x, other = cr.tensor(a), cr.tensor(b)
    assert_is(getattr(operator, OPERATORS[name])(x, other), y)
    assert_is(getattr(operator, f"i{OPERATORS[name]}")(x, other), y)
    assert_is(getattr(operator, OPERATORS[name])(x, b), y)
    assert_is(getattr(operator, OPERATORS[name])(a, other), y)


# Division that rounds down: the standard leaves open what infinities give; Python's result is taken.
def test_floor_division_of_special_numbers():
    for a, b, y in [(0.0, 1.5, 0.0), (-0.0, 1.5, -0.0), (nan, 1.5, nan), (inf, inf, nan), (0.0, 0.0, nan)]:
        assert_is(cr.floor_divide(cr.tensor(a), cr.tensor(b)), y)
    for a, b, y in [(1.5, inf, 0.0), (-1.5, inf, -1.0), (1.5, -inf, -1.0)]:
        assert_is(cr.floor_divide(cr.tensor(a), cr.tensor(b)), y)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "std", "var"])
def test_reductions_of_nan_are_nan(name):
    assert_is(getattr(cr, name)(cr.tensor([1.0, nan, 2.0])), nan)


def test_sums_and_products_of_nothing():
    assert_is(cr.sum(cr.zeros(0)), 0.0)
    assert_is(cr.prod(cr.zeros(0)), 1.0)


@pytest.mark.parametrize("name", ["max", "min", "argmax", "argmin"])
def test_there_is_no_largest_element_of_nothing(name):
    with pytest.raises(ValueError, match="extent 0"):
        getattr(cr, name)(cr.zeros(0))


def test_all_and_any_of_nothing_and_of_nan():
    assert cr.all(cr.zeros(0)).item() is True
    assert cr.any(cr.zeros(0)).item() is False
    assert cr.all(cr.tensor([nan])).item() is True
    assert cr.any(cr.tensor([nan, 0.0])).item() is True


@pytest.mark.parametrize(
    ("z", "y"),
    [
        (complex(0, 0), complex(1, 0)),
        (complex(inf, 0), complex(inf, 0)),
        (complex(-inf, 1.0), complex(0, 0)),
        (complex(1.0, inf), complex(nan, nan)),
        (complex(nan, 0), complex(nan, 0)),
        (complex(-inf, inf), complex(0, 0)),
    ],
)
def test_exponential_of_special_complex_numbers(z, y):
    found = cr.exp(cr.tensor(z, dtype="complex128")).item()
    for part, expected in ((found.real, y.real), (found.imag, y.imag)):
        assert isnan(part) if isnan(expected) else part == expected


@pytest.mark.parametrize("name", ["acos", "acosh", "asin", "atan", "exp", "log", "sin", "sqrt", "tanh"])
@pytest.mark.parametrize("z", [complex(0.5, 0.25), complex(-2.0, 1.0), complex(3.0, 0.0), complex(0.0, -0.0)])
def test_functions_of_conjugates_are_conjugates(name, z):
    function = getattr(cr, name)
    a, b = function(cr.tensor(z.conjugate())).item(), function(cr.tensor(z)).item().conjugate()
    assert a == pytest.approx(b)
    assert copysign(1.0, a.imag) == copysign(1.0, b.imag)


@pytest.mark.parametrize("z", [complex(inf, nan), complex(nan, -inf), complex(3.0, 4.0), complex(1e200, 0.0)])
def test_absolute_value_of_special_complex_numbers(z):
    expected = {complex(3.0, 4.0): 5.0, complex(1e200, 0.0): 1e200}.get(z, inf)
    assert_is(cr.abs(cr.tensor(z, dtype="complex128")), expected)
