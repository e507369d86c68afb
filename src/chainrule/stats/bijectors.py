"""Bijectors of numbers."""

from __future__ import annotations

import math
from typing import Any

from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions.activations import softplus
from chainrule.ops import pointwise
from chainrule.ops.pointwise import absolute, exp, log
from chainrule.stats.bijector import Bijector
from chainrule.stats.sets import POSITIVE, interval
from chainrule.tensor import Tensor


class Affine(Bijector):
    """A shift and a stretch, neither of which is 0 or infinite.

    Parameters
    ----------
    loc, scale : float or Tensor
        The scale may be negative.

    Examples
    --------
    >>> import chainrule as cr
    >>> celsius = cr.stats.Affine(-160 / 9, 5 / 9)
    >>> print(f"{float(celsius(212.0)):.0f} {float(celsius.inverse(100.0)):.0f}")
    100 212
    """

    formula = r"a + b x"

    def __init__(self, loc: Any = 0.0, scale: Any = 1.0) -> None:
        self.loc, self.scale = lift(loc), lift(scale)

    @property
    def increasing(self) -> Any:
        """Whether the scale is positive."""
        return self.scale > 0

    def forward(self, x: Any) -> Tensor:
        """:math:`a + b x`."""
        return self.loc + self.scale * lift(x)

    def inverse(self, y: Any) -> Tensor:
        """:math:`(y - a) / b`."""
        return (lift(y) - self.loc) / self.scale

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\ln |b|`."""
        return log(absolute(self.scale)) + 0 * lift(x)


class Exp(Bijector):
    """The exponential function, onto the positive numbers."""

    formula = r"e^x"
    codomain = POSITIVE

    def forward(self, x: Any) -> Tensor:
        """:math:`e^x`."""
        return exp(x)

    def inverse(self, y: Any) -> Tensor:
        r""":math:`\ln y`."""
        return log(y)

    def log_det(self, x: Any) -> Tensor:
        """:math:`x`."""
        return lift(x)


class Sigmoid(Bijector):
    """The logistic function, onto the numbers between 0 and 1."""

    formula = r"\frac{1}{1 + e^{-x}}"
    codomain = interval(0, 1, open_low=True, open_high=True)

    def forward(self, x: Any) -> Tensor:
        """:math:`σ(x)`."""
        return pointwise.sigmoid(x)

    def inverse(self, y: Any) -> Tensor:
        r""":math:`\ln y - \ln (1 - y)`."""
        return log(y) - pointwise.log1p(-lift(y))

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\ln σ(x) + \ln σ(-x)`."""
        return -softplus(x) - softplus(-lift(x))


class Tanh(Bijector):
    """The hyperbolic tangent, onto the numbers between -1 and 1."""

    formula = r"\tanh x"
    codomain = interval(-1, 1, open_low=True, open_high=True)

    def forward(self, x: Any) -> Tensor:
        r""":math:`\tanh x`."""
        return pointwise.tanh(x)

    def inverse(self, y: Any) -> Tensor:
        r""":math:`½ (\ln (1 + y) - \ln (1 - y))`."""
        return 0.5 * (pointwise.log1p(y) - pointwise.log1p(-lift(y)))

    def log_det(self, x: Any) -> Tensor:
        r""":math:`2 (\ln 2 - x - \ln(1 + e^{-2x})) = \ln (1 - \tanh^2 x)`."""
        x = lift(x)
        return 2 * (math.log(2) - x - softplus(-2 * x))


class Softplus(Bijector):
    """A smooth ramp, onto the positive numbers."""

    formula = r"\ln(1 + e^x)"
    codomain = POSITIVE

    def forward(self, x: Any) -> Tensor:
        r""":math:`\ln (1 + e^x)`."""
        return softplus(x)

    def inverse(self, y: Any) -> Tensor:
        r""":math:`y + \ln (1 - e^{-y})`."""
        y = lift(y)
        return y + log(-pointwise.expm1(-y))

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\ln σ(x)`."""
        return -softplus(-lift(x))


class Power(Bijector):
    """A power of positive numbers.

    Parameters
    ----------
    exponent : float
        Not 0; -1 is the reciprocal.
    """

    formula = r"x^c"
    domain = POSITIVE
    codomain = POSITIVE

    def __init__(self, exponent: float = 2.0) -> None:
        if not math.isfinite(exponent) or exponent == 0:
            raise error(
                "stats.parameter", distribution="Power", name="exponent", allowed="ℝ \\ {0}", got=exponent
            )
        self.exponent = exponent

    @property
    def increasing(self) -> Any:
        """Whether the exponent is positive."""
        return self.exponent > 0

    def forward(self, x: Any) -> Tensor:
        """:math:`x^c`."""
        return lift(x) ** float(self.exponent)

    def inverse(self, y: Any) -> Tensor:
        """:math:`y^{1/c}`."""
        return lift(y) ** (1 / self.exponent)

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\ln |c| + (c - 1) \ln x`."""
        return math.log(abs(self.exponent)) + (self.exponent - 1) * log(x)
