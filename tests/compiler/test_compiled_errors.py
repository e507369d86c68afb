"""Programs that cannot be compiled, and what is said of them."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim
from chainrule.errors import DTypeError, GraphError, OutOfMemoryError, RecompileWarning

kept: list[object] = []
W = cr.State([1.0, 2.0], name="W")


def compiled(f):
    return cr.compile(f, backend="numpy")


def append(x):
    kept.append(x * 2)
    return x


def set_attribute(model, x):
    model.last = model.layer(x)
    return model.last * 2


SCHEDULE = optim.StepLR(optim.SGD([W], lr=0.1), 1)


def schedule(x):
    SCHEDULE.step()
    return x


class Keeper(nn.Module):
    def __init__(self):
        self.layer = nn.ReLU()

    def forward(self, x):
        return set_attribute(self, x)


class Box:
    def __init__(self, x):
        self.x = x


BAD = {
    "list": (
        append,
        "append: kept now holds a symbolic tensor (f32[2]), whose elements are known to no one once "
        "recording is over. Python runs only while a function is recorded: return the tensor instead, and "
        "keep what the function returns",
    ),
    "attribute": (
        Keeper(),
        "Keeper: Keeper.last now holds a symbolic tensor (f32[2]), whose elements are known to no one once "
        "recording is over. Python runs only while a function is recorded: return the tensor instead, and "
        "keep what the function returns",
    ),
    "object": (
        lambda x: Box(x * 2),
        "lambda: Box.x now holds a symbolic tensor (f32[2]), whose elements are known to no one once "
        "recording is over. Python runs only while a function is recorded: return the tensor instead, and "
        "keep what the function returns",
    ),
    "argument": (
        lambda x: x.assign(x + 1),
        "lambda: assign() to an argument, which is no state, would be forgotten when the call is over. Make "
        "it a cr.State that the function finds outside, or return the new value",
    ),
    "schedule": (
        schedule,
        "schedule: the option 'lr' is set while the function is recorded, and would not be set again when "
        "it is called. Step schedules, and set options, outside of the compiled function",
    ),
    "state": (
        lambda x: x * float(W[0].item() if W.numpy()[0] > 0 else 1),
        "lambda: Python asks for the elements of the state W (f32[2]) while the function is recorded; later "
        "calls would use these old ones. Compute with the tensor itself, or read its elements outside",
    ),
    "branch": (lambda x: x if x.sum() > 0 else -x, None),
    "value": (lambda x: x * x.sum().item(), None),
}


@pytest.mark.parametrize("name", BAD)
def test_messages_of_bad_programs(name):
    function, expected = BAD[name]
    kept.clear()
    with pytest.raises(GraphError) as found:
        compiled(function)(cr.ones(2))
    message, _, line = str(found.value).rpartition("\n  ")
    assert expected is None or message == expected
    assert line.startswith("test_compiled_errors.py:")
    kept.clear()


def test_a_failed_recording_leaves_everything_as_it_was():
    w = cr.State([1.0], name="w").requires_grad_()

    def step(x):
        w.assign(w + x)
        (w * x).sum().backward()
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        compiled(step)(cr.ones(1))
    assert w.tolist() == [1.0] and w.grad is None


def test_a_symbolic_tensor_from_before_is_refused():
    escaped = []

    def f(x, hide):
        hide(x)
        return x

    step = compiled(f)
    step(cr.ones(2), escaped.append)
    for given in (step, compiled(lambda x: x)):
        with pytest.raises(GraphError, match="was kept outside of it; return it from the function"):
            given(escaped[0]) if given is not step else given(escaped[0], print)


def generator(x):
    yield x


async def coroutine(x):
    return x


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (3, DTypeError, "compile takes a function, a method or a module, got a int"),
        (
            nn.Linear,
            DTypeError,
            "compile takes a function, not the class Linear. Compile an instance, cr.compile(Linear(…)), or "
            "one of its methods",
        ),
        (
            staticmethod(len),
            DTypeError,
            "compile was given a staticmethod. Write @staticmethod above @cr.compile, so that it is applied "
            "last",
        ),
        (
            generator,
            GraphError,
            "generator is a generator, which is left and entered again; a compiled function runs from its "
            "start to its end. Return a list or tuple of tensors instead",
        ),
        (
            coroutine,
            GraphError,
            "coroutine is a coroutine, which is left and entered again; a compiled function runs from its "
            "start to its end. Return a list or tuple of tensors instead",
        ),
    ],
    ids=["number", "class", "staticmethod", "generator", "coroutine"],
)
def test_what_cannot_be_compiled(given, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        compiled(given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"backend": "llvn"},
            "compile: there is no backend 'llvn'. Did you mean 'llvm'? There are llvm, numpy",
        ),
        ({"limit": 0}, "compile: limit must be a whole number from 1, got 0"),
        ({"dynamic": ["z"]}, "compile: f has no argument 'z' to pass as a tensor; it has x, y"),
    ],
)
def test_options_out_of_range(options, message):
    def f(x, y):
        return x

    with pytest.raises(ValueError, match=re.escape(message)):
        cr.compile(f, **options)


def test_arguments_that_cannot_be_compared():
    with pytest.raises(
        DTypeError, match=re.escape("lambda: the argument {1, 2} is a set, which cannot be compared")
    ):
        compiled(lambda x, y: x)(cr.ones(1), {1, 2})


def test_no_memory_for_compiling():
    def hungry(x):
        raise MemoryError

    with pytest.raises(
        OutOfMemoryError, match=r"hungry: there is not enough memory to compile .* for x f32\[2\]"
    ):
        compiled(hungry)(cr.ones(2))


def test_an_error_while_running_names_the_line_of_the_operation():
    step = compiled(lambda x, i: x[i])
    step(cr.ones(3), np.array([2]))
    with pytest.raises(cr.errors.OutOfRangeError) as found:
        step(cr.ones(3), np.array([7]))
    assert "step = compiled(lambda x, i: x[i])" in str(found.value)


def calls(step, arguments):
    """The warnings of calls, as text."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for args in arguments:
            step(*args)
    assert all(w.category is RecompileWarning for w in found)
    assert all(w.filename == __file__ for w in found)
    return [re.sub(r"takes \S+ s", "takes T s", str(w.message)) for w in found]


