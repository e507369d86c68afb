"""How calls of NumPy's functions are drawn: the standard's cases, and those of NumPy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ..standard import cases_creation as cases_creation
from ..standard import cases_linear as cases_linear
from ..standard.cases import CASES as STANDARD
from ..standard.strategies import (
    ALL,
    BOOL,
    COMPLEX,
    FILLED_SHAPES,
    FLOATS,
    INEXACT,
    INTEGERS,
    NUMBERS,
    REALS,
    Call,
    arrays,
    axes,
    pairs,
)

CASES: dict[str, Any] = dict(STANDARD)

SMALL = {"special": False, "low": -3, "high": 3}
SOLID = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
MATRICES = hnp.array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=4)
LINES = st.integers(0, 6).map(lambda n: (n,))


def case(*names: str) -> Any:
    """Register a way to draw calls; in place of the standard's where NumPy takes other arguments."""

    def register(drawn: Any) -> Any:
        for name in names:
            CASES[name] = drawn() if callable(drawn) else drawn
        return drawn

    return register


def one(types: tuple[str, ...], shape: Any = FILLED_SHAPES, **options: Any) -> Any:
    return arrays(types, shape, **options).map(lambda x: Call((x,)))


# Every type meets every other here, but for the 64-bit unsigned integers with the signed ones.
MIXED = ("bool", "int8", "int32", "int64", "uint8", "float32", "float64", "complex64", "complex128")


def two(types: tuple[str, ...], **options: Any) -> Any:
    return pairs(types, meeting=lambda a, b: True, **options).map(Call)


for alias, name in {
    "absolute": "abs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "concatenate": "concat",
    "power": "pow",
    "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift",
}.items():
    CASES[alias] = STANDARD[name]

FLOATING = one(INEXACT, low=-10, high=10) | one(INTEGERS, low=0, high=10)
case("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "arctan", "arcsinh", "log1p")(FLOATING)
case("sqrt", "log", "log2", "log10")(FLOATING)
case("exp2")(one(REALS + COMPLEX, low=-10, high=10, special=False))
case("cbrt", "deg2rad", "rad2deg", "signbit")(one(FLOATS, low=-30, high=30))
case("sinc", "i0")(one(FLOATS, low=-5, high=5, special=False))
case("nan_to_num")(one(INEXACT))
case("isfinite", "isinf", "isnan", "logical_not")(one(ALL, low=-1, high=1))
case("real", "imag", "conj")(one(NUMBERS))
case("angle")(one(COMPLEX + FLOATS, special=False))
case("add", "multiply", "subtract")(two(MIXED[1:], low=-9, high=9))
case("divide")(two(MIXED[1:], low=1, high=9, special=False))
case("equal", "not_equal", "logical_and", "logical_or", "logical_xor")(two(MIXED, low=-1, high=1))
case("less", "less_equal", "greater", "greater_equal", "maximum", "minimum")(two(MIXED[:-2], low=-5, high=5))
case("fmax", "fmin")(two(MIXED[1:-2], low=-5, high=5))
case("arctan2", "hypot", "copysign", "logaddexp", "logaddexp2")(two(MIXED[1:-2], low=-5, high=5))
case("heaviside")(two(FLOATS, low=-2, high=2))
case("fmod")(two(FLOATS, low=-9, high=9) | two(("int32", "int64"), low=1, high=9))
case("divmod")(two(FLOATS, low=1, high=9, special=False) | two(("int32", "int64"), low=1, high=9))
case("gcd", "lcm")(two(("int8", "int32", "int64"), low=-12, high=12))


@case("isclose", "allclose")
@st.composite
def near(draw: Any) -> Call:
    x = np.asarray(draw(arrays(FLOATS, FILLED_SHAPES)))
    steps = draw(hnp.arrays(x.dtype, x.shape, elements=st.sampled_from([0.0, 1e-7, 1e-3, np.nan])))
    return Call(
        (x, x + steps), {"equal_nan": draw(st.booleans()), "rtol": draw(st.sampled_from([1e-5, 0.01]))}
    )


@case("clip")
@st.composite
def clipped(draw: Any) -> Call:
    x = draw(arrays(REALS))
    low, high = draw(st.integers(0, 5)), draw(st.integers(5, 9))
    return Call((x, *draw(st.sampled_from([(low, high), (None, high), (low, None)]))))


@case("round")
@st.composite
def rounded(draw: Any) -> Call:
    x = draw(arrays(FLOATS, special=False, low=-100, high=100))
    return Call((x,), {"decimals": draw(st.integers(-2, 2))} if draw(st.booleans()) else {})


def reduced(types: tuple[str, ...], shape: Any = FILLED_SHAPES, several: bool = True, **options: Any) -> Any:
    @st.composite
    def drawn(draw: Any) -> Call:
        x = draw(arrays(types, shape, **options))
        return Call((x,), {"axis": draw(axes(x.ndim, several)), "keepdims": draw(st.booleans())})

    return drawn()


def accumulated(types: tuple[str, ...], **options: Any) -> Any:
    @st.composite
    def drawn(draw: Any) -> Call:
        x = draw(arrays(types, SOLID, **options))
        wide = {
            "axis": draw(axes(x.ndim, several=False)),
            "dtype": draw(st.sampled_from([None, np.dtype("float64")])),
        }
        return Call((x,), wide if x.dtype.kind == "f" else {"axis": wide["axis"]})

    return drawn()


case("sum", "prod")(reduced(BOOL + NUMBERS, **SMALL))
case("mean")(reduced(BOOL + NUMBERS, special=False))
case("ptp", "median")(reduced(REALS, special=False))
case("nansum", "nanprod")(reduced(NUMBERS, low=-3, high=3, infinite=False))
case("nanmean")(reduced(FLOATS, infinite=False))
case("nanmax", "nanmin", "nanmedian")(reduced(FLOATS, infinite=False))
case("nanargmax", "nanargmin")(reduced(FLOATS, several=False, special=False))
case("cumsum", "cumprod")(accumulated(BOOL + NUMBERS, **SMALL))
case("nancumsum", "nancumprod")(accumulated(REALS, low=-3, high=3, infinite=False))


def spreads(special: bool) -> Any:
    @st.composite
    def drawn(draw: Any) -> Call:
        sides = hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4)
        x = draw(arrays(REALS + COMPLEX, sides, special=special, low=-10, high=10, infinite=False))
        options = {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())}
        return Call((x,), {**options, "ddof": draw(st.sampled_from([0, 1]))})

    return drawn()


