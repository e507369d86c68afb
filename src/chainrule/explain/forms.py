"""Formulas that depend on an operation's parameters, where the row's own says too little."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.core.op import Op
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import kind
from chainrule.explain.formula import (
    Atom,
    Node,
    Row,
    Script,
    fitted,
    number,
    parse,
    row,
    substitute,
    symbol,
    word,
)
from chainrule.explain.formula.levels import Level
from chainrule.explain.products import product

Params = Mapping[str, Any]


def formula_of(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    """The formula of one call, with the operands in place of the row's letters.

    Parameters
    ----------
    op : Op
        The operation.
    params : mapping
        Its parameters.
    operands : sequence of Node
        What stands for each argument.
    specs : sequence of Spec
        Shape and type of each argument.
    """
    form = FORMS.get(op.name) or _BY_FAMILY.get(op.family, _as_stated)
    return form(op, params, operands, specs)


def brief_formula_of(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    """As `formula_of`, with the bookkeeping of shapes and types left out."""
    if op.name == "cast" and 0 < kind(specs[0].dtype) <= kind(np.dtype(params["dtype"])):
        return operands[0]
    if op.name == "reshape" and _is_turned(specs[0].shape, params["shape"]):
        return _with_new_axes(operands[0], params["shape"])
    if op.name == "reshape" or (op.name == "transpose" and len(specs[0].shape) > 2):
        return operands[0]
    if op.family == "window":
        return call(op.name, *operands)
    return formula_of(op, params, operands, specs)


def _is_turned(before: Shape, after: Shape) -> bool:
    """Whether new axes stand behind the old ones, so that elements meet others than by broadcasting."""
    is_widened = bool(before) and 1 not in before and before == tuple(n for n in after if n != 1)
    return is_widened and after[-1] == 1


def _with_new_axes(x: Node, shape: Shape) -> Node:
    """``x[:, None]``."""
    places = [word("None") if n == 1 else word(":") for n in shape]
    return row(fitted(x, Level.ATOM), "[", _list(places), "]")


def call(name: str, *arguments: Node) -> Node:
    """``name(a, b, …)``."""
    return row(word(name), "(", _list(arguments), ")")


def along(axes: Sequence[int]) -> Node:
    """``axis 0, 1``, to stand below a sum sign."""
    return row(word("axis"), r"\,", _numbers(axes))


def _list(items: Sequence[Node]) -> Node:
    separated: list[Node] = [part for item in items for part in (symbol(","), item)]
    return row(*separated[1:]) if separated else Row(())


def _numbers(values: Sequence[int]) -> Node:
    return _list([number(n) for n in values])


def _as_stated(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return substitute(parse(op.formula), dict(zip(op.arg_names(len(operands)), operands, strict=True)))


def _reduction(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    """With the axes in place of the word; without it where all are reduced."""
    stated = _as_stated(op, params, operands, specs)
    sign, *rest = stated.items if isinstance(stated, Row) else (stated,)
    if not isinstance(sign, Script):
        return stated
    is_all = len(params["axis"]) == len(specs[0].shape)
    return row(sign.base if is_all else Script(sign.base, along(params["axis"])), *rest)


def _custom(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return call(op.name.strip("<>"), *operands)


def _contract(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return product(params["spec"], *operands)


def _slice(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    bounds = zip(params["start"], params["stop"], params["step"], specs[0].shape, strict=True)
    places = _list([_range(*of_axis) for of_axis in bounds])
    return row(fitted(operands[0], Level.ATOM), "[", places, "]")


def _range(start: int, stop: int, step: int, extent: int) -> Node:
    """``start:stop:step`` as a user would write it."""
    if stop == start + 1:
        return row(number(start), ":", number(stop))
    if (start, stop, step) == (0, extent, 1):
        return word(":")
    parts: list[Node | str] = [number(start)] if start else []
    parts += [":", *([number(stop)] if stop < extent else [])]
    parts += [":", number(step)] if step != 1 else []
    return row(*parts)


def _transpose(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    (x,), turned = operands, Atom("letter", "T")
    if tuple(params["axes"]) == (1, 0):
        if isinstance(x, Script) and x.above == turned:
            return x.base
        return Script(fitted(x, Level.ATOM), above=turned)
    return call("transpose", operands[0], row("(", _numbers(params["axes"]), ")"))


def _reshape(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return call("reshape", operands[0], row("(", _numbers(params["shape"]), ")"))


def _cast(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    if specs[0].dtype.kind == "b" and _is_float(params["dtype"]):
        return row("[", operands[0], "]")
    return call(str(params["dtype"]), operands[0])


def _is_float(dtype: Any) -> bool:
    return str(dtype).startswith("float")


def _gather(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return Script(fitted(operands[0], Level.ATOM), _list(operands[1:]))


def _scatter_add(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return row(Script(word("scatter"), _list(operands[1:])), "(", operands[0], ")")


def _scatter_into(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    x, u, *indices = operands
    return row(Script(word(op.name.removeprefix("scatter_")), _list(indices)), "(", _list([x, u]), ")")


def _concatenate(op: Op, params: Params, operands: Sequence[Node], specs: Sequence[Spec]) -> Node:
    return row("[", _list(operands), "]")


FORMS: dict[str, Callable[[Op, Params, Sequence[Node], Sequence[Spec]], Node]] = {
    "contract": _contract,
    "slice": _slice,
    "transpose": _transpose,
    "reshape": _reshape,
    "cast": _cast,
    "gather": _gather,
    "scatter_add": _scatter_add,
    **dict.fromkeys(("scatter_set", "scatter_min", "scatter_max", "scatter_mul"), _scatter_into),
    "concatenate": _concatenate,
    **dict.fromkeys(("scan", "cond", "while_loop"), _custom),
}
_BY_FAMILY = {"reduce": _reduction, "custom": _custom}
