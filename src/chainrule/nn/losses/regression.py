"""Losses of real values, and of distributions."""

from __future__ import annotations

from typing import Any

from chainrule.core.constraint import one_of
from chainrule.core.sample import Distinct, Domain, sample
from chainrule.errors import error
from chainrule.functions.activations import relu
from chainrule.functions.reductions import sum
from chainrule.nn.checks import first_place, known
from chainrule.nn.losses.base import CONSTRAINTS, Target, loss, reduced, same_shape
from chainrule.nn.options import check_options
from chainrule.ops.pointwise import absolute, equal, exp, greater, log, square, where
from chainrule.tensor import Tensor

_APART = (Distinct(), Domain(0.03, 0.06))


@loss("MSELoss", "(x - t)^2", Target.VALUES, sample((2, 3), (2, 3)), sample((5,), (5,)))
def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    r"""Squared error.

    .. math:: \ell = (x - t)^2

    Parameters
    ----------
    input, target : Tensor
        :math:`x, t`, of one shape.
    reduction : {"mean", "sum", "none"}
        What is made of the elements' losses.

    Raises
    ------
    ShapeError
        Input and target have not one shape: (N,) does not go with (N, 1).

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.mse_loss(cr.tensor([1.0, 4.0]), cr.tensor([1.0, 2.0]))
    tensor(2.)
    """
    x, t = same_shape("mse_loss", input, target)
    return reduced("mse_loss", square(x - t), reduction)


@loss("L1Loss", "|x - t|", Target.VALUES, sample((2, 3), (2, 3), domains=_APART))
def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Tensor:
    r"""Absolute error; its mean is the MAE.

    .. math:: \ell = |x - t|

    Arguments and errors as for `mse_loss`.
    """
    x, t = same_shape("l1_loss", input, target)
    return reduced("l1_loss", absolute(x - t), reduction)


@loss(
    "HuberLoss",
    r"\begin{cases} \tfrac{1}{2} (x - t)^2 & |x - t| \le δ \\"
    r" δ (|x - t| - \tfrac{δ}{2}) & \text{otherwise} \end{cases}",
    Target.VALUES,
    sample((2, 3), (2, 3), domains=_APART),
    sample((5,), (5,), domains=_APART, delta=0.29),
)
def huber_loss(input: Any, target: Any, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    r"""Squared error near the target, absolute error away from it (Huber, 1964).

    .. math::
        \ell = \begin{cases} \tfrac{1}{2} (x - t)^2 & |x - t| \le δ \\
        δ (|x - t| - \tfrac{δ}{2}) & \text{otherwise} \end{cases}

    Arguments and errors as for `mse_loss`; ``delta`` is :math:`δ`.
    """
    x, t = same_shape("huber_loss", input, target)
    check_options("huber_loss", {"delta": delta}, {"delta": CONSTRAINTS["delta"]})
    distance = absolute(x - t)
    values = where(distance > delta, delta * (distance - 0.5 * delta), 0.5 * square(x - t))
    return reduced("huber_loss", values, reduction)


@loss(
    "SmoothL1Loss",
    r"\begin{cases} \frac{(x - t)^2}{2 β} & |x - t| < β \\"
    r" |x - t| - \tfrac{β}{2} & \text{otherwise} \end{cases}",
    Target.VALUES,
    sample((2, 3), (2, 3), domains=_APART),
    sample((5,), (5,), domains=_APART, beta=0.29),
)
def smooth_l1_loss(input: Any, target: Any, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    r"""Absolute error, rounded off near the target: `huber_loss` over :math:`β`.

    .. math::
        \ell = \begin{cases} \frac{(x - t)^2}{2 β} & |x - t| < β \\
        |x - t| - \tfrac{β}{2} & \text{otherwise} \end{cases}

    Arguments and errors as for `mse_loss`; ``beta`` is :math:`β`, 0 for the absolute error.
    """
    x, t = same_shape("smooth_l1_loss", input, target)
    check_options("smooth_l1_loss", {"beta": beta}, {"beta": CONSTRAINTS["beta"]})
    distance = absolute(x - t)
    if beta == 0:
        return reduced("smooth_l1_loss", distance, reduction)
    values = where(distance < beta, square(x - t) * (0.5 / beta), distance - 0.5 * beta)
    return reduced("smooth_l1_loss", values, reduction)


@loss(
    "KLDivLoss",
    r"t (\ln t - x)",
    Target.LOG_PROBABILITIES,
    sample((2, 3), (2, 3), domains=(Domain(-3.0, -0.1), Domain(0.05, 0.9)), reduction="batchmean"),
    sample((4,), (4,), domains=(Domain(-3.0, -0.1), Domain(-2.0, -0.1)), log_target=True),
    reduction=one_of("none", "mean", "sum", "batchmean"),
)
def kl_div(input: Any, target: Any, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    r"""Kullback-Leibler divergence of the target from the input's distribution, element by element.

    .. math:: \ell = t (\ln t - x), \qquad \text{with } \mathtt{log\_target}: \ell = e^t (t - x)

    Parameters
    ----------
    input : Tensor
        :math:`x`, log-probabilities.
    target : Tensor
        :math:`t`, probabilities (with ``log_target`` their logarithms), of the same shape.
    reduction : {"mean", "batchmean", "sum", "none"}
        ``batchmean`` divides the sum by the extent of axis 0: the divergence as mathematics has it.
    log_target : bool
        Whether the target consists of logarithms.

    Raises
    ------
    ShapeError
        Input and target have not one shape.
    """
    x, t = same_shape("kl_div", input, target)
    if log_target:
        values = exp(t) * (t - x)
    else:
        values = t * log(where(greater(t, 0), t, 1)) - t * x
    if reduction == "batchmean":
        return sum(values) / (x.shape[0] if x.shape else 1)
    return reduced("kl_div", values, reduction)


def _check_signs(name: str, t: Any) -> None:
    values = known(t)
    if values is not None and (abs(values) != 1).any():
        place = first_place(abs(values) != 1)
        raise error("nn.signs", layer=name, got=values[place], place=place, remedy="")


@loss(
    "HingeEmbeddingLoss",
    r"\begin{cases} x & t = 1 \\ \max(0, m - x) & t = -1 \end{cases}",
    Target.SIGNS,
    sample((2, 3), (2, 3), domains=(Distinct(), Domain(1.0, 1.0)), margin=0.47),
    sample((5,), (5,), domains=(Distinct(), Domain(-1.0, -1.0)), margin=0.47),
)
def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    r"""Small for distances that are small where the target is 1, and large where it is -1.

    .. math:: \ell = \begin{cases} x & t = 1 \\ \max(0, m - x) & t = -1 \end{cases}

    Parameters
    ----------
    input : Tensor
        :math:`x`, distances.
    target : Tensor
        :math:`t`, 1 or -1, of the same shape.
    margin : float
        :math:`m`.
    reduction : {"mean", "sum", "none"}
        What is made of the elements' losses.

    Raises
    ------
    ShapeError
        Input and target have not one shape.
    OutOfRangeError
        A target is neither 1 nor -1.
    """
    x, t = same_shape("hinge_embedding_loss", input, target)
    _check_signs("hinge_embedding_loss", t)
    return reduced("hinge_embedding_loss", where(equal(t, 1), x, relu(margin - x)), reduction)
