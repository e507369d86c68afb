"""Every function of the array API standard, with random arguments, against its reference implementation."""

from __future__ import annotations

import operator
import warnings

import array_api_strict as strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr

from . import cases_creation as cases_creation
from . import cases_linear as cases_linear
from .cases import CASES
from .compare import assert_same, to_ours, to_strict
from .decompositions import UNIQUE_UP_TO, comparison
from .names import ELSEWHERE, FUNCTIONS, named
from .settings import EFFORTS, EXAMPLES
from .strategies import ALL, BOOL, FLOATS, INTEGERS, NUMBERS, REALS, Call, arrays, pairs


def test_every_function_has_a_case():
    assert set(FUNCTIONS) - ELSEWHERE == set(CASES)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("name", CASES)
def test_function_is_the_standards(name, effort):
    @effort
    @given(CASES[name])
    def check(call: Call) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of NumPy: invalid values are what is tried
            theirs = named(strict, name)(*to_strict(call.args), **to_strict(call.kwargs))
        ours = named(cr, name)(*to_ours(call.args), **to_ours(call.kwargs))
        if name in UNIQUE_UP_TO:
            UNIQUE_UP_TO[name](call, ours, theirs)
        else:
            assert_same(ours, theirs, **comparison(name, call))

    check()


UNARY = {"abs": NUMBERS, "neg": NUMBERS, "pos": NUMBERS, "invert": BOOL + INTEGERS}
BINARY = {
    **dict.fromkeys(("add", "sub", "mul"), NUMBERS),
    **dict.fromkeys(("lt", "le", "gt", "ge"), REALS),
    **dict.fromkeys(("eq", "ne"), ALL),
    **dict.fromkeys(("and_", "or_", "xor"), BOOL + INTEGERS),
    **dict.fromkeys(("truediv", "pow"), FLOATS),
}
POSITIVE = {"lshift": INTEGERS, "rshift": INTEGERS, "floordiv": INTEGERS, "mod": INTEGERS}


@pytest.mark.parametrize("name", UNARY)
def test_unary_operator(name):
    @EXAMPLES
    @given(arrays(UNARY[name]))
    def check(x: np.ndarray) -> None:
        f = getattr(operator, name)
        assert_same(f(to_ours(x)), f(to_strict(x)))

    check()


@pytest.mark.parametrize("name", [*BINARY, *POSITIVE])
def test_binary_operator(name):
    options = {"low": 1, "high": 7} if name in POSITIVE else {"low": -4, "high": 4}

    @EXAMPLES
    @given(pairs({**BINARY, **POSITIVE}[name], **options))
    def check(both: tuple[np.ndarray, np.ndarray]) -> None:
        f = getattr(operator, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = f(*to_strict(both))
        assert_same(f(*to_ours(both)), theirs, tolerance=1e-4 if name == "pow" else None)

    check()


SCALARS = ["add", "sub", "mul", "truediv", "pow", "floordiv", "mod", "lt", "ge", "eq", "ne"]


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("swapped", [False, True])
def test_operator_with_a_python_number(name, swapped):
    """The number takes the array's type, on either side."""

    @EXAMPLES
    @given(arrays(FLOATS, special=False, low=0.5, high=4), st.integers(1, 3) | st.floats(0.5, 3, width=32))
    def check(x: np.ndarray, number: float) -> None:
        f = getattr(operator, name)
        order = (lambda array: f(number, array)) if swapped else (lambda array: f(array, number))
        assert_same(order(to_ours(x)), order(to_strict(x)), tolerance=1e-5)

    check()


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv", "pow", "and", "or", "xor", "matmul"])
def test_in_place_operators_bind_a_new_tensor(name):
    """Tensors do not change: ``x += y`` gives ``x`` a new tensor, and other names keep the old one."""
    x = (
        cr.tensor([[True, False], [True, True]])
        if name in ("and", "or", "xor")
        else cr.tensor([[1.0, 2.0], [3.0, 4.0]])
    )
    before, kept = x.tolist(), x
    y = getattr(operator, f"i{name}")(x, x)
    assert y is not kept
    assert kept.tolist() == before
    plain = getattr(operator, name + "_" if name in ("and", "or") else name)
    assert y.tolist() == plain(kept, kept).tolist()


KEYS = st.one_of(st.integers(-3, 2), st.just(slice(None)), st.just(None), st.just(...)) | st.builds(
    slice,
    st.none() | st.integers(-4, 4),
    st.none() | st.integers(-4, 4),
    st.sampled_from([None, 1, 2, -1, -2]),
)


@EXAMPLES
@given(arrays(ALL, (3, 3, 3)), st.lists(KEYS, min_size=1, max_size=4))
def test_indexing(x, keys):
    try:
        expected = np.asarray(x)[tuple(keys)]
    except IndexError:
        with pytest.raises(IndexError):
            to_ours(x)[tuple(keys)]
        return
    np.testing.assert_array_equal(to_ours(x)[tuple(keys)].numpy(), expected)


@EXAMPLES
@given(arrays(ALL))
def test_indexing_by_a_mask(x):
    mask = np.asarray(x) > 0 if x.dtype.kind != "c" else np.asarray(x).real > 0
    np.testing.assert_array_equal(to_ours(x)[to_ours(np.asarray(mask))].numpy(), x[mask])


@st.composite
def arrays_and_places(draw):
    """An array of three axes, and for each an integer or integers that broadcast with the others."""
    x = draw(arrays(ALL, (3, 3, 3)))
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=2, max_side=3)).input_shapes
    count = draw(st.integers(1, 3))
    places = [draw(hnp.arrays("int64", shape, elements=st.integers(-3, 2))) for shape in shapes[:count]]
    return x, tuple(int(p) if p.ndim == 0 else p for p in places)


@EXAMPLES
@given(arrays_and_places())
def test_indexing_by_integers_and_arrays_of_them(drawn):
    x, places = drawn
    np.testing.assert_array_equal(to_ours(x)[to_ours(places)].numpy(), x[places])
