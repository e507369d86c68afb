"""Products of bfloat16 pairs: by the processor's instruction where it has one, by float32 where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.form import Contraction
from chainrule.compiler.emit.contraction.nest import Kind
from chainrule.compiler.native.codegen import emit_object
from chainrule.compiler.target import Target, host, named

from .forms import FORMS
from .running import Buffer, check, matmul, operands, run, text_of
from .test_random import random_form

BFLOAT16, FLOAT32 = np.dtype(ml_dtypes.bfloat16), np.dtype(np.float32)
SHAPES = [(1, 1, 1), (5, 7, 1), (33, 65, 64), (30, 1, 55), (14, 32, 301)]
# What of the operands is packed, as far as it can be chosen.
PACKED = [(False, False), (False, True), (True, False), (True, True)]


def in_pairs(form: Contraction) -> Contraction:
    return replace(form, a=BFLOAT16, b=BFLOAT16, c=FLOAT32, in_pairs=True)


@pytest.fixture
def with_instruction(machine: Callable[[str], Target]) -> Target:
    target = machine("native")
    if not (target.has_bf16_dot and target.vector_bytes == 64):
        pytest.skip("this machine does not multiply bfloat16")
    return target


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("how", ["NN", "NT", "TN", "TT"])
@pytest.mark.parametrize("shape", SHAPES)
def test_products(with_instruction, shape, how, packed):
    pack_a, pack_b = packed
    form = in_pairs(matmul(*shape, how))
    chosen = check(form, with_instruction, kind=Kind.PAIRS, pack_a=pack_a, pack_b=pack_b)
    assert chosen.nest.kind is Kind.PAIRS
    assert "dpbf16ps" in text_of(chosen)


@pytest.mark.parametrize("shape", SHAPES)
def test_products_in_pieces_and_blocks(with_instruction, shape):
    check(in_pairs(matmul(*shape)), with_instruction, kind=Kind.PAIRS, pieces=7, depth=20, order=-1)


@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
@pytest.mark.parametrize("name", FORMS)
def test_convolutions(machine, name, cpu):
    check(in_pairs(FORMS[name]), machine(cpu))
    check(in_pairs(FORMS[name]), machine(cpu), kind=Kind.PAIRS, pieces=13, depth=20, order=-1)


@pytest.mark.parametrize("packed", PACKED)
def test_random_forms(with_instruction, packed):
    pack_a, pack_b = packed
    for seed in range(200, 220):
        form = in_pairs(random_form(np.random.default_rng(seed), FLOAT32))
        check(form, with_instruction, seed, kind=Kind.PAIRS, pack_a=pack_a, pack_b=pack_b)


def test_results_in_bfloat16(with_instruction):
    chosen = check(replace(in_pairs(matmul(13, 21, 19)), c=BFLOAT16), with_instruction)
    assert chosen.nest.kind is Kind.PAIRS


def test_pairs_only_where_they_may_be_added(machine):
    form, native = in_pairs(matmul(64, 64, 64)), machine("native")
    assert plan(replace(form, in_pairs=False), native).nest.kind is Kind.OUTER
    assert plan(replace(form, b=FLOAT32), native).nest.kind is Kind.OUTER
    assert plan(form, machine("x86-64-v3")).nest.kind is Kind.OUTER


def test_an_odd_depth_is_not_cut(with_instruction):
    form = in_pairs(matmul(20, 20, 301))
    assert plan(form, with_instruction, kind=Kind.PAIRS, depth=20).blocks.count == 1
    assert plan(in_pairs(matmul(20, 20, 300)), with_instruction, kind=Kind.PAIRS, depth=20).blocks.count > 1


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("how", ["NN", "NT", "TN", "TT"])
def test_what_lies_beside_an_operand_is_not_used(with_instruction, how, packed):
    """Of an odd depth the last pair is half: a NaN that lies behind must not reach the sum."""
    form = matmul(9, 18, 7, how)
    wider = in_pairs(
        replace(form, rows=_apart(form.rows), columns=_apart(form.columns), depth=_apart(form.depth))
    )
    given = operands(wider, 3)
    for side, dims in ((given.a, (*wider.rows, *wider.depth)), (given.b, (*wider.columns, *wider.depth))):
        name = "a" if side is given.a else "b"
        used = np.zeros(side.flat.size, np.bool_)
        Buffer(used, side.start).view([(d.extent, getattr(d, name)) for d in dims])[...] = True
        side.flat[~used] = np.nan
    expected = given.expected()
    assert np.isfinite(expected).all()
    run(plan(wider, with_instruction, kind=Kind.PAIRS, pack_a=packed[0], pack_b=packed[1]), given)
    np.testing.assert_array_equal(given.c.flat, expected)


def _apart(dims):
    """Steps other than 1 three times as large, so that there is room behind each run."""
    return tuple(replace(d, a=d.a if d.a == 1 else 3 * d.a, b=d.b if d.b == 1 else 3 * d.b) for d in dims)


@pytest.mark.parametrize("shape", [(17, 33, 5), (40, 48, 301), (64, 64, 1024)])
def test_rounding_errors(with_instruction, shape):
    """Exact products added up in float32: each addition has an error of 2⁻²⁴ of all magnitudes at most."""
    form, rng = in_pairs(matmul(*shape)), np.random.default_rng(11)
    m, n, k = shape
    given = operands(form, 0)
    for side in (given.a, given.b):
        side.flat[:] = rng.standard_normal(side.flat.size)
    run(plan(form, with_instruction, kind=Kind.PAIRS), given)
    a, b = given.a.flat.astype(np.float64).reshape(m, k), given.b.flat.astype(np.float64).reshape(k, n)
    error = np.abs(given.c.flat.reshape(m, n) - a @ b)
    assert error.max() > 0
    assert (error <= (k + 1) * 2.0**-24 * (np.abs(a) @ np.abs(b))).all()


def test_special_values(with_instruction):
    form = in_pairs(matmul(1, 16, 4))
    given = operands(form, 0)
    a, b = given.a.flat, given.b.flat.reshape(4, 16)
    a[:], b[:] = 1, 0
    b[1, 0], b[2, 1], b[0, 2], b[1, 2], b[3, 3] = np.nan, np.inf, np.inf, -np.inf, 1e-39
    b[0, 4] = np.finfo(np.float32).tiny
    run(plan(form, with_instruction, kind=Kind.PAIRS), given)
    found = given.c.flat
    assert np.isnan(found[[0, 2]]).all() and np.isposinf(found[1])
    assert found[3] == 0  # Subnormal: the instruction takes it for 0.
    assert found[4] == np.finfo(np.float32).tiny
    assert (found[5:] == 0).all()


def test_sums_that_are_subnormal_are_0(with_instruction):
    form = in_pairs(matmul(1, 1, 2))
    given = operands(form, 0)
    given.a.flat[:], given.b.flat[:] = [2.0**-70, 0], [2.0**-70, 0]
    run(plan(form, with_instruction, kind=Kind.PAIRS), given)
    assert given.c.flat[0] == 0


@pytest.mark.parametrize("name", ["aarch64", "wasm32"])
def test_objects_for_other_processors(name):
    chosen = plan(in_pairs(matmul(33, 40, 51)), named(name))
    assert chosen.nest.kind is not Kind.PAIRS
    assert len(emit_object(text_of(chosen), named(name))) > 100


def test_a_plan_says_that_it_takes_pairs(with_instruction):
    assert "bfloat16 pairs" in str(plan(in_pairs(matmul(64, 64, 64)), with_instruction))
    assert host() == with_instruction
