"""Reductions: folds along axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.compiler.loops.expr import Apply, Constant, Expr
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.lowering import Lowering, rule
from chainrule.core.spec import Shape
from chainrule.dtypes import DType, computed_in
from chainrule.graph import Node
from chainrule.ops.pointwise import cast

_COMBINE = {"sum": "add", "prod": "multiply", "max": "maximum", "min": "minimum", "any": "or", "all": "and"}
_EMPTY = {"sum": 0, "prod": 1, "any": False, "all": True}


@rule(*_COMBINE)
def reduction(lowering: Lowering, node: Node, x: Expr, axis: Shape, keepdims: bool) -> Expr:
    """A fold of the elements, in the type in which the row computes."""
    old, (result,) = node.inputs[0].shape, node.outputs
    dtype = computed_in(result.dtype)
    if 0 in old:
        return Constant(np.asarray(_EMPTY.get(node.op.name, 0)).astype(result.dtype)[()], result.dtype)
    found: Expr = converted(x, dtype)
    if axis:
        found = lowering.define(found, old, combine=_COMBINE[node.op.name], folded=axis)
    found = converted(found, result.dtype)
    if not keepdims:
        return found
    kept = [a for a in range(len(old)) if a not in axis]
    places = [Form(0, tuple(int(i == a) for i in range(len(old)))) for a in kept]
    return lowering.substituted(found, places, len(old))


def converted(x: Expr, dtype: DType) -> Expr:
    """An element in another type."""
    params: dict[str, Any] = {"dtype": dtype}
    return x if x.dtype == dtype else Apply(cast, (x,), params, dtype)
