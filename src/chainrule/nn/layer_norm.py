"""Normalisation within each sample: layer norm and group norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG, POSITIVE
from chainrule.core.interpreter import lift
from chainrule.core.sample import sample
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.reductions import mean
from chainrule.functions.shaping import reshape
from chainrule.nn.checks import check_axis
from chainrule.nn.module import Module
from chainrule.nn.options import SIZES, Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import sqrt
from chainrule.tensor import Tensor


def _normalised(x: Any, axes: tuple[int, ...], eps: float) -> Any:
    deviation = x - mean(x, axes, keepdims=True)
    return deviation / sqrt(mean(deviation * deviation, axes, keepdims=True) + eps)


def _affine(y: Any, weight: Any, bias: Any) -> Any:
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


@composite(r"γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β")
def layer_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    r"""Normalise each sample by the mean and variance over its last axes.

    .. math:: y = γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β

    Parameters
    ----------
    input : Tensor
        :math:`x`, (…, \*normalized_shape).
    normalized_shape : int or sequence of int
        Extents of the last axes.
    weight, bias : Tensor, optional
        :math:`γ, β`, of shape ``normalized_shape``.
    eps : float
        :math:`ε`.

    Raises
    ------
    ShapeError
        The last axes have other extents.
    """
    x = lift(input)
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if len(x.shape) < len(shape):
        values = {"expected": f"(…, {', '.join(map(str, shape))})", "got": len(x.shape), "remedy": ""}
        raise error("nn.ndim", layer="layer_norm", **values, shapes={"input": x.shape})
    for axis in range(-len(shape), 0):
        check_axis("layer_norm", axis, x.shape[axis], shape[axis], {"input": x.shape, "normalized": shape})
    return _affine(_normalised(x, tuple(range(-len(shape), 0)), eps), weight, bias)


@composite(r"γ \frac{x - μ_g}{\sqrt{σ_g^2 + ε}} + β")
def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    r"""Normalise each sample by the mean and variance over each group of channels.

    .. math:: y = γ \frac{x - μ_g}{\sqrt{σ_g^2 + ε}} + β

    Parameters
    ----------
    input : Tensor
        :math:`x`, (N, C, …).
    num_groups : int
        Number of groups into which the channels fall.
    weight, bias : Tensor, optional
        :math:`γ, β`, (C,).
    eps : float
        :math:`ε`.

    Raises
    ------
    ConfigError
        The groups do not divide the channels.
    """
    x = lift(input)
    if len(x.shape) < 2 or x.shape[1] % num_groups:
        got = x.shape[1] if len(x.shape) > 1 else 0
        raise error("nn.groups", layer="group_norm", option="input axis 1", got=got, groups=num_groups)
    grouped = reshape(x, (x.shape[0], num_groups, -1))
    stand = (-1, *(1,) * (len(x.shape) - 2))
    weight = None if weight is None else reshape(weight, stand)
    bias = None if bias is None else reshape(bias, stand)
    return _affine(reshape(_normalised(grouped, (2,), eps), x.shape), weight, bias)


@layer(
    layer_norm,
    sample((2, 4), normalized_shape=4),
    sample((2, 5, 3, 4), normalized_shape=(3, 4), eps=1e-3),
    sample((2, 3, 5), normalized_shape=(5,), bias=False),
    sample((3, 6), normalized_shape=6, elementwise_affine=False),
)
class LayerNorm(Module):
    r"""Normalisation of each sample over its last axes (Ba et al., 2016).

    .. math:: y = γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β

    Input and output (…, \*normalized_shape); :math:`μ, σ^2` are the mean and variance over these axes.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Extents of the last axes.
    eps : float
        :math:`ε`.
    elementwise_affine : bool
        Whether to learn :math:`γ` and :math:`β`.
    bias : bool
        Whether to learn :math:`β`, if :math:`γ` is.

    Attributes
    ----------
    weight, bias : Parameter or None
        :math:`γ, β`, of shape ``normalized_shape``; at first 1 and 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.LayerNorm(2)(cr.tensor([[1.0, 3.0]])).detach()
    tensor([[-0.999995,  0.999995]])
    """

    constraints: ClassVar[Constraints] = {
        "normalized_shape": SIZES,
        "eps": POSITIVE,
        "elementwise_affine": FLAG,
        "bias": FLAG,
    }

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        shape = normalized_shape if isinstance(normalized_shape, tuple | list) else (normalized_shape,)
        self.normalized_shape, self.eps = tuple(int(n) for n in shape), eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(np.ones(shape, np.float32)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(shape, np.float32)) if elementwise_affine and bias else None

    def forward(self, input: Any) -> Tensor:
        """The normalised input."""
        return layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)


@layer(
    group_norm,
    sample((2, 3, 4), num_groups=1, num_channels=3),
    sample((2, 6, 3, 2), num_groups=3, num_channels=6, eps=1e-3),
    sample((3, 4, 2), num_groups=2, num_channels=4, affine=False),
)
class GroupNorm(Module):
    r"""Normalisation of each sample over groups of channels (Wu & He, 2018).

    .. math:: y = γ \frac{x - μ_g}{\sqrt{σ_g^2 + ε}} + β

    Input and output (N, C, …).

    Parameters
    ----------
    num_groups, num_channels : int
        The channels fall into so many groups.
    eps : float
        :math:`ε`.
    affine : bool
        Whether to learn :math:`γ` and :math:`β` for each channel.

    Raises
    ------
    ConfigError
        The groups do not divide the channels.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.GroupNorm(2, 6)(cr.ones((2, 6, 3))).shape
    (2, 6, 3)
    """

    constraints: ClassVar[Constraints] = {
        "num_groups": COUNT,
        "num_channels": COUNT,
        "eps": POSITIVE,
        "affine": FLAG,
    }

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        if num_channels % num_groups:
            values: dict[str, Any] = {"option": "num_channels", "got": num_channels, "groups": num_groups}
            raise error("nn.groups", layer="GroupNorm", **values)
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = Parameter(np.ones(num_channels, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_channels, np.float32)) if affine else None

    def forward(self, input: Any) -> Tensor:
        """The normalised input."""
        x = lift(input)
        got = x.shape[1] if len(x.shape) > 1 else 0
        check_axis("group_norm", 1, got, self.num_channels, {"input": x.shape})
        return group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key != "nn.axis":
            return ""
        layer = f"GroupNorm({self.num_groups}, {problem.values['got']})"
        return text("nn.did_you_mean", layer=layer)
