"""Random orders, and choosing among elements."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.interpreter import Value, lift
from chainrule.errors import error
from chainrule.functions.indexing import take
from chainrule.functions.shaping import reshape
from chainrule.functions.sorting import argsort
from chainrule.ops.random import random_bits
from chainrule.ops.shapes import as_shape, normalize_axis, size
from chainrule.random.arguments import Shape, known
from chainrule.random.categories import categorical, scores_of
from chainrule.random.generator import Generator, draw_key
from chainrule.random.simple import standard_gumbel
from chainrule.random.uniforms import integers
from chainrule.random.words import open_unit
from chainrule.tensor import Tensor


def permutation(n: Any, axis: int = 0, *, key: Any = None, generator: Generator | None = None) -> Tensor:
    """The numbers 0 … n-1 in random order; or a tensor's elements along an axis, as `shuffle` gives them.

    Parameters
    ----------
    n : int or Tensor
        How many, or what to bring into another order.
    key, generator
        As for `uniform`.

    Examples
    --------
    >>> import chainrule as cr
    >>> sorted(cr.random.permutation(5, key=cr.random.key(0)).tolist())
    [0, 1, 2, 3, 4]
    """
    if not isinstance(n, int | np.integer) and not (isinstance(n, Value) and n.shape == ()):
        return shuffle(n, axis, key=key, generator=generator)
    return random_order(as_shape("permutation", n), draw_key("permutation", key, generator))


@composite(r"\operatorname{argsort}(u)")
def random_order(shape: tuple[int, ...], key: Any) -> Tensor:
    r"""A random order: the places of sorted random words.

    Equal words keep their order. Of :math:`n` words of 32 bits, :math:`n^2 / 2^{33}` pairs are equal on
    average.
    """
    return argsort(random_bits(key, shape=shape), axis=-1)


def shuffle(x: Any, axis: int = 0, *, key: Any = None, generator: Generator | None = None) -> Tensor:
    """A tensor's parts along an axis in random order (a new tensor; differentiable).

    Examples
    --------
    >>> import chainrule as cr
    >>> rows = cr.random.shuffle([[1, 2], [3, 4], [5, 6]], key=cr.random.key(0))
    >>> sorted(rows.tolist())
    [[1, 2], [3, 4], [5, 6]]
    """
    x = lift(x)
    if not x.shape:
        raise error("random.choice_from", function="shuffle", got=x.shape)
    extent = x.shape[normalize_axis("shuffle", axis, len(x.shape), x.shape)]
    return take(x, random_order((extent,), draw_key("shuffle", key, generator)), axis)


def choice(
    a: Any,
    shape: Shape = (),
    replace: bool = True,
    p: Any = None,
    axis: int = 0,
    *,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Elements chosen at random.

    Without replacement and with probabilities, elements are taken one after the other, each in proportion to
    its probability among those that are left: the largest of :math:`\ln p_i + g_i` with Gumbel numbers
    :math:`g_i` (Yellott, 1977).

    Parameters
    ----------
    a : int or Tensor
        What to choose from: the numbers below ``a``, or a tensor's parts along ``axis``.
    shape : int or sequence of int
        How many to choose; these axes stand where ``axis`` was.
    replace : bool
        Whether an element may be chosen several times.
    p : Tensor, optional
        Probability of each element; by default all are equally likely.
    key, generator
        As for `uniform`.

    Raises
    ------
    ConfigError
        More different elements are wanted than there are.
    ShapeError
        ``p`` has not one entry for each element.

    Examples
    --------
    >>> import chainrule as cr
    >>> hand = cr.random.choice(52, 5, replace=False, key=cr.random.key(0))
    >>> len(set(hand.tolist()))
    5
    """
    source, count = _source(a, axis)
    wanted = as_shape("choice", shape)
    scores = None if p is None else _scores(p, count, None if replace else size(wanted))
    if not replace and size(wanted) > count:
        raise error("random.choice_size", wanted=size(wanted), count=count)
    own = draw_key("choice", key, generator)
    places = (
        _with_replacement(count, wanted, scores, own) if replace else _without(count, wanted, scores, own)
    )
    return places if source is None else take(source, places, axis)


def _source(a: Any, axis: int) -> tuple[Tensor | None, int]:
    """What to choose from (None for numbers), and of how many."""
    x = lift(a)
    if x.shape:
        return x, x.shape[normalize_axis("choice", axis, len(x.shape), x.shape)]
    try:
        count = operator.index(a)
    except TypeError as problem:
        raise error("random.choice_from", function="choice", got=repr(a)) from problem
    return None, count


def _scores(p: Any, count: int, different: int | None) -> Tensor:
    scores = scores_of("choice", None, p)
    if scores.shape != (count,):
        raise error("random.choice_p", count=count, got=scores.shape)
    values = known(scores)
    possible = count if values is None else int(np.isfinite(values).sum())
    if different is not None and different > possible:
        raise error("random.choice_few", wanted=different, count=possible)
    return scores


def _with_replacement(count: int, shape: tuple[int, ...], scores: Tensor | None, key: Any) -> Tensor:
    return integers(count, shape=shape, key=key) if scores is None else categorical(scores, shape, key=key)


def _without(count: int, shape: tuple[int, ...], scores: Tensor | None, key: Any) -> Tensor:
    if scores is None:
        found = random_order((count,), key)
    else:
        noise = standard_gumbel(open_unit(key, (count,), scores.dtype))
        found = argsort(scores + noise, axis=-1, descending=True)
    return reshape(found[: size(shape)], shape)
