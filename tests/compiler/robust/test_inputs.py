"""Arrays as they come: strides, order, alignment, byte order, sharing with states and with each other."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import DTypeError

BASE = np.random.default_rng(8).normal(size=(12, 10)).astype(np.float32)


def unaligned(a):
    """The same elements one byte behind a multiple of the element's size."""
    room = bytearray(a.nbytes + 1)
    room[1:] = a.tobytes()
    return np.frombuffer(room, a.dtype, offset=1).reshape(a.shape)


def read_only(a):
    other = a.copy()
    other.flags.writeable = False
    return other


def mapped(a):
    room = mmap.mmap(-1, a.nbytes)
    room.write(a.tobytes())
    return np.frombuffer(room, a.dtype).reshape(a.shape)


LAYOUTS = {
    "every second row": lambda a: np.repeat(a, 2, axis=0)[::2],
    "Fortran's order": np.asfortranarray,
    "turned around": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
    "a part": lambda a: np.pad(a, 3)[3:-3, 3:-3],
    "read-only": read_only,
    "not aligned": unaligned,
    "mapped memory": mapped,
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_layout(layout):
    f = cr.compile(lambda x, y: (cr.exp(x).sum(axis=1), x @ y.T, cr.sort(y)))
    given = layout(BASE)
    before = given.tobytes()
    for found, expected in zip(f(given, given), f(BASE, BASE), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert given.tobytes() == before
    assert len(f.report().recordings) == 1


def test_another_byte_order_is_refused_as_ever():
    f = cr.compile(lambda x: x + 1)
    for call in (f, lambda x: cr.tensor(x) + 1):
        with pytest.raises(DTypeError, match="element type >f4 is not supported"):
            call(BASE.astype(">f4"))


@pytest.mark.parametrize("dtype", ["int16", "float64", "bool", "complex64"])
def test_elements_that_are_not_aligned(dtype):
    a = (BASE * 3).astype(dtype)
    f = cr.compile(lambda x: (x == x[::-1], cr.where(x == x, x, x)[::-1]))
    for found, expected in zip(f(unaligned(a)), f(a), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected.numpy())


def test_a_number_and_nothing():
    f = cr.compile(lambda x: (x * 2 + 1, x.sum()))
    assert [y.item() for y in f(np.float32(3))] == [7, 3]
    assert [y.item() for y in f(np.array(3.0))] == [7, 3]
    empty, total = f(np.zeros((0, 4), np.float32))
    assert (empty.shape, total.item()) == ((0, 4), 0)


def test_one_array_given_twice():
    f = cr.compile(lambda x, y: (x - y, x @ y.T))
    difference, product = f(BASE, BASE)
    assert not difference.numpy().any()
    np.testing.assert_allclose(product.numpy(), BASE @ BASE.T, rtol=1e-4)


def test_an_argument_that_is_returned():
    x = cr.tensor(BASE)
    f = cr.compile(lambda x: (x, x.T, x.reshape(-1)))
    results = f(x)
    array = BASE.copy()
    given = f(array)
    array[:] = 0
    for found in (*results, *given):
        np.testing.assert_array_equal(np.sort(found.numpy(), None), np.sort(BASE, None))


@pytest.fixture
def counter():
    """A state, and a function that adds its argument to it and returns the state in three ways."""
    w = cr.State(np.arange(6, dtype=np.float32), name="w")

    def step(x):
        w.assign(w + x)
        return w, w.detach(), w[::-1]

    return w, cr.compile(step)


def test_states_that_are_returned_stay_as_they_were(counter):
    w, step = counter
    state, first, turned = step(cr.ones(()))
    assert state is w
    step(cr.ones(()))
    np.testing.assert_array_equal(first.numpy(), np.arange(6) + 1)
    np.testing.assert_array_equal(turned.numpy(), (np.arange(6) + 1)[::-1])
    np.testing.assert_array_equal(w.numpy(), np.arange(6) + 2)


@pytest.mark.parametrize("view", [lambda w: w.detach(), lambda w: w.numpy(), lambda w: w.numpy()[::-1][::-1]])
def test_an_input_that_is_a_view_of_a_state(counter, view):
    w, step = counter
    step(cr.zeros(6))
    given = view(w)
    for k in range(3):
        before = w.numpy().copy()
        step(given)
        np.testing.assert_array_equal(w.numpy(), before + np.arange(6), err_msg=f"call {k}")
    np.testing.assert_array_equal(np.asarray(given), np.arange(6))


def test_a_state_whose_array_was_set_to_foreign_memory():
    w = cr.State(np.zeros((3, 4), np.float32), name="w")
    step = cr.compile(lambda: w.assign(w + 1))
    step()
    for foreign in (unaligned(np.ones((3, 4), np.float32)), np.ones((4, 3), np.float32).T):
        w.data = foreign
        step()
        np.testing.assert_array_equal(w.numpy(), np.full((3, 4), 2))
        np.testing.assert_array_equal(foreign, np.ones((3, 4)))
