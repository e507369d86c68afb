"""Errors while a program runs: they name place and reason, and leave every state as it was."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.compiler.program.build import build
from chainrule.errors import ChainruleError, GraphError, LinAlgError, OutOfMemoryError, OutOfRangeError
from chainrule.nn import functional as F

from .programs import Recurrent, integers

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")


class Snapshot:
    """The elements of states, to be compared with what they are later."""

    def __init__(self, states):
        self.states, self.before = list(states), [np.array(x.data) for x in states]

    def check(self):
        for x, before in zip(self.states, self.before, strict=True):
            np.testing.assert_array_equal(x.data, before)


@pytest.fixture
def step():
    """A training step of an embedding, an LSTM and a classifier, called once; its states."""
    cr.random.seed(1)
    module = Recurrent()
    optimizer = optim.Adam(module.parameters(), lr=0.1)

    @cr.compile
    def train(i, y):
        loss = F.cross_entropy(module(i), y)
        loss.backward()
        optimizer.step()
        return loss

    i, y = integers(50, 4, 6), integers(10, 4)
    train(i, y)
    (recording,) = [r for rs in train._kept.values() for r in rs]
    return train, i, y, [s.tensor for s in recording.graph.states]


@pytest.mark.parametrize(
    ("place", "index", "size"), [("words", 50, 50), ("words", -51, 50), ("labels", 10, 10)]
)
def test_an_index_out_of_range_leaves_a_training_step_undone(step, place, index, size):
    train, i, y, states = step
    assert len(states) > 10
    before = Snapshot(states)
    bad_i, bad_y = np.array(i.numpy()), np.array(y.numpy())
    if place == "words":
        bad_i[2, 3] = index
    else:
        bad_y[1] = index
    with pytest.raises(OutOfRangeError, match=f"index {index} is out of range for an axis of {size} "):
        train(bad_i, bad_y)
    before.check()
    assert np.isfinite(train(i, y).item())
    assert not np.array_equal(before.before[0], states[0].data)


def test_the_message_names_the_line():
    f = cr.compile(lambda x, i: x[i] * 2)
    with pytest.raises(OutOfRangeError) as caught:
        f(cr.ones(3), cr.tensor([0, 3]))
    assert "gather: index 3 is out of range for an axis of 3 elements" in str(caught.value)
    assert "test_failures.py" in str(caught.value)
    assert "x[i] * 2" in str(caught.value)


def picked(x, i):
    return cr.take_along_axis(x, i, axis=0)


def counted(x, i):
    return cr.bincount(i.reshape(-1), length=3) + x.sum()


def in_a_scan(x, i):
    return cr.scan(lambda c, j: (c + x[j].sum(), c), cr.zeros(()), i.reshape(-1))[1]


def in_a_choice(x, i):
    return cr.cond(x.sum() > 0, lambda x, i: x[i].sum(), lambda x, i: x.sum(), x, i)


@pytest.mark.parametrize("f", [picked, counted, in_a_scan, in_a_choice])
def test_an_index_out_of_range_wherever_it_stands(f):
    compiled = cr.compile(f)
    good, bad = cr.tensor([[0, 2]]), cr.tensor([[0, 7]])
    x = cr.ones((3, 2))
    right = compiled(x, good).numpy()
    for _ in range(2):
        with pytest.raises(OutOfRangeError, match="index 7 is out of range for an axis of 3 "):
            compiled(x, bad)
        np.testing.assert_array_equal(compiled(x, good).numpy(), right)


def test_a_state_that_is_assigned_before_and_used_by_what_fails():
    w, v = cr.State(np.ones(5, np.float32), name="w"), cr.State(np.ones(5, np.float32), name="v")

    @cr.compile
    def step(i):
        w.assign(w * 2)
        picked = (w + 1)[i]
        v.assign(v + 1)
        return picked.sum()

    assert step(cr.tensor([0, 1])).item() == 6.0
    before = Snapshot([w, v])
    with pytest.raises(OutOfRangeError):
        step(cr.tensor([0, 9]))
    before.check()
    assert step(cr.tensor([0, 1])).item() == 10.0


def test_an_operation_of_numpy_that_fails():
    w = cr.State(np.ones(3, np.float32), name="w")

    @cr.compile
    def step(x):
        w.assign(w + 1)
        return cr.linalg.inv(x) @ w

    step(cr.eye(3))
    before = Snapshot([w])
    with pytest.raises(LinAlgError, match="singular") as caught:
        step(cr.zeros((3, 3)))
    assert "linalg.inv(x) @ w" in str(caught.value)
    before.check()
    np.testing.assert_array_equal(step(cr.eye(3)).numpy(), [3, 3, 3])


def test_what_follows_a_failure_is_not_run():
    """A loop whose condition depends on what could not be computed would never end."""

    @cr.compile
    def f(x):
        y = cr.linalg.inv(x)
        return cr.while_loop(lambda v: ~(v.sum() > 100), lambda v: v + y.sum(), y)

    assert f(cr.eye(3)).sum().item() > 100
    with pytest.raises(LinAlgError):
        f(cr.zeros((3, 3)))


def test_a_signal_while_numpy_works_stops_the_program(monkeypatch):
    w = cr.State(np.ones(3, np.float32), name="w")

    def f(x):
        w.assign(w + 1)
        return cr.linalg.inv(x) + w

    x = np.eye(3, dtype=np.float32)
    program = build(cr.record(f, cr.tensor(x)))
    before = Snapshot([w])

    def interrupted(number):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(program._definitions, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            program.run([x])
    before.check()
    assert program.run([x])[0][0].tolist() == [3, 2, 2]


def test_a_program_that_is_called_while_it_runs(monkeypatch):
    program = build(cr.record(cr.linalg.inv, cr.eye(3)))
    x = np.eye(3, dtype=np.float32)
    original = program._definitions.run

    def calling(number):
        with pytest.raises(GraphError, match="while it was running"):
            program.run([x])
        original(number)

    monkeypatch.setattr(program._definitions, "run", calling)
    np.testing.assert_array_equal(program.run([x])[0], x)


def test_no_memory_for_the_arena():
    x = cr.zeros(3_000_000)
    with pytest.raises(OutOfMemoryError) as caught:
        cr.compile(lambda x: (cr.exp(x[:, None] + x) @ cr.exp(x[:, None] * x)).sum())(x)
    message = str(caught.value)
    assert "180 TB" in message
    assert "36 TB" in message
    assert "test_failures.py" in message


def test_no_memory_for_a_result():
    outer = cr.compile(lambda x: x[:, None] + x)
    with pytest.raises(OutOfMemoryError, match=r"f32\[3000000, 3000000\]: 36 TB by add at .*test_failures"):
        outer(cr.zeros(3_000_000))


@pytest.mark.parametrize("row", ["floor_divide", "remainder", "fmod"])
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8"])
def test_integers_divided_by_zero(row, dtype):
    low = np.iinfo(dtype).min
    x = cr.tensor(np.array([7, 100, 0, 5, low, low], dtype))
    y = cr.tensor(np.array([0, 3, 0, 2, np.array(-1).astype(dtype), 0], dtype))
    with np.errstate(all="ignore"):
        expected = getattr(cr, row)(x, y).numpy()
    np.testing.assert_array_equal(cr.compile(getattr(cr, row))(x, y).numpy(), expected)


@pytest.mark.parametrize("fold", ["max", "min", "argmax", "argmin"])
def test_the_extreme_of_nothing_is_an_error_while_recording(fold):
    compiled = cr.compile(lambda x: getattr(cr, fold)(x, axis=0))
    with pytest.raises(ChainruleError) as eager:
        getattr(cr, fold)(cr.zeros((0, 3)), axis=0)
    with pytest.raises(type(eager.value)) as caught:
        compiled(cr.zeros((0, 3)))
    assert str(caught.value).partition("\n")[0] == str(eager.value).partition("\n")[0]


@pytest.mark.parametrize(
    "f", [lambda x: x.sum(), lambda x: x.prod(axis=0), lambda x: x.T @ x, lambda x: x @ x.T]
)
def test_folds_of_nothing(f):
    x = cr.zeros((0, 3))
    found, expected = cr.compile(f)(x), f(x)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found.numpy(), expected.numpy())


@pytest.mark.parametrize("row", ["max", "min", "argmax", "argmin", "sort", "argsort"])
@pytest.mark.parametrize("axis", [0, 1])
def test_nan_is_ordered_as_ever(row, axis):
    special = np.array([np.nan, 1, -np.inf, np.inf, 0.0, -0.0, 2], np.float32)
    x = cr.tensor(np.random.default_rng(5).choice(special, (19, 23)))
    f = getattr(cr, row)
    found, expected = cr.compile(lambda x: f(x, axis=axis))(x), f(x, axis=axis)
    np.testing.assert_array_equal(found.numpy(), expected.numpy())


def test_a_module_without_memory_of_errors():
    """An error in one call does not come back in the next."""
    layer = nn.Embedding(4, 2)
    f = cr.compile(lambda i: layer(i).sum())
    for _ in range(3):
        with pytest.raises(OutOfRangeError):
            f(cr.tensor([4]))
        assert np.isfinite(f(cr.tensor([3])).item())
