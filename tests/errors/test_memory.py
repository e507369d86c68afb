"""A result too large for any memory: the error names its shape, whichever function was asked for it."""

from __future__ import annotations

import pytest

import chainrule as cr
from chainrule.errors import OutOfMemoryError

LARGE = 10**15
# Call, a part of the shape it would have.
CASES = {
    "zeros": (lambda: cr.zeros((10**8, 10**8)), r"\(100000000, 100000000\)"),
    "eye": (lambda: cr.eye(10**8), r"\(100000000, 100000000\)"),
    "arange": (lambda: cr.arange(LARGE), rf"\({LARGE},\)"),
    "window": (lambda: cr.fft.hann(LARGE), rf"\({LARGE},\)"),
    "one_hot": (lambda: cr.one_hot(cr.tensor([1]), LARGE), rf"\(1, {LARGE}\)"),
    "histogram": (lambda: cr.histogram(cr.tensor([1.0, 2.0]), bins=LARGE), rf"\({LARGE + 1},\)"),
    "toeplitz": (lambda: cr.linalg.toeplitz(cr.ones(10**7)), r"\(10000000, 10000000\)"),
    "jacobian": (lambda: cr.jacobian(lambda x: x)(cr.ones(10**7)), r"\(10000000, 10000000\)"),
    "unfold": (lambda: cr.unfold(cr.ones(10**7), 0, 5 * 10**6), r"\(5000001, 5000000\)"),
    "resize": (lambda: cr.resize(cr.ones((1, 1, 2)), size=(LARGE,)), rf"\(1, 1, {LARGE}\)"),
    "repeat": (lambda: cr.repeat(cr.ones(3), LARGE), f"{3 * LARGE}"),
}


@pytest.mark.parametrize(("call", "shape"), CASES.values(), ids=CASES.keys())
def test_names_the_shape(call, shape):
    with pytest.raises(OutOfMemoryError, match=shape):
        call()
