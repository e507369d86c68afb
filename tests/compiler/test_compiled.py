"""Calling compiled functions: signatures, nests, results, methods, inlining."""

from __future__ import annotations

import functools
import gc
import threading
import weakref
from typing import NamedTuple

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.errors import FallbackWarning


def compiled(f=None, **options):
    """With the reference backend, which computes the very bits that Python would."""
    return cr.compile(f, backend="numpy", **options)


def recordings(step):
    return len(step.report().recordings)


def test_equals_the_function_and_is_recorded_once(rng):
    def f(x, y):
        return cr.softmax(x @ y) * 2

    step = compiled(f)
    for _ in range(3):
        x, y = rng.standard_normal((3, 4)), rng.standard_normal((4, 5))
        np.testing.assert_array_equal(step(x, cr.tensor(y)), f(x, cr.tensor(y)))
    assert recordings(step) == 1
    assert step.report().calls == 3


def test_python_runs_while_recording_only():
    runs = []

    @compiled
    def step(x):
        runs.append(len(runs))
        return x + 1.0

    assert [float(step(cr.tensor(float(i)))) for i in range(4)] == [1.0, 2.0, 3.0, 4.0]
    assert runs == [0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((np.ones(2),), (np.ones(3),)),
        ((np.ones(2),), (np.ones((2, 1)),)),
        ((np.ones(2),), (np.ones(2, np.float32),)),
        ((np.ones(2), 2), (np.ones(2), 3)),
        ((np.ones(2), 2), (np.ones(2), 2.0)),
        ((np.ones(2), 1), (np.ones(2), True)),
        ((np.ones(2), 0.0), (np.ones(2), -0.0)),
        ((np.ones(2), [1, 2]), (np.ones(2), (1, 2))),
        ((np.ones(2), {"a": 1}), (np.ones(2), {"b": 1})),
        ((np.ones(2), None), (np.ones(2), "none")),
        ((np.ones(2), cr.sin), (np.ones(2), cr.cos)),
    ],
    ids=str,
)
def test_another_signature_is_another_recording(first, second):
    step = compiled(lambda x, y=None: x * 2)
    for args in (first, second, first, second):
        step(*args)
    assert recordings(step) == 2


@pytest.mark.parametrize(
    "value", [3, 0.5, float("nan"), "text", None, (1, (2, "x")), frozenset({1}), cr.float32]
)
def test_equal_values_share_a_recording(value):
    step = compiled(lambda x, y: x * 2)
    step(np.ones(2), value)
    step(np.zeros(2), value if value is None else another(value))
    assert recordings(step) == 1


def another(value):
    """An equal value, as another object where there can be one."""
    return type(value)(value) if isinstance(value, int | float | str | tuple | frozenset) else value


def test_arguments_by_name_are_one_recording_in_any_order():
    step = compiled(lambda x, *, a, b: x * a - b)
    x = cr.ones(2)
    assert step(x, a=2.0, b=x).tolist() == step(x, b=x, a=2.0).tolist() == [1.0, 1.0]
    assert recordings(step) == 1


class Pair(NamedTuple):
    left: object
    right: object


def test_nests_go_in_and_come_back_as_they_were():
    @compiled
    def step(batch, pair):
        x, y = batch["x"], batch["y"][0]
        return {"sum": x + y, "others": [pair.left, (x * 2, "label", None)], "pair": Pair(y, 3)}

    for scale in (1.0, 2.0):
        found = step({"x": cr.full(2, scale), "y": [np.ones(2, np.float32)]}, Pair(cr.zeros(1), 5))
        assert list(found) == ["sum", "others", "pair"]
        assert found["sum"].tolist() == [scale + 1] * 2
        assert found["others"][0].tolist() == [0.0]
        assert found["others"][1][0].tolist() == [2 * scale] * 2
        assert found["others"][1][1:] == ("label", None)
        assert isinstance(found["pair"], Pair) and found["pair"].right == 3
    assert recordings(step) == 1


def test_another_structure_per_signature():
    step = compiled(lambda x, both: (x, x * 2) if both else x)
    assert isinstance(step(cr.ones(1), True), tuple)
    assert step(cr.ones(1), False).tolist() == [1.0]


def test_results_that_are_no_tensors_are_those_of_the_recording():
    marker = object()
    step = compiled(lambda x: (x.shape, "name", marker, 7, x.sum()))
    for _ in range(2):
        shape, name, thing, seven, total = step(cr.ones(3))
        assert (shape, name, seven) == ((3,), "name", 7)
        assert thing is marker
        assert float(total) == 3.0


def test_a_state_that_is_returned_is_the_state():
    w = cr.State([1.0])

    @compiled
    def step():
        w.assign(w + 1)
        return w

    assert step() is w
    assert step().tolist() == [3.0]


def test_a_state_that_is_an_argument_is_read_and_assigned():
    def add(p, x):
        p.assign(p + x)

    step, p, q = compiled(add), cr.State([1.0]), cr.State([10.0])
    for state in (p, q, p):
        step(state, cr.ones(1))
    assert (p.item(), q.item()) == (3.0, 11.0)
    assert recordings(step) == 2


def test_a_captured_tensor_is_kept_alive():
    def make():
        k = cr.tensor([1.0, 2.0])
        return compiled(lambda x: x * k)

    step = make()
    gc.collect()
    assert step(cr.ones(2)).tolist() == step(cr.ones(2)).tolist() == [1.0, 2.0]


