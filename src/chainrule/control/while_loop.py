r"""Repetition until a condition fails: ``while_loop`` and ``fori_loop``.

.. math:: s_{t+1} = f(s_t) \quad \text{while}\; p(s_t)

Eagerly it is Python's ``while``. While a function is recorded it becomes one row, whose number of steps
is found when it runs.

Reverse mode of the row keeps no history, since its length is not known beforehand: it counts the steps by
running the loop, then walks back, computing each state again from the first. That takes constant memory and,
for :math:`n` steps, :math:`n^2 / 2` runs of the body. Where a bound of the number of steps is known,
`scan` differentiates in linear time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.control.bodies import (
    BodyRule,
    added,
    any_types,
    arrays_of,
    check_function,
    check_same_state,
    expanded,
    filled,
    filled_series,
    is_recording,
    pull_back,
    push_forward,
    record_body,
    specs_of,
    zeros_where,
)
from chainrule.control.cond import single_bool
from chainrule.control.scan import scan
from chainrule.core import tree
from chainrule.core.interpreter import Value, lift, scope
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import is_float
from chainrule.graph import Graph

Parts = tuple[list[Any], list[Any], list[Any]]


def while_loop(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any) -> Any:
    """Apply a function to a state for as long as a condition holds.

    Parameters
    ----------
    cond_fn : callable
        ``state -> bool``: whether to go on.
    body_fn : callable
        ``state -> state``, of the same shapes and types.
    init : Tensor or nest
        The first state.

    Returns
    -------
    Tensor or nest
        The first state for which the condition does not hold.

    Raises
    ------
    DTypeError
        The condition is not a single bool.
    ShapeError
        The body changes the form, shapes or types of the state.

    Notes
    -----
    Differentiable in both modes to any order. Recorded, reverse mode takes a number of runs of the
    body that grows with the square of the number of steps; prefer `scan` where the number is known.

    Examples
    --------
    Newton's iteration for a square root:

    >>> import chainrule as cr
    >>> def root(a):
    ...     return cr.while_loop(lambda x: cr.abs(x * x - a) > 1e-5, lambda x: (x + a / x) / 2, a)
    >>> print(f"{float(root(cr.tensor(2.0))):.4f} {float(cr.grad(root)(cr.tensor(2.0))):.4f}")
    1.4142 0.3536
    """
    check_function("while_loop", cond_fn)
    check_function("while_loop", body_fn)
    init = tree.map_leaves(lift, init)
    if is_recording():
        return _recorded(cond_fn, body_fn, init)
    s, step = init, 0
    while bool(single_bool("while_loop", cond_fn(s))):
        with scope(f"while_loop step {step}"):
            s, step = _checked(body_fn, s), step + 1
    return s


def fori_loop(lower: Any, upper: Any, body_fn: Callable[[Any, Any], Any], init: Any) -> Any:
    """``state = body_fn(i, state)`` for ``i`` from ``lower`` up to, but without, ``upper``.

    Bounds that are Python integers make it a `scan`, with a derivative in linear time; bounds that are
    tensors make it a `while_loop`.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.fori_loop(1, 5, lambda i, s: s * i, cr.tensor(1))
    tensor(24)
    """
    check_function("fori_loop", body_fn)
    if isinstance(lower, int) and isinstance(upper, int):
        return scan(lambda s, i: (body_fn(i, s), None), init, np.arange(lower, upper))[0]
    start, end = lift(lower), lift(upper)
    return while_loop(lambda at: at[0] < end, lambda at: (at[0] + 1, body_fn(at[0], at[1])), (start, init))[1]


def _checked(body_fn: Callable[[Any], Any], s: Any) -> Any:
    new = tree.map_leaves(lift, body_fn(s))
    check_same_state("while_loop", s, new)
    return new


def _recorded(cond_fn: Callable[[Any], Any], body_fn: Callable[[Any], Any], init: Any) -> Any:
    specs = specs_of(init)
    going, of_cond = record_body("cond_fn", lambda s: single_bool("while_loop", cond_fn(s)), specs)
    body, of_body = record_body("body_fn", lambda s: _checked(body_fn, s), specs)
    flat: list[Value] = list(tree.leaves(init))
    params = {"going": going, "body": body, "carries": len(flat), "cond_captures": len(of_cond)}
    return tree.refill(body.result, iter(while_op(*flat, *of_cond, *of_body, **params)))


def _split(values: Any, carries: int, cond_captures: int) -> Parts:
    """The state, and what the condition and the body captured."""
    values = list(values)
    end = carries + cond_captures
    return values[:carries], values[carries:end], values[end:]


def _while_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    return [y.shape for y in params["body"].outputs]


def _while_numpy(
    *arrays: np.ndarray, going: Graph, body: Graph, carries: int, cond_captures: int
) -> list[Any]:
    s, of_cond, of_body = _split(arrays, carries, cond_captures)
    while arrays_of(going, (*s, *of_cond))[0]:
        s = arrays_of(body, (*s, *of_body))
    return s


def _reverse_rule(
    g: Any,
    y: Any,
    *inputs: Any,
    going: Graph,
    body: Graph,
    carries: int,
    cond_captures: int,
    needed: list[bool],
) -> list[Any]:
    """Count the steps, then walk back; each state on the way is computed again from the first."""
    init, of_cond, of_body = _split(inputs, carries, cond_captures)
    wanted = needed[carries + cond_captures :]
    of_each = [*[is_float(x.dtype) for x in init], *wanted]

    def advance(s: list[Any]) -> list[Any]:
        return list(body(*s, *of_body))

    def step(at: Any) -> Any:
        left, to_state, to_captured = at
        before = fori_loop(lift(0), left - 1, lambda i, s: advance(s), init)
        found = pull_back(body, (*before, *of_body), to_state, of_each)
        return left - 1, filled(found[:carries], init), added(to_captured, found[carries:])

    steps, _ = while_loop(
        lambda at: going(*at[1], *of_cond)[0], lambda at: (at[0] + 1, advance(at[1])), (lift(0), init)
    )
    start = (steps, filled(g, y), zeros_where(wanted, of_body))
    _, to_init, to_captured = while_loop(lambda at: at[0] > 0, step, start)
    return [*to_init, *[None] * cond_captures, *to_captured]


def _forward_rule(
    t: Any, y: Any, *inputs: Any, going: Graph, body: Graph, carries: int, cond_captures: int
) -> list[Any]:
    """Carry the tangents of the state beside the state."""
    init, of_cond, of_body = _split(inputs, carries, cond_captures)
    t_init, _, t_captured = _split(t, carries, cond_captures)

    def step(both: Any) -> Any:
        s, t_s = both
        return push_forward(body, (*s, *of_body), (*t_s, *t_captured))

    start = (init, filled(t_init, init))
    return list(while_loop(lambda both: going(*both[0], *of_cond)[0], step, start)[1])


def _series_rule(
    c: Any, indices: Any, *inputs: Any, going: Graph, body: Graph, carries: int, cond_captures: int
) -> list[Any]:
    """Carry the coefficients of the state beside the state."""
    init, of_cond, of_body = _split(inputs, carries, cond_captures)
    c_init, _, c_captured = _split(c, carries, cond_captures)

    def step(both: Any) -> Any:
        s, c_s = both
        return expanded(body, (*s, *of_body), (*c_s, *c_captured), indices)

    start = (init, filled_series(c_init, init, len(indices)))
    return list(while_loop(lambda both: going(*both[0], *of_cond)[0], step, start)[1])


while_op = Op(
    name="while_loop",
    family="control",
    args=("s",),
    formula=r"s_{t+1} = f(s_{t}) \, \text{while} \, p(s_{t})",
    shape=_while_shape,
    dtype=any_types(lambda found, params: [y.dtype for y in params["body"].outputs]),
    numpy=_while_numpy,
    derivative=BodyRule(reverse=_reverse_rule, forward=_forward_rule, series=_series_rule),
    cost=lambda inputs, output, params: params["body"].flops + params["going"].flops,
    outputs=0,
    variadic=True,
)
