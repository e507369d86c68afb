"""Functions under NumPy's names do what NumPy does, over random shapes, axes and indices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import chainrule as cr

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
SOLID = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)


def numbers(shape):
    return np.arange(np.prod(shape, dtype=int), dtype=np.float64).reshape(shape) * 0.37 % 2.3 - 1


def same(got, expected):
    assert got.shape == np.shape(expected)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12, atol=1e-12)


@given(st.data())
def test_indexing(data):
    x = numbers(data.draw(SHAPES))
    index = data.draw(hnp.basic_indices(x.shape, allow_newaxis=True))
    same(cr.tensor(x)[index], x[index])


@given(st.data())
def test_indexing_by_integer_arrays(data):
    x = numbers(data.draw(SOLID))
    index = data.draw(
        hnp.integer_array_indices(x.shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3))
    )
    same(cr.tensor(x)[index], x[index])


@given(st.data())
def test_indexing_by_slices_and_arrays_together(data):
    x = numbers(data.draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=4)))
    places = np.array(data.draw(st.lists(st.integers(-x.shape[1], x.shape[1] - 1), max_size=3)), np.int64)
    same(cr.tensor(x)[::-1, places], x[::-1, places])
    same(cr.tensor(x)[:, places, ...], x[:, places, ...])


@given(st.data())
def test_indexing_by_masks(data):
    x = numbers(data.draw(SOLID))
    mask = data.draw(hnp.arrays(bool, x.shape))
    same(cr.tensor(x)[mask], x[mask])


@given(st.data())
def test_an_index_has_the_gradient_of_its_places(data):
    x = numbers(data.draw(SOLID))
    index = data.draw(hnp.basic_indices(x.shape))
    leaf = cr.tensor(x, requires_grad=True)
    (leaf[index] * 2.0).sum().backward()
    expected = np.zeros_like(x)
    expected[index] = 2.0
    same(leaf.grad, expected)


REDUCTIONS = ["sum", "mean", "max", "min", "var", "std", "argmax", "argmin"]


@pytest.mark.parametrize("name", REDUCTIONS)
@given(data=st.data())
def test_reductions(name, data):
    x = numbers(data.draw(SOLID))
    single = st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1))
    several = hnp.valid_tuple_axes(x.ndim, min_size=1)
    axis = data.draw(single if name.startswith("arg") else st.one_of(single, several))
    keepdims = data.draw(st.booleans())
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    same(getattr(cr, name)(cr.tensor(x), axis=axis, keepdims=keepdims), expected)
    same(getattr(cr.tensor(x), name)(axis=axis, keepdims=keepdims), expected)


@given(st.data())
def test_any_and_all(data):
    x = data.draw(hnp.arrays(bool, SHAPES))
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(x.ndim)))
    for name in ("any", "all"):
        got = getattr(cr, name)(cr.tensor(x), axis=axis)
        np.testing.assert_array_equal(got.numpy(), getattr(np, name)(x, axis=axis))


@given(st.data())
def test_shaping(data):
    x = numbers(data.draw(SOLID))
    t = cr.tensor(x)
    order = data.draw(st.permutations(range(x.ndim)))
    a, b = data.draw(st.integers(-x.ndim, x.ndim - 1)), data.draw(st.integers(-x.ndim, x.ndim - 1))
    same(cr.transpose(t, order), np.transpose(x, order))
    same(t.T, x.T)
    same(cr.swapaxes(t, a, b), np.swapaxes(x, a, b))
    same(cr.moveaxis(t, a, b), np.moveaxis(x, a, b))
    same(cr.expand_dims(t, a), np.expand_dims(x, a))
    same(cr.flip(t, a), np.flip(x, a))
    same(cr.squeeze(t), np.squeeze(x))
    same(t.reshape(-1), x.reshape(-1))
    same(cr.stack([t, t + 1], a), np.stack([x, x + 1], a))
    same(cr.concatenate([t, t + 1], a), np.concatenate([x, x + 1], a))
    same(cr.pad(t, 2, value=0.5), np.pad(x, 2, constant_values=0.5))


@given(st.data())
def test_broadcasting(data):
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
    x, y = (numbers(shape) for shape in shapes.input_shapes)
    same(cr.tensor(x) * cr.tensor(y), x * y)
    same(cr.broadcast_to(cr.tensor(x), shapes.result_shape), np.broadcast_to(x, shapes.result_shape))


@given(data=st.data())
def test_matmul(data):
    found = data.draw(
        hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3)
    )
    a, b = (numbers(shape) for shape in found.input_shapes)
    same(cr.tensor(a) @ cr.tensor(b), a @ b)


@pytest.mark.parametrize("spec", ["ik,kj->ij", "ki,jk->ji", "bik,bkj->ijb", "i,j->ji", "ik,k->i", "ij,ij->"])
def test_einsum(spec, rng):
    extents = {"i": 2, "j": 3, "k": 4, "b": 5}
    a, b = (rng.standard_normal([extents[c] for c in part]) for part in spec.split("->")[0].split(","))
    same(cr.einsum(spec, a, b), np.einsum(spec, a, b))


def test_tensordot_and_outer(rng):
    a, b = rng.standard_normal((2, 3, 4)), rng.standard_normal((4, 3, 5))
    same(cr.tensordot(a, b, axes=([1, 2], [1, 0])), np.tensordot(a, b, axes=([1, 2], [1, 0])))
    same(cr.tensordot(a, b, axes=1), np.tensordot(a, b, axes=1))
    same(cr.outer(a[0, 0], b[0, 0]), np.outer(a[0, 0], b[0, 0]))


def test_take_take_along_axis_and_one_hot(rng):
    x = rng.standard_normal((3, 4))
    order = x.argsort(axis=1)
    same(cr.take_along_axis(x, order, 1), np.take_along_axis(x, order, 1))
    same(cr.take(x, [2, 0], axis=1), np.take(x, [2, 0], axis=1))
    same(cr.take(x, [5, 0]), np.take(x, [5, 0]))
    assert cr.one_hot(cr.tensor([1, 0]), 3).tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


POINTWISE = {
    row.name: getattr(np, row.name)
    for row in cr.ops.TABLE.values()
    if row.family == "pointwise" and isinstance(getattr(np, row.name, None), np.ufunc)
}


@pytest.mark.parametrize("name", POINTWISE)
def test_numpy_functions_on_tensors_keep_derivatives(name, rng):
    row, ufunc = cr.ops.TABLE[name], POINTWISE[name]
    arrays = [domain.draw(rng, (3,)) for domain in (row.domain * 2)[: len(row.args)]]
    got = ufunc(*map(cr.tensor, arrays))
    assert isinstance(got, cr.Tensor)
    np.testing.assert_array_equal(got.numpy(), ufunc(*arrays))


SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-45, 3e38], np.float32)


@pytest.mark.parametrize(
    "name", [n for n, u in POINTWISE.items() if u.nin == 1 and "f" in cr.ops.TABLE[n].dtype.kinds]
)
def test_special_values_follow_numpy(name):
    with np.errstate(all="ignore"):
        expected = POINTWISE[name](SPECIAL)
    np.testing.assert_array_equal(cr.ops.TABLE[name](SPECIAL).numpy(), expected)


def test_integer_division_by_zero_gives_zero_as_in_numpy():
    x, zero = cr.tensor([7, -7]), cr.tensor([0, 0])
    assert (x // zero).tolist() == [0, 0]
    assert (x % zero).tolist() == [0, 0]
