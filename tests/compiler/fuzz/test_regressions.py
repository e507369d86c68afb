"""What random programs have found, each as a small program of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.loops import kernel
from chainrule.core.op import TABLE
from chainrule.ops.index import scatter_add
from chainrule.ops.window import conv_params

from .checking import problems
from .programs import Recorded


def check(f: Callable[..., Any], arrays: Sequence[Any], states: Sequence[Any] = ()) -> None:
    """The compiled function is the eager one, with these elements of states to begin with."""
    graph = cr.record(f, *map(cr.tensor, arrays))
    begin = [next(s.data for s in states if s is used.tensor) for used in graph.states]
    assert problems(Recorded(graph, list(arrays), [x.copy() for x in begin])) == []


def numbers(*shape: int, dtype: Any = np.float32) -> Any:
    return np.asarray(np.random.default_rng(3).uniform(-2, 2, shape)).astype(dtype)


@pytest.mark.parametrize("count", [1, 17, 33])
def test_one_bfloat16_behind_whole_vectors_is_stored_in_two_bytes(count):
    """LLVM writes four when a vector is narrowed and only its first lane is stored."""
    a, b = (numbers(n, dtype=ml_dtypes.bfloat16) for n in (1, count))
    check(lambda a, b: (TABLE["contract"](a, b, spec="a,y->ya"), b.astype(np.int8)), [a, b])


def test_what_follows_a_product_of_bfloat16_reads_rounded_sums():
    def twice(a: Any, b: Any) -> Any:
        y = TABLE["contract"](a, b, spec="ab,yx->xayb")
        return y, y

    check(twice, [numbers(1, 1, dtype=ml_dtypes.bfloat16), numbers(2, 17, dtype=ml_dtypes.bfloat16)])


def test_zeros_that_others_write_into_are_not_prepared_once():
    def pool(x: Any, w: Any) -> Any:
        y = TABLE["sum_pool"](x, window=(2,), **conv_params((3,), ((0, 2),), (1,), (2,)))
        return TABLE["conv"](y, w, groups=1, **conv_params((1,), ((2, 1),)))

    check(lambda x, w: [pool(x, w)], [numbers(1, 4, 2), numbers(3, 4, 3)])


def test_a_number_is_overwritten_after_the_row_that_reads_it():
    first, second = (cr.State(numbers()) for _ in range(2))

    def step(x: Any) -> Any:
        y = cr.maximum(first * second, x)
        first.assign(second * 2.0)
        return y

    check(step, [numbers(6, 5)], [first, second])


@pytest.mark.parametrize("size", [1320, 264, 792])
def test_pieces_without_work_repeat_none_of_it(size, monkeypatch):
    """States that change places are overwritten once, however the work is cut."""
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 64)
    first, second = cr.State(numbers(size)), cr.State(numbers(size) + 1)

    def swap(x: Any) -> Any:
        y = first * 2.0
        old = first.detach() * 1
        first.assign(second + x)
        second.assign(old)
        return y

    check(swap, [numbers(size)], [first, second])


def test_a_scan_whose_carries_change_places(monkeypatch):
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 64)

    def swap(x: Any, t: Any) -> Any:
        (a, b), c = cr.scan(lambda pair, t: ((pair[1] * 0.5, pair[0] + t), pair[0]), (x, cr.tanh(x)), t)
        return a, b, c

    check(swap, [numbers(8, 33), numbers(3)])


def test_a_fold_of_one_element_comes_before_the_row_that_reads_it():
    def shifted(x: Any) -> Any:
        return cr.logsumexp(x, axis=1, keepdims=True) - x

    check(lambda x: [shifted(x)], [numbers(3, 16)])


def test_sums_at_places_are_not_repeated_by_pieces_beyond_the_end(monkeypatch):
    """Nine pieces of 16 elements each share 120, of which the last eight are left over."""
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 64)
    places = cr.tensor(np.array([3, 3, 4]))

    def summed(x: Any) -> Any:
        return scatter_add(x, places, axes=(0,), shape=(6, 8, 15))

    check(summed, [numbers(3, 8, 15)])


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16])
def test_what_lanes_share_is_read_inside_a_guard_only(dtype):
    """Behind the guard lies no memory: the value that is padded has no elements."""
    nothing, x = numbers(1, 0, 1, dtype=dtype), numbers(2, 3, 17, dtype=dtype)

    def padded(nothing: Any, x: Any) -> Any:
        y = cr.exp(nothing)
        wide = cr.broadcast_to(cr.sin(y) * y, (1, 0, 14))
        return x + TABLE["pad"](wide, low=(0, 0, 3), high=(1, 3, 0), interior=(1, 0, 0))

    check(padded, [nothing, x])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_product_of_which_nothing_is_read_is_not_made(dtype):
    """It has no memory to be made in."""

    def nothing_of(a: Any, b: Any) -> Any:
        return [cr.matmul(cr.matmul(a, b)[:0].T, cr.ones((0, 1)).astype(a.dtype))]

    check(nothing_of, [numbers(6, 7, dtype=dtype), numbers(7, 5, dtype=dtype)])


def test_a_state_is_overwritten_on_accumulators_only_where_it_is_read_there(monkeypatch):
    """Rows that are computed later still read the old ones."""
    monkeypatch.setattr(kernel, "_SMALLEST_PIECE", 64)
    weight, state = cr.State(numbers(6, 5)), cr.State(numbers(6, 5))

    def step(x: Any) -> Any:
        y = TABLE["contract"](weight, x, spec="ab,a->ab") + cr.flip(state, (0,))
        state.assign(y)
        return y

    check(step, [numbers(6)], [weight, state])


def test_zeros_around_what_nobody_reads_are_not_written():
    def nothing_of(x: Any, w: Any) -> Any:
        y = TABLE["conv"](cr.exp(x), w, groups=1, **conv_params((2,), ((2, 1),)))
        return [cr.concatenate([cr.sum(y, axis=2, keepdims=True)[:, :, :0]] * 3, axis=1)]

    check(nothing_of, [numbers(1, 4, 9), numbers(16, 4, 3)])
