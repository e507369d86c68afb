"""Errors of shapes that cannot be broadcast name the axis and the two arguments."""

import pytest

import chainrule as cr
from chainrule.errors import DTypeError, ShapeError
from chainrule.ops import TABLE


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ((2, 3), (4,), "add: axis -1 is 3 in x but 4 in y (x (2, 3), y (4,))"),
        ((3, 1), (4, 1), "add: axis -2 is 3 in x but 4 in y (x (3, 1), y (4, 1))"),
        ((5, 1, 2), (4, 7, 1), "add: axis -3 is 5 in x but 4 in y"),
        ((0,), (2,), "add: axis -1 is 0 in x but 2 in y"),
    ],
)
def test_broadcasting_errors(a, b, said):
    with pytest.raises(ShapeError) as caught:
        cr.zeros(a) + cr.zeros(b)
    assert str(caught.value).startswith(said)
    assert "test_shapes.py" in str(caught.value).splitlines()[-1]


@pytest.mark.parametrize("name", ["low", "high", "interior"])
@pytest.mark.parametrize("compiled", [False, True])
def test_padding_does_not_crop(name, compiled):
    widths = {"low": (1, 0), "high": (0, 2), "interior": (0, 0), name: (0, -1)}
    f = lambda x: TABLE["pad"](x, **widths)  # noqa: E731
    with pytest.raises(ShapeError, match=rf"pad: {name} must be at least 0 on every axis, got \(0, -1\)"):
        (cr.compile(f) if compiled else f)(cr.ones((3, 4)))


@pytest.mark.parametrize("compiled", [False, True])
def test_a_power_with_a_modulus_is_refused(compiled):
    f = lambda x: pow(x, 2, 3)  # noqa: E731
    with pytest.raises(DTypeError, match=r"Use pow\(x, y\) % z"):
        (cr.compile(f) if compiled else f)(cr.tensor([4, 5]))
