"""The derivative of quotients by a sum, as a softmax's are: made of the quotients alone."""

from __future__ import annotations

from typing import Any

from chainrule.graph.rewrites.deviations import is_constant
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.pointwise import add, divide, multiply, negative, subtract
from chainrule.ops.reduce import sum_


def _derivative(g: Any, x: Any, s: Any, other: Any = None) -> Any:
    y = divide(x, s)
    divisor = s if other is None else other
    by_sum = sum_(multiply(g, divide(negative(y), divisor)), axis=(1,), keepdims=True)
    return [y, multiply(add(multiply(g, divide(1.0, s)), by_sum), x)]


@rewrites(
    "derivative of a softmax",
    r"(g_{i} / s + \sum_{j} g_{j} \cdot (-y_{j} / s)) \cdot x_{i} ="
    r" (g_{i} - \sum_{j} g_{j} y_{j}) \cdot y_{i}, \quad y = x / s",
    "multiply",
    exact=Exact.ROUNDING,
    bound="the roundings of the quotients, of which each may be as large as the result or larger",
    ulps=16,
    examples=(
        example(lambda g, x, s: _derivative(g, x, add(s, 40.0)), "f32[2, 3]", "f32[2, 3]", "f32[2, 1]"),
    ),
    refusals=(
        example(_derivative, "f32[2, 3]", "f32[2, 3]", "f32[3]"),
        example(_derivative, "f32[2, 3]", "f32[2, 3]", "f32[2, 1]", "f32[2, 1]"),
    ),
)
def derivative_of_softmax(here: Here) -> Any:
    """What is left if the divisor leaves the sum: x need not be kept, and no summand is divided."""
    total, x = here.inputs
    terms = here.made_by(total, "add")
    if terms is None:
        return None
    first, second = here.made_by(terms.x, "multiply"), here.made_by(terms.inputs[1], "sum")
    if first is None or second is None or not second.params["keepdims"]:
        return None
    g = first.x
    y, divisor = _quotients(here, second, g)
    factor = here.made_by(first.inputs[1], "divide")
    if y is None or factor is None or factor.inputs[1].data is not divisor.data:
        return None
    if here.value(factor.x) != 1 or not _is_quotient(here, y, x, divisor):
        return None
    return multiply(subtract(g, second.again(multiply(g, y))), y)


def _quotients(here: Here, total: Here, g: Any) -> tuple[Any, Any]:
    """What y and s are, if a sum is one of g times -y/s, and s is the same for all summands."""
    product = here.made_by(total.x, "multiply")
    if product is None or product.x.data is not g.data or product.shape != g.shape:
        return None, None
    division = here.made_by(product.inputs[1], "divide")
    if division is None:
        return None, None
    opposite = here.made_by(division.x, "negative")
    if opposite is None or not is_constant(division.inputs[1], product.shape, total.params["axis"]):
        return None, None
    return opposite.x, division.inputs[1]


def _is_quotient(here: Here, y: Any, x: Any, divisor: Any) -> bool:
    maker = here.made_by(y, "divide")
    return maker is not None and maker.x.data is x.data and maker.inputs[1].data is divisor.data
