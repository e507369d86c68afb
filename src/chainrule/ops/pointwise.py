"""Pointwise operations: each element of the result depends on the elements at its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core.derivative import Derivative, Linear, Partials, Zero, unbroadcast
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import BOOLS, REALS, Distinct, Domain, Sample, sample
from chainrule.dtypes import bool_
from chainrule.ops import shapes

NUMBERS = DTypeRule("iuf")
ANY = DTypeRule("biuf")
FLOATS = DTypeRule("f", lift_to_float=True)
TO_BOOL = DTypeRule("biuf", output=bool_)
LOGIC = DTypeRule("b", output=bool_)

_ONE = (sample((2, 3)), sample((4, 1, 2)), sample((0, 3)), sample(()))
_TWO = (
    *(sample((2, 3), (2, 3)), sample((3, 1), (1, 4)), sample((2, 1, 3), (3,)), sample((0, 3), (1, 3))),
    *(sample((), (2,)), sample((), ())),
)
_THREE = (sample((2, 3), (2, 3), (2, 3)), sample((3,), (2, 1), (1, 3)), sample((0, 2), (2,), ()))
_SAMPLES = {1: _ONE, 2: _TWO, 3: _THREE}


def pointwise(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    derivative: Derivative | Sequence[Callable[..., Any] | None],
    *,
    args: str = "x",
    dtype: DTypeRule = FLOATS,
    domain: Domain | tuple[Domain, ...] = REALS,
    samples: tuple[Sample, ...] | None = None,
    flops: int = 1,
) -> Op:
    """One pointwise row; ``derivative`` is the list of partial derivatives by each argument."""
    names = tuple(args.split())
    return Op(
        name=name,
        family="pointwise",
        args=names,
        formula=formula,
        shape=shapes.broadcast if len(names) > 1 else shapes.same,
        dtype=dtype,
        numpy=numpy,
        derivative=derivative if isinstance(derivative, Derivative) else Partials(*derivative),
        domain=domain if isinstance(domain, tuple) else (domain,),
        samples=_SAMPLES[len(names)] if samples is None else samples,
        cost=lambda inputs, output, params: flops * shapes.size(output),
    )


def _apart(low: float, high: float, *singular: float) -> Domain:
    return Domain(low, high, singular)


ZERO = Zero()
POSITIVE = Domain(0.2, 3.0)

add = pointwise("add", "x + y", np.add, [lambda z, x, y: 1, lambda z, x, y: 1], args="x y", dtype=NUMBERS)
subtract = pointwise(
    "subtract", "x - y", np.subtract, [lambda z, x, y: 1, lambda z, x, y: -1], args="x y", dtype=NUMBERS
)
multiply = pointwise(
    "multiply", r"x \cdot y", np.multiply, [lambda z, x, y: y, lambda z, x, y: x], args="x y", dtype=NUMBERS
)
divide = pointwise(
    "divide",
    r"\frac{x}{y}",
    np.divide,
    [lambda z, x, y: 1 / y, lambda z, x, y: -z / y],
    args="x y",
    domain=(REALS, POSITIVE),
)
power: Op = pointwise(
    "power",
    "x^{y}",
    np.power,
    [
        # At x = 0 with exponent 0 the power is constant; y · x^(y-1) would be 0 · ∞ there.
        lambda z, x, y: where(equal(y, 0), 0 * y, y * power(x, y - 1)),
        lambda z, x, y: where(equal(x, 0), 0 * x, z * log(where(equal(x, 0), 1 + 0 * x, x))),
    ],
    args="x y",
    dtype=NUMBERS,
    domain=(POSITIVE, REALS),
)
negative = pointwise("negative", "-x", np.negative, [lambda y, x: -1], dtype=NUMBERS)
absolute = pointwise(
    "absolute", "|x|", np.abs, [lambda y, x: sign(x)], dtype=NUMBERS, domain=_apart(-2, 2, 0)
)
sign: Op = pointwise("sign", r"\mathrm{sign}(x)", np.sign, ZERO, dtype=NUMBERS, domain=_apart(-2, 2, 0))
floor = pointwise("floor", r"\lfloor x \rfloor", np.floor, ZERO, domain=_apart(-2, 2, -1, 0, 1))
ceil = pointwise("ceil", r"\lceil x \rceil", np.ceil, ZERO, domain=_apart(-2, 2, -1, 0, 1))
round_ = pointwise("round", r"\mathrm{round}(x)", np.rint, ZERO, domain=_apart(-2, 2, -1.5, -0.5, 0.5, 1.5))
floor_divide = pointwise(
    "floor_divide",
    r"\left\lfloor \frac{x}{y} \right\rfloor",
    np.floor_divide,
    ZERO,
    args="x y",
    dtype=NUMBERS,
    domain=(REALS, POSITIVE),
)
remainder = pointwise(
    "remainder",
    r"x \bmod y",
    np.remainder,
    [lambda z, x, y: 1, lambda z, x, y: -floor(x / y)],
    args="x y",
    dtype=NUMBERS,
    domain=(Domain(0.1, 0.7), Domain(0.8, 3.0)),
)

square = pointwise("square", "x^{2}", np.square, [lambda y, x: 2 * x], dtype=NUMBERS)
exp: Op = pointwise("exp", "e^{x}", np.exp, [lambda y, x: y])
expm1 = pointwise("expm1", "e^{x} - 1", np.expm1, [lambda y, x: y + 1])
log: Op = pointwise("log", r"\ln x", np.log, [lambda y, x: 1 / x], domain=POSITIVE)
log1p = pointwise("log1p", r"\ln(1 + x)", np.log1p, [lambda y, x: 1 / (1 + x)], domain=Domain(-0.7, 2))
sqrt = pointwise("sqrt", r"\sqrt{x}", np.sqrt, [lambda y, x: 0.5 / y], domain=POSITIVE)
sin = pointwise("sin", r"\sin x", np.sin, [lambda y, x: cos(x)])
cos: Op = pointwise("cos", r"\cos x", np.cos, [lambda y, x: -sin(x)])
tan = pointwise("tan", r"\tan x", np.tan, [lambda y, x: 1 + y * y], domain=Domain(-1.2, 1.2))
arctan = pointwise("arctan", r"\arctan x", np.arctan, [lambda y, x: 1 / (1 + x * x)])
tanh = pointwise("tanh", r"\tanh x", np.tanh, [lambda y, x: 1 - y * y])
sigmoid = pointwise(
    "sigmoid",
    r"\sigma(x)",
    # Through tanh, which neither overflows nor loses the tail's sign.
    lambda x: 0.5 * (np.tanh(0.5 * x) + 1),
    [lambda y, x: y * (1 - y)],
    flops=4,
)
erf = pointwise(
    "erf",
    r"\operatorname{erf} x",
    lambda x: np.vectorize(math.erf, otypes=[x.dtype])(x),
    [lambda y, x: (2 / math.sqrt(math.pi)) * exp(-x * x)],
)

logaddexp = pointwise(
    "logaddexp",
    r"\ln(e^{x} + e^{y})",
    np.logaddexp,
    [lambda z, x, y: exp(x - z), lambda z, x, y: exp(y - z)],
    args="x y",
    flops=4,
)

_HALF_AT_TIES: list[Callable[..., Any]] = [
    lambda z, x, y: _indicator(equal(x, z), z) - 0.5 * _indicator(equal(x, y), z),
    lambda z, x, y: _indicator(equal(y, z), z) - 0.5 * _indicator(equal(x, y), z),
]
maximum = pointwise(
    "maximum",
    r"\max(x, y)",
    np.maximum,
    _HALF_AT_TIES,
    args="x y",
    dtype=ANY,
    domain=(Distinct(), Domain(0.05, 0.1)),
)
minimum = pointwise(
    "minimum",
    r"\min(x, y)",
    np.minimum,
    _HALF_AT_TIES,
    args="x y",
    dtype=ANY,
    domain=(Distinct(), Domain(0.05, 0.1)),
)


def _indicator(condition: Any, like: Any) -> Any:
    return cast(condition, dtype=like.dtype)


def _comparison(name: str, symbol: str, numpy: Callable[..., Any]) -> Op:
    return pointwise(name, f"x {symbol} y", numpy, ZERO, args="x y", dtype=TO_BOOL)


equal: Op = _comparison("equal", "=", np.equal)
not_equal = _comparison("not_equal", r"\ne", np.not_equal)
less = _comparison("less", "<", np.less)
less_equal = _comparison("less_equal", r"\le", np.less_equal)
greater = _comparison("greater", ">", np.greater)
greater_equal = _comparison("greater_equal", r"\ge", np.greater_equal)

logical_and = pointwise(
    "logical_and", r"x \wedge y", np.logical_and, ZERO, args="x y", dtype=LOGIC, domain=BOOLS
)
logical_or = pointwise("logical_or", r"x \vee y", np.logical_or, ZERO, args="x y", dtype=LOGIC, domain=BOOLS)
logical_not = pointwise("logical_not", r"\neg x", np.logical_not, ZERO, dtype=LOGIC, domain=BOOLS)
isfinite = pointwise("isfinite", r"|x| < \infty", np.isfinite, ZERO, dtype=TO_BOOL)
isnan = pointwise("isnan", r"x \ne x", np.isnan, ZERO, dtype=TO_BOOL)

where: Op = pointwise(
    "where",
    r"\begin{cases} x & c \\ y & \text{otherwise} \end{cases}",
    np.where,
    Linear(
        None,
        lambda g, c, x, y: unbroadcast(where(c, g, 0), x.shape),
        lambda g, c, x, y: unbroadcast(where(c, 0, g), y.shape),
    ),
    args="c x y",
    dtype=DTypeRule("biuf", separate=(0,), separate_kinds="b"),
    domain=(BOOLS, REALS, REALS),
)


identity = pointwise("identity", "x", lambda x: x, Linear(lambda g, x: g), dtype=ANY, flops=0)
cast: Op = pointwise(
    "cast",
    r"\mathrm{cast}(x)",
    lambda x, dtype: x.astype(dtype),
    Linear(lambda g, x, dtype: cast(g, dtype=x.dtype)),
    dtype=DTypeRule("biuf", output=lambda found, params: params["dtype"]),
    samples=(sample((2, 3), dtype=np.dtype("float64")), sample((0, 3), dtype=np.dtype("float64"))),
    flops=0,
)

BY_UFUNC = {row.numpy: row for row in TABLE.values() if isinstance(row.numpy, np.ufunc)}
