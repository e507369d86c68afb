"""The derivative of a pooling behind a ReLU: what a window's largest element says of all its elements."""

from __future__ import annotations

from typing import Any

from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import example, rewrites
from chainrule.ops.pointwise import greater, where
from chainrule.ops.window import max_pool, pool_tap, pool_write

_HALVES: dict[str, Any] = {
    "window": (2, 2),
    "stride": (2, 2),
    "padding": ((0, 0), (0, 0)),
    "dilation": (1, 1),
    "input_dilation": (1, 1),
}


def _backward(x: Any, g: Any, sign: float = 0.0, has_maximum: bool = True) -> Any:
    above = greater(x, sign)
    y = where(above, x, 0.0)
    dy = pool_write(g, pool_tap(y, **_HALVES), space=x.shape[2:], **_HALVES)
    dx = where(above, dy, 0.0)
    return [max_pool(y, **_HALVES), dx] if has_maximum else dx


@rewrites(
    "relu behind a pooling",
    r"[x > 0] \cdot \mathrm{write}(g, t) = \mathrm{write}([\max\nolimits_{k} y > 0] \cdot g, t),"
    r" \quad y = [x > 0] \cdot x, \; t = \operatorname{arg\,max}_{k} y",
    "where",
    examples=(
        example(_backward, "f32[2, 3, 4, 6]", "f32[2, 3, 2, 3]"),
        example(_backward, "f32[2, 3, 5, 7]", "f32[2, 3, 2, 3]"),
    ),
    refusals=(
        example(lambda x, g: _backward(x, g, sign=-1.0), "f32[2, 3, 4, 6]", "f32[2, 3, 2, 3]"),
        example(lambda x, g: _backward(x, g, has_maximum=False), "f32[2, 3, 4, 6]", "f32[2, 3, 2, 3]"),
    ),
)
def relu_behind_pooling(here: Here) -> Any:
    """The ReLU's derivative on windows, where the graph has their largest elements: a part of the elements.

    A window passes its number on to its largest element. If that is positive, so is what the ReLU was given
    there; if not, every element of the window was cut off.
    """
    above, written, zero = here.inputs
    write = here.made_by(written, "pool_write")
    if write is None or here.value(zero) != 0 or here.uses(written) > 1:
        return None
    g, tap = write.inputs
    search = here.made_by(tap, "pool_tap")
    if search is None or not _is_relu(here, search.x, above):
        return None
    for user in here.users(search.x):
        if user.name == "max_pool" and user.params == search.params:
            return write.again(where(greater(user.y, 0.0), g, 0.0), tap)
    return None


def _is_relu(here: Here, y: Any, above: Any) -> bool:
    """Whether a tensor is another where that is above zero, as a condition says, and zero elsewhere."""
    relu, condition = here.made_by(y, "where"), here.made_by(above, "greater")
    if relu is None or condition is None or here.value(condition.inputs[1]) != 0:
        return False
    return (
        relu.inputs[0].data is above.data
        and relu.inputs[1].data is condition.x.data
        and here.value(relu.inputs[2]) == 0
    )
