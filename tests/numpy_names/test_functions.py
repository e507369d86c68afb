"""Every function that has a name of NumPy's, with random arguments, against NumPy."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import chainrule as cr
from chainrule.core import tree
from chainrule.functions.numpy_names import DIFFERENT

from ..standard.decompositions import comparison
from ..standard.names import named
from ..standard.settings import EFFORTS, EXAMPLES
from ..standard.strategies import Call
from . import cases_structure as cases_structure
from .cases import CASES
from .compare import assert_numpys, to_ours
from .decompositions import COMPARED_BY
from .names import COMPARED, OF_TYPES, SHARED


def quietly(function: Any, call: Call) -> Any:
    """NumPy's result without its warnings: invalid values are what is tried."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*call.args, **call.kwargs)


def test_every_shared_name_is_compared_or_said_to_differ():
    assert set(COMPARED) <= set(CASES)
    assert {*COMPARED, *DIFFERENT, *OF_TYPES} == set(SHARED)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("name", COMPARED)
def test_function_is_numpys(name, effort):
    @effort
    @given(CASES[name])
    def check(call: Call) -> None:
        theirs = quietly(named(np, name), call)
        ours = named(cr, name)(*to_ours(call.args), **to_ours(call.kwargs))
        if name in COMPARED_BY:
            COMPARED_BY[name](call, ours, theirs)
        else:
            assert_numpys(call, ours, theirs, **comparison(name, call))

    check()


# They make arrays out of numbers, or are how NumPy gets at the elements of a tensor.
WITHOUT_TENSORS = {
    *("arange", "asarray", "broadcast_shapes", "empty", "eye", "from_dlpack", "full", "linspace", "logspace"),
    *("ones", "result_type", "tri", "zeros", "fft.fftfreq", "fft.rfftfreq"),
}
OF_TENSORS = [name for name in COMPARED if name not in WITHOUT_TENSORS]


def assert_identical(a: Any, b: Any) -> None:
    """The same nest of tensors, bit for bit, with or without derivatives alike."""
    first, second = list(tree.leaves(a)), list(tree.leaves(b))
    assert len(first) == len(second)
    for x, y in zip(first, second, strict=True):
        assert type(x) is type(y)
        if isinstance(x, cr.Tensor):
            assert (x.dtype, x.requires_grad) == (y.dtype, y.requires_grad)
            assert np.array_equal(x.numpy(), y.numpy(), equal_nan=x.dtype.kind in "fc")
        else:
            assert x == y


def leaves_of_a_tape(x: Any) -> Any:
    """Tensors in place of arrays; those of floats ask for derivatives."""
    made = to_ours(x)
    for tensor in tree.leaves(made):
        if isinstance(tensor, cr.Tensor) and tensor.dtype.kind in "fc":
            tensor.requires_grad_()
    return made


@pytest.mark.parametrize("name", OF_TENSORS)
def test_numpys_function_of_a_tensor_is_the_one_here(name):
    @EXAMPLES
    @given(CASES[name])
    def check(call: Call) -> None:
        args, kwargs = leaves_of_a_tape(call.args), to_ours(call.kwargs)
        assert any(isinstance(x, cr.Tensor) for x in tree.leaves(args))
        assert_identical(named(np, name)(*args, **kwargs), named(cr, name)(*args, **kwargs))

    check()
