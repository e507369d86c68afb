"""As `cases`: making arrays, their types and copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from .cases import case
from .strategies import ALL, COMPLEX, FLOATS, NUMBERS, REALS, SHAPES, Call, arrays, pairs

TYPES = st.sampled_from(ALL).map(np.dtype)


@case("arange")
@st.composite
def ranges(draw: Any) -> Call:
    start, stop = draw(st.integers(-9, 9)), draw(st.integers(-9, 9))
    step = draw(st.integers(-3, 3).filter(bool))
    return Call((start, stop, step), {"dtype": np.dtype(draw(st.sampled_from(REALS[:4] + FLOATS)))})


@case("linspace")
@st.composite
def lines(draw: Any) -> Call:
    start, stop = draw(st.integers(-9, 9)), draw(st.integers(-9, 9))
    options = {"dtype": np.dtype(draw(st.sampled_from(FLOATS))), "endpoint": draw(st.booleans())}
    return Call((float(start), float(stop), draw(st.integers(0, 7))), options)


@case("eye")
@st.composite
def eyes(draw: Any) -> Call:
    rows, columns = draw(st.integers(0, 5)), draw(st.none() | st.integers(0, 5))
    return Call(
        (rows, columns), {"k": draw(st.integers(-5, 5)), "dtype": np.dtype(draw(st.sampled_from(NUMBERS)))}
    )


case("zeros", "ones")(st.builds(lambda s, t: Call((s,), {"dtype": t}), SHAPES, TYPES))
case("full")(
    st.builds(
        lambda s, v, t: Call((s, v), {"dtype": t}),
        SHAPES,
        st.integers(0, 1),
        st.sampled_from(NUMBERS).map(np.dtype),
    )
)
case("zeros_like", "ones_like")(
    st.builds(lambda x, o: Call((x,), o), arrays(), st.sampled_from([{}, {"dtype": np.dtype("float32")}]))
)
case("full_like")(st.builds(lambda x, v: Call((x, v)), arrays(NUMBERS), st.integers(0, 1)))
case("asarray")(st.builds(lambda x, c: Call((x,), {"copy": c}), arrays(), st.sampled_from([None, True])))
case("from_dlpack")(arrays().map(lambda x: Call((x,))))
case("empty")(st.builds(lambda s, t: Call((s,), {"dtype": t}), SHAPES, TYPES))
case("empty_like")(arrays().map(lambda x: Call((x,))))


@case("astype")
@st.composite
def casts(draw: Any) -> Call:
    x = draw(arrays(REALS, special=False, low=0, high=100))
    return Call((x, np.dtype(draw(st.sampled_from(NUMBERS)))))


@case("result_type")
@st.composite
def meeting(draw: Any) -> Call:
    a, b = draw(pairs(NUMBERS))
    return Call((a, b, np.dtype(a.dtype)))


@case("can_cast")
@st.composite
def castable(draw: Any) -> Call:
    both = st.sampled_from(FLOATS + COMPLEX).map(np.dtype)
    return Call((draw(both), draw(both)))
