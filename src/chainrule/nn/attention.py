"""Attention: for each query, a mean of values weighted by how well their keys fit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.control import scan
from chainrule.core.composite import composite
from chainrule.core.interpreter import Value, lift
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.functions.activations import softmax
from chainrule.functions.products import matmul
from chainrule.functions.shaping import concatenate, expand_dims, moveaxis, reshape, swapaxes
from chainrule.nn import messages  # noqa: F401  (registers the messages used here)
from chainrule.nn.dropout import dropout
from chainrule.ops.pointwise import greater_equal, where
from chainrule.tensor import Tensor

# With more scores than this for a head, queries are taken in blocks, and no more scores are held at a time
# than those of one block.
_MOST_SCORES = 1 << 19
_BLOCK = 128


@composite(r"\operatorname{softmax}\left(\frac{Q K^{T}}{\sqrt{d}}\right) V")
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    r"""Scaled dot-product attention.

    .. math:: Y = \operatorname{softmax}\left(s\, Q K^{T} + M\right) V

    Parameters
    ----------
    query, key, value : Tensor
        :math:`Q` (…, L, E), :math:`K` (…, S, E) and :math:`V` (…, S, D); the axes before are alike, or
        broadcast.
    attn_mask : Tensor, optional
        :math:`M`, which broadcasts to (…, L, S): bools that say which keys a query sees, or numbers that are
        added to the scores.
    dropout_p : float
        Share of the weights that are set to 0.
    is_causal : bool
        Let query i see the keys up to i only; not together with a mask.
    scale : float, optional
        :math:`s`, by default :math:`1 / \sqrt{E}`.

    Returns
    -------
    Tensor
        :math:`Y`, (…, L, D).

    Raises
    ------
    ShapeError
        The shapes do not fit together.
    ConfigError
        Both a mask and ``is_causal``.

    Notes
    -----
    Where there are many scores, queries are taken in blocks, so that memory grows with L + S instead of
    L · S, for the derivative too; with dropout, or a mask of its own for every query, all are taken at once.

    References
    ----------
    Vaswani et al., "Attention Is All You Need", NeurIPS 2017, equation 1; Rabe and Staats, "Self-attention
    Does Not Need O(n²) Memory", 2021.

    Examples
    --------
    >>> import chainrule as cr
    >>> import chainrule.nn.functional as F
    >>> q, k, v = cr.zeros((1, 2)), cr.zeros((2, 2)), cr.tensor([[1.0], [3.0]])
    >>> F.scaled_dot_product_attention(q, k, v)
    tensor([[2.]])
    """
    q, k, v = lift(query), lift(key), lift(value)
    mask = None if attn_mask is None else lift(attn_mask)
    _check(q, k, v)
    if mask is not None and is_causal:
        raise error("nn.causal_mask")
    s = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    queries, keys = q.shape[-2], k.shape[-2]
    plain = dropout_p == 0 and (mask is None or mask.shape[-2:-1] in ((), (1,)))
    if plain and queries * keys > _MOST_SCORES and queries >= 2 * _BLOCK:
        return _in_blocks(q, k, v, mask, is_causal, s)
    return _at_once(q * s, k, v, _seen(mask, is_causal, np.arange(queries), keys), dropout_p)


def _check(q: Value, k: Value, v: Value) -> None:
    """Refuse shapes that do not fit."""
    named = {"query": q.shape, "key": k.shape, "value": v.shape}
    if (
        min(len(shape) for shape in named.values()) < 2
        or q.shape[-1] != k.shape[-1]
        or k.shape[-2] != v.shape[-2]
    ):
        raise error("nn.attention", shapes=named)


def _seen(mask: Any, is_causal: bool, places: Any, keys: int) -> Any:
    """Which keys the queries at some places see."""
    if not is_causal:
        return mask
    return greater_equal(expand_dims(lift(places), -1), np.arange(keys))


def _at_once(q: Any, k: Any, v: Any, mask: Any, dropout_p: float = 0.0) -> Tensor:
    """All scores, and the mean of values that they weigh."""
    scores = matmul(q, swapaxes(k, -1, -2))
    if mask is not None:
        scores = where(mask, scores, -np.inf) if mask.dtype == np.bool_ else scores + mask
    weights = softmax(scores, axis=-1)
    return matmul(dropout(weights, dropout_p) if dropout_p else weights, v)


def _in_blocks(q: Any, k: Any, v: Any, mask: Any, is_causal: bool, s: float) -> Tensor:
    """Blocks of queries one after the other, each with all keys; what is left over last."""
    queries, keys = q.shape[-2], k.shape[-2]
    count = queries // _BLOCK
    end = count * _BLOCK
    blocks = _blocks(q[..., :end, :] * s, count)
    starts = np.arange(count, dtype=np.int64) * _BLOCK

    def step(state: Any, at: Any) -> Any:
        block, start = at
        return state, _at_once(block, k, v, _seen(mask, is_causal, start + np.arange(_BLOCK), keys))

    _, found = scan(step, (), (blocks, lift(starts)))
    together = moveaxis(found, 0, -3)
    y = reshape(together, (*together.shape[:-3], end, together.shape[-1]))
    if end == queries:
        return y
    rest = _at_once(q[..., end:, :] * s, k, v, _seen(mask, is_causal, np.arange(end, queries), keys))
    return concatenate([y, rest], axis=-2)


def _blocks(q: Any, count: int) -> Any:
    """Queries in blocks, along a new first axis."""
    shape: Shape = (*q.shape[:-2], count, _BLOCK, q.shape[-1])
    return moveaxis(reshape(q, shape), -3, 0)
