"""Which of several outcomes occurs."""

from __future__ import annotations

from typing import Any

from chainrule import dtypes
from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.dtypes import computed_in, float32, float64
from chainrule.errors import error
from chainrule.functions.reductions import argmax
from chainrule.functions.shaping import moveaxis
from chainrule.ops.pointwise import log
from chainrule.ops.shapes import normalize_axis
from chainrule.random.arguments import (
    NON_NEGATIVE,
    Shape,
    check_parameter,
    is_number,
    known,
    of_type,
    result_dtype,
    result_shape,
)
from chainrule.random.generator import Generator, draw_key
from chainrule.random.simple import standard_gumbel
from chainrule.random.words import open_unit, unit
from chainrule.tensor import Tensor


@composite(r"\mathrm{Bernoulli}(p)")
def bernoulli(
    p: Any, shape: Shape | None = None, *, key: Any = None, generator: Generator | None = None
) -> Tensor:
    """True with probability ``p``.

    Parameters
    ----------
    p : float or Tensor
        Between 0 and 1; the result has no derivative by it.
    shape : int or sequence of int, optional
        Of the result; by default that of ``p``.
    key, generator
        As for `uniform`.

    Raises
    ------
    ConfigError
        ``p`` is not a probability.

    Examples
    --------
    >>> import chainrule as cr
    >>> coin = cr.random.bernoulli(0.3, 10_000, key=cr.random.key(0))
    >>> print(f"{float(coin.mean()):.1f}")
    0.3
    """
    values = known(p)
    if values is not None and not ((values >= 0) & (values <= 1)).all():
        wrong = p if is_number(p) else values[~((values >= 0) & (values <= 1))].flat[0]
        raise error("random.probability", function="bernoulli", p=wrong)
    wanted = result_shape("bernoulli", shape, p=p)
    kind = float64 if not is_number(p) and lift(p).dtype == float64 else float32
    return unit(draw_key("bernoulli", key, generator), wanted, kind) < p


@composite(r"\operatorname{argmax}_i (\ln p_i + g_i), \quad g_i \sim \mathrm{Gumbel}")
def categorical(
    logits: Any = None,
    shape: Shape | None = None,
    *,
    probs: Any = None,
    axis: int = -1,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Numbers of categories, drawn with the given probabilities.

    .. math:: \operatorname{argmax}_i (\ln p_i + g_i), \qquad g_i \sim \mathrm{Gumbel}

    Parameters
    ----------
    logits : Tensor
        Logarithms of the probabilities along ``axis``, but for a constant.
    shape : int or sequence of int, optional
        Of the result; by default that of the logits without ``axis``.
    probs : Tensor
        In place of logits: non-negative, not all 0; they need not add up to 1.
    axis : int
        Along which the categories stand.
    key, generator
        As for `uniform`.

    Returns
    -------
    Tensor
        ``int64``.

    Raises
    ------
    ConfigError
        Both or neither of logits and probs are given, or the latter are no probabilities.
    ShapeError
        There is no category.

    Examples
    --------
    >>> import chainrule as cr
    >>> drawn = cr.random.categorical(probs=[0.1, 0.0, 0.9], shape=1000, key=cr.random.key(0))
    >>> [int((drawn == i).astype(int).sum()) for i in range(3)]
    [103, 0, 897]
    """
    scores = scores_of("categorical", logits, probs, axis)
    wanted = result_shape("categorical", shape, logits=lift(_without_last(scores)))
    kind = result_dtype("categorical", None, scores)
    u = open_unit(draw_key("categorical", key, generator), (*wanted, scores.shape[-1]), computed_in(kind))
    return argmax(scores + of_type(standard_gumbel(u), kind), axis=-1)


def _without_last(x: Tensor) -> Any:
    """Something of a tensor's shape without the last axis."""
    return x[..., 0]


def scores_of(function: str, logits: Any, probs: Any, axis: int = -1) -> Tensor:
    """Logits, or the logarithms of probabilities, as floats with the categories along the last axis."""
    if (logits is None) == (probs is None):
        raise error("random.weights", function=function)
    x = lift(logits) if probs is None else probabilities_of(function, probs, axis)
    name = "logits" if probs is None else "probs"
    if not x.shape or 0 in x.shape[normalize_axis(function, axis, len(x.shape), x.shape) :][:1]:
        raise error("random.categories", function=function, name=name, got=x.shape)
    x = moveaxis(x, axis, -1)
    x = x if dtypes.is_float(x.dtype) else of_type(x, float32)
    return x if probs is None else log(x)


def probabilities_of(function: str, probs: Any, axis: int = -1) -> Tensor:
    """Probabilities as a tensor: non-negative, with one that is not 0 along the axis."""
    p = lift(probs)
    if not p.shape or p.shape[normalize_axis(function, axis, len(p.shape), p.shape)] == 0:
        raise error("random.categories", function=function, name="probs", got=p.shape)
    check_parameter(function, "probs", p, NON_NEGATIVE)
    values = known(p)
    if values is not None and not values.sum(axis=axis).all():
        raise error("random.parameter", function=function, name="probs", allowed="(0, ∞)", got=0)
    return p
