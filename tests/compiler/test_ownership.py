"""Programs write to arrays that nobody else can see."""

from __future__ import annotations

import copy
import sys

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.compiler import ownership
from chainrule.compiler.ownership import held_by_others, is_shared, writable


@pytest.fixture
def owned():
    """A state whose array is its own."""
    state = cr.State(np.arange(6.0).reshape(2, 3), name="w")
    writable(state)
    assert not is_shared(state)
    return state


HOLDERS = {
    "detach": lambda w: w.detach(),
    "numpy": lambda w: w.numpy(),
    "a view": lambda w: w.numpy()[1:, ::2],
    "a view of a view": lambda w: w.numpy()[1:].T[::2],
    "asarray": lambda w: np.asarray(w),
    "the array": lambda w: w.data,
    "a buffer": lambda w: memoryview(w.numpy()),
    "dlpack": lambda w: np.from_dlpack(w),
    "an assigned state": lambda w: cr.State(np.zeros((2, 3))).assign(w),
    "an alias": lambda w: cr.reshape(w, (3, 2)),
    "the tape": lambda w: cr.sin(w * cr.tensor(2.0, requires_grad=True)),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_whoever_holds_the_elements_keeps_them(owned, name):
    holder = HOLDERS[name](owned)
    before = None if name == "the tape" else np.array(holder)
    assert is_shared(owned)
    array = writable(owned)
    array += 100.0
    if before is not None:
        np.testing.assert_array_equal(np.array(holder), before)
    assert owned.tolist() == [[100.0, 101.0, 102.0], [103.0, 104.0, 105.0]]
    del array
    assert not is_shared(owned)


@pytest.mark.parametrize("name", HOLDERS)
def test_arrays_are_taken_again_when_nobody_else_holds_them(owned, name):
    assert held_by_others([owned.data]) == []
    holder = HOLDERS[name](owned)
    assert held_by_others([owned.data]) == [0]
    assert holder is not None
    del holder
    assert held_by_others([owned.data]) == []


@pytest.mark.parametrize("name", HOLDERS)
def test_whoever_holds_the_elements_keeps_them_between_steps(owned, name):
    """From the second call on a program finds its states where they were."""

    @cr.compile
    def step():
        owned.assign(owned * 2.0)

    step()
    step()
    holder = HOLDERS[name](owned)
    before = None if name == "the tape" else np.array(holder)
    step()
    if before is not None:
        np.testing.assert_array_equal(np.array(holder), before)
    step()
    assert owned.tolist() == [[0.0, 16.0, 32.0], [48.0, 64.0, 80.0]]


def test_copies_are_no_holders(owned):
    snapshot, other = nn.Parameter(owned.numpy().copy()), copy.deepcopy(owned)
    address = owned.data.ctypes.data
    array = writable(owned)
    array += 1.0
    assert array.ctypes.data == address, "written in place"
    assert snapshot.tolist() == other.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_elements_assigned_by_python_are_taken_over(owned):
    given = np.ones((2, 3))
    owned.assign(given)
    array = writable(owned)
    array += 1.0
    assert given.tolist() == [[1.0] * 3] * 2
    assert owned.tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(
    "array", [np.ones((3, 2)).T, np.broadcast_to(1.0, (2, 3))], ids=["strided", "readonly"]
)
def test_arrays_that_cannot_be_written_row_by_row(owned, array):
    owned.data = array
    assert is_shared(owned)
    assert writable(owned).flags.carray


def test_empty_states():
    state = cr.State(np.zeros((0, 3)))
    assert writable(state).shape == (0, 3)
    assert not is_shared(state)


def test_where_references_are_not_counted_exactly(owned, monkeypatch):
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert not ownership._is_exact()
    monkeypatch.setattr(ownership, "_ALONE", None)
    before = owned.data
    array = writable(owned)
    array += 1.0
    assert before.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert owned.data is array


def test_snapshots_between_compiled_steps():
    w = cr.State([0.0, 0.0], name="w")
    step = cr.compile(lambda: w.assign(w + 1.0), backend="numpy")
    held = []
    for _ in range(4):
        step()
        held.append((w.detach(), w.numpy(), w.numpy()[1:]))
    for i, (tensor, array, view) in enumerate(held, 1):
        assert tensor.tolist() == array.tolist() == [float(i)] * 2
        assert view.tolist() == [float(i)]
    w.assign([10.0, 10.0])
    step()
    assert w.tolist() == [11.0, 11.0]


def test_a_compiled_step_writes_in_place():
    w = cr.State([0.0, 0.0], name="w")
    step = cr.compile(lambda: w.assign(w + 1.0), backend="numpy")
    step()
    address = w.data.ctypes.data
    for _ in range(5):
        step()
    assert w.data.ctypes.data == address
