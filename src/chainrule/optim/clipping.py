"""Limiting gradients between ``backward()`` and ``step()``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from chainrule.autodiff.modes import no_grad
from chainrule.core.constraint import FLAG, NON_NEGATIVE, Constraint, is_finite
from chainrule.core.interpreter import state
from chainrule.errors import error
from chainrule.functions import reductions, shaping
from chainrule.functions.elementwise import clip
from chainrule.ops.pointwise import absolute, isfinite, minimum, power, sqrt, square
from chainrule.optim.options import Option, check, options
from chainrule.tensor import Tensor

NORM_TYPE = Constraint(
    "(0, ∞]", lambda v: v == math.inf or (is_finite(v) and v > 0), (0.5, 2, math.inf), (0, -1, None)
)
NORM = options(
    max_norm=Option(1.0, NON_NEGATIVE),
    norm_type=Option(2.0, NORM_TYPE),
    error_if_nonfinite=Option(False, FLAG),
)
VALUE = options(clip_value=Option(1.0, NON_NEGATIVE))


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    r"""Shorten all gradients together so that their norm is at most ``max_norm``.

    .. math::
        g \leftarrow \min\!\left(1, \frac{c}{\lVert g \rVert + 10^{-6}}\right) g, \qquad
        \lVert g \rVert = \Big(\sum_i |g_i|^q\Big)^{1/q}

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks,
    ICML 2013, algorithm 1; numbers as PyTorch's.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensor
        Those without a gradient are left out.
    max_norm : float
        :math:`c`.
    norm_type : float
        :math:`q`; ``math.inf`` for the largest element.
    error_if_nonfinite : bool
        Refuse a norm that is NaN or infinite (not while a function is recorded).

    Returns
    -------
    Tensor
        The norm before clipping.

    Raises
    ------
    ConfigError
        A limit outside its range.
    NonFiniteError
        Where asked for.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> p = cr.State([3.0, 4.0]).requires_grad_()
    >>> (0.5 * p * p).sum().backward()
    >>> optim.clip_grad_norm_([p], max_norm=1.0), p.grad
    (tensor(5.), tensor([0.5999999 , 0.79999983]))
    """
    given = {"max_norm": max_norm, "norm_type": norm_type, "error_if_nonfinite": error_if_nonfinite}
    for name, value in given.items():
        check("clip_grad_norm_", NORM, name, value)
    params = _with_grad(parameters)
    with no_grad():
        norm = _norm([p.grad for p in params], norm_type)
        if error_if_nonfinite and not bool(isfinite(norm)):
            raise error("optim.clip_norm", norm=norm, name=_first_nonfinite(params))
        _scale(params, minimum(max_norm / (norm + 1e-6), 1.0))
    return norm


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    r"""Limit each element of the gradients to ``[-clip_value, clip_value]``.

    .. math:: g_i \leftarrow \min(c, \max(-c, g_i))

    Parameters
    ----------
    parameters : Tensor or iterable of Tensor
        Those without a gradient are left out.
    clip_value : float
        :math:`c`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> p = cr.State([3.0, -0.5]).requires_grad_()
    >>> (0.5 * p * p).sum().backward()
    >>> optim.clip_grad_value_([p], 1.0)
    >>> p.grad
    tensor([ 1. , -0.5])
    """
    check("clip_grad_value_", VALUE, "clip_value", clip_value)
    with no_grad():
        for p in _with_grad(parameters):
            state.layers[0].set_grad(p, clip(p.grad, -clip_value, clip_value))


def _with_grad(parameters: Tensor | Iterable[Tensor]) -> list[Any]:
    params = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p for p in params if state.layers[0].get_grad(p) is not None]


def _norm(grads: list[Any], q: float) -> Any:
    """The norm of the norms, which is the norm of all elements."""
    if not grads:
        return Tensor(0.0)
    return _vector_norm(shaping.stack([_vector_norm(g, q) for g in grads]), q)


def _vector_norm(g: Any, q: float) -> Any:
    if q == math.inf:
        return reductions.max(absolute(g))
    if q == 2:
        return sqrt(reductions.sum(square(g)))
    return power(reductions.sum(power(absolute(g), q)), 1 / q)


def _scale(params: list[Any], factor: Any) -> None:
    for p in params:
        state.layers[0].set_grad(p, p.grad * factor.astype(p.grad.dtype))


def _first_nonfinite(params: list[Any]) -> str:
    bad = [place for place, p in enumerate(params) if not bool(reductions.all(isfinite(p.grad)))]
    return (params[bad[0]].name or f"parameter {bad[0]}") if bad else "none"
