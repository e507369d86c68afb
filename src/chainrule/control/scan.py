r"""Repetition with a state: ``scan``.

.. math:: (s_{t+1}, y_t) = f(s_t, x_t), \qquad t = 0, …, T-1

Eagerly it is a Python loop, which a debugger can step through. While a function is recorded it
becomes one row of the table, whose parameter is the recorded body, and whose derivative is a
`scan` over time in reverse.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.autodiff import modes, transforms
from chainrule.core import tree
from chainrule.core.derivative import Rule, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import lift, scope, state, using_layers
from chainrule.core.op import Op
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import is_float
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.graph import Graph, Recorder

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
    if not callable(body):
        raise error("autodiff.function", what="scan", kind=type(body).__name__)
    init, xs = tree.map_leaves(lift, init), tree.map_leaves(lift, xs)
    length = _length(xs)
    if isinstance(state.layers[0], Recorder) or length == 0:
        return _recorded(body, init, xs, length, reverse)
    return _loop(body, init, xs, length, reverse)


def _length(xs: Any) -> int:
    sequences = list(tree.leaves(xs))
    named = {f"xs{i}": x.shape for i, x in enumerate(sequences)}
    if not sequences or not all(named.values()):
        raise error("ops.scan_steps", shapes=named)
    length = sequences[0].shape[0]
    for name, shape in named.items():
        if shape[0] != length:
            raise error("ops.scan_lengths", name=name, got=shape[0], expected=length, shapes=named)
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
        raise error("ops.scan_body", kind=type(result).__name__)
    new, y = result
    before, after = list(tree.leaves(carry)), [lift(part) for part in tree.leaves(new)]
    if len(before) != len(after):
        raise error("ops.scan_carry_count", expected=len(before), got=len(after))
    for i, (old, part) in enumerate(zip(before, after, strict=True)):
        if old.spec != part.spec:
            raise error("ops.scan_carry", index=i, expected=old.spec, got=part.spec)
    return new, tree.map_leaves(lift, y)


def _recorded(body: Body, init: Any, xs: Any, length: int, reverse: bool) -> tuple[Any, Any]:
    """Record the body, and apply the row to the state, the sequences and what the body captured."""
    carry, sequences = list(tree.leaves(init)), list(tree.leaves(xs))
    graph = Graph("body")
    recorder = Recorder(graph, outer=state.layers[0])
    states = [recorder.input(x.spec, f"s{i}") for i, x in enumerate(carry)]
    slices = [recorder.input(Spec(x.shape[1:], x.dtype), f"x{i}") for i, x in enumerate(sequences)]
    with using_layers([recorder, *state.layers[1:2]]), modes.no_grad():
        new, y = _checked(body, tree.refill(init, iter(states)), tree.refill(xs, iter(slices)))
        graph.outputs = [recorder.symbol(lift(v)) for v in (*tree.leaves(new), *tree.leaves(y))]
        recorder.finish()
    params = {"body": graph, "carries": len(carry), "sequences": len(sequences), "reverse": reverse}
    results = scan_op(*carry, *sequences, *recorder.captured, length=length, **params)
    return tree.refill(new, iter(results[: len(carry)])), tree.refill(y, iter(results[len(carry) :]))


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
        results = [y.data for y in body(*map(lift, (*carry, *(x[t] for x in xs), *captured)))]
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
    g: Any, y: Any, *inputs: Any, body: Graph, carries: int, sequences: int, length: int, reverse: bool
) -> list[Any]:
    """Walk the steps the other way, carrying the cotangents of the state and of the captures."""
    carry, xs, captured = _split(inputs, carries, sequences)
    history = _with_history(body, carry, xs, captured, reverse)
    filled = [zeros_like(v) if part is None else part for part, v in zip(g, y, strict=True)]
    active = [i for i, x in enumerate((*carry, *xs, *captured)) if is_float(x.dtype)]

    def step(cotangents: Any, at: Any) -> tuple[Any, Any]:
        of_state, of_captured = cotangents
        s, x, of_y = at
        found = _step_cotangents(body, active, (*s, *x, *captured), (*of_state, *of_y))
        to_state, to_xs, to_captured = _split(found, carries, sequences)
        added = [a + b for a, b in zip(of_captured, to_captured, strict=True)]
        return (to_state, added), to_xs

    start = (filled[:carries], [zeros_like(c) for c in captured])
    (to_init, to_captured), to_xs = scan(step, start, (history, xs, filled[carries:]), reverse=not reverse)
    return [
        part if is_float(x.dtype) else None
        for part, x in zip((*to_init, *to_xs, *to_captured), inputs, strict=True)
    ]


def _step_cotangents(body: Graph, active: list[int], inputs: Any, cotangents: Any) -> list[Any]:
    """Cotangents of one step's inputs; zeros for integers, which have none."""

    def of_active(*floats: Any) -> Any:
        given = list(inputs)
        for i, x in zip(active, floats, strict=True):
            given[i] = x
        return [y for y in body(*given) if is_float(y.dtype)]

    outputs = zip(body.outputs, cotangents, strict=True)
    wanted = [g for y, g in outputs if is_float(y.dtype)]
    _, pull_back = transforms.vjp(of_active, *(inputs[i] for i in active))
    found = dict(zip(active, pull_back(wanted), strict=True))
    return [found[i] if i in found else zeros_like(x) for i, x in enumerate(inputs)]


def _forward_rule(
    t: Any, y: Any, *inputs: Any, body: Graph, carries: int, sequences: int, length: int, reverse: bool
) -> list[Any]:
    """Carry the tangents of the state beside the state."""
    tangents = [zeros_like(x) if v is None else v for v, x in zip(t, inputs, strict=True)]
    carry, xs, captured = _split(inputs, carries, sequences)
    t_carry, t_xs, t_captured = _split(tangents, carries, sequences)

    def step(both: Any, at: Any) -> tuple[Any, Any]:
        (s, t_s), (x, t_x) = both, at
        values, moved = transforms.jvp(
            lambda *v: list(body(*v)), (*s, *x, *captured), (*t_s, *t_x, *t_captured)
        )
        return (values[:carries], moved[:carries]), moved[carries:]

    (_, t_last), t_ys = scan(step, (carry, t_carry), (xs, t_xs), reverse=reverse)
    return [*t_last, *t_ys]


scan_op = Op(
    name="scan",
    family="control",
    args=("x",),
    formula=r"(s_{t+1}, y_t) = f(s_t, x_t)",
    shape=_scan_shape,
    dtype=DTypeRule(
        "biuf",
        separate=range(1024),
        separate_kinds="biuf",
        output=lambda found, params: [x.dtype for x in params["body"].outputs],
    ),
    numpy=_scan_numpy,
    derivative=Rule(reverse=_reverse_rule, forward=_forward_rule, reached=None),
    cost=lambda inputs, output, params: params["length"] * params["body"].flops,
    outputs=0,
    variadic=True,
)
