"""Keys: what a draw depends on, besides its shape.

A key is a tensor of two ``uint32`` words. Equal keys give equal numbers, so a key is for one draw; `split`
and `fold_in` make any number of new keys of one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import chainrule.random.messages  # noqa: F401  (registers the messages used here)
from chainrule.core.interpreter import Value, lift
from chainrule.dtypes import uint32
from chainrule.errors import error
from chainrule.ops import random as rows
from chainrule.ops.shapes import as_shape
from chainrule.tensor import Tensor

_LOW = 0xFFFFFFFF


def key(seed: int) -> Tensor:
    """The key of a seed, any integer; the words are mixed, so that seeds may lie close together.

    Raises
    ------
    DTypeError
        The seed is not an integer.

    Examples
    --------
    >>> import chainrule as cr
    >>> first, second = cr.random.split(cr.random.key(0))
    >>> bool((cr.random.normal(3, key=first) == cr.random.normal(3, key=second)).any())
    False
    """
    if not isinstance(seed, int | np.integer):
        raise error("random.seed", got=repr(seed))
    number = int(seed)
    words = [np.array([part], np.uint32) for part in (number & _LOW, (number >> 32) & _LOW, 0, 0)]
    mixed = rows.philox(words, np.zeros(2, np.uint32))
    return Tensor(np.concatenate(mixed[:2]))


def fold_in(key: Any, data: Any) -> Tensor:
    """New keys from a key and integers: the number of a step, a layer or a worker.

    Parameters
    ----------
    key : Tensor
        ``uint32`` of shape (2,).
    data : int or Tensor of int
        Of any shape; different integers give unrelated keys.

    Returns
    -------
    Tensor
        Of shape ``(*data.shape, 2)``.

    Examples
    --------
    >>> import chainrule as cr
    >>> key = cr.random.key(0)
    >>> bool((cr.random.fold_in(key, 1) == cr.random.split(key, 3)[1]).all())
    True
    """
    return rows.fold_in(checked_key("fold_in", key), data)


def split(key: Any, n: int | tuple[int, ...] = 2) -> Tensor:
    """``n`` new keys of one, along axis 0; key ``i`` is ``fold_in(key, i)``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.random.split(cr.random.key(0), 5).shape
    (5, 2)
    """
    shape = as_shape("split", n)
    return fold_in(key, np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape))


def checked_key(function: str, key: Any) -> Value:
    """A key as a tensor, or the error of what is none."""
    found = lift(key) if isinstance(key, Value | np.ndarray) else None
    if found is None or found.dtype != uint32 or found.shape != (2,):
        raise error("random.key", function=function, got=repr(key) if found is None else found.spec)
    return found
