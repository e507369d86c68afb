"""cond: the branch that Python takes and the recorded row agree, and so do their derivatives."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import DTypeError, ShapeError


def f(x, w):
    """Both branches use what the other does not; a negative base makes the exponent's derivative NaN."""
    k = cr.tensor(2.0, dtype="float64")
    return cr.cond(x.sum() > 0, lambda x: cr.sin(x) * w[0] * k, lambda x: x**3 + w[1], x)


@pytest.fixture(params=[1, -1], ids=["true", "false"])
def args(request, rng):
    return cr.tensor(request.param * np.array([1.3, -0.4, 0.7])), cr.tensor(rng.standard_normal(2))


OF = {
    "value": lambda f: f,
    "grad": lambda f: cr.grad(lambda x, w: f(x, w).sum(), argnums=(0, 1)),
    "hessian": lambda f: cr.hessian(lambda x, w: f(x, w).sum()),
    "jvp of grad": lambda f: lambda x, w: cr.jvp(cr.grad(lambda x, w: f(x, w).sum()), (x, w), (x, w))[1],
}


@pytest.mark.parametrize("of", OF.values(), ids=OF)
def test_recorded_equals_python(of, args):
    graph = cr.record(of(f), *args)
    graph.verify()
    other_way = [-x for x in args]
    for given in (args, other_way):
        eager = of(f)(*given)
        for got, expected in zip(graph(*given), eager if isinstance(eager, tuple) else (eager,), strict=True):
            np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-12)


def test_derivatives_against_numbers(args):
    cr.check_gradients(f, *args)
    cr.check_gradients(cr.record(f, *args), *args)


def test_nests_go_in_and_out():
    def choose(flag, x):
        return cr.cond(
            flag,
            lambda d: {"a": d["x"], "b": (d["x"] + 1,)},
            lambda d: {"a": -d["x"], "b": (d["x"],)},
            {"x": x},
        )

    graph = cr.record(choose, cr.tensor(True), cr.tensor([1.0]))
    assert [y.tolist() for y in graph(cr.tensor(False), cr.tensor([5.0]))] == [[-5.0], [5.0]]
    assert choose(False, cr.tensor([5.0]))["b"][0].tolist() == [5.0]


def test_only_the_chosen_branch_runs():
    def fails(x):
        raise AssertionError

    assert float(cr.cond(True, lambda x: x, fails, cr.tensor(1.0))) == 1.0


def test_bfloat16_goes_through():
    x = cr.tensor([1.5]).astype("bfloat16")
    graph = cr.record(lambda x: cr.cond(x.sum() > 0, lambda x: x + 1, lambda x: x, x), x)
    assert graph(x)[0].tolist() == [2.5]
    assert graph(x)[0].dtype == x.dtype


def test_mistakes():
    x = cr.ones(2)
    with pytest.raises(DTypeError, match=r"a single bool, got bool\[2\]"):
        cr.cond(x > 0, lambda x: x, lambda x: x, x)
    with pytest.raises(DTypeError, match=r"a single bool, got f32\[\]"):
        cr.cond(x.sum(), lambda x: x, lambda x: x, x)
    with pytest.raises(ShapeError, match=r"result 0 is f32\[2\] from true_fn and f32\[\] from false_fn"):
        cr.record(lambda x: cr.cond(x.sum() > 0, lambda x: x, lambda x: x.sum(), x), x)
    with pytest.raises(ShapeError, match="1 tensors and false_fn gives 2"):
        cr.record(lambda x: cr.cond(x.sum() > 0, lambda x: x, lambda x: (x, x), x), x)
    with pytest.raises(DTypeError, match="takes a function"):
        cr.cond(True, 1.0, lambda: 2.0)
