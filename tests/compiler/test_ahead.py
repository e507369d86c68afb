"""What the next row reads from memory is fetched while a row is worked on."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.emit import ahead
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.program.build import build


def softmax(x):
    return cr.softmax(x, axis=-1)


def given(shape, dtype=np.float32):
    return cr.tensor(np.random.default_rng(6).normal(size=shape).astype(dtype))


def fetched(f, *arrays):
    """For each kernel, how many buffers it fetches ahead, and whether its code asks for a line."""
    calls = [c for c in build(cr.record(f, *arrays)).making.calls if isinstance(c.step, Nest)]
    return [(len(ahead.fetched_ahead(c.step)), "llvm.prefetch" in c.text) for c in calls]


# A function, the shape of its array, from how many bytes on a buffer comes from memory, and what is fetched.
FETCHED = {
    "rows of a large array": (softmax, (2048, 1024), 1 << 23, 1),
    "rows of a small array": (softmax, (64, 1024), 1 << 23, 0),
    "rows that fill the first cache": (softmax, (64, 1 << 13), 0, 0),
    "a single pass": (lambda x: cr.sum(x, axis=-1), (64, 1024), 0, 0),
    "columns": (lambda x: cr.sum(x, axis=0), (640, 1024), 0, 0),
    "complex numbers": (lambda x: x / cr.sum(x, axis=-1, keepdims=True), (64, 100), 0, 0),
}


@pytest.mark.parametrize("name", FETCHED)
def test_what_is_fetched(name, monkeypatch):
    f, shape, nbytes, count = FETCHED[name]
    monkeypatch.setattr(ahead, "_FROM_MEMORY", nbytes)
    x = given(shape, np.complex64 if name == "complex numbers" else np.float32)
    assert fetched(f, x)[0] == (count, count > 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(7, 33), (64, 96), (3, 5, 200), (2, 1000), (9, 64)])
def test_results_are_the_same(shape, dtype, monkeypatch):
    """The rows behind the last one need not exist: asking for them is no reading."""
    x = given(shape, dtype)
    (expected,) = build(cr.record(softmax, x)).run([x.numpy()])
    monkeypatch.setattr(ahead, "_FROM_MEMORY", 0)
    count, asks = fetched(softmax, x)[0]
    assert count == 1 and asks == (shape[-1] >= 64)
    (found,) = build(cr.record(softmax, x)).run([x.numpy()])
    assert np.array_equal(found, expected)
