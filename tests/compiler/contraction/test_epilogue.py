"""What follows on the accumulators: the caller's store, and the numbers that sums begin with."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.form import Contraction
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.llvm import Builder, Pointer, Value

from .forms import F32, FORMS
from .running import Operands, c_dims, matmul, operands, run


def along_lanes(strides: list[int], chosen: Plan) -> int:
    return strides[chosen.lane_loops[-1]] if chosen.lane_loops else 0


class Epilogue:
    """ReLU(sum + bias by column), or anything that reads one more array at an affine place."""

    def __init__(self, chosen: Plan, strides: list[int]) -> None:
        self.chosen, self.strides = chosen, strides

    def more(self, b: Builder, lanes: int, places, mask: Value | None) -> Value:
        """A vector of the array ``more``."""
        strides, at = list(self.strides), 0
        for place in places:
            at = b.plus(at, place.affine(strides[: len(place)]))
            strides = strides[len(place) :]
        step = along_lanes(self.strides, self.chosen)
        first = b.element(b.pointer("more"), at, F32)
        if step == 0:
            return b.splat(b.load(first, F32), lanes)
        indices = b.constants([i * step for i in range(lanes)], np.dtype(np.int64))
        return b.gather(first, indices, F32, mask)

    def store(self, b: Builder, x: Value, batch, rows, columns, mask: Value | None) -> None:
        places = (batch, rows, columns)
        y = b.maximum(b.add(x, self.more(b, x.lanes, places, mask)), 0.0)
        form = self.chosen.form
        of_c = [stride for _, stride in c_dims(form)]
        at = b.number(0)
        for place in places:
            at = b.number(b.plus(at, place.affine(of_c[: len(place)])))
            of_c = of_c[len(place) :]
        step = along_lanes([stride for _, stride in c_dims(form)], self.chosen)
        indices = b.constants([i * step for i in range(x.lanes)], np.dtype(np.int64))
        b.scatter(y, Pointer(b.element(b.pointer("c"), at, F32).text), indices, mask)


def check_bias(form: Contraction, chosen: Plan, order: int = 1, by_rows: bool = False) -> None:
    """ReLU(C + bias of the innermost column)."""
    columns = sum(dim.extent for dim in form.columns)
    bias = np.arange(max(columns, 1), dtype=np.float32) - 7
    strides = [0] * (len(form.batch) + len(form.rows)) + [0] * len(form.columns)
    strides[-1] = 1
    given = operands(form, 3)
    expected = given.expected()
    view = result_of(form, given, expected)
    view[...] = np.maximum(view + bias, 0)
    store = Epilogue(chosen, strides).store
    run(chosen, given, more=bias, order=order, store=store, by_rows=by_rows)
    np.testing.assert_array_equal(given.c.flat, expected, err_msg=str(chosen))


def result_of(form: Contraction, given: Operands, flat: np.ndarray) -> np.ndarray:
    size = flat.itemsize
    shape, strides = zip(*c_dims(form), strict=True)
    return np.lib.stride_tricks.as_strided(flat[given.c.start :], shape, [s * size for s in strides])


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("exchange", [False, True])
@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
def test_bias_and_relu(machine, cpu, exchange, by_rows):
    form = matmul(21, 50, 30)
    check_bias(form, plan(form, machine(cpu), exchange=exchange), by_rows=by_rows)


@pytest.mark.parametrize("name", ["3x3", "of groups", "1x1", "to weights", "attention"])
@pytest.mark.parametrize("depth", [None, 20])
@pytest.mark.parametrize("by_rows", [False, True])
def test_after_convolutions(machine, name, depth, by_rows):
    form = FORMS[name]
    chosen = plan(form, machine("native"), depth=depth, pieces=6)
    check_bias(form, chosen, order=-1, by_rows=by_rows)


def test_what_follows_is_written_once_for_rows_of_a_tile_if_it_is_long():
    x, w = cr.ones((40, 30)), cr.ones((30, 70))
    short, long = (
        cr.explain(cr.compile(lambda x, w, f=f: f(x @ w)), x, w).kernels[-1].llvm
        for f in (cr.relu, lambda y: cr.sigmoid(y) * y)
    )
    assert "alloca" not in short
    assert "alloca" in long
    assert long.count("fdiv") < 8


def test_one_array_more_that_lies_otherwise(machine):
    """A residual whose rows are stored in another order: the merged loops are taken apart."""
    form = FORMS["1x1"]
    (n, h, w), (o,) = ([dim.extent for dim in dims] for dims in (form.rows, form.columns))
    chosen = plan(form, machine("native"))
    residual = np.arange(n * h * w * o, dtype=np.float32).reshape(o, w, h, n) % 11 - 5
    given = operands(form, 4)
    expected = given.expected()
    view = result_of(form, given, expected)
    view[...] = np.maximum(view + residual.transpose(3, 2, 1, 0), 0)
    strides = [0, 1, n, n * h, n * h * w]
    run(chosen, given, more=residual, store=Epilogue(chosen, strides).store)
    np.testing.assert_array_equal(given.c.flat, expected)


@pytest.mark.parametrize("kind", ["C", "more"])
@pytest.mark.parametrize("depth", [None, 16])
def test_sums_begin_with_given_numbers(machine, kind, depth):
    form = matmul(21, 50, 40)
    chosen = plan(form, machine("native"), exchange=False, depth=depth)
    given = operands(form, 5)
    start = given.c.flat.copy() if kind == "C" else np.arange(21 * 50, dtype=np.float32)
    expected = given.expected() + start

    def initial(b: Builder, lanes: int, batch, rows, columns, mask: Value | None) -> Value:
        at = b.plus(rows.affine([50]), columns.affine([1]))
        source = b.pointer("c" if kind == "C" else "more")
        return b.load(b.element(source, at, F32), F32, lanes, mask)

    run(chosen, given, more=start, initial=initial)
    np.testing.assert_array_equal(given.c.flat, expected)
