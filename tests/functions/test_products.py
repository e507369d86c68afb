"""Products that sum: NumPy's numbers over shapes and types, derivatives, wrong calls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr
from chainrule.errors import ShapeError

from .compare import FEW, SEEDS, agrees, has_type, numbers, same

PAIRS = {
    "inner": [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 5, 3)), ((), (2, 3)), ((2, 0), (3, 0))],
    "dot": [
        ((3,), (3,)),
        ((2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((2, 2, 3), (3,)),
        ((), (3,)),
        ((3,), (3, 2)),
    ],
    "vdot": [((3,), (3,)), ((2, 3), (3, 2)), ((), ())],
    "outer": [((3,), (2,)), ((2, 3), (4,)), ((0,), (2,))],
    "kron": [((3,), (2,)), ((2, 3), (4, 1)), ((2, 3), (4,)), ((), (3,)), ((2, 1, 3), (2, 2))],
    "vecdot": [((3,), (3,)), ((4, 3), (3,)), ((2, 1, 3), (4, 3)), ((2, 0), (2, 0))],
    "cross": [((3,), (3,)), ((2, 3), (3,)), ((4, 1, 3), (5, 3))],
    "matmul": [((2, 3), (3, 4)), ((3,), (3,)), ((5, 1, 2, 3), (4, 3, 2))],
}
CASES = [(name, *pair) for name, pairs in PAIRS.items() for pair in pairs]


@pytest.mark.parametrize(("name", "a", "b"), CASES)
def test_values_and_derivatives(name, a, b):
    arrays = numbers(a, 1), numbers(b, 2)
    agrees(getattr(cr, name), getattr(np, name), *arrays)
    cr.check_gradients(getattr(cr, name), *arrays)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int64", "float16", "float32", "complex64"])
@pytest.mark.parametrize("name", ["matmul", "dot", "inner", "outer", "tensordot", "kron", "vdot", "vecdot"])
def test_types_are_numpys(name, dtype):
    a, b = numbers((3, 3), 1, dtype), numbers((3, 3), 2, dtype)
    got, expected = getattr(cr, name)(cr.tensor(a), cr.tensor(b)), getattr(np, name)(a, b)
    has_type(got, expected)
    same(got, expected, 4e-3 if dtype == "float16" else 1e-5)


@pytest.mark.parametrize("name", ["matmul", "vdot", "vecdot", "inner", "outer", "kron", "cross"])
def test_complex(name):
    a, b = numbers((3,), 1, "complex128"), numbers((3,), 2, "complex128") * 1j
    agrees(getattr(cr, name), getattr(np, name), a, b)
    cr.check_gradients(getattr(cr, name), a, b)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_tensordot(data, seed):
    a = numbers(data.draw(hnp.array_shapes(max_dims=3, min_side=0, max_side=3)), seed)
    axes = data.draw(st.permutations(range(-a.ndim, 0)))[: data.draw(st.integers(0, a.ndim))]
    b = numbers((2, *(a.shape[i] for i in axes)), seed + 1)
    paired = (axes, list(range(1, b.ndim)))
    agrees(lambda x, y: cr.tensordot(x, y, paired), lambda x, y: np.tensordot(x, y, paired), a, b)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_axes_of_vectors(data, seed):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    a, b = numbers(shape, seed), numbers(shape, seed + 1)
    agrees(lambda x, y: cr.vecdot(x, y, axis=axis), lambda x, y: np.vecdot(x, y, axis=axis), a, b)
    three = list(shape)
    three[axis] = 3
    a, b = numbers(three, seed), numbers(three, seed + 1)
    agrees(lambda x, y: cr.cross(x, y, axis=axis), lambda x, y: np.cross(x, y, axis=axis), a, b)
    to = data.draw(st.integers(-len(shape), len(shape) - 1))
    places = {"axisa": axis, "axisb": axis, "axisc": to}
    agrees(lambda x, y: cr.cross(x, y, **places), lambda x, y: np.cross(x, y, **places), a, b)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cr.cross(cr.ones(2), cr.ones(3)), "vectors of three elements are needed, axis 0 has 2"),
        (lambda: cr.vdot(cr.ones(2), cr.ones(3)), "axis -1 of a is 2"),
        (lambda: cr.inner(cr.ones((2, 3)), cr.ones(2)), "axis -1 of a is 3"),
        (lambda: cr.vecdot(cr.ones((2, 3)), cr.ones((2, 3)), axis=2), "axis 2 is outside"),
    ],
)
def test_wrong_calls(call, said):
    with pytest.raises(ShapeError, match=said):
        call()
