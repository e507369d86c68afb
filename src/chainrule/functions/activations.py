"""Activation functions and normalised exponentials, as composites of table rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.functions import reductions
from chainrule.ops import pointwise
from chainrule.ops.pointwise import where
from chainrule.ops.shapes import normalize_axis

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


@composite(r"\max(x, 0)")
def relu(x: Any) -> Tensor:
    """Rectified linear unit; its derivative at 0 is 0."""
    x = lift(x)
    return where(x > 0, x, 0)


@composite(r"\begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases}")
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Tensor:
    """Rectified linear unit with a slope ``a`` for negative values."""
    x = lift(x)
    return where(x > 0, x, negative_slope * x)


@composite(r"\begin{cases} x & x > 0 \\ α (e^x - 1) & x \le 0 \end{cases}")
def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit (Clevert et al., 2015)."""
    x = lift(x)
    # The exponential is kept from overflowing where its branch is not taken.
    return where(x > 0, x, alpha * pointwise.expm1(where(x > 0, 0, x)))


_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@composite(r"λ \, \mathrm{elu}_α(x)")
def selu(x: Any) -> Tensor:
    """Scaled exponential linear unit (Klambauer et al., 2017)."""
    return _SELU_SCALE * elu(x, _SELU_ALPHA)


@composite(r"x \, Φ(x) = \tfrac{x}{2} \left(1 + \operatorname{erf} \tfrac{x}{\sqrt 2}\right)")
def gelu(x: Any, approximate: str = "none") -> Tensor:
    """Gaussian error linear unit (Hendrycks & Gimpel, 2016); ``approximate="tanh"`` for the tanh form."""
    x = lift(x)
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))
        return 0.5 * x * (1 + pointwise.tanh(inner))
    return 0.5 * x * (1 + pointwise.erf(x * (1 / math.sqrt(2))))


@composite(r"x \, σ(x)")
def silu(x: Any) -> Tensor:
    """Sigmoid linear unit, also called swish."""
    return x * pointwise.sigmoid(x)


@composite(r"\frac{1}{β} \ln(1 + e^{β x})")
def softplus(x: Any, beta: float = 1.0) -> Tensor:
    """A smooth form of `relu`, computed without overflow."""
    if beta == 1:
        return pointwise.logaddexp(x, 0)
    return pointwise.logaddexp(beta * lift(x), 0) * (1 / beta)


@composite(r"\ln σ(x)")
def log_sigmoid(x: Any) -> Tensor:
    """Logarithm of the logistic function, without overflow."""
    return -pointwise.logaddexp(-lift(x), 0)


@composite(r"\frac{e^{x_i}}{\sum_j e^{x_j}}")
def softmax(x: Any, axis: int = -1) -> Tensor:
    """Normalised exponentials along an axis; invariant to adding a constant, so the maximum is taken off."""
    x = lift(x)
    axis = normalize_axis("softmax", axis, len(x.shape), x.shape)
    powers = pointwise.exp(x - reductions.max(x, axis, keepdims=True).detach())
    return powers / reductions.sum(powers, axis, keepdims=True)


@composite(r"x_i - \ln \sum_j e^{x_j}")
def log_softmax(x: Any, axis: int = -1) -> Tensor:
    """Logarithm of `softmax`, without underflow."""
    x = lift(x)
    axis = normalize_axis("log_softmax", axis, len(x.shape), x.shape)
    shifted = x - reductions.max(x, axis, keepdims=True).detach()
    return shifted - pointwise.log(reductions.sum(pointwise.exp(shifted), axis, keepdims=True))
