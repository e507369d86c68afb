"""The tensor: construction, types and their promotion, conversion, what it refuses."""

import copy
import itertools

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.errors import DTypeError, ShapeError, StateError


def test_default_types():
    assert cr.tensor(1.0).dtype == np.float32
    assert cr.tensor([1, 2]).dtype == np.int64
    assert cr.tensor([True]).dtype == np.bool_
    assert cr.tensor(np.ones(2)).dtype == np.float64
    assert cr.tensor([1, 2], dtype=float).dtype == np.float32


def test_doubles_are_not_rounded_on_the_way():
    assert cr.tensor(0.1, dtype="float64").item() == 0.1
    assert cr.tensor([0.1], dtype="float64").tolist() == [0.1]


def test_elements_are_copied():
    array = np.zeros(3, np.float32)
    x = cr.tensor(array)
    array[0] = 5
    assert x.tolist() == [0.0, 0.0, 0.0]


def test_numpy_views_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        cr.tensor([1.0]).numpy()[0] = 2.0


KINDS = [dtypes.bool_, dtypes.int64, dtypes.float32, dtypes.float64]


@pytest.mark.parametrize(("a", "b"), list(itertools.product(KINDS, repeat=2)))
def test_promotion_takes_the_higher_kind_as_it_is(a, b):
    expected = KINDS[max(KINDS.index(a), KINDS.index(b))]
    assert dtypes.promote([a, b]) == expected
    assert cr.where(True, cr.ones(2, a), cr.ones(2, b)).dtype == expected


def test_promotion_is_symmetric_and_never_silently_double():
    for a, b in itertools.product(dtypes.SUPPORTED, repeat=2):
        try:
            common = dtypes.promote([a, b])
        except DTypeError:
            assert {a.kind, b.kind} == {"i", "u"}
            continue
        assert common == dtypes.promote([b, a])
        assert common != np.float64 or np.float64 in (a, b)


def test_python_numbers_take_the_tensors_type():
    x = cr.ones(2, "float64")
    assert (x * 2).dtype == (x * 2.5).dtype == (2.5 / x).dtype == np.float64
    assert (cr.ones(2, "uint8") + 1).dtype == np.uint8
    assert (cr.ones(2, "int64") * 2.5).dtype == np.float32
    assert (cr.ones(2, "int64") / cr.ones(2, "int64")).dtype == np.float32
    assert (cr.ones(2, "float32") * np.float64(2)).dtype == np.float64


def test_operators_from_both_sides():
    x = cr.tensor([2.0, 4.0])
    assert (1 + x).tolist() == [3.0, 5.0]
    assert (1 - x).tolist() == [-1.0, -3.0]
    assert (8 / x).tolist() == [4.0, 2.0]
    assert (2**x).tolist() == [4.0, 16.0]
    assert (7 // x).tolist() == [3.0, 1.0]
    assert (7 % x).tolist() == [1.0, 3.0]
    assert (np.array([1.0, 1.0]) + x).tolist() == [3.0, 5.0]
    assert isinstance(np.array([1.0, 1.0]) + x, cr.Tensor)
    assert (-x).tolist() == (x * -1).tolist()
    assert abs(-x).tolist() == x.tolist()
    assert ((x > 3) & ~(x > 5)).tolist() == [False, True]


def test_a_tensor_can_be_a_dictionary_key_and_be_iterated():
    x = cr.tensor([1.0, 2.0])
    assert {x: 1}[x] == 1
    assert [float(v) for v in x] == [1.0, 2.0]
    assert len(x) == 2
    assert list(range(3))[cr.tensor(1)] == 1


def test_printing():
    assert repr(cr.tensor([1.0, 2.5])) == "tensor([1. , 2.5])"
    assert repr(cr.tensor([1, 2], dtype="int8")) == "tensor([1, 2], dtype=int8)"
    assert repr(cr.tensor(1.0, requires_grad=True)) == "tensor(1., requires_grad=True)"
    assert f"{cr.tensor(1.23456):.2f}" == "1.23"


def test_assign_gives_state_new_elements_of_the_same_shape():
    s = cr.State([1.0, 2.0], name="s")
    s.assign([3, 4])
    assert s.tolist() == [3.0, 4.0]
    assert s.dtype == np.float32
    with pytest.raises(StateError, match="s: cannot assign shape"):
        s.assign([1.0])


def test_deep_copies_are_apart():
    w = cr.State([1.0], name="w").requires_grad_()
    other = copy.deepcopy(w)
    other.assign([2.0])
    assert w.tolist() == [1.0]
    assert isinstance(other, cr.State)
    assert other.requires_grad
    assert other.name == "w"


def test_refusals():
    with pytest.raises(DTypeError, match="not changed in place"):
        cr.tensor([1.0])[0] = 2.0
    with pytest.raises(DTypeError, match="no single truth value"):
        bool(cr.tensor([1.0, 2.0]))
    with pytest.raises(ShapeError, match="not a single number"):
        cr.tensor([1.0, 2.0]).item()
    with pytest.raises(DTypeError):
        cr.tensor(["a"])
    with pytest.raises(DTypeError, match="int64"):
        cr.tensor([1]).requires_grad_()
