r"""Trigonometric and hyperbolic functions and their inverses.

At the origin `hypot` and `arctan2` have no derivative; it is given as 0, so that no gradient becomes NaN.
The inverses have infinite slopes at the ends of their intervals.
"""

from __future__ import annotations

import numpy as np

from chainrule.core.op import Op
from chainrule.core.sample import Domain
from chainrule.ops.pointwise.exponential import sqrt
from chainrule.ops.pointwise.row import OFF_ZERO, pointwise
from chainrule.ops.pointwise.selection import without_zero
from chainrule.ops.types import REAL_FLOATS

_INSIDE = Domain(-0.8, 0.8)

sin = pointwise("sin", r"\sin x", np.sin, [lambda y, x: cos(x)], emit=lambda b, x: b.sin(x))
cos: Op = pointwise("cos", r"\cos x", np.cos, [lambda y, x: -sin(x)], emit=lambda b, x: b.cos(x))
tan = pointwise(
    "tan", r"\tan x", np.tan, [lambda y, x: 1 + y * y], domain=Domain(-1.2, 1.2), emit=lambda b, x: b.tan(x)
)
arcsin = pointwise(
    "arcsin",
    r"\arcsin x",
    np.arcsin,
    [lambda y, x: 1 / sqrt(1 - x * x)],
    domain=_INSIDE,
    emit=lambda b, x: b.arcsin(x),
)
arccos = pointwise(
    "arccos",
    r"\arccos x",
    np.arccos,
    [lambda y, x: -1 / sqrt(1 - x * x)],
    domain=_INSIDE,
    emit=lambda b, x: b.arccos(x),
)
arctan = pointwise(
    "arctan", r"\arctan x", np.arctan, [lambda y, x: 1 / (1 + x * x)], emit=lambda b, x: b.arctan(x)
)

sinh = pointwise("sinh", r"\sinh x", np.sinh, [lambda y, x: cosh(x)], emit=lambda b, x: b.sinh(x))
cosh: Op = pointwise("cosh", r"\cosh x", np.cosh, [lambda y, x: sinh(x)], emit=lambda b, x: b.cosh(x))
tanh = pointwise("tanh", r"\tanh x", np.tanh, [lambda y, x: 1 - y * y], emit=lambda b, x: b.tanh(x))
arcsinh = pointwise(
    "arcsinh",
    r"\operatorname{arsinh} x",
    np.arcsinh,
    [lambda y, x: 1 / sqrt(1 + x * x)],
    emit=lambda b, x: b.arcsinh(x),
)
arccosh = pointwise(
    "arccosh",
    r"\operatorname{arcosh} x",
    np.arccosh,
    # Two roots: the root of the product lies on another branch for half of the complex numbers.
    [lambda y, x: 1 / (sqrt(x - 1) * sqrt(x + 1))],
    domain=Domain(1.3, 3.0),
    emit=lambda b, x: b.arccosh(x),
)
arctanh = pointwise(
    "arctanh",
    r"\operatorname{artanh} x",
    np.arctanh,
    [lambda y, x: 1 / (1 - x * x)],
    domain=_INSIDE,
    emit=lambda b, x: b.arctanh(x),
)

hypot = pointwise(
    "hypot",
    r"\sqrt{x^{2} + y^{2}}",
    np.hypot,
    [lambda z, x, y: x / without_zero(z), lambda z, x, y: y / without_zero(z)],
    args="x y",
    dtype=REAL_FLOATS,
    domain=OFF_ZERO,
    flops=4,
    emit=lambda b, x, y: b.hypot(x, y),
)
arctan2 = pointwise(
    "arctan2",
    r"\operatorname{arctan2}(y, x)",
    np.arctan2,
    [
        lambda z, y, x: x / without_zero(x * x + y * y),
        lambda z, y, x: -y / without_zero(x * x + y * y),
    ],
    args="y x",
    dtype=REAL_FLOATS,
    domain=OFF_ZERO,
    emit=lambda b, y, x: b.arctan2(y, x),
)
