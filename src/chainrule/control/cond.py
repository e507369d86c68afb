r"""Choosing between two functions: ``cond``.

.. math:: y = \begin{cases} f(x) & p \\ g(x) & \text{otherwise} \end{cases}

Eagerly only the chosen function runs, as after Python's ``if``. While a function is recorded both become
bodies of one row, whose derivative is a `cond` between the derivatives of the bodies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.control.bodies import (
    BodyRule,
    any_types,
    arrays_of,
    check_function,
    expanded,
    filled,
    is_recording,
    pull_back,
    push_forward,
    record_body,
    specs_of,
    zeros_where,
)
from chainrule.core import tree
from chainrule.core.interpreter import Value, lift
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import letter
from chainrule.errors import error
from chainrule.graph import Graph


def cond(pred: Any, true_fn: Callable[..., Any], false_fn: Callable[..., Any], *operands: Any) -> Any:
    """``true_fn(*operands)`` if a condition holds, otherwise ``false_fn(*operands)``.

    To choose element by element use `where`.

    Parameters
    ----------
    pred : bool or Tensor
        A single bool.
    true_fn, false_fn : callable
        Functions of the operands; both give results of the same form, shapes and types.
    *operands
        Tensors or nests of them. The functions may also use tensors from outside.

    Returns
    -------
    Tensor or nest
        What the chosen function gives.

    Raises
    ------
    DTypeError
        The condition is not a single bool.
    ShapeError
        While recording: the functions give results of different form, shapes or types.

    Examples
    --------
    >>> import chainrule as cr
    >>> root = lambda x: cr.cond(x > 0, cr.sqrt, lambda x: x * 0, x)
    >>> float(root(cr.tensor(9.0))), float(cr.grad(root)(cr.tensor(-1.0)))
    (3.0, 0.0)
    """
    check_function("cond", true_fn)
    check_function("cond", false_fn)
    pred = single_bool("cond", pred)
    given = [tree.map_leaves(lift, x) for x in operands]
    if not is_recording():
        return tree.map_leaves(lift, (true_fn if bool(pred) else false_fn)(*given))
    return _recorded(pred, true_fn, false_fn, given)


def single_bool(what: str, x: Any) -> Value:
    """A condition as a tensor of one bool without axes."""
    value = lift(x)
    if letter(value.dtype) != "b" or value.shape:
        raise error("control.predicate", op=what, got=value.spec)
    return value


def _recorded(pred: Any, true_fn: Any, false_fn: Any, operands: list[Any]) -> Any:
    specs = [specs_of(x) for x in operands]
    chosen, of_true = record_body("true_fn", true_fn, *specs)
    other, of_false = record_body("false_fn", false_fn, *specs)
    _check_same_results(chosen, other)
    flat = list(tree.leaves(operands))
    params = {"true": chosen, "false": other, "operands": len(flat), "true_captures": len(of_true)}
    return tree.refill(chosen.result, iter(cond_op(pred, *flat, *of_true, *of_false, **params)))


def _check_same_results(chosen: Graph, other: Graph) -> None:
    if len(chosen.outputs) != len(other.outputs):
        raise error("control.branch_count", expected=len(chosen.outputs), got=len(other.outputs))
    for i, (one, two) in enumerate(zip(chosen.outputs, other.outputs, strict=True)):
        if one.spec != two.spec:
            raise error("control.branch", index=i, expected=one.spec, got=two.spec)


def _parts(values: Any, operands: int, true_captures: int) -> tuple[list[int], list[int]]:
    """Positions, among all inputs but the condition, of what each body is given."""
    every = list(range(len(values)))
    shared, of_true = every[:operands], every[operands : operands + true_captures]
    return shared + of_true, shared + every[operands + true_captures :]


def _cond_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> list[Shape]:
    return [y.shape for y in params["true"].outputs]


def _cond_numpy(
    pred: np.ndarray, *arrays: np.ndarray, true: Graph, false: Graph, operands: int, true_captures: int
) -> list[Any]:
    of_true, of_false = _parts(arrays, operands, true_captures)
    body, given = (true, of_true) if pred else (false, of_false)
    return arrays_of(body, [arrays[i] for i in given])


def _reverse_rule(
    g: Any,
    y: Any,
    pred: Any,
    *inputs: Any,
    true: Graph,
    false: Graph,
    operands: int,
    true_captures: int,
    needed: list[bool],
) -> list[Any]:
    """The chosen body's cotangents; zeros for what only the other one uses."""
    cotangents, wanted = filled(g, y), needed[1:]

    def of(body: Graph, given: list[int]) -> list[Any]:
        found = zeros_where(wanted, inputs)
        parts = pull_back(body, [inputs[i] for i in given], cotangents, [wanted[i] for i in given])
        for i, part in zip(given, parts, strict=True):
            found[i] = part
        return found

    of_true, of_false = _parts(inputs, operands, true_captures)
    return [None, *cond(pred, lambda: of(true, of_true), lambda: of(false, of_false))]


def _forward_rule(
    t: Any, y: Any, pred: Any, *inputs: Any, true: Graph, false: Graph, operands: int, true_captures: int
) -> list[Any]:
    """The tangents of the chosen body's results."""

    def of(body: Graph, given: list[int]) -> list[Any]:
        return push_forward(body, [inputs[i] for i in given], [t[i + 1] for i in given])[1]

    of_true, of_false = _parts(inputs, operands, true_captures)
    return list(cond(pred, lambda: of(true, of_true), lambda: of(false, of_false)))


def _series_rule(
    c: Any,
    indices: Any,
    pred: Any,
    *inputs: Any,
    true: Graph,
    false: Graph,
    operands: int,
    true_captures: int,
) -> list[Any]:
    """The coefficients of the chosen body's results."""

    def of(body: Graph, given: list[int]) -> Any:
        return expanded(body, [inputs[i] for i in given], [c[i + 1] for i in given], indices)[1]

    of_true, of_false = _parts(inputs, operands, true_captures)
    return list(cond(pred, lambda: of(true, of_true), lambda: of(false, of_false)))


cond_op = Op(
    name="cond",
    family="control",
    args=("p", "x"),
    formula=r"\begin{cases} f(x) & p \\ g(x) & \text{otherwise} \end{cases}",
    shape=_cond_shape,
    dtype=any_types(lambda found, params: [y.dtype for y in params["true"].outputs]),
    numpy=_cond_numpy,
    derivative=BodyRule(reverse=_reverse_rule, forward=_forward_rule, series=_series_rule),
    cost=lambda inputs, output, params: max(params["true"].flops, params["false"].flops),
    outputs=0,
    variadic=True,
)
