"""Sums of columns are added up by the kernel that goes over the same rows, if these come from memory."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.loops import kernel, sums
from chainrule.compiler.program.build import build

SHAPES = [(512, 64), (513, 100), (600, 17), (40, 16, 33), (2000, 7), (8192, 20), (4096, 10)]


def layer_norm_and_slopes(x, y, weight, bias):
    found, back = cr.vjp(lambda *given: F.layer_norm(given[0], weight.shape, *given[1:]), x, weight, bias)
    return found, *back(y)


def sums_of_both_kinds(x, y, weight, bias):
    """A fold of rows that columns need, and the largest of columns."""
    share = x / cr.sum(cr.exp(x), axis=-1, keepdims=True)
    return share, cr.max(share * y, axis=0), cr.sum(x, axis=0)


def given(shape, dtype=np.float32):
    rng = np.random.default_rng(8)
    return [cr.tensor(rng.normal(size=s).astype(dtype)) for s in (shape, shape, shape[-1:], shape[-1:])]


def nests(f, arrays):
    program = build(cr.record(f, *arrays))
    return [call.step for call in program.making.calls if isinstance(call.step, kernel.Nest)]


def results(f, arrays):
    return build(cr.record(f, *arrays)).run([x.numpy() for x in arrays])


def hosts(f, arrays):
    """Kernels of rows that add up columns too."""
    return [nest for nest in nests(f, arrays) if any(map(nest.adds_up_in_memory, nest.members))]


@pytest.fixture
def all_from_memory(monkeypatch):
    monkeypatch.setattr(sums, "_FROM_MEMORY", 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_slopes_of_a_layer_norm_are_the_same(shape, dtype, all_from_memory):
    arrays = given(shape, dtype)
    assert len(hosts(layer_norm_and_slopes, arrays)) == 1
    found = results(layer_norm_and_slopes, arrays)
    near = {"rtol": 2e-4, "atol": 2e-5 * shape[0] ** 0.5} if dtype == np.float32 else {"rtol": 1e-10}
    for x, expected in zip(found, layer_norm_and_slopes(*arrays), strict=True):
        np.testing.assert_allclose(np.array(x), np.array(expected), **near)


@pytest.mark.parametrize("shape", [(512, 64), (513, 100), (2000, 7)])
def test_columns_read_what_rows_make(shape, all_from_memory):
    """Rows take one kernel of columns only: with a second one (512, 64) had more pieces than sums."""
    arrays = given(shape)
    assert len(hosts(sums_of_both_kinds, arrays)) == 1
    found = results(sums_of_both_kinds, arrays)
    for x, expected in zip(found, sums_of_both_kinds(*arrays), strict=True):
        np.testing.assert_allclose(np.array(x), np.array(expected), rtol=1e-4, atol=1e-4)


def test_threads_change_no_bit(all_from_memory):
    arrays, before = given((700, 90)), cr.get_threads()
    program, found = build(cr.record(layer_norm_and_slopes, *arrays)), []
    try:
        for threads in (1, 2, 3, 8):
            cr.set_threads(threads)
            found += [program.run([x.numpy() for x in arrays]) for _ in range(5)]
    finally:
        cr.set_threads(before)
    assert all(np.array_equal(x, y) for one in found for x, y in zip(one, found[0], strict=True))


def test_sums_in_two_steps_are_taken_whole(all_from_memory):
    """Few columns are summed in groups of rows first: a group is some pieces."""
    arrays = given((8192, 20))
    adding = [nest for nest in nests(layer_norm_and_slopes, arrays) if nest.columns and nest.outer]
    assert [len(nest.extents) for nest in adding] == [3]
    (host,) = hosts(layer_norm_and_slopes, arrays)
    assert math.prod(adding[0].extents[:2]) == kernel.pieces_in_rows(host)


def test_large_arrays_are_read_once():
    assert len(hosts(layer_norm_and_slopes, given((4096, 1000)))) == 1


# What is left as it is: the arrays' shape, and the smallest number of bytes that come from memory.
APART = {
    "arrays that a cache holds": ((512, 64), 1 << 24),
    "few rows for each piece": ((100, 1000), 0),
    "more sums than a cache should hold": ((600, 1 << 13), 0),
}


@pytest.mark.parametrize("name", APART)
def test_sums_stay_apart(name, monkeypatch):
    shape, nbytes = APART[name]
    monkeypatch.setattr(sums, "_FROM_MEMORY", nbytes)
    arrays = given(shape)
    assert not hosts(layer_norm_and_slopes, arrays)
    assert any(nest.columns for nest in nests(layer_norm_and_slopes, arrays))


def test_what_is_overwritten_in_between_is_summed_later(all_from_memory):
    """The columns are those of the state's new elements, which only its assignment makes."""
    before = np.random.default_rng(3).normal(size=(600, 40)).astype(np.float32)
    state = cr.nn.Parameter(before)

    @cr.compile
    def step(x):
        share = cr.softmax(state * 1.0, axis=-1)
        state.assign(state + x)
        return share, cr.sum(state * state, axis=0)

    share, total = step(cr.tensor(np.ones((600, 40), np.float32)))
    after = before.astype(np.float64) + 1
    exp = np.exp(before.astype(np.float64))
    np.testing.assert_allclose(np.array(share), exp / exp.sum(-1, keepdims=True), rtol=1e-5)
    np.testing.assert_allclose(np.array(total), (after * after).sum(0), rtol=1e-4)
    np.testing.assert_allclose(np.array(state), after, rtol=1e-6)