def test_numpy_scalars_and_0d_arrays_are_tensors():
    step = compiled(lambda x, s: x * s)
    found = [step(cr.ones(1), np.float32(s)).item() for s in (1.0, 2.0, 3.0)]
    assert found == [1.0, 2.0, 3.0]
    assert recordings(step) == 1


def test_numbers_can_be_dynamic():
    step = compiled(lambda x, lr: x * lr, dynamic="lr")
    found = [step(cr.ones(1), lr).item() for lr in (0.5, 0.25)] + [step(cr.ones(1), lr=2.0).item()]
    assert found == [0.5, 0.25, 2.0]
    assert recordings(step) == 2, "one by position, one by name"


def test_arrays_of_other_layouts(rng):
    step, x = compiled(lambda x: x + 1), rng.standard_normal((3, 4))
    for given in (x, np.asfortranarray(x), x[::1], np.repeat(x, 2, 0)[::2]):
        np.testing.assert_array_equal(step(given), x + 1)
    assert recordings(step) == 1


def test_methods_and_modules():
    class Scaler:
        def __init__(self, scale):
            self.scale = scale

        @compiled
        def apply(self, x):
            return x * self.scale

        def __call__(self, x):
            return x + self.scale

    two, three = Scaler(2.0), Scaler(3.0)
    assert [s.apply(cr.ones(1)).item() for s in (two, three, two)] == [2.0, 3.0, 2.0]
    assert two.apply.report().calls == 3
    assert compiled(three)(cr.ones(1)).item() == 4.0
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    with cr.no_grad():
        np.testing.assert_array_equal(compiled(model)(cr.ones((1, 2))), model(cr.ones((1, 2))))
    assert compiled(model).training is True


def test_partials_and_lambdas():
    step = compiled(functools.partial(lambda k, x, power: x**power * k, cr.tensor(2.0), power=3))
    assert step(cr.tensor(2.0)).item() == 16.0


def test_wrong_arguments_keep_pythons_message():
    def f(x, y):
        return x + y

    with pytest.raises(TypeError) as plain:
        f(1)
    with pytest.raises(TypeError) as found:
        compiled(f)(1)
    assert str(found.value) == str(plain.value)


def test_an_inner_compiled_function_is_part_of_the_outer_one():
    inner = compiled(lambda x: cr.exp(x))
    outer = compiled(lambda x: inner(x) * 2)
    assert outer(cr.zeros(1)).item() == 2.0
    assert recordings(inner) == 0
    assert recordings(outer) == 1
    graph = cr.record(inner, cr.zeros(1))
    assert [node.op.name for node in graph.nodes] == ["exp"]
    assert inner.report().uncompiled == {"inlined": 2}


def test_the_least_recently_used_recording_gives_way():
    step = compiled(lambda x: x * 2, limit=2)
    for n in (1, 2, 1, 3, 1):
        step(np.ones(n))
    report = step.report()
    assert [row.signature for row in report.recordings] == ["x f64[1]", "x f64[3]"]
    assert report.forgotten == 1
    step.clear()
    assert recordings(step) == 0
    assert step(np.ones(1)).tolist() == [2.0]


def test_recordings_for_an_object_go_with_it():
    step = compiled(lambda model, x: model(x))
    model = nn.Linear(2, 1)
    with cr.no_grad():
        step(model, cr.ones((1, 2)))
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert recordings(step) == 0


def test_many_threads_record_once():
    runs, found = [], []

    def f(x):
        runs.append(1)
        return x * 2

    step = compiled(f)
    start = threading.Barrier(8)

    def work(i):
        start.wait()
        found.extend((i, step(cr.full(3, float(i))).tolist()) for _ in range(20))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert len(found) == 160
    assert all(values == [2.0 * i] * 3 for i, values in found)


def test_a_call_waits_while_another_thread_records():
    """A state holds no elements while a function that assigns it is being recorded."""
    w = cr.State([1.0])
    inside, done, found = threading.Event(), threading.Event(), []
    read = compiled(lambda x: w * x)
    read(cr.ones(1))

    def slow(x):
        w.assign(w + x)
        inside.set()
        done.wait(0.2)
        return w * 1

    recording = threading.Thread(target=compiled(slow), args=(cr.ones(1),))
    recording.start()
    inside.wait()
    found.append(read(cr.ones(1)).item())
    recording.join()
    assert found[0] in (1.0, 2.0), "before or after the step, never in its middle"


def test_states_of_equal_elements_are_told_apart():
    """A target network begins with the very array of the one it follows."""
    online, target = cr.State([1.0], name="online"), cr.State([0.0], name="target")
    target.assign(online)
    before = online.detach()

    @compiled
    def step(x):
        online.assign(online + x)
        return online + target + before

    assert [step(cr.ones(1)).item() for _ in range(3)] == [4.0, 5.0, 6.0]
    assert (online.item(), target.item(), before.item()) == (4.0, 1.0, 1.0)


def test_a_state_that_is_only_detached_is_read_anew():
    w = cr.State([1.0])
    step = compiled(lambda x: w.detach() * x)
    found = []
    for value in (1.0, 2.0):
        w.assign([value])
        found.append(step(cr.ones(1)).item())
    assert found == [1.0, 2.0]


def test_operations_left_to_numpy_are_told_once():
    step = cr.compile(lambda x: cr.linalg.solve(x, x) + 1.0)
    with pytest.warns(FallbackWarning, match="solve × 1"):
        found = step(cr.eye(2))
    np.testing.assert_allclose(found.numpy(), np.eye(2) + 1)
    step(cr.eye(3))
    assert step.report().recordings[-1].fallbacks == {"solve": 1}
