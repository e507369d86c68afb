r"""Initialisers: the first elements of parameters.

With :math:`n_{in}` inputs of one output element and :math:`n_{out}` outputs of one input element
(for a convolution, channels times kernel elements), they keep the variance of activations or
of gradients the same from layer to layer. All take the tensor first, give it new elements, and
return it.

>>> import chainrule as cr
>>> from chainrule import nn
>>> layer = nn.Linear(3, 4)
>>> nn.init.zeros_(layer.bias)
tensor([0., 0., 0., 0.], requires_grad=True)
>>> nn.init.xavier_uniform_(layer.weight, gain=nn.init.calculate_gain("tanh")).shape
(4, 3)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from chainrule import random
from chainrule.core.constraint import one_of
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.nn.options import check_options
from chainrule.ops.shapes import size
from chainrule.random import Generator
from chainrule.tensor import Tensor

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Initializer:
    """A registered initialiser: its name, formula (LaTeX) and the function."""

    name: str
    formula: str
    function: Callable[..., Tensor]


INITIALIZERS: dict[str, Initializer] = {}


def initializer(formula: str) -> Callable[[Function], Function]:
    """Register a function in `INITIALIZERS`."""

    def register(function: Function) -> Function:
        INITIALIZERS[function.__name__] = Initializer(function.__name__, formula, function)
        return function

    return register


@initializer("c")
def constant_(tensor: Tensor, val: float) -> Tensor:
    """Every element ``val``."""
    return tensor.assign(np.full(tensor.shape, val, tensor.dtype))


@initializer("0")
def zeros_(tensor: Tensor) -> Tensor:
    """Every element 0."""
    return constant_(tensor, 0.0)


@initializer("1")
def ones_(tensor: Tensor) -> Tensor:
    """Every element 1."""
    return constant_(tensor, 1.0)


@initializer("U(a, b)")
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Spread evenly from ``a`` to ``b``."""
    return tensor.assign(random.uniform(tensor.shape, a, b, dtype=tensor.dtype, generator=generator))


@initializer(r"\mathcal{N}(μ, σ^2)")
def normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Normally distributed with mean ``mean`` and standard deviation ``std``."""
    return tensor.assign(random.normal(tensor.shape, mean, std, dtype=tensor.dtype, generator=generator))


@initializer(r"\mathcal{N}(μ, σ^2) \text{ within } [a, b]")
def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    r"""Normally distributed, but within :math:`[a, b]` (not within so many standard deviations).

    .. math:: x = μ + σ Φ^{-1}(u), \qquad u \sim U(Φ(\tfrac{a - μ}{σ}), Φ(\tfrac{b - μ}{σ}))

    Raises
    ------
    ConfigError
        The interval holds (next to) nothing of the distribution.
    """
    from statistics import NormalDist

    unit = NormalDist()
    low, high = (unit.cdf((end - mean) / std) for end in (a, b))
    if not low < high:
        raise error("nn.empty_interval", layer="trunc_normal_", low=a, high=b, remedy="")
    share = random.uniform(tensor.shape, dtype=np.float64, generator=generator).numpy()
    # Never 0, where the inverse is infinite.
    u = low + (high - low) * np.maximum(share, 2.0**-54)
    x = mean + std * np.frompyfunc(unit.inv_cdf, 1, 1)(u).astype(np.float64)
    return tensor.assign(np.clip(x, a, b))


def fans(shape: Shape) -> tuple[int, int]:
    """Inputs of one output element, and outputs of one input element.

    Raises
    ------
    ShapeError
        There are fewer than two axes, so that inputs and outputs are not told apart.

    Examples
    --------
    >>> fans((8, 3, 5, 5))
    (75, 200)
    """
    if len(shape) < 2:
        raise error("nn.fans", layer="init", shapes={"tensor": shape}, remedy="")
    taps = size(shape[2:])
    return shape[1] * taps, shape[0] * taps


_GAINS = {
    **dict.fromkeys(("linear", "conv1d", "conv2d", "conv3d", "sigmoid"), 1.0),
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    r"""The factor by which weights make up for an activation's shrinking of the variance.

    Parameters
    ----------
    nonlinearity : str
        linear, sigmoid (1), tanh (5/3), relu (:math:`\sqrt 2`), selu (3/4), or leaky_relu
        (:math:`\sqrt{2 / (1 + a^2)}`).
    param : float, optional
        The negative slope :math:`a` of ``leaky_relu``, 0.01 by default.

    Raises
    ------
    ConfigError
        The activation is not known.

    Examples
    --------
    >>> f"{calculate_gain('relu'):.4f}"
    '1.4142'
    """
    check_options("calculate_gain", {"nonlinearity": nonlinearity}, {"nonlinearity": _NONLINEARITY})
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    return _GAINS[nonlinearity]


_NONLINEARITY = one_of(*_GAINS, "leaky_relu")
_MODE = one_of("fan_in", "fan_out")


def _uniform_with_std(tensor: Tensor, std: float, generator: Generator | None) -> Tensor:
    """U(-b, b) has the standard deviation b / √3."""
    bound = math.sqrt(3) * std
    return uniform_(tensor, -bound, bound, generator)


@initializer(r"U(-b, b), \quad b = g \sqrt{\frac{6}{n_{in} + n_{out}}}")
def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Uniform, for symmetric activations (Glorot & Bengio, 2010)."""
    return _uniform_with_std(tensor, gain * math.sqrt(2 / sum(fans(tensor.shape))), generator)


