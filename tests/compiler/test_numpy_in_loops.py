"""Operations of NumPy in scans, while loops and choices: slices of sequences have no array of their own."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.core import tree

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")

_rng = np.random.default_rng(30)
MATRICES = cr.tensor(_rng.normal(size=(5, 3, 3)) + 3 * np.eye(3))
ROWS = cr.tensor(_rng.normal(size=(5, 3)))
ROW = cr.tensor(_rng.normal(size=3))


def solved(a, b, h):
    return cr.scan(lambda h, x: (cr.linalg.solve(x[0], x[1] + h), cr.linalg.inv(x[0])), h, (a, b))


def solved_backwards(a, b, h):
    body = lambda h, x: (cr.linalg.solve(x[0], x[1] + h), cr.linalg.det(x[0]))  # noqa: E731
    return cr.scan(body, h, (a, b), reverse=True)


def inverses_alone(a, b, h):
    return cr.scan(lambda h, x: (h + 1, cr.linalg.inv(x)), h, a)


def of_a_transposed_sequence(a, b, h):
    return cr.scan(lambda h, x: (h + 1, cr.linalg.inv(x)), h, cr.transpose(a, (0, 2, 1)))


def spectra(a, b, h):
    return cr.scan(lambda h, x: (h + cr.abs(cr.fft.fft(x)), cr.abs(cr.fft.fft(x * h))), h, b)


def nested(a, b, h):
    def rows(h, matrix):
        return cr.scan(lambda g, r: (cr.linalg.solve(matrix, g) + r, cr.abs(cr.fft.fft(r))), h, matrix)

    return cr.scan(rows, h, a)


def chosen_in_a_scan(a, b, h):
    def body(h, x):
        solve = lambda h, x: (cr.linalg.solve(x, h), h)  # noqa: E731
        return cr.cond(x.sum() > 9, solve, lambda h, x: (h, cr.abs(cr.fft.fft(h))), h, x)

    return cr.scan(body, h, a)


def looped_in_a_scan(a, b, h):
    def body(h, x):
        y = cr.while_loop(lambda c: cr.linalg.det(c) < 1e3, lambda c: c + cr.linalg.inv(c) + x, x)
        return h + y.sum(), y

    return cr.scan(body, h, a)


def chosen(a, b, h):
    return cr.cond(a.sum() > 0, lambda a: cr.linalg.inv(a), lambda a: a, a)


IN_SCANS = [
    solved,
    solved_backwards,
    inverses_alone,
    of_a_transposed_sequence,
    spectra,
    nested,
    chosen_in_a_scan,
]


def check(f, *args):
    found, expected = list(tree.leaves(cr.compile(f)(*args))), list(tree.leaves(f(*args)))
    assert len(found) == len(expected) > 0
    for x, y in zip(found, expected, strict=True):
        np.testing.assert_allclose(x.numpy(), y.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("f", [*IN_SCANS, looped_in_a_scan, chosen])
def test_values(f):
    check(f, MATRICES, ROWS, ROW)


@pytest.mark.parametrize("f", [*IN_SCANS, chosen])
def test_gradients(f):
    def loss(a, b, h):
        return sum((y * y).sum() for y in tree.leaves(f(a, b, h))) + b.sum() + h.sum()

    check(lambda a, b, h: cr.grad(loss, (0, 1, 2))(a, b, h), MATRICES, ROWS, ROW)


def test_a_sequence_that_is_a_state():
    def step(w, h):
        last, inverses = cr.scan(lambda c, x: (cr.linalg.solve(x, c), cr.linalg.inv(x)), h, w)
        w.assign(inverses)
        return last

    one, other = (cr.State(MATRICES.numpy(), name="w") for _ in range(2))
    compiled = cr.compile(lambda h: step(one, h))
    for _ in range(2):
        np.testing.assert_allclose(compiled(ROW).numpy(), step(other, ROW).numpy(), rtol=1e-9)
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-9)


@pytest.mark.parametrize("length", [0, 1])
def test_short_sequences(length):
    check(solved, MATRICES[:length], ROWS[:length], ROW)


def test_an_error_names_the_line():
    singular = cr.tensor(np.stack([np.eye(3), np.zeros((3, 3))]))
    compiled = cr.compile(inverses_alone)
    with pytest.raises(cr.errors.LinAlgError, match="singular") as caught:
        compiled(singular, ROWS, ROW)
    assert "cr.linalg.inv(x)" in str(caught.value)
    check(inverses_alone, MATRICES, ROWS, ROW)