def test_a_storm_of_shapes_is_reported_once():
    step = compiled(lambda x: x * 2)
    assert calls(step, [(np.ones((2, n)),) for n in range(1, 30)]) == [
        "lambda was recorded 9 times because of x: shape of x: axis 1 was 8, now 9. Each recording takes T "
        "s. Use a few sizes only: pad to the next one, sort by length, or drop_last=True for batches"
    ]


def test_a_storm_of_numbers_is_reported():
    def update(x, lr):
        return x * lr

    assert calls(compiled(update), [(np.ones(2), 0.5 * n) for n in range(12)]) == [
        "update was recorded 9 times because of lr: lr was 3.5, now 4.0. Each recording takes T s. A number "
        "that changes belongs in a tensor or array, or name it: cr.compile(f, dynamic=('lr',))"
    ]


def test_a_storm_of_variables_is_reported():
    count = 0
    step = compiled(lambda x: x * count)
    found = []
    for count in range(12):  # noqa: B007 (the function reads it)
        found += calls(step, [(np.ones(2),)])
    assert found == [
        "lambda was recorded 9 times because of count: count was 7, now 8. Each recording takes T s. A "
        "value that changes belongs in a cr.State or in an argument that is a tensor"
    ]


def test_a_few_sizes_in_turn_are_no_storm():
    step = compiled(lambda x: x * 2)
    assert calls(step, [(np.ones(n % 4),) for n in range(100)]) == []


def test_messages_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    step = compiled(lambda x: x * 2)
    step(np.ones(32))
    step(np.ones(17))
    assert step.report().recordings[1].reason == "x 的形状：轴 0 原为 32，现为 17"
