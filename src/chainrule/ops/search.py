"""Searching in sorted sequences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.derivative import Zero
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import Domain, Integers, sample
from chainrule.core.spec import Shape
from chainrule.dtypes import int64
from chainrule.errors import error
from chainrule.ops import messages_index, shapes  # noqa: F401  (registers the messages used here)


class _Rising(Domain):
    """Numbers in rising order."""

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """As of the interval, sorted."""
        return np.sort(super().draw(rng, shape))


def _shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    a, v = found
    if len(a) != 1:
        raise error("index.search_axes", got=len(a), shapes={"a": a, "v": v})
    return v


searchsorted = Op(
    name="searchsorted",
    family="index",
    args=("a", "v"),
    formula=r"\left| \{ j : a_{j} < v \} \right|",
    shape=_shape,
    dtype=DTypeRule("biuf", output=int64),
    numpy=lambda a, v, side: np.searchsorted(a, v, side=side),
    derivative=Zero(),
    domain=(_Rising(), Domain()),
    samples=(
        sample((5,), (2, 3), side="left"),
        sample((1,), (4,), side="right"),
        sample((0,), (2,), side="left"),
        sample((4,), (), side="right"),
        sample((6,), (0, 2), side="left", domains=(_Rising(), Integers(-2, 3, dtype="float64"))),
    ),
    cost=lambda inputs, output, params: shapes.size(output) * math.ceil(math.log2(inputs[0][0] + 2)),
)
