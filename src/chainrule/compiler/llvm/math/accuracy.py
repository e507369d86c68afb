"""How accurate the mathematical functions are: what the tests hold them to, and the documentation states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Interval = tuple[float, float]


@dataclass(frozen=True)
class Accuracy:
    """The stated errors of a function, in units in the last place of the result; on all processors.

    Attributes
    ----------
    float32, float64 : float
        The largest error. For float32 it holds for all numbers.
    intervals : tuple of (low, high)
        One for each argument: where errors of float64 are looked for most.
    where : str
        For which float64 arguments the bound holds, or what it is relative to, if it is not all of them.
    """

    float32: float
    float64: float
    intervals: tuple[Interval, ...]
    where: str = ""


def _one(float32: float, float64: float, low: float, high: float, where: str = "") -> Accuracy:
    return Accuracy(float32, float64, ((low, high),), where)


_LARGER = "in units of the largest of the result and the arguments"

FUNCTIONS: Mapping[str, Accuracy] = {
    "exp": _one(1.2, 1.2, -750.0, 715.0),
    "exp2": _one(1.2, 1.2, -1080.0, 1030.0),
    "expm1": _one(1.5, 2.2, -40.0, 715.0),
    "sigmoid": _one(2.0, 2.0, -750.0, 40.0),
    "log": _one(1.2, 1.6, 0.0, 10.0),
    "log2": _one(2.0, 2.1, 0.0, 10.0),
    "log10": _one(1.9, 3.5, 0.0, 10.0),
    "log1p": _one(1.7, 2.0, -1.0, 10.0),
    "sqrt": _one(0.5, 0.5, 0.0, 10.0),
    "rsqrt": _one(1.5, 1.5, 0.0, 10.0),
    "cbrt": _one(0.51, 1.0, -10.0, 10.0),
    "sin": _one(2.0, 2.2, -30.0, 30.0),
    "cos": _one(2.0, 2.2, -30.0, 30.0),
    "tan": _one(0.51, 4.0, -30.0, 30.0),
    "arcsin": _one(1.9, 1.8, -1.0, 1.0),
    "arccos": _one(1.4, 1.4, -1.0, 1.0),
    "arctan": _one(2.0, 1.8, -10.0, 10.0),
    "sinh": _one(0.51, 4.0, -715.0, 715.0),
    "cosh": _one(0.51, 3.0, -715.0, 715.0),
    "tanh": _one(2.0, 2.4, -20.0, 20.0),
    "arcsinh": _one(0.51, 2.3, -10.0, 10.0),
    "arccosh": _one(0.51, 2.3, 1.0, 10.0),
    "arctanh": _one(0.51, 2.5, -1.0, 1.0),
    "erf": _one(1.8, 1.2, -7.0, 7.0),
    "erfc": _one(0.51, 5.0, -7.0, 28.0),
    "erfinv": _one(0.6, 2.5, -1.0, 1.0),
    "ndtri": _one(0.6, 4.0, 0.0, 1.0),
    "lgamma": _one(0.6, 4.0, 0.0, 30.0, "x > 0"),
    "floor": _one(0.0, 0.0, -10.0, 10.0),
    "ceil": _one(0.0, 0.0, -10.0, 10.0),
    "trunc": _one(0.0, 0.0, -10.0, 10.0),
    "round": _one(0.0, 0.0, -10.0, 10.0),
    "power": Accuracy(0.51, 1.8, ((0.0, 10.0), (-20.0, 20.0))),
    "hypot": Accuracy(0.51, 1.2, ((-10.0, 10.0), (-10.0, 10.0))),
    "arctan2": Accuracy(2.0, 2.0, ((-10.0, 10.0), (-10.0, 10.0))),
    "logaddexp": Accuracy(0.6, 2.0, ((-30.0, 30.0), (-30.0, 30.0)), _LARGER),
    "logaddexp2": Accuracy(0.6, 2.5, ((-30.0, 30.0), (-30.0, 30.0)), _LARGER),
    "polygamma": Accuracy(0.6, 12.0, ((0.0, 3.99), (0.0, 30.0)), "x > 0, n < 4; of ψ in units of at least 1"),
}
