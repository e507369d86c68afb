"""Diagonals, triangles and windows: NumPy's numbers for all offsets and axes, derivatives, wrong calls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr
from chainrule.errors import ShapeError

from .compare import FEW, MATRICES, SEEDS, SOLID, agrees, has_type, numbers, same


@FEW
@given(data=st.data(), seed=SEEDS)
def test_diagonal_and_trace(data, seed):
    x = numbers(data.draw(MATRICES), seed)
    rows, columns = data.draw(st.permutations(range(-x.ndim, 0)))[:2]
    place = {"offset": data.draw(st.integers(-5, 5)), "axis1": rows, "axis2": columns}
    agrees(lambda t: cr.diagonal(t, **place), lambda a: np.diagonal(a, **place), x)
    agrees(lambda t: cr.trace(t, **place), lambda a: np.trace(a, **place), x)
    cr.check_gradients(lambda t: cr.diagonal(t, **place), x, order=1, seed=seed)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_triangles(data, seed):
    x, k = numbers(data.draw(MATRICES), seed), data.draw(st.integers(-5, 5))
    agrees(lambda t: cr.tril(t, k), lambda a: np.tril(a, k), x)
    agrees(lambda t: cr.triu(t, k), lambda a: np.triu(a, k), x)
    cr.check_gradients(lambda t: cr.tril(t, k) + cr.triu(t, k), x, order=1, seed=seed)


@pytest.mark.parametrize("k", range(-3, 4))
def test_diag(k):
    for shape in [(3,), (0,), (2, 3), (3, 1)]:
        agrees(lambda t: cr.diag(t, k), lambda a: np.diag(a, k), numbers(shape))
        cr.check_gradients(lambda t: cr.diag(t, k), numbers(shape))
    agrees(lambda t: cr.diagflat(t, k), lambda a: np.diagflat(a, k), numbers((2, 2)))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "float16", "float32", "complex64"])
@pytest.mark.parametrize("name", ["diag", "diagonal", "tril", "triu", "trace"])
def test_types_are_numpys(name, dtype):
    x = numbers((3, 3), 1, dtype)
    got, expected = getattr(cr, name)(cr.tensor(x)), getattr(np, name)(x)
    has_type(got, expected)
    same(got, expected, 1e-3)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_sliding_windows(data, seed):
    x = numbers(data.draw(SOLID), seed)
    axes = data.draw(st.lists(st.integers(0, x.ndim - 1), min_size=1, max_size=2, unique=True))
    windows = [data.draw(st.integers(1, x.shape[a])) for a in axes]
    view = np.lib.stride_tricks.sliding_window_view
    agrees(lambda t: cr.sliding_window_view(t, windows, axes), lambda a: view(a, windows, axes), x)
    steps = data.draw(st.integers(1, 3))

    def stepped(a):
        places = tuple(slice(None, None, steps if axis in axes else 1) for axis in range(a.ndim))
        return view(a, windows, axes)[places]

    agrees(lambda t: cr.sliding_window_view(t, windows, axes, step=steps), stepped, x)
    cr.check_gradients(lambda t: cr.sliding_window_view(t, windows, axes, step=steps), x, order=1, seed=seed)


def test_windows_over_all_axes_by_default():
    x = numbers((4, 5))
    view = np.lib.stride_tricks.sliding_window_view
    agrees(lambda t: cr.sliding_window_view(t, (2, 3)), lambda a: view(a, (2, 3)), x)
    same(cr.unfold(x, 1, 2, 3), view(x, 2, 1)[:, ::3])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cr.diag(cr.ones((2, 2, 2))), "diag: takes a vector or a matrix, got 3 axes"),
        (lambda: cr.diagonal(cr.ones(3)), "diagonal: a matrix has at least two axes, got 1"),
        (lambda: cr.diagonal(cr.ones((2, 3)), 0, 1, -1), "axis 1 is named twice"),
        (lambda: cr.tril(cr.ones(3)), "tril: a matrix has at least two axes"),
        (lambda: cr.trace(cr.ones((2, 3)), axis2=5), "diagonal: axis 5 is outside"),
        (lambda: cr.sliding_window_view(cr.ones((2, 3)), 2), "must be equally many"),
        (lambda: cr.sliding_window_view(cr.ones(3), 4), "a window of 4 with step 1 does not fit axis 0"),
        (lambda: cr.unfold(cr.ones(3), 0, 2, 0), "step of at least 1"),
    ],
)
def test_wrong_calls(call, said):
    with pytest.raises(ShapeError, match=said):
        call()
