"""Losses of scores against classes."""

from __future__ import annotations

from typing import Any

from chainrule.core.constraint import CLOSED_SHARE
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Distinct, Domain, Integers, sample
from chainrule.dtypes import int64, is_float
from chainrule.errors import error
from chainrule.functions.activations import log_softmax, relu
from chainrule.functions.indexing import one_hot, take_along_axis
from chainrule.functions.reductions import sum
from chainrule.functions.shaping import expand_dims, reshape, squeeze
from chainrule.nn.losses.base import Target, loss, reduced
from chainrule.nn.losses.labels import check_labels, class_axis
from chainrule.nn.options import check_options
from chainrule.ops.index import gather
from chainrule.ops.pointwise import cast, equal, not_equal, square, where
from chainrule.tensor import Tensor

_LABELS = Integers(0, 4)
_LOGS = Domain(-5.0, -0.1)


def _class_weights(name: str, weight: Any, classes: int) -> Any:
    """The weight of each class, (C,), or None."""
    if weight is None:
        return None
    weight = lift(weight)
    if weight.shape != (classes,):
        raise error("nn.class_weights", layer=name, expected=(classes,), got=weight.shape, remedy="")
    return weight


@loss(
    "CrossEntropyLoss",
    r"-\ln \frac{e^{x_t}}{\sum_c e^{x_c}}",
    Target.CLASSES_OR_PROBABILITIES,
    sample((5, 4), (5,), domains=(None, _LABELS)),
    sample((2, 4, 3), (2, 3), domains=(None, _LABELS), label_smoothing=0.1, ignore_index=2),
    sample((5, 4), (5,), domains=(None, _LABELS), weight=(0.5, 2.0, 1.0, 0.25), label_smoothing=0.2),
    sample((2, 4, 3), (2, 4, 3), domains=(None, Domain(0.0, 1.0)), weight=(0.5, 2.0, 1.0, 0.25)),
    sample((3, 4), (3, 4), domains=(None, Domain(0.0, 1.0)), label_smoothing=0.3),
    sample((4,), (), domains=(None, _LABELS)),
)
def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    r"""Cross-entropy of class scores (logits) against labels or probabilities.

    .. math::
        \ell = -w_t \ln p_t, \qquad p_c = \frac{e^{x_c}}{\sum_k e^{x_k}}, \qquad
        \ell = -\sum_c w_c \, q_c \ln p_c \text{ for probabilities } q

    Smoothing by :math:`ε` replaces the label by :math:`q_c = (1 - ε)\, [c = t] + ε / C`.

    Parameters
    ----------
    input : Tensor
        :math:`x`, (N, C), (N, C, d1, …) or (C,).
    target : Tensor
        :math:`t`, whole numbers (N,), (N, d1, …) or (); or :math:`q`, of the input's shape.
    weight : Tensor, optional
        :math:`w`, (C,).
    ignore_index : int
        Samples with this label do not count.
    reduction : {"mean", "sum", "none"}
        The mean of labels is weighted: it is divided by the sum of :math:`w_t`.
    label_smoothing : float
        :math:`ε`.

    Raises
    ------
    ShapeError
        There is not one label for each sample.
    DTypeError
        Labels are not whole numbers.
    OutOfRangeError
        A label is not one of the classes; says which, and where.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> loss = nn.cross_entropy(cr.tensor([[2.0, 0.0], [0.0, 1.0]]), cr.tensor([0, 1]))
    >>> print(f"{loss:.4f}")
    0.2201
    """
    name, x, t = "cross_entropy", lift(input), lift(target)
    check_options(name, {"label_smoothing": label_smoothing}, {"label_smoothing": CLOSED_SHARE})
    if t.shape == x.shape and is_float(t.dtype):
        return _of_probabilities(x, t, weight, reduction, label_smoothing)
    check_labels(name, x, t, ignore_index)
    log_p = log_softmax(x, class_axis(x))
    return _of_labels(name, log_p, t, weight, ignore_index, reduction, label_smoothing)