case("var", "std")(spreads(special=False))
case("nanvar", "nanstd")(spreads(special=False))

METHODS = ("linear", "lower", "higher", "nearest", "midpoint")


@case("quantile", "nanquantile")
@st.composite
def quantiles(draw: Any) -> Call:
    x = draw(arrays(FLOATS, special=False, shape=FILLED_SHAPES, low=-9, high=9))
    q = draw(st.sampled_from([0.0, 0.3, 1.0]) | st.just(np.array([0.25, 0.5], x.dtype)))
    return Call(
        (x, q),
        {
            "axis": draw(axes(x.ndim)),
            "keepdims": draw(st.booleans()),
            "method": draw(st.sampled_from(METHODS)),
        },
    )


@case("percentile", "nanpercentile")
@st.composite
def percentiles(draw: Any) -> Call:
    x = draw(arrays(FLOATS, special=False, shape=FILLED_SHAPES, low=-9, high=9))
    return Call((x, draw(st.sampled_from([0, 30.0, 50, 99.9, 100]))), {"axis": draw(axes(x.ndim))})


@case("average")
@st.composite
def averaged(draw: Any) -> Call:
    x = draw(arrays(FLOATS, SOLID, special=False))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    weights = draw(arrays((str(x.dtype),), (x.shape[axis],), special=False, low=1, high=5))
    return Call((x,), draw(st.sampled_from([{}, {"axis": axis}, {"axis": axis, "weights": weights}])))


@case("bincount")
@st.composite
def counted(draw: Any) -> Call:
    x = draw(arrays(("int32", "int64", "uint8"), LINES, low=0, high=7))
    weights = draw(arrays(FLOATS, (len(x),), special=False))
    # Of no elements NumPy gives whole numbers even with weights.
    weighted = [{"weights": weights}] if len(x) else []
    return Call((x,), draw(st.sampled_from([{}, {"minlength": 9}, *weighted])))


