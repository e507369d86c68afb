"""Indexing by tensors: reading at computed places, and adding there.

The two rows are each other's transpose. Writing into a given tensor is in `chainrule.ops.scatter`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.derivative import Linear
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, REALS, Integers, sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops import shapes

_MOST_AXES = 64


def index_shape(op: Op, found: tuple[Shape, ...], before: int = 1) -> Shape:
    """The common shape of the index tensors, which stand after ``before`` other arguments."""
    named = dict(zip(op.arg_names(len(found))[before:], found[before:], strict=True))
    return shapes.broadcast_named(op.name, named)


def _gather_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    rest = tuple(n for i, n in enumerate(found[0]) if i not in params["axes"])
    return index_shape(op, found) + rest


def checked(
    op: str, indices: tuple[np.ndarray, ...], axes: tuple[int, ...], shape: Shape
) -> tuple[np.ndarray, ...]:
    """The indices, none of them out of range; as in NumPy, nothing is read where one is empty."""
    if not all(index.size for index in indices):
        return indices
    for index, axis in zip(indices, axes, strict=True):
        extent = shape[axis]
        if index.min() < -extent or index.max() >= extent:
            outside = index[(index < -extent) | (index >= extent)].flat[0]
            values = {"low": -extent, "high": extent - 1, "extent": extent, "axis": axis}
            named = {"x": shape, "index": index.shape}
            raise error("ops.index_range", op=op, index=outside, **values, shapes=named)
    return indices


def _gather(x: np.ndarray, *indices: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    checked("gather", indices, axes, x.shape)
    picked: np.ndarray = np.moveaxis(x, axes, range(len(axes)))[indices]
    return picked


gather = Op(
    name="gather",
    family="index",
    args=("x", "i"),
    formula="x_{i}",
    shape=_gather_shape,
    dtype=DTypeRule("biufc", separate=range(1, _MOST_AXES), stores=True),
    numpy=_gather,
    derivative=Linear(lambda g, x, *i, axes: scatter_add(g, *i, axes=axes, shape=x.shape)),
    samples=(
        sample((5, 3), (4,), domains=(REALS, Integers(-5, 5)), axes=(0,)),
        sample((3, 4, 2), (2, 3), domains=(REALS, Integers(0, 4)), axes=(1,)),
        sample((3, 4), (2, 1), (3,), domains=(REALS, Integers(0, 3), Integers(0, 4)), axes=(0, 1)),
        sample((3, 0), (1,), domains=(REALS, Integers(0, 3)), axes=(0,)),
        sample((3, 2), (0,), domains=(REALS, Integers(0, 3)), axes=(0,)),
        sample((4, 3), (2,), domains=(COMPLEX, Integers(0, 3)), axes=(1,)),
        sample((2, 3), axes=()),
    ),
    cost=lambda inputs, output, params: 0,
    variadic=True,
)


def _scatter_shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    shape, axes = params["shape"], params["axes"]
    rest = tuple(n for i, n in enumerate(shape) if i not in axes)
    expected = index_shape(op, found) + rest
    if expected != found[0]:
        named = dict(zip(op.arg_names(len(found)), found, strict=True))
        raise error("ops.scatter", expected=expected, got=found[0], shapes={**named, "result": tuple(shape)})
    return tuple(shape)


def _scatter_add(x: np.ndarray, *indices: np.ndarray, axes: tuple[int, ...], shape: Shape) -> np.ndarray:
    result = np.zeros(shape, x.dtype)
    checked("scatter_add", indices, axes, shape)
    np.add.at(np.moveaxis(result, axes, range(len(axes))), indices, x)
    return result


scatter_add: Op = Op(
    name="scatter_add",
    family="index",
    args=("x", "i"),
    formula=r"\sum_{j : i_j = p} x_{j}",
    shape=_scatter_shape,
    dtype=DTypeRule("biufc", separate=range(1, _MOST_AXES)),
    numpy=_scatter_add,
    derivative=Linear(lambda g, x, *i, axes, shape: gather(g, *i, axes=axes)),
    samples=(
        sample((4, 3), (4,), domains=(REALS, Integers(-5, 5)), axes=(0,), shape=(5, 3)),
        sample((2, 3, 3, 2), (2, 3), domains=(REALS, Integers(0, 4)), axes=(1,), shape=(3, 4, 2)),
        sample(
            (2, 3), (2, 1), (3,), domains=(REALS, Integers(0, 3), Integers(0, 4)), axes=(0, 1), shape=(3, 4)
        ),
        sample((0, 2), (0,), domains=(REALS, Integers(0, 3)), axes=(0,), shape=(3, 2)),
        sample((3, 2), (3,), domains=(COMPLEX, Integers(0, 4)), axes=(0,), shape=(4, 2)),
    ),
    cost=lambda inputs, output, params: shapes.size(inputs[0]),
    variadic=True,
)
