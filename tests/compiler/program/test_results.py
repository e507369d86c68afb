"""Memory of large results: it serves again, but never while anybody holds it."""

import numpy as np
import pytest

import chainrule as cr

SIZE = 1 << 19


@pytest.fixture
def doubled():
    return cr.compile(lambda x: x * 2.0)


def place(y):
    return y.numpy().ctypes.data


def test_results_that_are_held_stay_as_they_are(doubled):
    xs = [cr.tensor(np.full(SIZE, i, np.float32)) for i in range(6)]
    ys = [doubled(x) for x in xs]
    assert [float(y[0]) for y in ys] == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert all((y.numpy() == 2 * i).all() for i, y in enumerate(ys))


def test_memory_that_nobody_holds_serves_again(doubled):
    x = cr.ones(SIZE)
    y = doubled(x)
    first = place(y)
    del y
    assert place(doubled(x)) == first


@pytest.mark.parametrize(
    "hold",
    [
        lambda y: y.numpy()[5:],
        lambda y: memoryview(y.numpy()),
        lambda y: y.detach(),
        lambda y: y.reshape((2, -1)),
        lambda y: cr.State(y, name="kept"),
    ],
    ids=["slice", "memoryview", "detached", "reshaped", "state"],
)
def test_whatever_sees_the_memory_holds_it(doubled, hold):
    kept = hold(doubled(cr.ones(SIZE)))
    for value in (3.0, 4.0, 5.0):
        doubled(cr.full(SIZE, value))
    assert (np.asarray(kept) == 2.0).all()


def test_small_results_are_new_each_time(doubled):
    x = cr.ones(4)
    ys = [doubled(x) for _ in range(3)]
    assert len({place(y) for y in ys}) == 3
