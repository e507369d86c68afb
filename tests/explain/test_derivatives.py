"""Derivative rules as formulas: they say what the rules compute."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.core.derivative import Partials
from chainrule.explain.derivatives import derivative_latex, derivative_rules, result_letter
from chainrule.explain.formula import to_text
from chainrule.ops import TABLE

from .evaluate import evaluate

POINTWISE = [row for row in TABLE.values() if isinstance(row.derivative, Partials)]


@pytest.mark.parametrize("row", POINTWISE, ids=lambda row: row.name)
def test_printed_partial_derivatives_are_the_slopes(row, rng):
    arrays = [domain.draw(rng, (7,)) for domain in (row.domain * 2)[: len(row.args)]]
    letters = dict(zip(row.args, arrays, strict=True)) | {result_letter(row): row.numpy(*arrays)}
    tensors = [cr.tensor(a, requires_grad=a.dtype.kind in "fc") for a in arrays]
    row(*tensors).sum().backward()
    for rule in derivative_rules(row):
        said = evaluate(rule.right, letters)
        slope = tensors[row.args.index(rule.arg)].grad
        np.testing.assert_allclose(np.broadcast_to(said, (7,)), slope.numpy(), rtol=1e-9, err_msg=rule.arg)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("divide", {"x": "∂z/∂x = 1/y", "y": "∂z/∂y = -z/y"}),
        ("power", {"x": "∂z/∂x = {0 if y = 0; y · x^(y - 1) otherwise}"}),
        ("sqrt", {"x": "∂y/∂x = 0.5/y"}),
        ("contract", {"a": "ā = ȳ bᵀ", "b": "b̄ = aᵀ ȳ"}),
        ("transpose", {"x": "x̄ = ȳᵀ"}),
        ("where", {"x": "x̄ = {z̄ if c; 0 otherwise}", "y": "ȳ = {0 if c; z̄ otherwise}"}),
        ("sum", {"x": "x̄ = broadcast(ȳ)"}),
        ("conv", {"x": "x̄ = conv(ȳ, flip(w))"}),
        ("max", {"x": "x̄ = broadcast(ȳ) · [x = broadcast(y)] / (∑ [x = broadcast(y)])"}),
        # Results of a row with several have an index, new axes behind the others are kept.
        ("svdvals", {"a": "ā = ((svd(a))_0 · ȳ) (svd(a))_2"}),
        ("triangular_solve", {"b": "b̄ = tri(aᵀ)^(-1) ȳ", "a": "ā = -tri(aᵀ)^(-1) ȳ yᵀ · [i ≥ j]"}),
    ],
)
def test_rules_read_as_in_a_textbook(op, expected):
    said = {rule.arg: f"{to_text(rule.left)} = {to_text(rule.right)}" for rule in derivative_rules(TABLE[op])}
    assert {arg: said[arg] for arg in expected} == expected


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row.samples], ids=lambda row: row.name)
def test_every_argument_that_a_rule_reaches_has_a_formula(row):
    reached = {arg for i, arg in enumerate(row.args) if row.derivative.reaches(i)}
    said = derivative_latex(row)
    assert {arg.rstrip("0123456789") for arg in said} == reached
    assert all(latex.count("{") == latex.count("}") for latex in said.values())


def test_a_row_without_samples_has_no_formula():
    assert derivative_rules(TABLE["scan"]) == []
