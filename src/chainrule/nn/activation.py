r"""Activations: functions of single elements, and normalised exponentials.

>>> import chainrule as cr
>>> from chainrule import nn
>>> nn.LeakyReLU(0.1)(cr.tensor([-1.0, 2.0]))
tensor([-0.1,  2. ])
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG, POSITIVE, REAL, Constraint, is_integer, one_of
from chainrule.core.interpreter import lift
from chainrule.core.sample import Domain, sample
from chainrule.errors import error
from chainrule.functions import activations, shaping
from chainrule.functions.activations import (
    elu,
    gelu,
    leaky_relu,
    log_sigmoid,
    relu,
    selu,
    silu,
    softplus,
)
from chainrule.functions.elementwise import clip
from chainrule.nn.function_module import FunctionModule, function_module, options_of
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import absolute, sigmoid, tanh, where
from chainrule.tensor import Tensor

_AXIS = Constraint("(-∞, ∞), a whole number", lambda v: is_integer(v, -64), (-1, 0), (1.5, "1", None, True))
CONSTRAINTS = {
    "inplace": FLAG,
    "negative_slope": REAL,
    "alpha": REAL,
    "approximate": one_of("none", "tanh"),
    "beta": POSITIVE,
    "min_val": REAL,
    "max_val": REAL,
    "dim": _AXIS,
}
_APART = Domain(-4.0, 7.0, singular=(-3.0, -1.0, 0.0, 1.0, 3.0, 6.0))


@composite(r"\min(\max(x, a), b)")
def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """Limit the elements to the interval from ``a = min_val`` to ``b = max_val``."""
    if min_val >= max_val:
        raise error("nn.empty_interval", layer="hardtanh", low=min_val, high=max_val, remedy="")
    return clip(x, min_val, max_val)


@composite(r"\min(\max(x, 0), 6)")
def relu6(x: Any) -> Tensor:
    """Rectified linear unit that ends at 6 (Howard et al., 2017)."""
    return clip(x, 0, 6)


@composite(r"\begin{cases} x & x > 0 \\ α (e^{x / α} - 1) & x \le 0 \end{cases}")
def celu(x: Any, alpha: float = 1.0) -> Tensor:
    """Continuously differentiable exponential linear unit (Barron, 2017)."""
    return elu(lift(x) / alpha, 1.0) * alpha


@composite(r"\min(\max(\tfrac{x}{6} + \tfrac{1}{2}, 0), 1)")
def hardsigmoid(x: Any) -> Tensor:
    """Sigmoid in three straight pieces."""
    return clip(lift(x) * (1 / 6) + 0.5, 0, 1)


@composite(r"x \, \min(\max(\tfrac{x}{6} + \tfrac{1}{2}, 0), 1)")
def hardswish(x: Any) -> Tensor:
    """SiLU with a sigmoid in three straight pieces (Howard et al., 2019)."""
    return lift(x) * hardsigmoid(x)


@composite(r"x \tanh(\ln(1 + e^x))")
def mish(x: Any) -> Tensor:
    """A smooth, non-monotonic unit (Misra, 2019)."""
    return lift(x) * tanh(softplus(x))


@composite(r"\frac{x}{1 + |x|}")
def softsign(x: Any) -> Tensor:
    """Like tanh, with polynomial tails."""
    x = lift(x)
    return x / (1 + absolute(x))


@composite(r"x - \tanh x")
def tanhshrink(x: Any) -> Tensor:
    """What tanh takes away."""
    x = lift(x)
    return x - tanh(x)


@composite(r"\max(x, 0) + a \min(x, 0)")
def prelu(x: Any, weight: Any) -> Tensor:
    """Rectified unit whose negative slope ``a`` is learned: one for all, or one per channel (axis 1)."""
    x, weight = lift(x), lift(weight)
    if weight.spec.size > 1:
        channels = x.shape[1] if len(x.shape) > 1 else 1
        if weight.shape != (channels,):
            values = {"axis": 1, "expected": weight.spec.size, "got": channels, "remedy": ""}
            raise error("nn.axis", layer="prelu", **values, shapes={"input": x.shape, "weight": weight.shape})
        weight = shaping.reshape(weight, (-1, *(1,) * (len(x.shape) - 2)))
    return where(x > 0, x, weight * x)


def softmax(x: Any, dim: int = -1) -> Tensor:
    """Normalised exponentials along an axis."""
    return activations.softmax(x, dim)


def log_softmax(x: Any, dim: int = -1) -> Tensor:
    """Logarithm of `softmax`, without underflow."""
    return activations.log_softmax(x, dim)


class Activation(FunctionModule):
    """A module that applies a function to its one input.

    Where it takes ``inplace``, as PyTorch's does, the result is the same: tensors are not changed.
    """

    def forward(self, input: Any) -> Tensor:
        """The function of the input, with the options that were kept."""
        options = {name: getattr(self, name) for name in self.signature.parameters if name != "inplace"}
        return type(self).function(input, **options)


def _activation(name: str, function: Callable[..., Any], *, inplace: bool = False) -> type[Any]:
    options = options_of(function, 1)
    if inplace:
        options.append(inspect.Parameter("inplace", inspect.Parameter.KEYWORD_ONLY, default=False))
    module = function_module(name, Activation, function, options, CONSTRAINTS)
    return layer(function, sample((2, 3, 4), domains=(_APART,)), sample((5,), domains=(_APART,)))(module)


CELU = _activation("CELU", celu, inplace=True)
ELU = _activation("ELU", elu, inplace=True)
GELU = _activation("GELU", gelu)
Hardsigmoid = _activation("Hardsigmoid", hardsigmoid, inplace=True)
Hardswish = _activation("Hardswish", hardswish, inplace=True)
Hardtanh = _activation("Hardtanh", hardtanh, inplace=True)
LeakyReLU = _activation("LeakyReLU", leaky_relu, inplace=True)
LogSigmoid = _activation("LogSigmoid", log_sigmoid)
LogSoftmax = _activation("LogSoftmax", log_softmax)
Mish = _activation("Mish", mish, inplace=True)
ReLU = _activation("ReLU", relu, inplace=True)
ReLU6 = _activation("ReLU6", relu6, inplace=True)
SELU = _activation("SELU", selu, inplace=True)
SiLU = _activation("SiLU", silu, inplace=True)
Sigmoid = _activation("Sigmoid", sigmoid)
Softmax = _activation("Softmax", softmax)
Softplus = _activation("Softplus", softplus)
Softsign = _activation("Softsign", softsign)
Tanh = _activation("Tanh", tanh)
Tanhshrink = _activation("Tanhshrink", tanhshrink)


@layer(prelu, sample((2, 3, 4), num_parameters=1), sample((2, 3, 4), num_parameters=3))
class PReLU(Module):
    r"""Rectified linear unit whose negative slope is learned (He et al., 2015).

    .. math:: y = \max(x, 0) + a \min(x, 0)

    Parameters
    ----------
    num_parameters : int
        1 slope for all, or one for each channel (axis 1).
    init : float
        The first slope.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.PReLU()(cr.tensor([-2.0, 2.0])).detach()
    tensor([-0.5,  2. ])
    """

    constraints: ClassVar[Constraints] = {"num_parameters": COUNT, "init": REAL}

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(np.full(num_parameters, init, np.float32))

    def forward(self, input: Any) -> Tensor:
        """The input, with its negative part scaled."""
        return prelu(input, self.weight)
