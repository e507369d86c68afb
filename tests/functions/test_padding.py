"""Padding by every mode is NumPy's; what was added carries derivatives back to where it came from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError
from chainrule.functions.padding import PLACED

from .compare import FEW, SEEDS, SHAPES, SOLID, agrees, numbers, same


@pytest.mark.parametrize("mode", PLACED)
@FEW
@given(data=st.data(), seed=SEEDS)
def test_modes_that_repeat(mode, data, seed):
    x = numbers(data.draw(SOLID), seed)
    # Wider than the axis too: reflections of reflections.
    widths = data.draw(st.lists(st.tuples(*(st.integers(0, 9),) * 2), min_size=x.ndim, max_size=x.ndim))
    agrees(lambda t: cr.pad(t, widths, mode), lambda a: np.pad(a, widths, PLACED[mode]), x)
    cr.check_gradients(lambda t: cr.pad(t, widths, mode), x, order=1, seed=seed)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_constant(data, seed):
    x = numbers(data.draw(SHAPES), seed)
    widths = data.draw(st.sampled_from([0, 2, (1, 2), [(3, 0)] * x.ndim or 0]))
    for values in (0, 1.5, (1.0, -2.0), [(float(i), i + 0.5) for i in range(x.ndim)] or 0):
        options = {"constant_values": values}
        agrees(lambda t, o=options: cr.pad(t, widths, **o), lambda a, o=options: np.pad(a, widths, **o), x)
        cr.check_gradients(lambda t, o=options: cr.pad(t, widths, **o), x, order=1, seed=seed)
    same(cr.pad(x, widths, value=0.5), np.pad(x, widths, constant_values=0.5))


@pytest.mark.parametrize(
    "widths", [3, (1, 2), ((1, 2),), ((1, 2), (0, 3)), [1], np.array([[1, 0], [2, 1]]), {-1: (1, 2)}, {0: 2}]
)
def test_forms_of_the_widths(widths):
    # NumPy before 2.4 takes no dict.
    plain = [widths.get(i, widths.get(i - 2, 0)) for i in range(2)] if isinstance(widths, dict) else widths
    plain = [(w, w) if isinstance(w, int) else w for w in plain] if isinstance(widths, dict) else plain
    agrees(lambda t: cr.pad(t, widths), lambda a: np.pad(a, plain), numbers((2, 3)))


@pytest.mark.parametrize("dtype", ["bool", "int8", "float16", "float32", "complex64"])
@pytest.mark.parametrize("mode", ["constant", "reflect"])
def test_the_type_stays(dtype, mode):
    x = numbers((2, 3), 1, dtype)
    options = {"constant_values": 1} if mode == "constant" else {}
    got, expected = cr.pad(cr.tensor(x), 1, mode, **options), np.pad(x, 1, mode, **options)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got.numpy(), expected)


def test_second_derivatives():
    cr.check_gradients(lambda x: cr.pad(x, ((2, 1), (0, 3)), "wrap") ** 2, numbers((2, 3)), order=2)


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.pad(cr.ones((2, 3)), (1, 2, 3)), ShapeError, "one for each of the 2 axes"),
        (lambda: cr.pad(cr.ones(3), -1), ShapeError, "at least 0"),
        (lambda: cr.pad(cr.ones(3), 0.5), ShapeError, "at least 0"),
        (lambda: cr.pad(cr.ones(3), 1, "mean"), ConfigError, "mode must be one of 'constant', 'edge'"),
        (lambda: cr.pad(cr.ones(3), 1, 0.5), ConfigError, "mode must be one of .*, got 0.5"),
        (lambda: cr.pad(cr.zeros((2, 0)), 1, "edge"), ShapeError, "axis 1 is empty"),
        (lambda: cr.pad(cr.ones(3), 1, constant_values=(1, 2, 3)), ShapeError, "constant_values must be"),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
