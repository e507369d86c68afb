"""Python numbers among arguments, and the errors that the standard asks for."""

from __future__ import annotations

import warnings
from typing import Any

import array_api_strict as strict
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr

from .compare import assert_same, to_ours, to_strict
from .settings import EXAMPLES
from .strategies import FLOATS, INTEGERS, NUMBERS, arrays

# Functions of two arrays of which one may be a Python number, since 2024.12.
OF_FLOATS = ("add", "atan2", "copysign", "divide", "floor_divide", "hypot", "logaddexp", "maximum", "minimum")
OF_FLOATS += ("multiply", "pow", "remainder", "subtract", "less", "less_equal", "greater", "greater_equal")
OF_INTEGERS = ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "add")
OF_INTEGERS += ("floor_divide", "remainder", "multiply", "maximum", "pow", "equal", "not_equal")
OF_COMPLEX = ("add", "divide", "equal", "multiply", "not_equal", "subtract")
KINDS = {
    "float": (OF_FLOATS, FLOATS, st.floats(0.5, 3, width=32) | st.integers(1, 3)),
    "integer": (OF_INTEGERS, INTEGERS, st.integers(1, 3)),
    "complex": (OF_COMPLEX, ("complex64", "complex128"), st.sampled_from([2, 0.5, 1j, 1 + 2j])),
}
SCALAR_CASES = [(kind, name) for kind, (names, _, _) in KINDS.items() for name in names]


@pytest.mark.parametrize(("kind", "name"), SCALAR_CASES)
def test_a_python_number_takes_the_arrays_type_on_either_side(kind, name):
    _, types, numbers = KINDS[kind]

    @EXAMPLES
    @given(arrays(types, special=False, low=1, high=4), numbers, st.booleans())
    def check(x: Any, number: Any, first: bool) -> None:
        ours, theirs = to_ours(x), to_strict(x)
        found = getattr(cr, name)(*((number, ours) if first else (ours, number)))
        expected = getattr(strict, name)(*((number, theirs) if first else (theirs, number)))
        assert_same(found, expected, tolerance=1e-5)

    check()


@EXAMPLES
@given(arrays(("bool",)), arrays(NUMBERS, (), special=False), st.integers(0, 3), st.booleans())
def test_where_with_a_number(condition, x, number, first):
    ours, theirs = (to_ours(condition), to_ours(x)), (to_strict(condition), to_strict(x))
    order = (lambda c, x: (c, number, x)) if first else (lambda c, x: (c, x, number))
    assert_same(cr.where(*order(*ours)), strict.where(*order(*theirs)))


# What is refused, by which of Python's exceptions.
REFUSED: dict[str, tuple[type[Exception], Any]] = {
    "reshape": (ValueError, lambda xp: xp.reshape(xp.ones(6), (4,))),
    "expand_dims": (IndexError, lambda xp: xp.expand_dims(xp.ones(6), axis=5)),
    "squeeze": (ValueError, lambda xp: xp.squeeze(xp.ones((2, 1)), axis=0)),
    "flip: axis": (IndexError, lambda xp: xp.flip(xp.ones(6), axis=3)),
    "sum: axis": (IndexError, lambda xp: xp.sum(xp.ones(6), axis=3)),
    "permute_dims": (ValueError, lambda xp: xp.permute_dims(xp.ones((2, 3)), (0, 0))),
    "broadcast_to": (ValueError, lambda xp: xp.broadcast_to(xp.ones(3), (2,))),
    "concat": (ValueError, lambda xp: xp.concat([xp.ones((2, 3)), xp.ones((2, 2))])),
    "stack": (ValueError, lambda xp: xp.stack([xp.ones(3), xp.ones(2)])),
    "unstack of a number": (ValueError, lambda xp: xp.unstack(xp.asarray(1.0))),
    "repeat": (ValueError, lambda xp: xp.repeat(xp.ones(2), -1)),
    "tril of a vector": (ValueError, lambda xp: xp.tril(xp.ones(3))),
    "mT of a vector": (ValueError, lambda xp: xp.ones(3).mT),
    "nonzero of a number": (ValueError, lambda xp: xp.nonzero(xp.asarray(1.0))),
    "cumulative_sum without axis": (ValueError, lambda xp: xp.cumulative_sum(xp.ones((2, 2)))),
    "argmax of nothing": (ValueError, lambda xp: xp.argmax(xp.ones(0))),
    "max of nothing": (ValueError, lambda xp: xp.max(xp.ones(0))),
    "take": (IndexError, lambda xp: xp.take(xp.ones((2, 2)), xp.asarray([5]), axis=0)),
    "index outside": (IndexError, lambda xp: xp.ones(6)[9]),
    "too many indices": (IndexError, lambda xp: xp.ones(6)[1, 2]),
    "bool of many": (TypeError, lambda xp: bool(xp.ones(6))),
    "float of a complex number": (TypeError, lambda xp: float(xp.asarray(1j))),
    "int of a complex number": (TypeError, lambda xp: int(xp.asarray(1j))),
    "a float as index": (TypeError, lambda xp: [1, 2][xp.asarray(1.0)]),
    "complex to real": (TypeError, lambda xp: xp.astype(xp.asarray([1j]), xp.float32)),
    "sum of bools": (TypeError, lambda xp: xp.add(xp.asarray([True]), xp.asarray([True]))),
    "bits of floats": (TypeError, lambda xp: xp.bitwise_and(xp.ones(3), xp.ones(3))),
    "shift of floats": (TypeError, lambda xp: xp.bitwise_left_shift(xp.ones(1), xp.asarray([1]))),
    "order of complex numbers": (TypeError, lambda xp: xp.less(xp.asarray([1j]), xp.asarray([1j]))),
    "floor of a complex number": (TypeError, lambda xp: xp.floor(xp.asarray([1j]))),
    "matmul of a number": (ValueError, lambda xp: xp.matmul(xp.asarray(1.0), xp.ones(2))),
    "matmul": (ValueError, lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((2, 3)))),
    "vecdot": (ValueError, lambda xp: xp.vecdot(xp.ones(3), xp.ones(2))),
    "cross": (ValueError, lambda xp: xp.linalg.cross(xp.ones(4), xp.ones(4))),
    "cholesky of a rectangle": (ValueError, lambda xp: xp.linalg.cholesky(xp.ones((2, 3)))),
    "inv of a rectangle": (ValueError, lambda xp: xp.linalg.inv(xp.ones((2, 3)))),
    "copy=False": (ValueError, lambda xp: xp.asarray([1, 2], copy=False)),
    "api_version": (ValueError, lambda xp: xp.ones(1).__array_namespace__(api_version="1999.01")),
    "device": (ValueError, lambda xp: xp.ones(2).to_device("abacus")),
    "kind": (ValueError, lambda xp: xp.isdtype(xp.float32, "round")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusal(name):
    kind, call = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception):  # noqa: B017, PT011  (the reference's own kinds vary)
            call(strict)
    with pytest.raises(kind):
        call(cr)


@pytest.mark.parametrize("version", ["2021.12", "2022.12", "2023.12", "2024.12"])
def test_namespace_of_a_version(version):
    assert cr.ones(1).__array_namespace__(api_version=version) is cr


@pytest.mark.parametrize("kind", ["bool", "int", "float", "complex"])
def test_python_numbers_of_an_array_without_axes(kind):
    made = cr.asarray({"bool": True, "int": 3, "float": 2.5, "complex": 1 + 2j}[kind])
    python = {"bool": bool, "int": int, "float": float, "complex": complex}[kind]
    assert python(made) == made.item()
    assert type(python(made)) is python
