"""Axes moved, added and joined: NumPy's results, derivatives, wrong calls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr
from chainrule.errors import ChainruleError, ConfigError, ShapeError

from .compare import FEW, SEEDS, SHAPES, SOLID, agrees, numbers, same


@FEW
@given(data=st.data(), seed=SEEDS)
def test_moveaxis(data, seed):
    x = numbers(data.draw(SHAPES.filter(len)), seed)
    axes = data.draw(st.lists(st.integers(0, x.ndim - 1), unique=True))
    places = data.draw(st.permutations(range(x.ndim)))[: len(axes)]
    signed = [a - x.ndim if data.draw(st.booleans()) else a for a in axes]
    agrees(lambda t: cr.moveaxis(t, signed, places), lambda a: np.moveaxis(a, signed, places), x)


@pytest.mark.parametrize("name", ["atleast_1d", "atleast_2d", "atleast_3d"])
def test_at_least_so_many_axes(name):
    for shape in [(), (3,), (2, 3), (2, 0, 4), (1, 2, 3, 4)]:
        agrees(getattr(cr, name), getattr(np, name), numbers(shape))
    pair = numbers(()), numbers((2,))
    agrees(getattr(cr, name), getattr(np, name), *pair)


@pytest.mark.parametrize("indexing", ["xy", "ij"])
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("extents", [(3,), (3, 2), (3, 0, 2), (2, 1, 3, 4)])
def test_meshgrid(indexing, sparse, extents):
    vectors = [numbers((n,), i) for i, n in enumerate(extents)]
    options = {"indexing": indexing, "sparse": sparse}
    agrees(lambda *v: cr.meshgrid(*v, **options), lambda *v: np.meshgrid(*v, **options), *vectors)
    cr.check_gradients(lambda v: cr.meshgrid(*v, **options), vectors)


def test_broadcast_arrays():
    arrays = numbers((3, 1)), numbers((1, 2)), numbers(())
    agrees(cr.broadcast_arrays, np.broadcast_arrays, *arrays)
    assert cr.broadcast_arrays() == ()
    with pytest.raises(ShapeError, match="broadcast_arrays: axis -1 is 2 in x0 but 3 in x1"):
        cr.broadcast_arrays(cr.ones(2), cr.ones(3))


@pytest.mark.parametrize("name", ["vstack", "hstack", "dstack", "column_stack"])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), ()])
def test_stack_family(name, shape):
    if name == "column_stack" and shape == ():
        pytest.skip("NumPy joins numbers along an axis that they have not")
    arrays = numbers(shape, 1), numbers(shape, 2)
    agrees(lambda *t: getattr(cr, name)(t), lambda *a: getattr(np, name)(a), *arrays)
    cr.check_gradients(lambda t: getattr(cr, name)(t), arrays)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_array_split_and_unstack(data, seed):
    x = numbers(data.draw(SHAPES.filter(len)), seed)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    parts = data.draw(st.integers(1, 6))
    places = sorted(data.draw(st.lists(st.integers(0, x.shape[axis]), max_size=3)))
    agrees(lambda t: cr.array_split(t, parts, axis), lambda a: np.array_split(a, parts, axis), x)
    agrees(lambda t: cr.split(t, places, axis), lambda a: np.split(a, places, axis), x)
    agrees(lambda t: cr.unstack(t, axis=axis), lambda a: np.unstack(a, axis=axis), x)


@pytest.mark.parametrize(("name", "least"), [("hsplit", 1), ("vsplit", 2), ("dsplit", 3)])
def test_split_family(name, least):
    for shape in [(4,), (4, 2), (2, 4, 6)]:
        if len(shape) >= least:
            agrees(lambda t: getattr(cr, name)(t, 2), lambda a: getattr(np, name)(a, 2), numbers(shape))
    with pytest.raises(ShapeError, match=f"{name}: needs at least {least} axes, got {least - 1}"):
        getattr(cr, name)(cr.ones((2,) * (least - 1)), 2)


def test_join_flattened():
    agrees(
        lambda a, b: cr.concatenate([a, b], axis=None),
        lambda a, b: np.concatenate([a, b], axis=None),
        *(numbers((2, 1)), numbers((3,))),
    )
    agrees(cr.append, np.append, numbers((2, 2)), numbers((3,)))
    agrees(lambda a, b: cr.append(a, b, 0), lambda a, b: np.append(a, b, 0), *(numbers((2, 2)),) * 2)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_flips_and_turns(data, seed):
    x = numbers(data.draw(SOLID.filter(lambda s: len(s) > 1)), seed)
    axes = data.draw(st.permutations(range(x.ndim)))[:2]
    for k in range(-1, 5):
        agrees(lambda t, k=k: cr.rot90(t, k, axes), lambda a, k=k: np.rot90(a, k, axes), x)
    agrees(cr.flipud, np.flipud, x)
    agrees(cr.fliplr, np.fliplr, x)
    cr.check_gradients(lambda t: cr.rot90(t, 3, axes), x, seed=seed)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_roll(data, seed):
    x = numbers(data.draw(SHAPES), seed)
    shift = data.draw(st.integers(-9, 9))
    agrees(lambda t: cr.roll(t, shift), lambda a: np.roll(a, shift), x)
    if x.ndim:
        axes = data.draw(st.lists(st.integers(-x.ndim, x.ndim - 1), min_size=1, max_size=3))
        shifts = [shift + i for i in range(len(axes))]
        agrees(lambda t: cr.roll(t, shifts, axes), lambda a: np.roll(a, shifts, axes), x)
        agrees(lambda t: cr.roll(t, shift, axes), lambda a: np.roll(a, shift, axes), x)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_tile_and_repeat(data, seed):
    x = numbers(data.draw(SHAPES), seed)
    reps = data.draw(st.lists(st.integers(0, 3), max_size=4))
    agrees(lambda t: cr.tile(t, reps), lambda a: np.tile(a, reps), x)
    agrees(lambda t: cr.repeat(t, 2), lambda a: np.repeat(a, 2), x)
    if x.ndim:
        axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
        counts = data.draw(st.lists(st.integers(0, 3), min_size=x.shape[axis], max_size=x.shape[axis]))
        agrees(lambda t: cr.repeat(t, counts, axis), lambda a: np.repeat(a, np.array(counts, int), axis), x)


@pytest.mark.parametrize("dtype", ["bool", "int8", "float16", "bfloat16", "float8_e5m2", "complex64"])
def test_any_type_is_moved(dtype):
    x = cr.tensor([[1.0, 0.0, 2.0], [3.0, 4.0, 0.0]]).astype(dtype)
    for moved in (cr.roll(x, 1, 1), cr.tile(x, 2), cr.pad(x, 1), cr.hstack([x, x]), cr.rot90(x)):
        assert moved.dtype == x.dtype
    assert (
        cr.roll(x, 1, 1)[0].astype("complex64").tolist()
        == x[0].astype("complex64").tolist()[-1:] + (x[0].astype("complex64").tolist()[:2])
    )


DERIVATIVES = {
    "moveaxis": lambda x: cr.moveaxis(x, (0, 1), (2, 0)),
    "roll": lambda x: cr.roll(x, (1, -1), (0, 2)),
    "tile": lambda x: cr.tile(x, (2, 1, 3, 2)),
    "repeat": lambda x: cr.repeat(x, [2, 0, 1], 1),
    "repeat all": lambda x: cr.repeat(x, 3),
    "array_split": lambda x: cr.array_split(x, 2, 1),
    "unstack": lambda x: cr.unstack(x, axis=2),
}


@pytest.mark.parametrize("call", DERIVATIVES.values(), ids=DERIVATIVES.keys())
def test_derivatives(call):
    cr.check_gradients(call, numbers((2, 3, 2), 5))


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.moveaxis(cr.ones((2, 3)), (0, 1), 0), ShapeError, "there must be equally many"),
        (lambda: cr.moveaxis(cr.ones((2, 3)), (0, 0), (0, 1)), ShapeError, "axis 0 is named twice"),
        (lambda: cr.meshgrid(cr.ones(2), indexing="yx"), ConfigError, "indexing must be one of 'xy', 'ij'"),
        (lambda: cr.rot90(cr.ones((2, 3)), axes=(0,)), ShapeError, "given by two axes"),
        (lambda: cr.rot90(cr.ones((2, 3)), axes=(1, -1)), ShapeError, "axis 1 is named twice"),
        (lambda: cr.roll(cr.ones((2, 3)), (1, 2, 3), (0, 1)), ShapeError, "must be equally many"),
        (lambda: cr.repeat(cr.ones(3), [1, 2]), ShapeError, "one for each of the 3 elements"),
        (lambda: cr.repeat(cr.ones(3), -1), ShapeError, "a count of at least 0"),
        (lambda: cr.tile(cr.ones(3), -1), ShapeError, "cannot be negative"),
        (lambda: cr.array_split(cr.ones(3), 0), ShapeError, "0 equal parts do not divide"),
        (lambda: cr.vstack([]), ShapeError, "nothing to join"),
        (lambda: cr.unstack(cr.tensor(1.0)), ShapeError, "unstack: axis 0 is outside"),
    ],
)
def test_wrong_calls(call, kind, said):
    assert issubclass(kind, ChainruleError)
    with pytest.raises(kind, match=said):
        call()


def test_results_of_several_are_tuples_or_lists_as_numpys():
    assert isinstance(cr.unstack(cr.ones((2, 2))), tuple)
    assert isinstance(cr.array_split(cr.ones(3), 2), list)
    same(cr.array_split(cr.ones(3), 2), np.array_split(np.ones(3), 2))


def test_an_axis_without_elements_is_split_into_empty_parts():
    assert [part.shape for part in cr.split(cr.zeros((0, 3)), 3)] == [(0, 3)] * 3


def test_repeating_too_often_is_an_error_that_names_the_shape():
    with pytest.raises(cr.errors.OutOfMemoryError, match="1000000000000000"):
        cr.repeat(cr.zeros(10**6), 10**9)
