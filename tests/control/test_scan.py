"""scan: the Python loop and the recorded row agree, and so do their derivatives."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ShapeError


def recurrence(w, xs, reverse=False):
    """A small recurrent network; gives a number that depends on all that scan returns."""

    def body(s, x):
        s = cr.tanh(s * w + x)
        return s, s * s

    last, ys = cr.scan(body, cr.zeros(2, dtype="float64"), xs, reverse=reverse)
    return last.sum() + (ys * cr.arange(1, ys.shape[0] + 1, dtype="float64").reshape(-1, 1)).sum()


@pytest.fixture
def args(rng):
    return cr.tensor(rng.standard_normal(2)), cr.tensor(rng.standard_normal((5, 2)))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    "of",
    [
        lambda f: f,
        lambda f: cr.grad(f, argnums=(0, 1)),
        cr.hessian,
        lambda f: cr.grad(lambda w, xs: cr.grad(f, argnums=1)(w, xs).sum()),
        lambda f: lambda w, xs: cr.jvp(f, (w, xs), (w, xs))[1],
        lambda f: lambda w, xs: cr.jvp(cr.grad(f), (w, xs), (xs[0], xs))[1],
    ],
    ids=["value", "grad", "hessian", "grad-of-grad", "jvp", "jvp-of-grad"],
)
def test_recorded_equals_loop(of, reverse, args):
    f = of(lambda w, xs: recurrence(w, xs, reverse))
    graph = cr.record(f, *args)
    graph.verify()
    assert "scan" in [node.op.name for node in graph.nodes]
    eager = f(*args)
    for got, expected in zip(graph(*args), eager if isinstance(eager, tuple) else (eager,), strict=True):
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-10)


@pytest.mark.parametrize("reverse", [False, True])
def test_derivatives_against_numbers(reverse, args):
    cr.check_gradients(lambda w, xs: recurrence(w, xs, reverse), *args)
    cr.check_gradients(cr.record(lambda w, xs: recurrence(w, xs, reverse), *args), *args)


def test_reverse_keeps_the_order_of_results():
    total, sums = cr.scan(lambda s, x: (s + x, s + x), cr.tensor(0), cr.tensor([1, 2, 3]), reverse=True)
    assert int(total) == 6
    assert sums.tolist() == [6, 5, 3]


def test_no_steps_give_the_first_state_and_empty_results():
    last, ys = cr.scan(lambda s, x: (s + x, (s, x)), cr.ones(2), cr.zeros((0, 2)))
    assert last.tolist() == [1.0, 1.0]
    assert [y.shape for y in ys] == [(0, 2), (0, 2)]


def test_an_integer_counter_beside_a_real_state(args):
    def f(w, xs):
        def body(s, x):
            n, h = s
            return (n + 1, h * w + x * n), h

        (n, last), _ = cr.scan(body, (cr.tensor(1), xs[0]), xs)
        return (last * n).sum()

    graph = cr.record(cr.grad(f), *args)
    np.testing.assert_allclose(graph(*args)[0].numpy(), cr.grad(f)(*args).numpy(), rtol=1e-12)
    cr.check_gradients(f, *args)


def test_a_scan_within_a_scan(args):
    def f(w, xs):
        def outer(s, x):
            inner, _ = cr.scan(lambda t, y: (cr.sin(t * w + y), t), s, xs[:2])
            return inner + x, inner

        return cr.scan(outer, xs[0], xs)[0].sum()

    graph = cr.record(cr.grad(f), *args)
    np.testing.assert_allclose(graph(*args)[0].numpy(), cr.grad(f)(*args).numpy(), rtol=1e-10)


def test_mistakes():
    with pytest.raises(ShapeError, match="xs1 has"):
        cr.scan(lambda s, x: (s, s), cr.tensor(0.0), (cr.zeros(3), cr.zeros(4)))
    with pytest.raises(ShapeError, match="same shapes and types"):
        cr.scan(lambda s, x: (s.reshape(1), s), cr.tensor(0.0), cr.zeros(3))
