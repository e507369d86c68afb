"""Where chainrule departs from the array API standard: each with its reason, and proof that it does."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule as cr
from chainrule.errors import ChainruleError, ShapeError

EXCEPTIONS: dict[str, str] = {}
PROOFS: dict[str, Any] = {}


def departs(what: str, reason: str) -> Any:
    """Register a departure, by the test that shows it."""

    def register(proof: Any) -> Any:
        EXCEPTIONS[what], PROOFS[what] = reason, proof
        return proof

    return register


@departs(
    "__setitem__", "tensors do not change, so that derivatives stay right; x.at[i].set(v) gives a new one"
)
def no_assignment() -> None:
    x = cr.tensor([1.0, 2.0])
    with pytest.raises(ChainruleError, match=r"at\["):
        x[0] = 5.0
    assert x.at[0].set(5.0).tolist() == [5.0, 2.0]


@departs("__iadd__ and its like", "x += y gives x a new tensor; other names of the old one keep its elements")
def no_change_in_place() -> None:
    x = y = cr.tensor([1.0])
    x += 1.0
    assert (x.tolist(), y.tolist()) == ([2.0], [1.0])


@departs("mean, std and var of no elements", "the standard has NaN; where data is missing an error says so")
def no_mean_of_nothing() -> None:
    for function in (cr.mean, cr.std, cr.var):
        with pytest.raises(ShapeError, match="nothing is undefined"):
            function(cr.zeros(0))


@departs(
    "T of other than two axes", "the standard has an error; NumPy's reversal of the axes is what users know"
)
def transpose_of_any_number_of_axes() -> None:
    assert cr.zeros((2, 3, 4)).T.shape == (4, 3, 2)


@departs("empty and empty_like", "the standard leaves the values open; here they are 0")
def empty_is_zero() -> None:
    assert cr.empty(3).tolist() == [0.0, 0.0, 0.0]


@departs("integers and floats together", "the standard leaves this open; here they meet in the float type")
def kinds_mix() -> None:
    assert (cr.tensor([1]) + cr.tensor([0.5])).dtype == cr.float32
    assert cr.sin(cr.tensor([1])).dtype == cr.float32


@pytest.mark.parametrize("what", EXCEPTIONS)
def test_departure(what):
    assert EXCEPTIONS[what]
    PROOFS[what]()
