r"""The discrete Fourier transform: one row for every number of axes and both directions.

.. math:: y_k = \sum_j x_j\, e^{\mp 2 \pi i\, j k / n}

It is not normalised, so that its adjoint is the transform in the other direction. All else (real
transforms, lengths, norms) is made of it in `chainrule.fft`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.core.derivative import Linear
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops import messages_index, shapes  # noqa: F401  (registers the messages used here)

_FLOPS_PER_BUTTERFLY = 5


def _shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    (shape,) = found
    for axis in params["axes"]:
        if shape[axis] == 0:
            raise error("index.fft_empty", axis=axis, shapes={"x": shape})
    return shape


def _fft(x: np.ndarray, axes: tuple[int, ...], inverse: bool) -> np.ndarray:
    return np.fft.ifftn(x, axes=axes, norm="forward") if inverse else np.fft.fftn(x, axes=axes)


def _cost(inputs: tuple[Shape, ...], output: Shape, params: dict[str, Any]) -> int:
    """The usual count, 5 n log₂ n."""
    points = shapes.size(tuple(output[a] for a in params["axes"]))
    return _FLOPS_PER_BUTTERFLY * shapes.size(output) * math.ceil(math.log2(max(points, 2)))


fft: Op = Op(
    name="fft",
    family="fft",
    args=("x",),
    formula=r"\sum_{j} x_{j} \, e^{\mp 2 \pi i \, j k / n}",
    shape=_shape,
    dtype=DTypeRule("c"),
    numpy=_fft,
    derivative=Linear(lambda g, x, axes, inverse: fft(g, axes=axes, inverse=not inverse)),
    domain=(COMPLEX,),
    samples=(
        sample((5,), axes=(0,), inverse=False),
        sample((2, 6), axes=(1,), inverse=True),
        sample((3, 1, 4), axes=(0, 2), inverse=False),
        sample((0, 3), axes=(1,), inverse=True),
    ),
    cost=_cost,
)
