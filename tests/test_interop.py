"""Exchange with other libraries, and the types and constants of the array API standard."""

from __future__ import annotations

import sys

import array_api_strict as strict
import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.errors import ConfigError, DTypeError, GraphError

EXCHANGED = list(map(str, dtypes.SUPPORTED))


@pytest.mark.parametrize("name", EXCHANGED)
def test_dlpack_goes_both_ways_without_a_copy(name):
    x = cr.tensor([[0, 1], [1, 0]], dtype=name)
    array = np.from_dlpack(x)
    assert array.dtype == x.dtype
    assert np.shares_memory(array, x.numpy())
    assert not array.flags.writeable
    assert cr.from_dlpack(array.copy()).tolist() == x.tolist()


def test_dlpack_of_a_view_that_cannot_be_written_to():
    x = cr.broadcast_to(cr.tensor([1.0, 2.0]), (3, 2))
    assert np.array_equal(np.from_dlpack(x), x.numpy())
    assert x.__dlpack_device__() == (1, 0)
    assert "dltensor" in repr(x.__dlpack__())


def test_from_dlpack_refuses_what_is_no_array():
    with pytest.raises(DTypeError, match="from_dlpack: str cannot be exchanged"):
        cr.from_dlpack("text")


def test_a_recorded_tensor_has_no_memory_to_give():
    with pytest.raises(GraphError):
        cr.record(lambda x: np.from_dlpack(x), cr.zeros(2))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="classes have a buffer from Python 3.12 on")
def test_the_buffer_protocol_gives_a_read_only_view():
    view = memoryview(cr.tensor([1.0, 2.0]))
    assert view.tolist() == [1.0, 2.0]
    assert view.readonly


def test_buffers_become_tensors():
    assert cr.asarray(memoryview(b"\x01\x02")).tolist() == [1, 2]
    assert cr.asarray(bytearray(b"\x07")).dtype == np.uint8


def test_asarray_copies_as_it_is_told():
    array = np.arange(3.0)
    assert np.shares_memory(cr.asarray(array).numpy(), array)
    assert not np.shares_memory(cr.asarray(array, copy=True).numpy(), array)
    x = cr.tensor([1.0])
    assert cr.asarray(x) is x
    with pytest.raises(ConfigError, match="they are no array yet"):
        cr.asarray([1.0], copy=False)
    with pytest.raises(ConfigError, match="they are float64, not float32"):
        cr.asarray(array, dtype="float32", copy=False)


def test_asarray_keeps_the_gradient():
    slope = cr.grad(lambda x: cr.sum(cr.asarray(x, dtype="float64") ** 2))(cr.tensor([3.0]))
    assert slope.tolist() == [6.0]


def test_there_is_one_device():
    x = cr.tensor([1.0])
    assert x.device == "cpu"
    assert x.to_device("cpu") is x
    for call in (
        lambda: x.to_device("cuda"),
        lambda: cr.zeros(2, device="gpu"),
        lambda: cr.asarray(1, device=0),
    ):
        with pytest.raises(ConfigError, match="there is one device here"):
            call()


STRICT = list(strict.__array_namespace_info__().dtypes())


@pytest.mark.parametrize("name", STRICT)
def test_kinds_and_limits_are_the_standards(name):
    ours, theirs = getattr(cr, name), getattr(strict, name)
    for kind in (
        "bool",
        "signed integer",
        "unsigned integer",
        "integral",
        "real floating",
        "complex floating",
    ):
        assert cr.isdtype(ours, kind) == strict.isdtype(theirs, kind), kind
    if cr.isdtype(ours, "integral"):
        assert (cr.iinfo(ours).min, cr.iinfo(ours).max) == (
            strict.iinfo(theirs).min,
            strict.iinfo(theirs).max,
        )
    elif name != "bool":
        found, expected = cr.finfo(ours), strict.finfo(theirs)
        for limit in ("bits", "eps", "max", "min", "smallest_normal"):
            assert getattr(found, limit) == getattr(expected, limit), limit
        assert str(found.dtype) == str(expected.dtype).rpartition(".")[2]


@pytest.mark.parametrize("a", STRICT)
@pytest.mark.parametrize("b", STRICT)
def test_promotion_is_the_standards_where_it_says_anything(a, b):
    try:
        expected = strict.result_type(getattr(strict, a), getattr(strict, b))
    except TypeError:
        return
    assert str(cr.result_type(getattr(cr, a), getattr(cr, b))) == str(expected).rpartition(".")[2]


def test_limits_of_other_types():
    assert cr.finfo("bfloat16").eps == 2.0**-7
    assert cr.finfo("float8_e4m3fn").max == 448.0
    assert (cr.iinfo("int4").min, cr.iinfo("int4").max) == (-8, 7)
    with pytest.raises(DTypeError, match="finfo: int8 is not a floating-point type"):
        cr.finfo(cr.int8)
    with pytest.raises(DTypeError, match="iinfo: float32 is not an integer type"):
        cr.iinfo(cr.float32)
    with pytest.raises(ConfigError, match="'float' is no kind"):
        cr.isdtype(cr.int8, "float")


def test_namespace_information():
    info = cr.__array_namespace_info__()
    assert info.default_dtypes()["real floating"] == cr.float32
    assert set(info.dtypes()) == set(STRICT)
    assert set(info.dtypes(kind="real floating")) == {"float32", "float64"}
    assert info.devices() == [info.default_device()]
    assert cr.tensor(1.0).__array_namespace__() is cr


@pytest.mark.parametrize("name", STRICT)
def test_tensors_go_to_another_library_and_back(name):
    theirs = strict.asarray([[0, 1], [1, 0]], dtype=getattr(strict, name))
    ours = cr.from_dlpack(theirs)
    assert str(ours.dtype) == name
    assert ours.tolist() == [[0, 1], [1, 0]]
    back = strict.from_dlpack(ours, copy=True)
    assert back.dtype == theirs.dtype
    assert bool(strict.all(back == theirs))


def test_a_copy_through_dlpack_is_one():
    array = np.arange(3.0)
    assert np.shares_memory(cr.from_dlpack(array).numpy(), array)
    assert not np.shares_memory(cr.from_dlpack(array, copy=True).numpy(), array)
    x = cr.tensor([1.0])
    assert not np.shares_memory(cr.from_dlpack(x, copy=True).numpy(), x.numpy())
