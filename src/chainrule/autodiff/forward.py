r"""Forward mode: dual numbers.

One `Level` of the interpreter stack per running `jvp`. A tensor may carry a tangent for each
level, :math:`x + \dot{x}\,ε_i`; levels do not mix, so `jvp` nests to any depth and with reverse
mode in either order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.core.derivative import Call
from chainrule.core.interpreter import Interpreter, Value, on_behalf_of, run, state, using_layers
from chainrule.core.op import Op
from chainrule.dtypes import is_float
from chainrule.errors import user_line


def _moved(call: Call, tangents: Sequence[Any], level: int) -> Sequence[Any]:
    """Tangents of the results, by the row's forward rule on the layers below a level."""
    line = state.line or (user_line() if state.wants_lines else "")
    below = state.layers[:level]
    with using_layers(below), on_behalf_of((*state.scopes, f"∂{call.op.name}"), line):
        moved = call.op.derivative.jvp(call, tangents)
    parts = moved if isinstance(call.result, tuple) else (moved,)
    for layer in below:
        layer.on_tangent(call, tangents, parts)
    return parts


class Level(Interpreter):
    """The layer that carries the tangents of one `jvp`."""

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Run below, then apply the forward rule to the tangents, on the layers below too."""
        tangents = [self.tangent(x) for x in inputs]
        result = run(op, inputs, params, level - 1)
        reaches = op.derivative.reaches
        tangents = [t if reaches(i) else None for i, t in enumerate(tangents)]
        if any(t is not None for t in tangents):
            call = Call(op, inputs, params, result)
            self._attach(result, _moved(call, tangents, level))
        return result

    def _attach(self, result: Any, moved: Sequence[Any]) -> None:
        results = result if isinstance(result, tuple) else (result,)
        for value, tangent in zip(results, moved, strict=True):
            if tangent is not None and is_float(value.dtype):
                self.set_tangent(value, tangent)

    def tangent(self, x: Value) -> Any:
        """The tangent that a tensor carries for this level, or None for zero."""
        return None if x.duals is None else x.duals.get(self)

    def set_tangent(self, x: Value, tangent: Any) -> None:
        """Give a tensor, and the tape's memory of it, a tangent."""
        if x.duals is None:
            x.duals = {}
            if x.entry is not None and not x.entry.is_leaf:
                x.entry.duals[x.slot] = x.duals
        x.duals[self] = tangent
