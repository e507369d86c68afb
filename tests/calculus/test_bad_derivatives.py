"""What cannot be differentiated is said, where the mistake is made."""

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import calculus as C
from chainrule.errors import ConfigError, DTypeError, GradientError, ShapeError


def g(x, yy):
    return x * yy


CASES = [
    (lambda: C.derivative(math.sin(1.0)), DTypeError, "fields.function"),
    (lambda: C.derivative(lambda x: math.sin(x))(1.0), GradientError, "calculus.left_tensors"),
    (lambda: C.derivative(lambda x: x * float(x))(1.0), GradientError, "calculus.left_tensors"),
    (lambda: C.gradient(lambda v: v[0] * v[1].item())([1.0, 2.0]), GradientError, "calculus.left_tensors"),
    (lambda: C.derivative(lambda x: None)(1.0), DTypeError, "fields.no_result"),
    (lambda: C.derivative(cr.sin, -1), ConfigError, "calculus.order"),
    (lambda: C.derivative(cr.sin, 0.5), ConfigError, "calculus.order"),
    (lambda: C.derivative(g), ShapeError, "calculus.one_variable"),
    (lambda: C.derivative(cr.sin)(), ShapeError, "calculus.no_point"),
    (lambda: C.derivative(cr.sin)(1.0, 2.0), ShapeError, "calculus.point"),
    (lambda: C.derivative(cr.sin)(1.0 + 1j), DTypeError, "fields.complex"),
    (lambda: C.partial(g), ConfigError, "calculus.no_variable"),
    (lambda: C.partial(g, "y"), ConfigError, "calculus.variable"),
    (lambda: C.partial(g, 2), ConfigError, "calculus.position"),
    (lambda: C.partial(lambda v: v[0], "w1")([1.0, 2.0]), ConfigError, "calculus.variable"),
    (lambda: C.gradient(lambda x, y: (x, y))(1.0, 2.0), ShapeError, "fields.not_scalar"),
    (lambda: C.gradient(g)(1.0), ShapeError, "calculus.point"),
    (lambda: C.gradient(g)([1.0, 2.0, 3.0]), ShapeError, "fields.arguments"),
    (lambda: C.gradient(g)(1.0, 2.0, 3.0), ShapeError, "fields.arguments"),
    (lambda: C.gradient(lambda v: cr.sum(v)).formula, ShapeError, "calculus.size"),
    (lambda: C.formula(lambda v: v[0]), ShapeError, "calculus.size"),
    (lambda: C.directional(g, [0.0, 0.0]), ConfigError, "calculus.zero_direction"),
    (lambda: C.directional(g, [1.0, 0.0, 0.0]), ShapeError, "calculus.direction_size"),
    (lambda: C.directional(g, [1.0, math.nan]), ConfigError, "fields.not_finite"),
    (lambda: C.divergence(lambda x, y: (x, y, x))(1.0, 2.0), ShapeError, "calculus.field_size"),
    (lambda: C.divergence(g)(1.0, 2.0), ShapeError, "calculus.field_size"),
    (lambda: C.curl(lambda x, y, z, w: (x, y, z, w)), ShapeError, "calculus.curl_variables"),
    (lambda: C.curl(lambda v: v)([1.0, 2.0, 3.0, 4.0]), ShapeError, "calculus.curl_variables"),
    (lambda: C.laplacian(g, 0), ConfigError, "calculus.order"),
]


@pytest.mark.parametrize(("call", "kind", "key"), CASES, ids=[f"{c[2]}-{i}" for i, c in enumerate(CASES)])
def test_errors(call, kind, key):
    with pytest.raises(kind) as problem:
        call()
    assert problem.value.key == key
    assert "test_bad_derivatives.py" in str(problem.value).splitlines()[-1]


def test_the_nearest_variable_is_proposed():
    with pytest.raises(ConfigError, match="Did you mean yy"):
        C.partial(g, "y")


def test_the_error_of_a_lost_derivative_says_what_to_write():
    with pytest.raises(GradientError, match=r"cr\.sin\(x\)"):
        C.derivative(lambda x: math.sin(x))(1.0)


def test_every_message_speaks_chinese():
    own = [row for key, row in cr.errors.messages().items() if key.startswith("calculus.")]
    assert own and all(row.zh and row.zh != row.en for row in own)


def test_nothing_is_not_a_number_in_silence():
    """At a corner of the domain the derivative is what IEEE says."""
    assert np.isinf(C.derivative(cr.sqrt)(0.0))
    assert np.isnan(C.derivative(cr.log)(-1.0)) or C.derivative(cr.log)(-1.0) == -1.0
