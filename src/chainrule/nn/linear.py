"""Fully connected layers."""

from __future__ import annotations

import math
from functools import lru_cache
from string import ascii_uppercase
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG
from chainrule.core.interpreter import lift
from chainrule.core.sample import sample
from chainrule.errors import ChainruleError, text
from chainrule.nn import init
from chainrule.nn.checks import check_axis
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.contract import contract
from chainrule.tensor import Tensor


@composite(r"x W^T + b")
def linear(input: Any, weight: Any, bias: Any = None) -> Tensor:
    r"""Affine map of the last axis.

    .. math:: y_{…o} = \sum_i x_{…i} W_{oi} + b_o

    Parameters
    ----------
    input : Tensor
        :math:`x`, (…, in).
    weight : Tensor
        :math:`W`, (out, in).
    bias : Tensor, optional
        :math:`b`, (out,).

    Raises
    ------
    ShapeError
        The last axis of the input is not that of the weight.
    """
    x, weight = lift(input), lift(weight)
    got = x.shape[-1] if x.shape else 1
    check_axis("linear", -1, got, weight.shape[1], {"input": x.shape, "weight": weight.shape})
    product = contract(x, weight, spec=_spec(len(x.shape)))
    return product if bias is None else product + bias


@lru_cache
def _spec(ndim: int) -> str:
    leading = ascii_uppercase[: ndim - 1]
    return f"{leading}i,oi->{leading}o"


@layer(
    linear,
    sample((2, 3), in_features=3, out_features=4),
    sample((2, 1, 5), in_features=5, out_features=2, bias=False),
    sample((3,), in_features=3, out_features=2),
)
class Linear(Module):
    r"""Fully connected layer.

    .. math:: y = x W^T + b

    Input (…, in_features), output (…, out_features).

    Parameters
    ----------
    in_features, out_features : int
        Extent of the last axis before and after.
    bias : bool
        Whether to add :math:`b`.

    Attributes
    ----------
    weight : Parameter
        :math:`W`, (out_features, in_features); at first :math:`U(-k, k)`, :math:`k = 1 / \sqrt{in}`.
    bias : Parameter or None
        :math:`b`, (out_features,); at first likewise.

    Raises
    ------
    ConfigError
        An extent is not a positive whole number.
    ShapeError
        When called: the input's last axis is not ``in_features``.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Linear(3, 4)(cr.ones((2, 3))).shape
    (2, 4)
    """

    constraints: ClassVar[Constraints] = {"in_features": COUNT, "out_features": COUNT, "bias": FLAG}

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(np.zeros((out_features, in_features), np.float32))
        self.bias = Parameter(np.zeros(out_features, np.float32)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        bound = 1 / math.sqrt(self.in_features)
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any) -> Tensor:
        """The affine map of the input's last axis."""
        return linear(input, self.weight, self.bias)

    def _remedy(self, problem: ChainruleError) -> str:
        return text("nn.did_you_mean", layer=f"Linear({problem.values['got']}, {self.out_features})")
