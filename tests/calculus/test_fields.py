"""Functions of several variables, however they take their point."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.calculus.fields import ScalarField, VectorField, as_point, as_tensor, form_of
from chainrule.calculus.regions import as_box
from chainrule.errors import ConfigError, DTypeError, ShapeError


def separate(x, y):
    return x**3 * y + cr.sin(y)


def vector(v):
    return v[0] ** 3 * v[1] + cr.sin(v[1])


def mixed_up(v):
    """Its value at a point cannot be had element by element."""
    return cr.sum(v * cr.tensor([1.0, 2.0])) ** 2 / 4


def branching(x, y):
    return x * y if x > 0 else y**2


def field_of(f, count=2):
    return ScalarField(f, form_of(f, count, "test"), "test")


@pytest.mark.parametrize(
    ("f", "count", "is_vector", "names"),
    [
        (lambda x: x, 1, False, ("x",)),
        (lambda v: v, 3, True, ("v1", "v2", "v3")),
        (lambda x, y: x, 2, False, ("x", "y")),
        (lambda x, y, scale=2.0: x, 2, False, ("x", "y")),
        (lambda *xs: xs[0], 3, False, ("x1", "x2", "x3")),
        (cr.sin, 1, False, ("x",)),
    ],
)
def test_the_form_is_told_from_the_signature(f, count, is_vector, names):
    form = form_of(f, count, "test")
    assert (form.vector, form.names) == (is_vector, names)


def test_a_vector_of_one_component_can_be_asked_for():
    assert form_of(lambda v: v[0], 1, "test", vector=True).vector


@pytest.mark.parametrize(("f", "count"), [(lambda x, y: x, 3), (lambda x, y: x, 1), (lambda x, y, z: x, 2)])
def test_another_number_of_arguments_is_refused(f, count):
    with pytest.raises(ShapeError, match=f"the point has {count} variables, but the function takes"):
        form_of(f, count, "test")


@pytest.mark.parametrize(
    ("f", "elementwise"), [(separate, True), (vector, True), (mixed_up, False), (branching, False)]
)
def test_many_points_give_what_single_points_give(f, elementwise):
    field, points = field_of(f), np.array([[0.5, -1.0, 2.0, 0.3], [1.5, 0.7, -0.2, 4.0]])
    singly = [field_of(f) for _ in points.T]
    assert np.allclose(field.values(points), [s.value(p) for s, p in zip(singly, points.T, strict=True)])
    assert field._elementwise is elementwise
    gradients = [s.gradient(p) for s, p in zip(singly, points.T, strict=True)]
    assert np.allclose(field.gradients(points), np.transpose(gradients))
    assert np.allclose(field.hessians(points), [s.hessian(p) for s, p in zip(singly, points.T, strict=True)])


def test_derivatives_are_exact():
    x, y = 0.5, 1.5
    field = field_of(separate)
    assert np.allclose(field.gradient(np.array([x, y])), [3 * x**2 * y, x**3 + np.cos(y)], rtol=1e-14)
    H = [[6 * x * y, 3 * x**2], [3 * x**2, -np.sin(y)]]
    assert np.allclose(field.hessian(np.array([x, y])), H, rtol=1e-14)


def test_evaluations_are_counted_without_those_that_only_compare():
    field = field_of(separate)
    field.values(np.ones((2, 7)))
    assert field.evaluations == 7


def test_a_constant_has_zero_derivatives():
    field = field_of(lambda x, y: 2.0)
    assert field.gradient(np.ones(2)).tolist() == [0.0, 0.0]
    assert field.hessian(np.ones(2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_components_are_put_under_one_another():
    parts = [lambda x, y: x * y, lambda v: v**2, lambda x, y: (x, 3.0)]
    field = VectorField(parts, [form_of(f, 2, "test") for f in parts], "test")
    point = np.array([2.0, 5.0])
    assert field.values(point).tolist() == [10.0, 4.0, 25.0, 2.0, 3.0]
    assert field.jacobian(point).tolist() == [[5, 2], [4, 0], [0, 10], [1, 0], [0, 0]]


def test_numbers_become_float64():
    assert as_tensor(1).dtype == np.float64
    assert as_tensor(cr.tensor([1.0])).dtype == np.float64


@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (lambda: as_tensor(1j), DTypeError, "got complex"),
        (lambda: as_point([[1.0]], "test"), ShapeError, r"shape \(1, 1\)"),
        (lambda: as_point([], "test"), ShapeError, r"shape \(0,\)"),
        (lambda: as_point([1.0, np.nan], "test"), ConfigError, r"\(1, nan\) is not finite"),
        (lambda: form_of(3.0, 1, "test"), DTypeError, "got float"),
        (lambda: field_of(lambda x, y: None).value(np.ones(2)), DTypeError, "return statement"),
        (lambda: field_of(lambda v: v).value(np.ones(2)), ShapeError, r"one number at each point.*\(2,\)"),
        (
            lambda: as_box([(0, 1), (2, 1)], "test"),
            ConfigError,
            "along axis 1 the region goes from 2.0 to 1.0",
        ),
        (lambda: as_box((0, np.inf), "test"), ConfigError, "from 0.0 to inf"),
        (lambda: as_box((0, 1, 2), "test"), ShapeError, "a region is a pair"),
        (lambda: as_box("ab", "test"), ShapeError, "a region is a pair"),
    ],
)
def test_bad_input_is_refused(bad, kind, said):
    with pytest.raises(kind, match=said):
        bad()


def test_a_mistake_inside_the_function_comes_through():
    def wrong(x, y):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        field_of(wrong).values(np.ones((2, 5)))