@case("digitize")
@st.composite
def digits(draw: Any) -> Call:
    bins = np.array(sorted(set(draw(st.lists(st.integers(0, 9), min_size=1, max_size=5)))), "float32")
    x = draw(arrays(("float32",), FILLED_SHAPES, special=False, low=0, high=10))
    return Call((x, bins[:: draw(st.sampled_from([1, -1]))]), {"right": draw(st.booleans())})


@case("histogram", "histogram_bin_edges")
@st.composite
def binned(draw: Any) -> Call:
    # Multiples of 1/4 in bins of width 1/2: no rounding decides where one belongs.
    places = draw(hnp.arrays("float64", LINES, elements=st.integers(0, 16).map(lambda n: n / 4)))
    return Call((places,), {"bins": 8, "range": (0.0, 4.0)})


@case("sort")
@st.composite
def sorted_(draw: Any) -> Call:
    x = draw(arrays(BOOL + REALS, SOLID, low=-5, high=5))
    return Call(
        (x,),
        {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "kind": draw(st.sampled_from([None, "stable"]))},
    )


@case("argsort")
@st.composite
def order_of(draw: Any) -> Call:
    x = draw(arrays(REALS, SOLID, low=-5, high=5))
    return Call((x,), {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "kind": "stable"})


@case("lexsort")
@st.composite
def keys(draw: Any) -> Call:
    count = draw(st.integers(1, 5))
    rows = [draw(arrays(("int64",), (count,), low=0, high=2)) for _ in range(draw(st.integers(1, 3)))]
    return Call((tuple(rows),))


@case("partition", "argpartition")
@st.composite
def partitioned(draw: Any) -> Call:
    x = draw(arrays(REALS, SOLID, special=False, unique=False))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    return Call((x, draw(st.integers(0, x.shape[axis] - 1))), {"axis": axis})


TEST_TYPES = ("bool", "int64", "float32", "complex64")
case("argwhere", "flatnonzero")(one(TEST_TYPES, low=-1, high=1))


@case("compress", "extract")
@st.composite
def masked(draw: Any) -> Call:
    x = draw(arrays(ALL, SOLID))
    return Call((draw(arrays(BOOL, (x.size,))), x.reshape(-1)))


@case("choose")
@st.composite
def choices(draw: Any) -> Call:
    shape = draw(FILLED_SHAPES)
    index = draw(hnp.arrays("int64", shape, elements=st.integers(0, 2)))
    return Call((index, [draw(arrays(("float32",), shape)) for _ in range(3)]))


@case("select")
@st.composite
def selected(draw: Any) -> Call:
    shape = draw(FILLED_SHAPES)
    conditions = [draw(arrays(BOOL, shape)) for _ in range(2)]
    return Call(
        (conditions, [draw(arrays(("float64",), shape)) for _ in range(2)]),
        {"default": draw(st.integers(0, 3))},
    )


case("union1d", "intersect1d", "setdiff1d", "setxor1d")(
    st.sampled_from(("int64", "float32")).flatmap(
        lambda t: st.tuples(*[arrays((t,), LINES, special=False, low=0, high=5)] * 2).map(Call)
    )
)


@case("unique")
@st.composite
def distinct(draw: Any) -> Call:
    x = draw(arrays(BOOL + REALS, special=False, low=0, high=4))
    flags = ("return_index", "return_inverse", "return_counts")
    return Call((x,), {flag: draw(st.booleans()) for flag in flags})


@case("isin")
@st.composite
def members(draw: Any) -> Call:
    x, y = (draw(arrays(("int64",), low=0, high=6)) for _ in range(2))
    return Call((x, y), {"invert": draw(st.booleans())})


@case("ravel_multi_index")
@st.composite
def flat_places(draw: Any) -> Call:
    dims = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    index = tuple(draw(hnp.arrays("int64", 3, elements=st.integers(0, n - 1))) for n in dims)
    return Call((index, dims))


@case("unravel_index")
@st.composite
def places(draw: Any) -> Call:
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    return Call((draw(hnp.arrays("int64", 3, elements=st.integers(0, int(np.prod(shape)) - 1))), shape))
