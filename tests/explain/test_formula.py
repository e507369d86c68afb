"""Formulas: read, replaced, and written as text, LaTeX and MathML."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.explain.formula import elements, name, number, parse, substitute, to_latex, to_mathml, to_text

from .evaluate import evaluate

ROWS = {f"op {row.name}": row.formula for row in cr.ops.TABLE.values()}
ROWS |= {f"composite {row.name}": row.formula for row in cr.COMPOSITES.values()}
ROWS |= {f"layer {row.name}": row.formula for row in nn.LAYERS.values()}
ROWS |= {f"loss {row.name}": row.formula for row in nn.LOSSES.values()}


@pytest.mark.parametrize("latex", ROWS.values(), ids=ROWS.keys())
def test_every_registered_formula_is_read_and_written(latex):
    formula = parse(latex)
    assert parse(to_latex(formula)) == formula
    assert "\\" not in to_text(formula)
    assert "\\" not in "".join(ET.fromstring(to_mathml(formula)).itertext())


POINTWISE = [row for row in cr.ops.TABLE.values() if row.family == "pointwise" and row.name != "cast"]


@pytest.mark.parametrize("row", POINTWISE, ids=lambda row: row.name)
def test_a_pointwise_formula_says_what_its_definition_computes(row, rng):
    arrays = row.samples[0].draw(rng, row.domain)
    said = evaluate(parse(row.formula), dict(zip(row.args, arrays, strict=True)))
    np.testing.assert_allclose(said, row.numpy(*arrays), rtol=1e-12)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{1}{1 + e^{-x}}", "1 / (1 + e^(-x))"),
        (r"\frac{x}{y}", "x/y"),
        (r"\frac{x}{2} (1 + y)", "(x/2)(1 + y)"),
        (r"\frac{1}{n} \sum_{i=1}^{n} x_i", "(1/n) ∑_(i = 1)^n x_i"),
        (r"\sqrt{x^{2} + y^{2}}", "√(x² + y²)"),
        (r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", "{x if x > 0; 0 otherwise}"),
        (r"\ln \frac{x}{y}", "ln (x/y)"),
        (r"|x - t|^2", "|x - t|²"),
        (r"x \cdot (-y)", "x · (-y)"),
        (r"\bar{x} W^{T}", "x̄ Wᵀ"),
    ],
)
def test_text(latex, text):
    assert to_text(parse(latex)) == text


@pytest.mark.parametrize(
    ("latex", "operands", "text"),
    [
        ("x - y", {"x": "a - b", "y": "c - d"}, "a - b - (c - d)"),
        ("x - y", {"x": "a", "y": "-b"}, "a - (-b)"),
        (r"x \cdot y", {"x": "a + b", "y": "-c"}, "(a + b) · (-c)"),
        (r"x \cdot y", {"x": r"\frac{1}{a}", "y": r"\sin b"}, "1/a · sin b"),
        ("x^{2}", {"x": "a b"}, "(a b)²"),
        ("x^{2}", {"x": r"\sin a"}, "(sin a)²"),
        ("x^{2}", {"x": "a^{3}"}, "(a³)²"),
        ("e^{x}", {"x": "a + b"}, "e^(a + b)"),
        (r"\frac{x}{y}", {"x": "a + b", "y": "c d"}, "(a + b) / (c d)"),
        (r"\sin x", {"x": "a + b"}, "sin(a + b)"),
        ("-x", {"x": "a + b"}, "-(a + b)"),
        (r"\max(x, y)", {"x": "a + b", "y": "-c"}, "max(a + b, -c)"),
        (r"\sum_{k} x", {"x": "a + b"}, "∑_k (a + b)"),
        ("x < y", {"x": "a + b", "y": "c"}, "a + b < c"),
        (r"x \wedge y", {"x": "a < b", "y": "c"}, "(a < b) ∧ c"),
        (r"\mathrm{axis} + x", {"a": "b", "x": "y"}, "axis + y"),
    ],
)
def test_substitution_puts_parentheses_where_needed(latex, operands, text):
    operands = {letter: parse(formula) for letter, formula in operands.items()}
    assert to_text(substitute(parse(latex), operands)) == text


def test_names_numbers_and_matrices():
    assert to_latex(name("v12")) == "v_{12}"
    assert to_latex(name("fc1.weight_ih")) == r"\mathrm{fc1.weight\_ih}"
    assert to_latex(substitute(parse("x_{i}"), {"x": name("v1")})) == "{v_{1}}_{i}"
    assert to_text(substitute(parse("x y"), {"x": number(-2.0), "y": number(3)})) == "(-2.0) 3"
    matrix = elements(np.array([[1.0, -2.0], [3.0, 4.5]]))
    assert to_text(matrix) == "[[1.0, -2.0], [3.0, 4.5]]"
    assert to_latex(matrix) == r"\begin{bmatrix} 1.0 & - 2.0 \\ 3.0 & 4.5 \end{bmatrix}"
    assert [cell.tag for cell in ET.fromstring(to_mathml(matrix)).iter("mtd")] == ["mtd"] * 4


@pytest.mark.parametrize("latex", [r"\frac{x}", "{x", "x}", r"\begin{cases} x & y"])
def test_damaged_formulas_are_refused(latex):
    with pytest.raises(ValueError, match="formula"):
        parse(latex)


def test_mathml_escapes_names():
    assert "<b>" not in to_mathml(name("<b>'&"))
    assert "".join(ET.fromstring(to_mathml(name("<b>'&"))).itertext()) == "<b>'&"