@loss(
    "NLLLoss",
    "-x_t",
    Target.CLASSES,
    sample((5, 4), (5,), domains=(_LOGS, _LABELS)),
    sample((2, 4, 3), (2, 3), domains=(_LOGS, _LABELS), weight=(0.5, 2.0, 1.0, 0.25), ignore_index=1),
)
def nll_loss(
    input: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    r"""Negative log-likelihood of labels, from log-probabilities (see `log_softmax`).

    .. math:: \ell = -w_t \, x_t

    Arguments and errors as for `cross_entropy` with labels.
    """
    x, t = lift(input), lift(target)
    check_labels("nll_loss", x, t, ignore_index)
    return _of_labels("nll_loss", x, t, weight, ignore_index, reduction, 0.0)


def _of_labels(
    name: str, log_p: Any, labels: Value, weight: Any, ignored: int, reduction: str, smoothing: float
) -> Any:
    axis = class_axis(log_p)
    classes = log_p.shape[axis]
    weight = _class_weights(name, weight, classes)
    labels = cast(labels, dtype=int64)
    counts = not_equal(labels, ignored)
    safe = where(counts, labels, 0)
    values = -squeeze(take_along_axis(log_p, expand_dims(safe, axis), axis), axis)
    weights = None if weight is None else gather(weight, safe, axes=(0,))
    values = values if weights is None else values * weights
    if smoothing > 0:
        uniform = -sum(_weighted(log_p, weight, axis), axis) / classes
        values = (1 - smoothing) * values + smoothing * uniform
    values = where(counts, values, 0)
    if reduction != "mean":
        return reduced(name, values, reduction)
    one = cast(counts, dtype=log_p.dtype) if weights is None else where(counts, weights, 0)
    return sum(values) / sum(one)


def _of_probabilities(x: Value, q: Any, weight: Any, reduction: str, smoothing: float) -> Any:
    axis = class_axis(x)
    classes = x.shape[axis]
    if smoothing > 0:
        q = (1 - smoothing) * q + smoothing / classes
    weight = _class_weights("cross_entropy", weight, classes)
    values = -sum(_weighted(log_softmax(x, axis) * q, weight, axis), axis)
    return reduced("cross_entropy", values, reduction)


def _weighted(values: Any, weight: Any, axis: int) -> Any:
    """Values times the weights of the classes, which stand along an axis."""
    if weight is None:
        return values
    return values * reshape(weight, (-1, *(1,) * (len(values.shape) - axis - 1)))


@loss(
    "MultiMarginLoss",
    r"\frac{1}{C} \sum_{c \ne t} \max(0, m - x_t + x_c)^p",
    Target.CLASSES,
    sample((5, 4), (5,), domains=(Distinct(), _LABELS), margin=0.37),
    sample((3, 4), (3,), domains=(Distinct(), _LABELS), p=2, margin=0.5, weight=(0.5, 2.0, 1.0, 0.25)),
)
def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, *, reduction: str = "mean"
) -> Tensor:
    r"""Hinge loss of several classes: the label's score must exceed each other by a margin.

    .. math:: \ell = \frac{w_t}{C} \sum_{c \ne t} \max(0,\, m - x_t + x_c)^p

    Parameters
    ----------
    input : Tensor
        :math:`x`, scores (N, C) or (C,).
    target : Tensor
        :math:`t`, whole numbers (N,) or ().
    p : {1, 2}
        The exponent.
    margin : float
        :math:`m`.
    weight : Tensor, optional
        :math:`w`, (C,).
    reduction : {"mean", "sum", "none"}
        What is made of the samples' losses.

    Raises
    ------
    ShapeError, DTypeError, OutOfRangeError
        As for `cross_entropy`.
    """
    name, x, t = "multi_margin_loss", lift(input), lift(target)
    check_labels(name, x, t)
    classes = x.shape[-1]
    weight = _class_weights(name, weight, classes)
    own = take_along_axis(x, expand_dims(t, -1), -1)
    short = relu(margin - own + x)
    powers = short if p == 1 else square(short)
    others = where(equal(one_hot(t, classes), 1), 0, powers)
    values = sum(others, -1) / classes
    return reduced(name, values if weight is None else values * gather(weight, t, axes=(0,)), reduction)
