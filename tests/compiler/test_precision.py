"""`cr.compile(f, precision="bfloat16")`: operands of products are rounded, sums are not."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.loops.precision import with_rounded_operands
from chainrule.compiler.target import host

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
CPUS = ["x86-64-v2", "x86-64-v3", "x86-64-v4", "native"]


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def rounded(x: np.ndarray) -> np.ndarray:
    return x.astype(BFLOAT16).astype(np.float32)


def compiled(f: Callable[..., Any]) -> Callable[..., Any]:
    return cr.compile(f, precision="bfloat16")


def check(f: Callable[..., Any], *arrays: np.ndarray) -> None:
    """Beside the definition on rounded operands in float64: only sums in float32 differ."""
    found = compiled(f)(*map(cr.tensor, arrays)).numpy()
    wide = [rounded(x).astype(np.float64) for x in arrays]
    exact, magnitudes, counts = (
        f(*map(cr.tensor, map(g, wide))).numpy() for g in (np.copy, np.abs, np.ones_like)
    )
    assert found.dtype == np.float32 and found.shape == exact.shape
    assert (np.abs(found - exact) <= (counts + 1) * 2.0**-24 * magnitudes).all()


PRODUCTS = {
    "matrices": (lambda a, b: a @ b, (20, 31), (31, 17)),
    "both transposed": (lambda a, b: a.T @ b.T, (31, 20), (17, 31)),
    "the first transposed": (lambda a, b: a.T @ b, (64, 48), (64, 32)),
    "of slices": (lambda a, b: a[2:, ::3] @ b[::-1], (9, 30), (10, 33)),
    "one row": (lambda a, b: a @ b, (1, 40), (40, 33)),
    "one column": (lambda a, b: a @ b, (33, 40), (40, 1)),
    "two numbers": (lambda a, b: a @ b, (1, 2), (2, 1)),
    "no depth": (lambda a, b: a @ b, (3, 0), (0, 2)),
    "no rows": (lambda a, b: a @ b, (0, 3), (3, 2)),
    "vectors": (lambda a, b: a @ b, (31,), (31,)),
    "a vector and a matrix": (lambda a, b: a @ b, (31,), (31, 7)),
    "batches": (lambda a, b: a @ b, (3, 1, 20, 31), (4, 31, 18)),
    "batches with one matrix": (lambda a, b: a @ b, (3, 5, 20), (20, 18)),
    "reshaped": (lambda a, b: a.reshape(15, 20) @ b, (3, 5, 20), (20, 18)),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_matrix_products(name):
    f, *shapes = PRODUCTS[name]
    check(f, *(numbers(i, *shape) for i, shape in enumerate(shapes)))


CONVOLUTIONS = {
    "of three channels": ((2, 3, 11, 13), (8, 3, 3, 3), {"padding": 1}),
    "of the first layer": ((1, 3, 30, 30), (16, 3, 7, 7), {"stride": 2, "padding": 3}),
    "of many channels": ((2, 32, 9, 10), (48, 32, 3, 3), {"padding": 1}),
    "stride 2": ((2, 16, 11, 13), (20, 16, 3, 3), {"stride": 2, "padding": 1}),
    "of points": ((2, 40, 7, 7), (33, 40, 1, 1), {}),
    "of points, stride 2": ((2, 40, 7, 7), (33, 40, 1, 1), {"stride": 2}),
    "dilated": ((1, 6, 11, 13), (7, 6, 3, 3), {"dilation": 2}),
    "in groups": ((2, 12, 8, 8), (6, 4, 3, 3), {"groups": 3, "padding": 1}),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name):
    of_x, of_w, params = CONVOLUTIONS[name]
    check(lambda x, w: F.conv2d(x, w, **params), numbers(1, *of_x), numbers(2, *of_w))


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_derivatives_of_convolutions(name, which):
    """Each is linear in the cotangent and the other operand, which both are rounded."""
    of_x, of_w, params = CONVOLUTIONS[name]
    x, w = numbers(1, *of_x), numbers(2, *of_w)
    g = numbers(3, *F.conv2d(cr.tensor(x), cr.tensor(w), **params).shape)

    def derivative(other: Any, g: Any) -> Any:
        own = cr.zeros((of_x, of_w)[which], dtype=g.dtype).requires_grad_()
        x, w = (own, other) if which == 0 else (other, own)
        (F.conv2d(x, w, **params) * g).sum().backward()
        return own.grad

    check(derivative, (w, x)[which], g)


def test_derivatives_of_a_matrix_product():
    def derivative(b: Any, g: Any) -> Any:
        a = cr.zeros((20, 31), dtype=b.dtype).requires_grad_()
        ((a @ b) * g).sum().backward()
        return a.grad

    check(derivative, numbers(1, 31, 17), numbers(2, 20, 17))


@pytest.mark.parametrize("cpu", CPUS)
def test_operands_are_rounded_on_every_processor(monkeypatch, cpu):
    monkeypatch.setenv("CHAINRULE_CPU", cpu)
    x, w = cr.full((1, 4), 1 + 2**-10), cr.ones((4, 3))
    np.testing.assert_array_equal(compiled(cr.matmul)(x, w).numpy(), 4)
    np.testing.assert_array_equal(cr.compile(cr.matmul)(x, w).numpy(), np.float32(4 + 2**-8))
    check(lambda a, b: a @ b, numbers(1, 33, 65), numbers(2, 65, 40))


def test_ties_are_rounded_to_even():
    x = np.array([[1 + 2**-8, 1 + 3 * 2**-8]], np.float32)
    found = compiled(cr.matmul)(cr.tensor(x), cr.tensor(np.eye(2, dtype=np.float32)))
    np.testing.assert_array_equal(found.numpy(), [[1, 1 + 2**-6]])


UNTOUCHED: dict[str, tuple[Callable[..., Any], Any, Any]] = {
    "float64": (
        lambda a, b: a @ b,
        numbers(1, 9, 20).astype(np.float64),
        numbers(2, 20, 9).astype(np.float64),
    ),
    "outer products": (lambda a, b: cr.outer(a, b), numbers(1, 20), numbers(2, 30)),
    "pointwise": (lambda a, b: a * b + a, numbers(1, 20), numbers(2, 20)),
    "sums": (lambda a, b: (a * b).sum(0), numbers(1, 20, 9), numbers(2, 20, 9)),
    "each channel by itself": (
        lambda a, b: F.conv2d(a, b, groups=8, padding=1),
        numbers(1, 2, 8, 9, 9),
        numbers(2, 8, 1, 3, 3),
    ),
    "inside of loops": (
        lambda a, b: cr.scan(lambda c, x: (c @ b + x, c), a, cr.stack([a, a]))[0],
        numbers(1, 6, 6),
        numbers(2, 6, 6),
    ),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_everything_else_stays_as_it_is(name):
    f, *arrays = UNTOUCHED[name]
    given = [cr.tensor(x) for x in arrays]
    np.testing.assert_array_equal(compiled(f)(*given).numpy(), cr.compile(f)(*given).numpy())


def test_operands_of_bfloat16_give_bfloat16():
    a, b = (cr.tensor(numbers(i, 40, 40)).astype("bfloat16") for i in range(2))
    found = compiled(cr.matmul)(a, b)
    assert found.dtype == BFLOAT16
    expected = (a.numpy().astype(np.float64) @ b.numpy().astype(np.float64)).astype(np.float32)
    np.testing.assert_allclose(found.numpy().astype(np.float32), expected, rtol=2**-7, atol=1e-4)


def test_threads_make_no_difference():
    model = nn.Sequential(
        nn.Conv2d(16, 48, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(48 * 24 * 24, 30)
    )
    x = cr.tensor(numbers(1, 4, 16, 24, 24))
    before = cr.get_threads()
    try:
        results = []
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            results.append(compiled(model)(x).numpy())
    finally:
        cr.set_threads(before)
    for other in results[1:]:
        np.testing.assert_array_equal(other, results[0])


def test_a_network_learns_as_in_float32():
    def losses(**options: Any) -> list[float]:
        cr.random.seed(0)
        model = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(), nn.Linear(2304, 4)
        )
        optimizer = cr.optim.SGD(model.parameters(), lr=0.01)

        @cr.compile(**options)
        def step(x: Any, y: Any) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        x, y = cr.tensor(numbers(1, 8, 3, 12, 12)), cr.tensor(np.arange(8) % 4)
        return [float(step(x, y)) for _ in range(8)]

    found, exact = losses(precision="bfloat16"), losses()
    assert exact[-1] < exact[0] / 4
    assert found != exact
    np.testing.assert_allclose(found, exact, rtol=0.05, atol=0.01)


def test_weights_are_rounded_anew_when_they_change():
    model = nn.Linear(40, 30).eval()
    x, predict = cr.tensor(numbers(1, 8, 40)), compiled(model)
    with cr.no_grad():
        before = predict(x).numpy()
        model.weight.assign(model.weight * 2.0)
        model.bias.assign(model.bias * 2.0)
        np.testing.assert_array_equal(predict(x).numpy(), 2 * before)


def operations(f: Callable[..., Any], *arrays: np.ndarray) -> list[str]:
    graph = with_rounded_operands(cr.record(f, *map(cr.tensor, arrays)), "bfloat16")
    return [node.op.name for node in graph.nodes]


def test_a_value_is_rounded_once_and_before_it_is_moved():
    x, w = numbers(1, 6, 6), numbers(2, 6, 6)
    assert operations(lambda x, w: x @ w + x @ w.T + x.T @ x, x, w).count("cast") == 2
    found = operations(lambda x, w: cr.exp(x).reshape(2, 3, 6).transpose(0, 2, 1) @ w[:3], x, w)
    assert found.index("exp") < found.index("cast") < found.index("reshape", found.index("cast"))


def test_a_small_part_is_rounded_alone():
    x, w = numbers(1, 64, 6), numbers(2, 6, 6)
    graph = with_rounded_operands(cr.record(lambda x, w: x[:2] @ w, cr.tensor(x), cr.tensor(w)), "bfloat16")
    casts = [node for node in graph.nodes if node.op.name == "cast"]
    assert Counter(node.outputs[0].shape for node in casts) == {(2, 6): 1, (6, 6): 1}


def test_the_graph_that_was_given_is_not_changed():
    graph = cr.record(cr.matmul, cr.ones((2, 3)), cr.ones((3, 2)))
    before = str(graph)
    assert str(with_rounded_operands(graph, "bfloat16")) != before
    assert str(graph) == before


@pytest.mark.skipif(not host().has_bf16_dot, reason="this machine does not multiply bfloat16")
def test_explain_shows_pairs():
    f = compiled(lambda x, w: cr.relu(x @ w) @ w)
    seen = cr.explain(f, cr.ones((64, 64)), cr.ones((64, 64)))
    products = [kernel for kernel in seen.kernels if kernel.kind == "contraction"]
    assert len(products) == 2
    assert all("bfloat16 pairs" in kernel.loops and "dpbf16ps" in kernel.llvm for kernel in products)
    # What only the second product reads is stored rounded, by the kernel of the first.
    assert "bfloat16(" in products[0].loops


def test_an_unknown_precision_is_refused():
    with pytest.raises(cr.errors.ConfigError) as caught:
        cr.compile(cr.matmul, precision="bfloat1")
    sentence = "there is no precision 'bfloat1'. Did you mean 'bfloat16'? It is None or one of 'bfloat16'"
    assert sentence in str(caught.value)


def test_winograd_is_refused():
    with pytest.raises(cr.errors.ConfigError, match="exclude each other"):
        cr.compile(cr.matmul, precision="bfloat16", winograd=True)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(cr.errors.DTypeError, match="pip install ml_dtypes"):
        cr.compile(cr.matmul, precision="bfloat16")
