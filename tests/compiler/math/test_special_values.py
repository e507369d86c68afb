"""Zeros with their signs, infinities, NaN, subnormal numbers and branch points: as in NumPy and SciPy."""

from itertools import product

import numpy as np
import pytest
from scipy import special

from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.llvm.math.accuracy import FUNCTIONS
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load

from .measuring import CPUS, DOUBLE, FLOAT32, FLOAT64, arity, errors, kernel, target

SINGLE = [name for name in FUNCTIONS if arity(name) == 1 and name != "polygamma"]
PAIRS = [name for name in FUNCTIONS if arity(name) == 2]
_MIDDLE = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 7.0, np.inf]


def special_numbers(dtype):
    info = np.finfo(dtype)
    edges = [info.smallest_subnormal, info.tiny, info.eps, 1 - info.epsneg, 1 + info.eps, info.max]
    positive = np.array([*_MIDDLE, *edges], dtype)
    return np.concatenate([positive, -positive, np.array([np.nan], dtype)])


def expected(name, *arrays):
    with np.errstate(all="ignore"):
        return DOUBLE.get(name, getattr(np, name, None))(*arrays).astype(arrays[0].dtype)


def check(found, wanted, *arrays, tolerance=8.0, unit_of=None):
    """Equal where it is not finite or 0, signs included; elsewhere within a few units."""
    exact = ~np.isfinite(wanted) | (wanted == 0)
    signs = np.signbit(found) == np.signbit(wanted) | np.isnan(wanted)
    same = (found == wanted) & signs | np.isnan(found) & np.isnan(wanted)
    near = errors(found, wanted.astype(np.longdouble), unit_of) <= tolerance
    wrong = ~np.where(exact, same, near)
    assert not wrong.any(), [*zip(*(x[wrong] for x in (*arrays, found, wanted)), strict=True)][:5]


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", SINGLE)
def test_single(name, cpu, dtype):
    x = special_numbers(dtype)
    if name == "lgamma":
        # SciPy gives infinity for subnormal numbers, of which the logarithm is finite, and no digit near 1.
        x = x[((abs(x) >= np.finfo(dtype).tiny) | (x == 0)) & ((abs(abs(x) - 1) > 0.1) | (abs(x) == 1))]
    with np.errstate(over="ignore"):
        wanted = expected(name, x.astype(np.float64)).astype(dtype)
    if name == "erfinv":
        # Odd, as all its kind; SciPy's is so but at 0.
        wanted = np.where(x == 0, x, wanted)
    check(kernel(name, dtype, cpu)(x), wanted, x, tolerance=128.0 if name == "lgamma" else 8.0)


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name, cpu, dtype):
    x, y = np.array([*product(special_numbers(dtype), repeat=2)], dtype).T.copy()
    wanted = expected(name, x, y)
    # Where the logarithm of a sum is nearly 0, NumPy too has only the digits of its larger argument.
    unit = np.max(np.abs([x, y, wanted]), axis=0) if name.startswith("logaddexp") else None
    found = kernel(name, dtype, cpu)(x, y)
    if unit is not None:
        found, wanted = (
            np.where(np.abs(z) <= 2 * np.finfo(dtype).eps, dtype.type(0), z) for z in (found, wanted)
        )
    check(found, wanted, x, y, unit_of=unit)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("order", range(3))
def test_polygamma(order, cpu):
    x = np.array([0.0, -0.0, 1.0, 0.5, -0.25, -1.0, -2.0, 1e-300, 1e300, np.inf, np.nan])
    with np.errstate(all="ignore"):
        wanted = special.polygamma(order, x)
    check(kernel("polygamma", FLOAT64, cpu, order=order)(x), wanted, x, tolerance=64.0)


@pytest.mark.parametrize("cpu", CPUS)
def test_sines_are_at_most_1(cpu):
    for name, dtype in product(("sin", "cos"), (FLOAT32, FLOAT64)):
        around = np.arange(-40, 41) * (np.pi / 2)
        x = (around[:, None] + np.linspace(-2e-3, 2e-3, 201)).ravel().astype(dtype)
        assert np.abs(kernel(name, dtype, cpu)(x)).max() == 1


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("name", ["exp", "exp2"])
def test_powers_too_small_for_any_number_are_0(name, cpu, dtype):
    smallest = np.log2(np.finfo(dtype).smallest_subnormal.astype(np.float64))
    factor = np.log(2) if name == "exp" else 1.0
    x = (factor * smallest * np.linspace(1.02, 3.0, 4096)).astype(dtype)
    y = kernel(name, dtype, cpu)(x)
    assert not y.any() and not np.signbit(y).any()


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint32, np.int64, np.uint64])
def test_integer_power(dtype):
    dtype, cpu = np.dtype(dtype), CPUS[0]
    x = np.array([0, 1, 2, 3, 7, 10, 255 if dtype.kind == "u" else -3, 5] * 8, dtype)
    y = np.repeat(np.array([0, 1, 2, 3, 5, 8, 31, 63], dtype), 8)
    module = Module()
    b = Builder(module, "kernel", [("ptr", "x"), ("ptr", "y"), ("ptr", "z"), ("i64", "n")])
    with b.loop(0, b.argument("n"), 4) as loop:
        places = [b.element(b.pointer(name), loop.index, dtype) for name in "xyz"]
        left, right = (b.load(place, dtype, 4) for place in places[:2])
        b.store(b.power(left, right), places[2])
    b.finish()
    library, z = load([str(module)], target(cpu)), np.empty_like(x)
    function(library, "kernel", "void", "ptr", "ptr", "ptr", "i64")(*map(address, (x, y, z)), len(x))
    np.testing.assert_array_equal(z, x**y)
