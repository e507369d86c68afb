"""Batch normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from chainrule.autodiff import no_grad
from chainrule.core.composite import composite
from chainrule.core.constraint import CLOSED_SHARE, COUNT, FLAG, POSITIVE, or_none
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import sample
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.reductions import mean, sum
from chainrule.functions.shaping import reshape
from chainrule.nn.checks import check_axis, check_ndim
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Buffer, Parameter
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import sqrt
from chainrule.ops.shapes import size
from chainrule.tensor import State, Tensor


@composite(r"γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β")
def batch_norm(
    input: Any,
    running_mean: State | None,
    running_var: State | None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: Any = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    r"""Normalise each channel by the mean and variance over all samples and places.

    .. math:: y = γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β

    Parameters
    ----------
    input : Tensor
        :math:`x`, (N, C) or (N, C, …).
    running_mean, running_var : State or None
        :math:`μ, σ^2` when not training, (C,); in training, where the batch's own are used, they
        move towards these by ``momentum`` (the variance with :math:`n - 1` in its denominator).
    weight, bias : Tensor, optional
        :math:`γ, β`, (C,).
    training : bool
        Whether to use, and take in, the statistics of the batch.
    momentum : float or Tensor
        How far the running statistics move.
    eps : float
        :math:`ε`.

    Raises
    ------
    ShapeError
        The channels do not fit, or in training there is but one element per channel.
    """
    x = lift(input)
    stand = (1, -1, *(1,) * (len(x.shape) - 2))
    if not training:
        if running_mean is None or running_var is None:
            raise error("nn.no_running_stats", layer="batch_norm", remedy="")
        scale = _scale(running_var, weight, eps)
        shift = -running_mean * scale if bias is None else bias - running_mean * scale
        return x * reshape(scale, stand) + reshape(shift, stand)
    axes = (0, *range(2, len(x.shape)))
    count = _count(x)
    centre = mean(x, axes, keepdims=True)
    deviation = x - centre
    variance = sum(deviation * deviation, axes) / count
    _move(running_mean, reshape(centre, (-1,)), momentum)
    _move(running_var, variance * (count / (count - 1)), momentum)
    y = deviation * reshape(_scale(variance, weight, eps), stand)
    return y if bias is None else y + reshape(bias, stand)


def _count(x: Value) -> int:
    """Elements of one channel; one alone has no variance."""
    count = x.shape[0] * size(x.shape[2:])
    if count <= 1:
        raise error("nn.one_element", layer="batch_norm", got=count, shapes={"input": x.shape}, remedy="")
    return count


def _scale(variance: Any, weight: Any, eps: float) -> Any:
    return (1 if weight is None else weight) / sqrt(variance + eps)


def _move(running: State | None, to: Any, momentum: Any) -> None:
    if running is not None:
        with no_grad():
            running.assign(running + momentum * (to.detach() - running))


class _BatchNorm(Module):
    """What batch norms over any number of space axes share."""

    axes: ClassVar[str]
    ndims: ClassVar[tuple[int, ...]]
    constraints: ClassVar[Constraints] = {
        "num_features": COUNT,
        "eps": POSITIVE,
        "momentum": or_none(CLOSED_SHARE),
        "affine": FLAG,
        "track_running_stats": FLAG,
    }

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(np.ones(num_features, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_features, np.float32)) if affine else None
        self.running_mean = Buffer(np.zeros(num_features, np.float32)) if track_running_stats else None
        self.running_var = Buffer(np.ones(num_features, np.float32)) if track_running_stats else None
        self.num_batches_tracked = Buffer(np.int64(0)) if track_running_stats else None

    def forward(self, input: Any) -> Tensor:
        """The normalised input."""
        x = lift(input)
        check_ndim("batch_norm", x, self.ndims, self.axes)
        check_axis("batch_norm", 1, x.shape[1], self.num_features, {"input": x.shape})
        uses_batch = self.training or not self.track_running_stats
        momentum = self._count_batch(self.running_mean) if self.training and self.track_running_stats else 0.0
        statistics = (self.running_mean, self.running_var)
        return batch_norm(x, *statistics, self.weight, self.bias, uses_batch, momentum, self.eps)

    def _count_batch(self, statistics: Any) -> Any:
        """Count one batch more; how far the running statistics then move."""
        count: Any = self.num_batches_tracked
        count.assign(count + 1)
        if self.momentum is not None:
            return self.momentum
        return 1 / count.astype(statistics.dtype)

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key != "nn.axis":
            return ""
        return text("nn.did_you_mean", layer=f"{type(self).__name__}({problem.values['got']})")


@layer(
    batch_norm,
    sample((4, 3), num_features=3),
    sample((2, 3, 5), num_features=3, momentum=0.3, eps=1e-3),
    sample((5, 2), num_features=2, momentum=None, affine=False),
    sample((2, 4, 3), num_features=4, track_running_stats=False),
)
class BatchNorm1d(_BatchNorm):
    """Batch normalisation of (N, C) or (N, C, L); see `BatchNorm2d`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.BatchNorm1d(2)(cr.tensor([[1.0, 2.0], [3.0, 2.0]])).detach()
    tensor([[-0.999995,  0.      ],
            [ 0.999995,  0.      ]])
    """

    axes, ndims = "(N, C) or (N, C, L)", (2, 3)


@layer(
    batch_norm,
    sample((2, 3, 4, 5), num_features=3),
    sample((1, 2, 3, 4), num_features=2, momentum=None, eps=1e-2),
    sample((3, 4, 1, 2), num_features=4, affine=False, track_running_stats=False),
)
class BatchNorm2d(_BatchNorm):
    r"""Batch normalisation of images (Ioffe & Szegedy, 2015).

    .. math:: y = γ \frac{x - μ}{\sqrt{σ^2 + ε}} + β

    Input (N, C, H, W). In training, :math:`μ` and :math:`σ^2` are the mean and variance of each channel
    over the batch and all places, and the running statistics move towards them; in use, the
    running statistics take their place.

    Parameters
    ----------
    num_features : int
        Number of channels C.
    eps : float
        :math:`ε`.
    momentum : float or None
        :math:`m` in :math:`\hat μ \leftarrow (1 - m) \hat μ + m μ`; None for the mean of all batches.
    affine : bool
        Whether to learn :math:`γ` and :math:`β`.
    track_running_stats : bool
        Whether to keep running statistics; without, the batch's own are always used.

    Attributes
    ----------
    weight, bias : Parameter or None
        :math:`γ, β`, (C,); at first 1 and 0.
    running_mean, running_var, num_batches_tracked : Buffer or None
        The running statistics, (C,) (:math:`σ^2` with :math:`n - 1` in its denominator), and the
        number of batches they took in.

    Raises
    ------
    ShapeError
        When called: another number of channels; in training, but one element per channel.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.BatchNorm2d(3)(cr.ones((2, 3, 4, 5))).shape
    (2, 3, 4, 5)
    """

    axes, ndims = "(N, C, H, W)", (4,)
