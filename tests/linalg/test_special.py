"""Each kind of special matrix: constructed, recognised, told apart, and its law."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import NonFiniteError
from chainrule.explain.formula import parse
from chainrule.linalg import KINDS

L = cr.linalg
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@EVERY
def test_constructed_matrix_is_recognised(kind):
    assert bool(kind.predicate(kind.make()))


@EVERY
def test_law_holds(kind):
    assert bool(kind.holds(kind.make()))


@EVERY
def test_tolerance_decides_about_a_small_change(kind, rng):
    a = kind.make()
    changed = a + 1e-4 * rng.standard_normal(a.shape)
    assert not bool(kind.predicate(changed))
    assert bool(kind.predicate(changed, 0.1))


@EVERY
def test_formulas_can_be_shown(kind):
    assert parse(kind.definition) and parse(kind.law)


@EVERY
def test_nan_is_of_no_kind(kind):
    nan = np.full(kind.make().shape, np.nan)
    if kind.name in ("positive definite", "rotation"):
        with pytest.raises(NonFiniteError):
            kind.predicate(nan)
    else:
        assert not bool(kind.predicate(nan))


RECTANGULAR = {"diagonal", "lower triangular", "upper triangular", "Toeplitz", "Hankel", "Vandermonde"}


@EVERY
def test_only_some_kinds_may_be_rectangular(kind):
    if kind.name != "block diagonal":
        rectangle = np.ones((2, 3)) if kind.name in {"Toeplitz", "Hankel", "Vandermonde"} else np.eye(2, 3)
        assert bool(kind.predicate(rectangle)) == (kind.name in RECTANGULAR)


def test_one_answer_for_each_matrix_of_a_batch():
    both = np.stack([np.eye(2), np.ones((2, 2))])
    assert L.is_identity(both).tolist() == [True, False]
    assert L.is_symmetric(both).tolist() == [True, True]
    assert L.is_singular(both).tolist() == [False, True]


@pytest.mark.parametrize("seed", range(10))
def test_random_orthogonal_matrices_are_orthogonal_and_repeatable(seed):
    make = lambda: L.random_orthogonal(5, dtype="float64", generator=cr.random.Generator(seed))  # noqa: E731
    q = make()
    assert bool(L.is_orthogonal(q))
    np.testing.assert_array_equal(q, make())


def test_random_orthogonal_matrices_are_evenly_spread():
    """The first element of a random direction in the plane has mean 0 and variance 1/2, and either sign."""
    generator = cr.random.Generator(1)
    found = np.array([float(L.random_orthogonal(2, generator=generator)[0, 0]) for _ in range(500)])
    # Four standard errors.
    assert abs(found.mean()) < 4 * np.sqrt(0.5 / 500)
    assert abs((found**2).mean() - 0.5) < 4 * np.sqrt(0.125 / 500)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_random_positive_definite_has_the_condition_asked_for(n):
    a = L.random_positive_definite(n, 50.0, dtype="float64", generator=cr.random.Generator(3))
    np.testing.assert_allclose(L.cond(a), 50.0 if n > 1 else 1.0, rtol=1e-9)
    assert bool(L.is_positive_definite(a))


def test_rotation_turns_about_its_axis(rng):
    axis = rng.standard_normal(3)
    turn = L.rotation(np.array(0.9), axis)
    np.testing.assert_allclose(turn @ axis, axis, atol=1e-12)
    np.testing.assert_allclose(L.trace(turn), 1 + 2 * np.cos(0.9), rtol=1e-12)


def test_rotation_about_the_third_axis_turns_the_plane():
    plane = L.rotation(np.array(0.4))
    space = L.rotation(np.array(0.4), np.array([0.0, 0.0, 2.0]))
    np.testing.assert_allclose(space, L.block_diagonal(plane, np.eye(1)), atol=1e-15)
    np.testing.assert_allclose(L.givens(3, 0, 1, np.array(0.4)), space, atol=1e-15)


def test_rotations_of_many_angles():
    turns = L.rotation(np.array([0.1, 0.2, 0.3]))
    assert turns.shape == (3, 2, 2)
    np.testing.assert_allclose(turns[0] @ turns[1], turns[2], atol=1e-15)


def test_reflection_turns_its_vector_round(rng):
    v, across = rng.standard_normal((2, 4))
    across = across - v * (v @ across) / (v @ v)
    mirror = L.reflection(v)
    np.testing.assert_allclose(mirror @ v, -v, atol=1e-12)
    np.testing.assert_allclose(mirror @ across, across, atol=1e-12)


def test_permutation_matrix_reorders():
    order = [2, 0, 3, 1]
    x = np.arange(4.0)
    np.testing.assert_array_equal(L.permutation_matrix(order) @ x, x[order])


def test_circulant_is_circular_convolution(rng):
    c, x = rng.standard_normal((2, 6))
    expected = np.fft.ifft(np.fft.fft(c) * np.fft.fft(x)).real
    np.testing.assert_allclose(L.circulant(c) @ x, expected, atol=1e-12)


def test_cross_matrix_multiplies_like_the_vector_product(rng):
    v, x = rng.standard_normal((2, 3))
    np.testing.assert_allclose(L.cross_matrix(v) @ x, np.cross(v, x), atol=1e-12)
    assert bool(L.is_skew(L.cross_matrix(v)))


def test_hilbert_matrix_is_ill_conditioned():
    # The exact condition number of order 5, as NumPy's documentation of it has it: 4.77e5.
    np.testing.assert_allclose(L.cond(L.hilbert(5, "float64")), 476607.25, rtol=1e-6)


def test_definite_and_semidefinite():
    semi, indefinite = np.diag([1.0, 0.0]), np.diag([1.0, -1.0])
    assert [bool(L.is_positive_semidefinite(a)) for a in (np.eye(2), semi, indefinite)] == [True, True, False]
    assert [bool(L.is_positive_definite(a)) for a in (np.eye(2), semi, indefinite)] == [True, False, False]


def test_normal_matrices():
    assert bool(L.is_normal(L.rotation(0.3))) and not bool(L.is_normal(np.array([[1.0, 1.0], [0.0, 1.0]])))
    assert bool(L.is_normal(1e8 * np.array([[1.0, 2.0], [-2.0, 1.0]])))


def test_predicates_can_be_recorded():
    graph = cr.record(L.is_orthogonal, np.eye(2))
    assert [bool(graph(a)[0]) for a in (np.eye(2), np.ones((2, 2)))] == [True, False]


@pytest.mark.parametrize("name", [name for name in L.__all__ if name.startswith("is_")])
def test_empty_matrices_have_an_answer(name):
    options = ((),) if name == "is_block_diagonal" else ()
    assert getattr(L, name)(np.zeros((2, 0, 0)), *options).shape == (2,)
