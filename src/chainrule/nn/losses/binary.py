"""Losses of single probabilities: yes or no."""

from __future__ import annotations

import math
from typing import Any

from chainrule.core.sample import Domain, sample
from chainrule.functions.activations import softplus
from chainrule.nn.losses.base import Target, check_range, loss, reduced, same_shape
from chainrule.ops.pointwise import greater, log, where
from chainrule.tensor import Tensor

_SHARE = Domain(0.05, 0.95)
_LEAST_LOG = -100.0


@loss(
    "BCEWithLogitsLoss",
    r"-t \ln σ(x) - (1 - t) \ln(1 - σ(x))",
    Target.PROBABILITIES,
    sample((5,), (5,), domains=(None, _SHARE)),
    sample((2, 3), (2, 3), domains=(None, _SHARE), pos_weight=(0.5, 3.0, 1.0)),
    sample((2, 3), (2, 3), domains=(None, _SHARE), weight=(0.5, 3.0, 1.0), pos_weight=2.0),
)
def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
) -> Tensor:
    r"""Cross-entropy of yes-or-no scores (logits).

    .. math::
        \ell = w \left[ -p\, t \ln σ(x) - (1 - t) \ln(1 - σ(x)) \right], \qquad -\ln σ(x) = \ln(1 + e^{-x})

    Parameters
    ----------
    input : Tensor
        :math:`x`, scores of any shape.
    target : Tensor
        :math:`t`, in [0, 1], of the same shape.
    weight, pos_weight : Tensor, optional
        :math:`w, p`: weights of the elements, and of what is true; they broadcast to the input.
    reduction : {"mean", "sum", "none"}
        What is made of the elements' losses.

    Raises
    ------
    ShapeError
        Input and target have not one shape: (N,) does not go with (N, 1).
    OutOfRangeError
        A target is not in [0, 1].

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> loss = nn.binary_cross_entropy_with_logits(cr.tensor([0.0, 3.0]), cr.tensor([0.0, 1.0]))
    >>> print(f"{loss:.4f}")
    0.3709
    """
    name = "binary_cross_entropy_with_logits"
    x, t = same_shape(name, input, target)
    check_range(name, "target", t, 0, 1)
    yes = t * softplus(-x)
    values = (yes if pos_weight is None else yes * pos_weight) + (1 - t) * softplus(x)
    return reduced(name, values if weight is None else values * weight, reduction)


def _bounded_log(p: Any) -> Any:
    """The logarithm, -100 where it is less: there the derivative is 0."""
    within = greater(p, math.exp(_LEAST_LOG))
    return where(within, log(where(within, p, 1)), _LEAST_LOG)


@loss(
    "BCELoss",
    r"-t \ln p - (1 - t) \ln(1 - p)",
    Target.PROBABILITIES,
    sample((5,), (5,), domains=(_SHARE, _SHARE)),
    sample((2, 3), (2, 3), domains=(_SHARE, _SHARE), weight=(0.5, 3.0, 1.0)),
)
def binary_cross_entropy(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Tensor:
    r"""Cross-entropy of yes-or-no probabilities; from scores use `binary_cross_entropy_with_logits`.

    .. math:: \ell = w \left[ -t \ln p - (1 - t) \ln(1 - p) \right]

    Logarithms are bounded below by -100.

    Parameters
    ----------
    input : Tensor
        :math:`p`, in [0, 1], of any shape.
    target : Tensor
        :math:`t`, in [0, 1], of the same shape.
    weight : Tensor, optional
        :math:`w`, which broadcasts to the input.
    reduction : {"mean", "sum", "none"}
        What is made of the elements' losses.

    Raises
    ------
    ShapeError
        Input and target have not one shape.
    OutOfRangeError
        A probability is not in [0, 1].
    """
    name = "binary_cross_entropy"
    p, t = same_shape(name, input, target)
    check_range(name, "input", p, 0, 1, advice="nn.use_logits")
    check_range(name, "target", t, 0, 1)
    values = -(t * _bounded_log(p) + (1 - t) * _bounded_log(1 - p))
    return reduced(name, values if weight is None else values * weight, reduction)
