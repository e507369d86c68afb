"""Errors of shapes that cannot be broadcast name the axis and the two arguments."""

import pytest

import chainrule as cr
from chainrule.errors import ShapeError


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
