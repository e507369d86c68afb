"""The methods that tensors share with NumPy's arrays, and those that they leave out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import chainrule as cr

from ..standard.settings import EXAMPLES
from ..standard.strategies import Call
from . import cases_structure as cases_structure
from .cases import CASES
from .compare import to_ours
from .names import COMPARED
from .test_functions import assert_identical

CHANGING = "tensors do not change; x.at[index].set(value) gives a new one"
MEMORY = "is about memory, which a tensor does not give away; x.numpy() has it"
WRITTEN = "writes or reads files and bytes; cr.save and x.numpy() do"

# What NumPy's arrays have and tensors have not, with the reason.
LEFT_OUT = {
    **dict.fromkeys(("fill", "put", "resize", "setfield", "setflags", "partition"), CHANGING),
    **dict.fromkeys(("base", "byteswap", "ctypes", "data", "flags", "getfield", "strides", "view"), MEMORY),
    **dict.fromkeys(("dump", "dumps", "tobytes", "tofile"), WRITTEN),
    "copy": "nothing can tell a tensor from its copy; copy.copy and cr.asarray(x, copy=True) make one",
    "flat": "x.ravel() has the elements one after another",
    "argpartition": "cr.argpartition: seldom wanted as a method",
    "choose": "cr.choose: seldom wanted as a method",
    "compress": "cr.compress: seldom wanted as a method",
}

# Removed in NumPy 2; some versions still list them, only to say so.
REMOVED = {"itemset", "newbyteorder", "ptp", "tostring"}
SHARED = {name for name in dir(np.ndarray) if not name.startswith("_")} - set(LEFT_OUT) - REMOVED
PROPERTIES = {"T", "device", "dtype", "imag", "itemsize", "mT", "nbytes", "ndim", "real", "shape", "size"}
# Not functions of the package, or under another name: each has a test of its own below.
ALONE = {"astype", "conjugate", "flatten", "item", "to_device", "tolist"}


def test_every_method_of_arrays_is_there_or_left_out_for_a_reason():
    found = {name for name in SHARED if hasattr(cr.Tensor, name)}
    assert found == SHARED
    assert PROPERTIES | ALONE | set(METHODS) == SHARED
    assert not [name for name in LEFT_OUT if name != "data" and hasattr(cr.Tensor, name)]


METHODS = sorted(SHARED & set(COMPARED) - PROPERTIES - ALONE)


@pytest.mark.parametrize("name", METHODS)
def test_method_is_the_function_of_that_name(name):
    @EXAMPLES
    @given(CASES[name])
    def check(call: Call) -> None:
        x, *args = to_ours(call.args)
        kwargs = to_ours(call.kwargs)
        assert_identical(getattr(x, name)(*args, **kwargs), getattr(cr, name)(x, *args, **kwargs))

    check()


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_property_is_numpys(name):
    x = np.array([[1 + 2j, 3 - 1j, 0.5j]], np.complex64)
    expected, found = getattr(x, name), getattr(cr.tensor(x), name)
    if isinstance(found, cr.Tensor):
        assert found.dtype == expected.dtype
        assert np.array_equal(found.numpy(), expected)
    else:
        assert found == expected


def test_methods_that_are_no_functions_of_that_name():
    x = np.array([[1 + 2j, 3 - 1j, 0.5j]], np.complex64)
    t = cr.tensor(x)
    assert t.conjugate().tolist() == x.conjugate().tolist()
    assert t.flatten().tolist() == x.flatten().tolist()
    assert t.tolist() == x.tolist()
    assert t[0, 1].item() == x.item(1)
    assert t.astype("complex128").dtype == np.complex128
    assert t.to_device("cpu") is t
