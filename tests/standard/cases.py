"""For every function of the standard, how to draw a call of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .strategies import (
    ALL,
    BOOL,
    COMPLEX,
    FILLED_SHAPES,
    FLOATS,
    INEXACT,
    INTEGERS,
    NUMBERS,
    REALS,
    SHAPES,
    Call,
    arrays,
    axes,
    pairs,
)

CASES: dict[str, Any] = {}


def case(*names: str) -> Any:
    """Register a way to draw calls under the names of functions."""

    def register(drawn: Any) -> Any:
        for name in names:
            assert name not in CASES
            CASES[name] = drawn() if callable(drawn) else drawn
        return drawn

    return register


def unary(types: tuple[str, ...], **options: Any) -> Any:
    return arrays(types, **options).map(lambda x: Call((x,)))


def binary(types: tuple[str, ...], **options: Any) -> Any:
    return pairs(types, **options).map(Call)


case(
    *("acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "expm1"),
    *("log", "log1p", "log2", "log10", "sin", "sinh", "sqrt", "tan", "tanh", "reciprocal"),
)(unary(INEXACT, low=-10, high=10))
case("abs", "negative", "positive", "square", "isfinite", "isinf", "isnan")(unary(NUMBERS))
# The reference divides by |z|, which overflows for the smallest complex numbers.
case("sign")(unary(REALS) | unary(COMPLEX, special=False))
case("ceil", "floor", "trunc")(unary(REALS))
case("round")(unary(NUMBERS))
case("signbit")(unary(FLOATS))
case("real", "imag")(unary(COMPLEX))
case("conj")(unary(NUMBERS))
case("bitwise_invert")(unary(BOOL + INTEGERS))
case("logical_not")(unary(BOOL))

case("add", "subtract", "multiply")(binary(NUMBERS))
case("divide")(binary(INEXACT, low=0.5, special=False) | binary(FLOATS))
case("floor_divide", "remainder")(binary(FLOATS) | binary(INTEGERS, low=1))
case("pow")(binary(FLOATS, low=-4, high=4) | binary(INTEGERS, low=0, high=5) | binary(COMPLEX, low=1, high=4))
case("maximum", "minimum", "less", "less_equal", "greater", "greater_equal")(binary(REALS))
case("equal", "not_equal")(binary(ALL))
case("atan2", "hypot", "copysign", "logaddexp")(binary(FLOATS))
case("bitwise_and", "bitwise_or", "bitwise_xor")(binary(BOOL + INTEGERS))
case("bitwise_left_shift", "bitwise_right_shift")(binary(INTEGERS, low=0, high=7))
case("logical_and", "logical_or", "logical_xor")(binary(BOOL))


@case("nextafter")
@st.composite
def same_floats(draw: Any) -> Call:
    dtype = draw(st.sampled_from(FLOATS))
    return Call(draw(pairs((dtype,))))


@case("clip")
@st.composite
def clipped(draw: Any) -> Call:
    x = draw(arrays(REALS, special=False))
    low, high = sorted(draw(st.lists(st.integers(0, 9), min_size=2, max_size=2)))
    return Call((x,), draw(st.sampled_from([{"min": low, "max": high}, {"min": low}, {"max": high}, {}])))


@case("sum", "prod")
@st.composite
def summed(draw: Any) -> Call:
    x = draw(arrays(NUMBERS, special=False, low=-3, high=3))
    return Call((x,), {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans()), **draw(result_types(x))})


def result_types(x: np.ndarray) -> Any:
    wide = {"i": "int64", "u": "uint64", "f": "float64", "c": "complex128"}[x.dtype.kind]
    return st.sampled_from([{}, {"dtype": np.dtype(wide)}])


@case("max", "min")
@st.composite
def extremes(draw: Any) -> Call:
    x = draw(arrays(REALS, FILLED_SHAPES))
    return Call((x,), {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())})


@case("mean")
@st.composite
def averaged(draw: Any) -> Call:
    x = draw(arrays(INEXACT, FILLED_SHAPES, special=False))
    return Call((x,), {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())})


@case("std", "var")
@st.composite
def spread(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4)
    x = draw(arrays(FLOATS, shape, special=False, low=-10, high=10))
    options = {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())}
    return Call((x,), {**options, "correction": draw(st.sampled_from([0.0, 1.0, 0.5]))})


@case("all", "any", "count_nonzero")
@st.composite
def counted(draw: Any) -> Call:
    x = draw(arrays(ALL, low=-1, high=1))
    return Call((x,), {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())})


@case("argmax", "argmin")
@st.composite
def places(draw: Any) -> Call:
    x = draw(arrays(REALS, FILLED_SHAPES, special=False))
    return Call((x,), {"axis": draw(axes(x.ndim, several=False)), "keepdims": draw(st.booleans())})


@case("cumulative_sum", "cumulative_prod")
@st.composite
def running(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)
    x = draw(arrays(NUMBERS, shape, special=False, low=-3, high=3))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    return Call((x,), {"axis": axis, "include_initial": draw(st.booleans()), **draw(result_types(x))})


@case("diff")
@st.composite
def differences(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
    x = draw(arrays(NUMBERS, shape, special=False))
    return Call((x,), {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "n": draw(st.integers(0, 2))})


@case("broadcast_to")
@st.composite
def stretched(draw: Any) -> Call:
    base = draw(SHAPES)
    shapes = draw(
        hnp.mutually_broadcastable_shapes(num_shapes=1, base_shape=base, max_dims=len(base), min_side=0)
    )
    return Call((draw(arrays(ALL, shapes.input_shapes[0])), shapes.result_shape))


@case("broadcast_arrays")
@st.composite
def several(draw: Any) -> Call:
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4))
    return Call(tuple(draw(arrays(ALL, shape)) for shape in shapes.input_shapes))


@case("broadcast_shapes")
@st.composite
def shapes_alone(draw: Any) -> Call:
    return Call(draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3)).input_shapes)


@case("concat")
@st.composite
def joined(draw: Any) -> Call:
    shape = list(draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    dtype = draw(st.sampled_from(ALL))
    parts = []
    for extent in draw(st.lists(st.integers(0, 3), min_size=1, max_size=3)):
        shape[axis] = extent
        parts.append(draw(arrays((dtype,), tuple(shape))))
    return Call((parts,), {"axis": axis if draw(st.booleans()) else None})


@case("stack")
@st.composite
def stacked(draw: Any) -> Call:
    x = draw(arrays())
    return Call(([x, x[...]],), {"axis": draw(st.integers(-x.ndim - 1, x.ndim))})


@case("expand_dims")
@st.composite
def expanded(draw: Any) -> Call:
    x = draw(arrays())
    return Call((x,), {"axis": draw(st.integers(-x.ndim - 1, x.ndim))})


@case("squeeze")
@st.composite
def squeezed(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=2)))
    ones = [i - draw(st.sampled_from([0, x.ndim])) for i, n in enumerate(x.shape) if n == 1]
    return Call((x,), {"axis": tuple(ones)})


@case("flip")
@st.composite
def flipped(draw: Any) -> Call:
    x = draw(arrays())
    return Call((x,), {"axis": draw(axes(x.ndim))})


@case("moveaxis")
@st.composite
def moved(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)))
    order = draw(st.permutations(range(x.ndim)))
    count = draw(st.integers(1, x.ndim))
    one = (int(order[0]), draw(st.integers(-x.ndim, x.ndim - 1)))
    many = (tuple(order[:count]), tuple(draw(st.permutations(range(x.ndim)))[:count]))
    return Call((x, *draw(st.sampled_from([one, many]))))


@case("permute_dims")
@st.composite
def permuted(draw: Any) -> Call:
    x = draw(arrays())
    return Call((x, tuple(draw(st.permutations(range(x.ndim))))))


@case("repeat")
@st.composite
def repeated(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    counts = st.lists(st.integers(0, 3), min_size=x.shape[axis], max_size=x.shape[axis])
    repeats = draw(st.integers(0, 3) | counts.map(lambda n: np.array(n, np.int64)))
    return Call((x, repeats), {"axis": axis})


@case("reshape")
@st.composite
def reshaped(draw: Any) -> Call:
    x = draw(arrays())
    shape = list(draw(st.permutations([*x.shape, 1])))
    if x.size and draw(st.booleans()):
        shape[draw(st.integers(0, len(shape) - 1))] = -1
    return Call((x, tuple(shape)))


@case("roll")
@st.composite
def rolled(draw: Any) -> Call:
    x = draw(arrays())
    axis = draw(axes(x.ndim))
    shift = st.integers(-5, 5)
    if isinstance(axis, tuple):
        shift = st.lists(shift, min_size=len(axis), max_size=len(axis)).map(tuple)
    return Call((x, draw(shift)), {"axis": axis})


@case("tile")
@st.composite
def tiled(draw: Any) -> Call:
    x = draw(arrays())
    return Call((x, tuple(draw(st.lists(st.integers(0, 2), min_size=1, max_size=4)))))


@case("unstack")
@st.composite
def unstacked(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)))
    return Call((x,), {"axis": draw(st.integers(-x.ndim, x.ndim - 1))})


@case("nonzero")
@st.composite
def nonzeros(draw: Any) -> Call:
    return Call((draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0), low=-1, high=1)),))


@case("searchsorted")
@st.composite
def searched(draw: Any) -> Call:
    dtype = draw(st.sampled_from(REALS))
    x = np.asarray(
        draw(arrays((dtype,), st.integers(0, 6).map(lambda n: (n,)), special=False, low=0, high=9))
    )
    sorter = np.argsort(x).astype(np.int64)
    values = draw(arrays((dtype,), special=False, low=0, high=9))
    first, options = (x, {"sorter": sorter}) if draw(st.booleans()) else (np.sort(x), {})
    return Call((first, values), {"side": draw(st.sampled_from(["left", "right"])), **options})


@case("where")
@st.composite
def chosen(draw: Any) -> Call:
    dtype = draw(st.sampled_from(ALL))
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4)).input_shapes
    return Call(tuple(draw(arrays((t,), s)) for t, s in zip(("bool", dtype, dtype), shapes, strict=True)))


@case("unique_all", "unique_counts", "unique_inverse", "unique_values")
@st.composite
def distinct(draw: Any) -> Call:
    return Call((draw(arrays(REALS + BOOL, special=False, low=0, high=4)),))


@case("isin")
@st.composite
def members(draw: Any) -> Call:
    dtype = draw(st.sampled_from(INTEGERS))
    x, y = (draw(arrays((dtype,), low=0, high=6)) for _ in range(2))
    # array-api-strict 2.6.1 forgets invert=True; tests/numpy_names tries it.
    return Call((x, y), {"invert": False})


@case("argsort", "sort")
@st.composite
def ordered(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6)
    x = draw(arrays(REALS, shape, special=False, low=0, high=5))
    return Call((x,), {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "descending": draw(st.booleans())})


@case("take")
@st.composite
def taken(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    index = st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), max_size=5)
    return Call((x, np.array(draw(index), np.int64)), {"axis": axis})


@case("take_along_axis")
@st.composite
def taken_along(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    places = hnp.arrays(np.int64, x.shape, elements=st.integers(-x.shape[axis], x.shape[axis] - 1))
    return Call((x, draw(places)), {"axis": axis})


@case("meshgrid")
@st.composite
def grids(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    lines = st.integers(0, 3).map(lambda n: (n,))
    count = draw(st.integers(1, 3))
    parts = tuple(draw(arrays((dtype,), lines)) for _ in range(count))
    return Call(parts, {"indexing": draw(st.sampled_from(["xy", "ij"]))})


@case("tril", "triu")
@st.composite
def triangles(draw: Any) -> Call:
    x = draw(arrays(ALL, hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4)))
    return Call((x,), {"k": draw(st.integers(-4, 4))})


@case("matrix_transpose", "linalg.matrix_transpose")
@st.composite
def matrices(draw: Any) -> Call:
    return Call((draw(arrays(ALL, hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4))),))
