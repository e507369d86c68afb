"""map and associative_scan, eager and recorded, with derivatives."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ShapeError


def test_map_applies_a_function_to_each_step(rng):
    xs, shift = rng.standard_normal((4, 3)), rng.standard_normal(3)

    def f(xs, shift):
        return cr.map(lambda x: (cr.exp(x + shift) / cr.exp(x + shift).sum(), x[0]), xs)

    expected = np.exp(xs + shift)
    got, first = f(xs, shift)
    np.testing.assert_allclose(got.numpy(), expected / expected.sum(1, keepdims=True), rtol=1e-12)
    np.testing.assert_array_equal(first.numpy(), xs[:, 0])
    graph = cr.record(f, xs, shift)
    assert [node.op.name for node in graph.nodes] == ["scan"]
    np.testing.assert_allclose(graph(xs, shift)[0].numpy(), got.numpy(), rtol=1e-12)
    cr.check_gradients(f, xs, shift)
    cr.check_gradients(graph, xs, shift)


def test_map_over_several_sequences():
    found = cr.map(lambda at: at["a"] * at["b"], {"a": cr.arange(3.0), "b": cr.ones(3) * 2})
    assert found.tolist() == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 8, 11])
@pytest.mark.parametrize("reverse", [False, True])
def test_running_sums(n, reverse, rng):
    x = rng.standard_normal((2, n))
    turned = x[:, ::-1] if reverse else x
    expected = np.cumsum(turned, 1)
    got = cr.associative_scan(lambda a, b: a + b, x, axis=1, reverse=reverse)
    np.testing.assert_allclose(got.numpy(), expected[:, ::-1] if reverse else expected, rtol=1e-12)


def test_products_of_matrices_keep_their_order(rng):
    x = rng.standard_normal((6, 2, 2))
    found = cr.associative_scan(lambda a, b: a @ b, x)
    product = np.eye(2)
    for got, factor in zip(found.numpy(), x, strict=True):
        product = product @ factor
        np.testing.assert_allclose(got, product, rtol=1e-9)
    backwards = cr.associative_scan(lambda a, b: a @ b, x, reverse=True).numpy()
    np.testing.assert_allclose(backwards[3], x[5] @ x[4] @ x[3], rtol=1e-9)
    cr.check_gradients(lambda x: cr.associative_scan(lambda a, b: a @ b, x), x)


def test_a_linear_recurrence_as_a_scan_of_pairs(rng):
    a, b = rng.standard_normal((2, 7))

    def recurrence(a, b):
        def then(one, other):
            return one[0] * other[0], one[1] * other[0] + other[1]

        return cr.associative_scan(then, (a, b))[1]

    h, expected = 0.0, []
    for factor, term in zip(a, b, strict=True):
        h = factor * h + term
        expected.append(h)
    np.testing.assert_allclose(recurrence(a, b).numpy(), expected, rtol=1e-12)
    cr.check_gradients(recurrence, a, b)
    graph = cr.record(recurrence, a, b)
    np.testing.assert_allclose(graph(a, b)[0].numpy(), expected, rtol=1e-12)


def test_the_number_of_calls_grows_with_the_logarithm():
    calls = []
    for n in (8, 64, 512):
        count = [0]

        def f(a, b, count=count):
            count[0] += 1
            return a + b

        cr.associative_scan(f, cr.ones(n))
        calls.append(count[0])
    assert calls == [5, 11, 17]


def test_bools_are_scanned_too():
    found = cr.associative_scan(lambda a, b: a | b, cr.tensor([False, True, False]))
    assert found.tolist() == [False, True, True]


def test_mistakes():
    with pytest.raises(ShapeError, match="associative_scan: f must give"):
        cr.associative_scan(lambda a, b: a[:1], cr.ones(5))
    with pytest.raises(ShapeError, match="xs1 has 4 steps along axis 0, the others have 5"):
        cr.associative_scan(lambda a, b: a, (cr.ones(5), cr.ones(4)))
    with pytest.raises(ShapeError, match="each with its steps along axis 0"):
        cr.map(lambda x: x, cr.tensor(1.0))
