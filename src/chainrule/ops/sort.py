"""Sorting: the order of the elements along an axis, as places to gather from."""

from __future__ import annotations

import math

import numpy as np

from chainrule.core.derivative import Zero
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, Distinct, Integers, sample
from chainrule.dtypes import int64
from chainrule.ops import shapes


def _argsort(x: np.ndarray, axis: int, descending: bool) -> np.ndarray:
    return np.argsort(_reversed(x) if descending else x, axis=axis, kind="stable")


def _reversed(x: np.ndarray) -> np.ndarray:
    """Numbers in the opposite order: NaN stays the last, and the smallest integer does not overflow."""
    return ~x if x.dtype.kind in "biu" else -x


argsort = Op(
    name="argsort",
    family="index",
    args=("x",),
    formula=r"\operatorname{argsort}(x)",
    shape=shapes.same,
    dtype=DTypeRule("biufc", output=int64),
    numpy=_argsort,
    derivative=Zero(),
    domain=(Distinct(),),
    samples=(
        sample((5, 3), axis=0, descending=False),
        sample((2, 1, 4), axis=2, descending=True),
        sample((2, 0), axis=1, descending=False),
        sample((3, 4), axis=1, descending=True, domains=(Integers(0, 2, dtype="bool"),)),
        sample((4, 2), axis=0, descending=True, domains=(COMPLEX,)),
    ),
    cost=lambda inputs, output, params: (
        shapes.size(output) * math.ceil(math.log2(max(shapes.size(output), 2)))
    ),
)
