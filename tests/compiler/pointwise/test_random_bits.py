"""Rows whose results are exact, on numbers of random bits: all exponents, all kinds of NaN, all integers."""

import numpy as np
import pytest

from chainrule import dtypes
from chainrule.core.op import TABLE

from .comparing import bound, problem
from .running import CPUS, TYPES, cases_of, casts, compiled, run
from .values import castable

SEED, COUNT = 11, 2001
NAMES = ["floor_divide", "remainder", "fmod", "nextafter", "copysign", "heaviside", "sign", "fmax", "minimum"]
NAMES += ["gcd", "lcm", "left_shift", "right_shift", "add", "multiply", "equal", "less", "round", "signbit"]
ROWS = [TABLE[name] for name in NAMES]
REAL = [dtype for dtype in TYPES if dtype.kind != "c" and dtype != dtypes.bool_]


def random_bits(dtype, rng):
    """Half of them with exponents near each other, so that quotients are not all 0 or large."""
    bits = rng.integers(0, 256, COUNT * dtype.itemsize, np.uint8).view(dtype)
    if dtypes.letter(dtype) != "f":
        return bits
    near = rng.uniform(-1000, 1000, COUNT).astype(dtype)
    return np.where(rng.integers(0, 2, COUNT) == 0, bits, near)


@pytest.mark.parametrize("dtype", REAL, ids=str)
@pytest.mark.parametrize("cpu", [CPUS[0], CPUS[-1]])
def test_rows(cpu, dtype):
    rng = np.random.default_rng(SEED)
    cases = [case for case in cases_of(dtype, ROWS) if bound(case) == 0]
    assert len(cases) > 10
    library = compiled(cases, cpu, (16,))
    for case in cases:
        arrays = [random_bits(dtype, rng) for _ in case.types]
        assert not (found := problem(case, arrays, run(library, case, 16, arrays))), f"seed {SEED}: {found}"


@pytest.mark.parametrize("cpu", [CPUS[0], CPUS[-1]])
def test_casts(cpu):
    rng = np.random.default_rng(SEED)
    cases = casts(REAL)
    library = compiled(cases, cpu, (16,))
    for case in cases:
        arrays = castable(case, [random_bits(case.types[0], rng)])
        assert not (found := problem(case, arrays, run(library, case, 16, arrays))), f"seed {SEED}: {found}"
