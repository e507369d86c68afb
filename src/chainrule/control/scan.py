r"""Repetition with a state: ``scan``.

.. math:: (s_{t+1}, y_t) = f(s_t, x_t), \qquad t = 0, …, T-1

Eagerly it is a Python loop, which a debugger can step through. While a function is recorded it
becomes one row of the table, whose parameter is the recorded body, and whose derivative is a
`scan` over time in reverse.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
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
from chainrule.core import tree
from chainrule.core.interpreter import lift, scope
from chainrule.core.op import Op
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import is_float
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.graph import Graph

Body = Callable[[Any, Any], tuple[Any, Any]]


def scan(body: Body, init: Any, xs: Any, *, reverse: bool = False) -> tuple[Any, Any]:
    """Carry a state through the steps of a sequence.

    Parameters
    ----------
    body : callable
        ``(state, x_t) -> (new_state, y_t)``; states keep their shapes and types.
    init : Tensor or nest
        The first state.
    xs : Tensor or nest
        Sequences, step by step along axis 0.
    reverse : bool
        Go from the last step to the first; ``ys`` stay in the order of ``xs``.

    Returns
    -------
    (state, ys)
        The last state, and the results of all steps, stacked along axis 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> total, sums = cr.scan(lambda s, x: (s + x, s + x), cr.tensor(0.0), cr.tensor([1.0, 2.0, 3.0]))
    >>> sums
    tensor([1., 3., 6.])
    """
    check_function("scan", body)
    init, xs = tree.map_leaves(lift, init), tree.map_leaves(lift, xs)
    length = sequence_length("scan", xs)
    if is_recording() or length == 0:
        return _recorded(body, init, xs, length, reverse)
    return _loop(body, init, xs, length, reverse)


def sequence_length(what: str, xs: Any, axis: int = 0) -> int:
    """The common number of steps of sequences along an axis."""
    sequences = list(tree.leaves(xs))
    named = {f"xs{i}": x.shape for i, x in enumerate(sequences)}
    if not sequences or not all(named.values()):
        raise error("control.steps", op=what, axis=axis, shapes=named)
    length = sequences[0].shape[axis]
    for name, shape in named.items():
        if shape[axis] != length:
            values = {"name": name, "axis": axis, "got": shape[axis], "expected": length}
            raise error("control.lengths", op=what, **values, shapes=named)
    return int(length)


def _loop(body: Body, carry: Any, xs: Any, length: int, reverse: bool) -> tuple[Any, Any]:
    steps: list[Any] = []
    for t in reversed(range(length)) if reverse else range(length):
        with scope(f"scan step {t}"):
            carry, y = _checked(body, carry, tree.map_leaves(operator.itemgetter(t), xs))
        steps.append(y)
    if reverse:
        steps.reverse()
    rows = [list(tree.leaves(y)) for y in steps]
    return carry, tree.refill(steps[0], iter([shaping.stack(column) for column in zip(*rows, strict=True)]))


def _checked(body: Body, carry: Any, x: Any) -> tuple[Any, Any]:
    """One step; the state must keep its shapes and types."""
    result: Any = body(carry, x)
    if not isinstance(result, tuple) or len(result) != 2:
        raise error("control.scan_body", kind=type(result).__name__)
    new, y = result
    check_same_state("scan", carry, new)
    return new, tree.map_leaves(lift, y)


def _recorded(body: Body, init: Any, xs: Any, length: int, reverse: bool) -> tuple[Any, Any]:
    """Record the body, and apply the row to the state, the sequences and what the body captured."""
    carry, sequences = list(tree.leaves(init)), list(tree.leaves(xs))
    slices = tree.map_leaves(lambda x: Spec(x.shape[1:], x.dtype), xs)
    graph, captured = record_body("body", partial(_checked, body), specs_of(init), slices)
    params = {"body": graph, "carries": len(carry), "sequences": len(sequences), "reverse": reverse}
    results = iter(scan_op(*carry, *sequences, *captured, length=length, **params))
    new, y = graph.result
    return tree.refill(new, results), tree.refill(y, results)


def _split(values: Any, carries: int, sequences: int) -> tuple[list[Any], list[Any], list[Any]]:
    """State, sequences and captures."""
    values = list(values)
    return values[:carries], values[carries : carries + sequences], values[carries + sequences :]


def _scan_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    body, carries = params["body"], params["carries"]
    shapes = [x.shape for x in body.outputs]
    return shapes[:carries] + [(params["length"], *shape) for shape in shapes[carries:]]


def _scan_numpy(
    *arrays: np.ndarray, body: Graph, carries: int, sequences: int, length: int, reverse: bool
) -> list[np.ndarray]:
    carry, xs, captured = _split(arrays, carries, sequences)
    ys = [np.zeros((length, *y.shape), y.dtype) for y in body.outputs[carries:]]
    for t in reversed(range(length)) if reverse else range(length):
        results = arrays_of(body, (*carry, *(x[t] for x in xs), *captured))
        carry = results[:carries]
        for y, step in zip(ys, results[carries:], strict=True):
            y[t] = step
    return [*carry, *ys]


def _with_history(body: Graph, carry: Any, xs: Any, captured: Any, reverse: bool) -> list[Any]:
    """The state before each step, computed again rather than stored on the way."""

    def step(s: Any, x: Any) -> tuple[Any, Any]:
        return list(body(*s, *x, *captured)[: len(s)]), s

    return scan(step, carry, xs, reverse=reverse)[1]


def _reverse_rule(
    g: Any,
    y: Any,
    *inputs: Any,
    body: Graph,
    carries: int,
    sequences: int,
    length: int,
    reverse: bool,
    needed: list[bool],
) -> list[Any]:
    """Walk the steps the other way, carrying the cotangents of the state and of the captures."""
    carry, xs, captured = _split(inputs, carries, sequences)
    of_each = [*[is_float(x.dtype) for x in carry], *needed[carries:]]
    given = filled(g, y)

    def step(cotangents: Any, at: Any) -> tuple[Any, Any]:
        of_state, of_captured = cotangents
        s, x, of_y = at
        found = pull_back(body, (*s, *x, *captured), (*of_state, *of_y), of_each)
        to_state, to_xs, to_captured = _split(found, carries, sequences)
        return (filled(to_state, s), added(of_captured, to_captured)), to_xs

    history = _with_history(body, carry, xs, captured, reverse)
    start = (given[:carries], zeros_where(needed[carries + sequences :], captured))
    (to_init, to_captured), to_xs = scan(step, start, (history, xs, given[carries:]), reverse=not reverse)
    return [*to_init, *to_xs, *to_captured]


def _forward_rule(
    t: Any, y: Any, *inputs: Any, body: Graph, carries: int, sequences: int, length: int, reverse: bool
) -> list[Any]:
    """Carry the tangents of the state beside the state."""
    carry, xs, captured = _split(inputs, carries, sequences)
    t_carry, t_xs, t_captured = _split(t, carries, sequences)

    def step(both: Any, at: Any) -> tuple[Any, Any]:
        (s, t_s), (x, t_x) = both, at
        values, moved = push_forward(body, (*s, *x, *captured), (*t_s, *t_x, *t_captured))
        return (values[:carries], moved[:carries]), moved[carries:]

    (_, t_last), t_ys = scan(step, (carry, filled(t_carry, carry)), (xs, t_xs), reverse=reverse)
    return [*t_last, *t_ys]


def _series_rule(
    c: Any, indices: Any, *inputs: Any, body: Graph, carries: int, sequences: int, length: int, reverse: bool
) -> list[Any]:
    """Carry the coefficients of the state beside the state."""
    carry, xs, captured = _split(inputs, carries, sequences)
    c_carry, c_xs, c_captured = _split(c, carries, sequences)

    def step(both: Any, at: Any) -> tuple[Any, Any]:
        (s, c_s), (x, c_x) = both, at
        values, moved = expanded(body, (*s, *x, *captured), (*c_s, *c_x, *c_captured), indices)
        return (values[:carries], moved[:carries]), moved[carries:]

    start = (carry, filled_series(c_carry, carry, len(indices)))
    (_, c_last), c_ys = scan(step, start, (xs, c_xs), reverse=reverse)
    return [*c_last, *c_ys]


scan_op = Op(
    name="scan",
    family="control",
    args=("x",),
    formula=r"(s_{t+1}, y_t) = f(s_t, x_t)",
    shape=_scan_shape,
    dtype=any_types(lambda found, params: [x.dtype for x in params["body"].outputs]),
    numpy=_scan_numpy,
    derivative=BodyRule(reverse=_reverse_rule, forward=_forward_rule, series=_series_rule),
    cost=lambda inputs, output, params: params["length"] * params["body"].flops,
    outputs=0,
    variadic=True,
)
