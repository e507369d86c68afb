"""Every function gives what NumPy or SciPy gives, over shapes and element types."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import chainrule as cr
from chainrule.core import tree

from .samples import SAMPLES, matrix

CASES = [(name, shape) for name, sample in SAMPLES.items() for shape in sample.shapes]
TOLERANCE = {"float32": 2e-4, "complex64": 2e-4, "float64": 1e-10, "complex128": 1e-10}


def compare(name, shape, dtype):
    """Our results, after holding them against the reference's."""
    a = matrix(shape, dtype)
    found = list(tree.leaves(SAMPLES[name].ours(cr.tensor(a))))
    expected = list(tree.leaves(SAMPLES[name].reference(a)))
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == np.shape(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    return found


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize(("name", "shape"), CASES)
def test_same_result(name, shape, dtype):
    compare(name, shape, dtype)


@pytest.mark.parametrize(("dtype", "width"), [("float32", 4), ("complex64", 4)])
@pytest.mark.parametrize("name", SAMPLES)
def test_single_precision_stays_single(name, dtype, width):
    for y in compare(name, SAMPLES[name].shapes[0], dtype):
        assert y.dtype.itemsize == {"f": width, "c": 2 * width, "i": 8}[y.dtype.kind]


def test_integers_become_the_default_float():
    assert cr.linalg.inv(cr.tensor([[2, 1], [1, 1]])).tolist() == [[1.0, -1.0], [-1.0, 2.0]]
    assert cr.linalg.det(cr.tensor([[2, 1], [1, 1]])).dtype == "float32"


def test_powers_of_whole_numbers_are_whole():
    power = cr.linalg.matrix_power(cr.tensor([[1, 1], [1, 0]]), 60)
    assert power.dtype == "int64" and power.tolist()[0] == [2504730781961, 1548008755920]


def test_sixteen_bit_floats_are_computed_in_float32():
    a = cr.tensor([[2.0, 1.0], [1.0, 3.0]], dtype="float16")
    x = cr.linalg.solve(a, cr.tensor([1.0, 2.0], dtype="float16"))
    assert x.dtype == "float16"
    np.testing.assert_allclose(x.astype("float32"), [0.2, 0.6], atol=5e-4)


def test_right_sides_broadcast_over_the_batch(rng):
    a, b = rng.standard_normal((5, 1, 3, 3)) + 2 * np.eye(3), rng.standard_normal((4, 3, 2))
    np.testing.assert_allclose(cr.linalg.solve(a, b), np.linalg.solve(a, b), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(cr.linalg.lstsq(a, b).x, np.linalg.solve(a, b), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_multi_dot_takes_the_order_that_numpy_takes(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 12, 7)
    factors = [rng.standard_normal((m, n)) for m, n in itertools.pairwise(sizes)]
    np.testing.assert_allclose(cr.linalg.multi_dot(factors), np.linalg.multi_dot(factors), rtol=1e-9)


def test_multi_dot_multiplies_the_thin_factors_first():
    factors = [cr.ones((100, 2)), cr.ones((2, 100)), cr.ones((100, 1))]
    graph = cr.record(lambda *x: cr.linalg.multi_dot(x), *factors)
    assert [node.outputs[0].shape for node in graph.nodes if node.op.name == "contract"] == [(2, 1), (100, 1)]
