"""Rows of the table in the language of SymPy, by name.

A pointwise row is a function of its arguments' elements, any other of whole arrays of expressions.
A row that only moves, adds and multiplies is in neither: its definition runs on arrays of expressions
as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

Expression = Any


def _choice(condition: Expression, x: Expression, y: Expression) -> Expression:
    return x if x == y else sp.Piecewise((x, condition), (y, True))


def _converted(x: Expression, dtype: np.dtype[Any]) -> Expression:
    """A value as another type; a truth value becomes 1 or 0."""
    is_truth = getattr(x, "is_Boolean", False) or getattr(x, "is_Relational", False)
    if dtype.kind == "b":
        return x if is_truth else sp.Ne(x, 0)
    value = sp.Piecewise((1, x), (0, True)) if is_truth else x
    is_whole = dtype.kind not in "iu" or value.is_integer
    return value if is_whole else _truncated(value)


def _rounded(x: Expression) -> Expression:
    """To the nearest whole number, halves to the even one."""
    nearest = sp.floor(x + sp.Rational(1, 2))
    is_odd_half = sp.And(sp.Eq(nearest - x, sp.Rational(1, 2)), sp.Ne(sp.Mod(nearest, 2), 0))
    return sp.Piecewise((nearest - 1, is_odd_half), (nearest, True))


def _truncated(x: Expression) -> Expression:
    return sp.sign(x) * sp.floor(sp.Abs(x))


def _step(x: Expression, at_zero: Expression) -> Expression:
    return sp.Piecewise((0, x < 0), (at_zero, sp.Eq(x, 0)), (1, True))


def _normal_quantile(q: Expression) -> Expression:
    return sp.sqrt(2) * sp.erfinv(2 * q - 1)


POINTWISE: dict[str, Callable[..., Expression]] = {
    "identity": lambda x: x,
    "cast": lambda x, dtype: _converted(x, np.dtype(dtype)),
    "where": _choice,
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "power": lambda x, y: x**y,
    "negative": lambda x: -x,
    "square": lambda x: x**2,
    "absolute": sp.Abs,
    "sign": sp.sign,
    "floor": sp.floor,
    "ceil": sp.ceiling,
    "round": _rounded,
    "floor_divide": lambda x, y: sp.floor(x / y),
    "trunc": _truncated,
    "remainder": lambda x, y: x - y * sp.floor(x / y),
    "fmod": lambda x, y: x - y * _truncated(x / y),
    "copysign": lambda x, y: sp.Piecewise((sp.Abs(x), y >= 0), (-sp.Abs(x), True)),
    "heaviside": _step,
    "reciprocal": lambda x: 1 / x,
    "real": sp.re,
    "imag": sp.im,
    "conj": sp.conjugate,
    "complex": lambda x, y: x + sp.I * y,
    "angle": sp.arg,
    "exp": sp.exp,
    "exp2": lambda x: 2**x,
    "expm1": lambda x: sp.exp(x) - 1,
    "log": sp.log,
    "log1p": lambda x: sp.log(1 + x),
    "logaddexp": lambda x, y: sp.log(sp.exp(x) + sp.exp(y)),
    "log2": lambda x: sp.log(x) / sp.log(2),
    "log10": lambda x: sp.log(x) / sp.log(10),
    "logaddexp2": lambda x, y: sp.log(2**x + 2**y) / sp.log(2),
    "xlogy": lambda x, y: x * sp.log(y),
    "xlog1py": lambda x, y: x * sp.log(1 + y),
    "sqrt": sp.sqrt,
    "rsqrt": lambda x: 1 / sp.sqrt(x),
    "cbrt": lambda x: sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3),
    "hypot": lambda x, y: sp.sqrt(x**2 + y**2),
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "arcsin": sp.asin,
    "arccos": sp.acos,
    "arctan": sp.atan,
    "arctan2": sp.atan2,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "arcsinh": sp.asinh,
    "arccosh": sp.acosh,
    "arctanh": sp.atanh,
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "erf": sp.erf,
    "erfc": sp.erfc,
    "erfinv": sp.erfinv,
    "ndtri": _normal_quantile,
    "lgamma": sp.loggamma,
    "polygamma": sp.polygamma,
    "gammainc": lambda a, x: sp.lowergamma(a, x) / sp.gamma(a),
    "betainc": lambda a, b, x: sp.betainc_regularized(a, b, 0, x),
    "bessel_i": sp.besseli,
    # In sines and cosines, which hold for negative x too.
    "spherical_bessel": lambda n, x: sp.expand_func(sp.jn(n, x)),
    "maximum": sp.Max,
    "minimum": sp.Min,
    "fmax": sp.Max,
    "fmin": sp.Min,
    "equal": sp.Eq,
    "not_equal": sp.Ne,
    "less": sp.Lt,
    "less_equal": sp.Le,
    "greater": sp.Gt,
    "greater_equal": sp.Ge,
    "logical_and": sp.And,
    "logical_or": sp.Or,
    "logical_xor": sp.Xor,
    "logical_not": sp.Not,
    # A symbol stands for a real number.
    "isfinite": lambda x: sp.true,
    "isnan": lambda x: sp.false,
    "isinf": lambda x: sp.false,
}


def _fold(combine: Callable[..., Expression]) -> Callable[..., np.ndarray]:
    """A reduction whose elements along the axes are combined all at once."""

    def reduction(x: np.ndarray, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
        kept = [i for i in range(x.ndim) if i not in axis]
        folded = np.empty([x.shape[i] for i in kept], object)
        count = math.prod(x.shape[i] for i in axis)
        rows = np.transpose(x, (*kept, *axis)).reshape(*folded.shape, count)
        for place in np.ndindex(folded.shape):
            folded[place] = combine(*rows[place])
        return np.expand_dims(folded, axis) if keepdims else folded

    return reduction


ARRAYS: dict[str, Callable[..., np.ndarray]] = {
    "max": _fold(sp.Max),
    "min": _fold(sp.Min),
    "prod": _fold(sp.Mul),
    "any": _fold(sp.Or),
    "all": _fold(sp.And),
}
