"""As `cases`: moving elements, products, making arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ..standard.cases_linear import random_matrix, rectangle, square
from ..standard.strategies import ALL, FILLED_SHAPES, FLOATS, INEXACT, NUMBERS, REALS, Call, arrays, axes
from .cases import LINES, MATRICES, SMALL, SOLID, case, one

case("ravel", "atleast_1d", "atleast_2d", "atleast_3d")(
    one(ALL, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
case("fliplr", "flipud")(one(ALL, MATRICES))
case("diagflat")(st.builds(lambda x, k: Call((x,), {"k": k}), arrays(ALL, LINES), st.integers(-2, 2)))
case("diag")(
    st.builds(
        lambda x, k: Call((x,), {"k": k}),
        arrays(ALL, hnp.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=4)),
        st.integers(-2, 2),
    )
)


@case("diagonal", "trace")
@st.composite
def diagonals(draw: Any) -> Call:
    x = draw(arrays(NUMBERS, MATRICES, **SMALL))
    first, second = draw(st.permutations(range(x.ndim)))[:2]
    return Call((x,), {"offset": draw(st.integers(-2, 2)), "axis1": first, "axis2": second - x.ndim})


@case("transpose", "permute_dims")
@st.composite
def permuted(draw: Any) -> Call:
    x = draw(arrays())
    order = tuple(draw(st.permutations(range(x.ndim))))
    return draw(st.sampled_from([Call((x, order)), Call((x,), {"axes": order})]))


@case("swapaxes")
@st.composite
def swapped(draw: Any) -> Call:
    x = draw(arrays(ALL, SOLID))
    place = st.integers(-x.ndim, x.ndim - 1)
    return Call((x, draw(place), draw(place)))


@case("rot90")
@st.composite
def turned(draw: Any) -> Call:
    x = draw(arrays(ALL, MATRICES))
    plane = tuple(draw(st.permutations(range(x.ndim)))[:2])
    return Call((x,), {"k": draw(st.integers(-5, 5)), "axes": plane})


def alike(shape: Any) -> Any:
    """Two arrays of one shape that become one."""
    return shape.flatmap(
        lambda s: st.tuples(arrays(REALS, s), arrays(FLOATS, s)).map(lambda xs: Call((list(xs),)))
    )


case("vstack", "hstack", "dstack", "column_stack")(
    alike(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
)


@case("append")
@st.composite
def appended(draw: Any) -> Call:
    x, axis = draw(arrays(FLOATS, SOLID)), draw(st.sampled_from([None, 0, -1]))
    return Call((x, draw(arrays((str(x.dtype),), x.shape))), {"axis": axis})


@case("split")
@st.composite
def split(draw: Any) -> Call:
    parts = draw(st.integers(1, 3))
    x = draw(arrays(ALL, (2, 3 * parts)))
    return Call((x, draw(st.sampled_from([parts, [1, 3]]))), {"axis": 1})


@case("array_split")
@st.composite
def uneven(draw: Any) -> Call:
    x = draw(arrays(ALL, SOLID))
    return Call(
        (x, draw(st.integers(1, 5) | st.just([0, 1]))), {"axis": draw(st.integers(-x.ndim, x.ndim - 1))}
    )


case("hsplit", "vsplit", "dsplit")(arrays(ALL, (4, 2, 6)).map(lambda x: Call((x, 2))))

PAD_MODES = ("constant", "edge", "reflect", "symmetric", "wrap")


@case("pad")
@st.composite
def padded(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=2, min_side=3, max_side=5)
    x = draw(arrays(NUMBERS, shape))
    widths = st.tuples(st.integers(0, 2), st.integers(0, 2))
    width = draw(st.integers(0, 2) | st.lists(widths, min_size=x.ndim, max_size=x.ndim))
    value = {"constant_values": draw(st.integers(0, 3))} if draw(st.booleans()) else {}
    return draw(st.sampled_from([Call((x, width, mode)) for mode in PAD_MODES] + [Call((x, width), value)]))


@case("repeat")
@st.composite
def repeated(draw: Any) -> Call:
    x = draw(arrays(ALL, SOLID))
    axis = draw(axes(x.ndim, several=False))
    return Call((x, draw(st.integers(0, 3))), {"axis": axis})


def of_one_type(*shapes: tuple[int, ...]) -> Any:
    """Arrays of given shapes and one type."""
    return st.sampled_from(NUMBERS).flatmap(lambda t: st.tuples(*(arrays((t,), s, **SMALL) for s in shapes)))


SQUARES = [((2, 3), (3, 4)), ((3,), (3,)), ((2, 2, 3), (3,)), ((3,), (3, 2)), ((), (2, 3))]
case("dot")(st.sampled_from(SQUARES).flatmap(lambda s: of_one_type(*s).map(Call)))
case("inner")(st.sampled_from([((2, 3), (4, 3)), ((3,), (3,))]).flatmap(lambda s: of_one_type(*s).map(Call)))
case("vdot")(st.sampled_from([((2, 3), (2, 3)), ((4,), (4,))]).flatmap(lambda s: of_one_type(*s).map(Call)))
case("outer", "kron")(
    st.sampled_from([((2,), (3,)), ((2, 2), (1, 3))]).flatmap(lambda s: of_one_type(*s).map(Call))
)
case("cross")(
    st.sampled_from([((3,), (3,)), ((2, 3), (2, 3)), ((2, 1, 3), (4, 3))]).flatmap(
        lambda s: of_one_type(*s).map(Call)
    )
)
EINSUMS = {
    "ij,jk->ik": ((2, 3), (3, 4)),
    "ii->i": ((3, 3),),
    "ij->": ((2, 3),),
    "...ij,...jk": ((2, 2, 3), (3, 2)),
    "ij,ij,k->jk": ((2, 3), (2, 3), (2,)),
    "i,j": ((2,), (3,)),
}
case("einsum")(
    st.sampled_from(sorted(EINSUMS)).flatmap(
        lambda spec: of_one_type(*EINSUMS[spec]).map(lambda xs: Call((spec, *xs)))
    )
)

case("linalg.multi_dot")(of_one_type((2, 3), (3, 4), (4, 2)).map(lambda xs: Call((list(xs),))))
case("linalg.eigvals", "linalg.eig")(square().map(lambda a: Call((a,))))
# Of complex matrices some versions of NumPy give a complex number.
case("linalg.cond")(
    st.builds(lambda a, p: Call((np.real(a), p)), square(), st.sampled_from([None, 1, np.inf, "fro", 2]))
)
case("linalg.lstsq")(
    st.builds(
        lambda a, seed: Call((a, random_matrix(seed, (a.shape[0], 1), str(a.dtype))[:, 0])),
        rectangle().filter(lambda a: a.ndim == 2),
        st.integers(0, 99),
    )
)


@case("linalg.norm")
@st.composite
def norms(draw: Any) -> Call:
    x = draw(
        arrays(INEXACT, hnp.array_shapes(min_dims=1, max_dims=2, max_side=4), special=False, low=0.5, high=4)
    )
    orders = [None, 1, 2, np.inf, -np.inf] + (["fro", "nuc"] if x.ndim == 2 else [3, 0.5])
    return Call((x,), {"ord": draw(st.sampled_from(orders)), "keepdims": draw(st.booleans())})


def planes(types: tuple[str, ...]) -> Any:
    return one(types, hnp.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=4), **SMALL)


case("fft.fft2", "fft.ifft2", "fft.irfft2")(planes(INEXACT))
case("fft.rfft2")(planes(FLOATS))
case("fft.fftfreq", "fft.rfftfreq")(
    st.builds(lambda n, d: Call((n,), {"d": d}), st.integers(1, 9), st.sampled_from([1.0, 0.25]))
)

TYPES = st.sampled_from(["int32", "float32", "float64"]).map(np.dtype)
case("tri")(
    st.builds(
        lambda n, m, k, t: Call((n, m, k), {"dtype": t}), *[st.integers(0, 4)] * 2, st.integers(-3, 3), TYPES
    )
)
case("logspace")(st.builds(lambda a, b, n: Call((a, b, n)), *[st.integers(-3, 3)] * 2, st.integers(0, 6)))
case("broadcast_shapes")(hnp.mutually_broadcastable_shapes(num_shapes=3).map(lambda s: Call(s.input_shapes)))
case("expand_dims")(
    arrays(ALL, FILLED_SHAPES).flatmap(
        lambda x: st.sampled_from([0, -1, (0, -1)]).map(lambda axis: Call((x, axis)))
    )
)