@initializer(r"\mathcal{N}(0, σ^2), \quad σ = g \sqrt{\frac{2}{n_{in} + n_{out}}}")
def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normal, for symmetric activations (Glorot & Bengio, 2010)."""
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor.shape))), generator)


def _kaiming_std(shape: Shape, a: float, mode: str, nonlinearity: str) -> float:
    check_options("init", {"mode": mode}, {"mode": _MODE})
    fan = fans(shape)[0 if mode == "fan_in" else 1]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


@initializer(r"U(-b, b), \quad b = g \sqrt{\frac{3}{n}}")
def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Uniform, for rectified units of negative slope ``a`` (He et al., 2015); ``mode`` says which n."""
    return _uniform_with_std(tensor, _kaiming_std(tensor.shape, a, mode, nonlinearity), generator)


@initializer(r"\mathcal{N}(0, σ^2), \quad σ = \frac{g}{\sqrt{n}}")
def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Normal, for rectified units of negative slope ``a`` (He et al., 2015); ``mode`` says which n."""
    return normal_(tensor, 0.0, _kaiming_std(tensor.shape, a, mode, nonlinearity), generator)


@initializer(r"U(-b, b), \quad b = \sqrt{\frac{3}{n_{in}}}")
def lecun_uniform_(tensor: Tensor, generator: Generator | None = None) -> Tensor:
    """Uniform with variance 1 / fan-in (LeCun et al., 1998)."""
    return _uniform_with_std(tensor, 1 / math.sqrt(fans(tensor.shape)[0]), generator)


@initializer(r"\mathcal{N}(0, σ^2), \quad σ = \frac{1}{\sqrt{n_{in}}}")
def lecun_normal_(tensor: Tensor, generator: Generator | None = None) -> Tensor:
    """Normal with variance 1 / fan-in (LeCun et al., 1998), as SELU wants it."""
    return normal_(tensor, 0.0, 1 / math.sqrt(fans(tensor.shape)[0]), generator)


@initializer(r"W W^T = g^2 I \text{ or } W^T W = g^2 I")
def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Rows (or columns, whichever are fewer) orthogonal, of length ``gain`` (Saxe et al., 2013).

    Further axes count as columns.
    """
    fans(tensor.shape)
    rows, columns = tensor.shape[0], size(tensor.shape[1:])
    normal = random.normal((max(rows, columns), min(rows, columns)), dtype=np.float64, generator=generator)
    q, r = np.linalg.qr(normal.numpy())
    # With the signs of R's diagonal, Q is spread evenly over all orthogonal matrices (Mezzadri, 2007).
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    q = q if rows >= columns else q.T
    return tensor.assign(gain * q.reshape(tensor.shape))
