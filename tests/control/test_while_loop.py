"""while_loop and fori_loop: Python's loop and the recorded row agree, and so do their derivatives."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import DTypeError, ShapeError


def f(x, w):
    """A number of steps that depends on the argument; a constant exponent, and a captured factor."""

    def body(s):
        n, h = s
        return n + 1, cr.sin(h) * w + h**3 / 4

    return cr.while_loop(lambda s: (s[0] < 4) & (cr.abs(s[1]).sum() < 50), body, (cr.tensor(0), x))[1]


@pytest.fixture
def args():
    return cr.tensor(np.array([0.9, -0.6])), cr.tensor(np.array([0.7, 1.2]))


OF = {
    "value": lambda f: f,
    "grad": lambda f: cr.grad(lambda x, w: f(x, w).sum(), argnums=(0, 1)),
    "hessian": lambda f: cr.hessian(lambda x, w: f(x, w).sum()),
    "grad of grad": lambda f: cr.grad(lambda x, w: cr.grad(lambda x, w: f(x, w).sum(), 1)(x, w).sum()),
    "jvp": lambda f: lambda x, w: cr.jvp(f, (x, w), (w, x))[1],
}


@pytest.mark.parametrize("of", OF.values(), ids=OF)
def test_recorded_equals_python(of, args):
    graph = cr.record(of(f), *args)
    graph.verify()
    for given in (args, [10 * x for x in args]):
        eager = of(f)(*given)
        for got, expected in zip(graph(*given), eager if isinstance(eager, tuple) else (eager,), strict=True):
            np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-9)


def test_derivatives_against_numbers(args):
    cr.check_gradients(f, *args)
    cr.check_gradients(cr.record(f, *args), *args)


def test_no_step_at_all():
    graph = cr.record(lambda x: cr.while_loop(lambda s: s.sum() > 5, lambda s: s / 2, x), cr.ones(2))
    assert graph(cr.ones(2))[0].tolist() == [1.0, 1.0]
    assert cr.record(cr.grad(lambda x: graph(x)[0].sum()), cr.ones(2))(cr.ones(2))[0].tolist() == [1.0, 1.0]


def test_newtons_iteration_has_the_derivative_of_the_root():
    def root(a):
        return cr.while_loop(lambda x: cr.abs(x * x - a) > 1e-12, lambda x: (x + a / x) / 2, a)

    a = cr.tensor(2.0, dtype="float64")
    for slope in (cr.grad(root), lambda a: cr.record(cr.grad(root), a)(a)[0]):
        assert abs(float(slope(a)) - 0.5 / np.sqrt(2)) < 1e-7


@pytest.mark.parametrize("bounds", [(2, 6), (3, 3)])
def test_fori_loop_with_numbers_and_with_tensors(bounds):
    def total(low, high, x):
        return cr.fori_loop(low, high, lambda i, s: s * x + i, cr.tensor(1.0, dtype="float64"))

    x = cr.tensor(0.5, dtype="float64")
    s = 1.0
    for i in range(*bounds):
        s = s * 0.5 + i
    tensors = [cr.tensor(b) for b in bounds]
    assert float(total(*bounds, x)) == float(total(*tensors, x)) == s
    assert float(cr.record(total, *tensors, x)(*tensors, x)[0]) == s
    cr.check_gradients(lambda x: total(*bounds, x), x)
    cr.check_gradients(cr.record(lambda x: total(*tensors, x), x), x)


def test_fori_loop_is_a_scan_where_the_number_of_steps_is_known():
    graph = cr.record(lambda x: cr.fori_loop(0, 3, lambda i, s: s * 2, x), cr.ones(2))
    assert [node.op.name for node in graph.nodes] == ["scan"]


def test_mistakes():
    with pytest.raises(
        ShapeError, match=r"while_loop: the body must give back its state .* f32\[2\] .* f32\[1\]"
    ):
        cr.while_loop(lambda s: s.sum() < 9, lambda s: s[:1], cr.ones(2))
    with pytest.raises(ShapeError, match="as 1 tensors and went out as 2"):
        cr.while_loop(lambda s: s.sum() < 9, lambda s: (s, s), cr.ones(2))
    with pytest.raises(DTypeError, match=r"a single bool, got bool\[2\]"):
        cr.while_loop(lambda s: s < 9, lambda s: s, cr.ones(2))
