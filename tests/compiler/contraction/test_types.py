"""Element types: each adds up as NumPy's matmul does."""

from __future__ import annotations

from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.form import Contraction

from .running import check, matmul, operands, run
from .test_random import random_form

TYPES = [
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
    ml_dtypes.bfloat16,
]


def name(dtype) -> str:
    return np.dtype(dtype).name


@pytest.mark.parametrize("cpu", ["x86-64-v2", "x86-64-v3", "native"])
@pytest.mark.parametrize("dtype", TYPES, ids=name)
@pytest.mark.parametrize("how", ["NN", "TT"])
def test_products_of_types(machine, dtype, how, cpu):
    check(matmul(13, 21, 19, how, dtype), machine(cpu))


@pytest.mark.parametrize("dtype", TYPES, ids=name)
def test_random_forms_of_types(machine, dtype):
    for seed in range(100, 103):
        form = random_form(np.random.default_rng(seed), np.dtype(dtype))
        check(form, machine("native"), seed)


@pytest.mark.parametrize("types", [("float16", "float32"), ("int8", "int32"), ("uint8", "int64")])
def test_results_wider_than_operands(machine, types):
    narrow, wide = map(np.dtype, types)
    form = replace(matmul(13, 21, 19), a=narrow, b=narrow, c=wide)
    check(form, machine("native"))


def test_integers_wrap(machine):
    form = matmul(3, 17, 40, dtype=np.int8)
    given = operands(form, 5)
    given.a.flat[:], given.b.flat[:] = 3, 3
    chosen = plan(form, machine("native"))
    run(chosen, given)
    assert (given.c.flat == 9 * 40 - 256).all()


def test_accumulators():
    def accumulator(dtype) -> np.dtype:
        form: Contraction = matmul(1, 1, 1, dtype=dtype)
        return form.accumulator

    assert accumulator(np.float16) == accumulator(ml_dtypes.bfloat16) == np.float32
    assert accumulator(np.int8) == np.int8
