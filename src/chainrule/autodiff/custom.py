"""Functions with a derivative rule of the user's own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from chainrule.core.derivative import Rule
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import apply, lift
from chainrule.core.op import Op
from chainrule.errors import error
from chainrule.ops import shapes

_ANY = DTypeRule("biuf")


def custom_derivative(
    *, backward: Callable[..., Any], forward: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    r"""Give a function of tensors its own derivative rule.

    Parameters
    ----------
    backward : callable
        ``(g, y, *inputs)`` gives the cotangent of the input, or a tuple with one per input (None
        for zero).
    forward : callable, optional
        ``(t, y, *inputs)`` gives the tangent of the result from the tuple ``t`` of the inputs'
        tangents (None for zero); needed for forward mode only.

    Returns
    -------
    callable
        A decorator. Both rules are written in tensors, and so can be differentiated again.

    Raises
    ------
    GradientError
        Forward mode without a forward rule.
    ShapeError
        The backward rule gives a cotangent of another shape than its input's.

    Examples
    --------
    A rounding that lets gradients through unchanged (the straight-through estimator, Bengio et
    al., 2013):

    >>> import chainrule as cr
    >>> @cr.custom_derivative(backward=lambda g, y, x: g)
    ... def round_through(x):
    ...     return cr.round(x)
    >>> cr.grad(lambda x: round_through(x) * 3)(cr.tensor(1.4))
    tensor(3.)
    """

    def decorate(f: Callable[..., Any]) -> Callable[..., Any]:
        op = _as_op(f, backward, forward)

        @functools.wraps(f)
        def wrapped(*inputs: Any) -> Any:
            return apply(op, [lift(x) for x in inputs], {})

        return wrapped

    return decorate


def _as_op(f: Callable[..., Any], backward: Callable[..., Any], forward: Callable[..., Any] | None) -> Op:
    name = f.__name__

    def reverse(g: Any, y: Any, *inputs: Any) -> list[Any]:
        found = backward(g, y, *inputs)
        parts = found if isinstance(found, tuple) else (found,)
        if len(parts) != len(inputs):
            raise error("autodiff.custom_count", op=name, got=len(parts), expected=len(inputs))
        lifted = [None if part is None else lift(part, y.dtype) for part in parts]
        for i, (part, x) in enumerate(zip(lifted, inputs, strict=True)):
            if part is not None and part.shape != x.shape:
                raise error("autodiff.custom_shape", op=name, position=i, got=part.shape, expected=x.shape)
        return lifted

    def tangent(t: Any, y: Any, *inputs: Any) -> Any:
        if forward is None:
            raise error("autodiff.no_forward", op=name)
        return forward(t, y, *inputs)

    return Op(
        name=name,
        family="custom",
        args=tuple(inspect.signature(f).parameters),
        formula=rf"\mathrm{{{name}}}",
        shape=shapes.same,
        dtype=_ANY,
        numpy=f,
        derivative=Rule(reverse=reverse, forward=tangent, reached=None),
        body=f,
    )
