"""Large values made of little are made by each nest that reads them, if all can."""

from __future__ import annotations

from typing import Any

import numpy as np

import chainrule as cr
from chainrule.compiler.loops.again import made_again
from chainrule.compiler.loops.expr import Apply, Buffer, Expr, Read
from chainrule.compiler.loops.form import Form, row_major
from chainrule.compiler.loops.kernel import Nest, alone
from chainrule.compiler.loops.step import Definition
from chainrule.dtypes import float32
from chainrule.ops import pointwise as ops

WINDOWS, PLACES, WIDTH = 512, 8, 64
EXTENTS = (WINDOWS, PLACES, WIDTH)
SMALL, LARGE = WINDOWS * WIDTH, WINDOWS * PLACES * WIDTH


def buffer(name: str, size: int) -> Buffer:
    return Buffer(name, float32, size)


def spread(source: Buffer, target: Buffer) -> Definition:
    """Each window's number, twice, at all of its places."""
    x = Read(source, Form(0, (WIDTH, 0, 1)))
    return Definition(target, Form(0, row_major(EXTENTS)), EXTENTS, Apply(ops.add, (x, x), {}, float32))


def copied(value: Expr, target: Buffer) -> Definition:
    return Definition(target, Form(0, row_major(EXTENTS)), EXTENTS, value)


def summed(value: Expr, target: Buffer) -> Definition:
    """Sums of columns."""
    return Definition(target, Form(0, (0, 0, 1)), EXTENTS, value, "add", frozenset({0, 1}))


def kernels(place: Form | None = None) -> tuple[list[Nest], Buffer]:
    """Something that is spread out, then summed up, and then copied."""
    source, y = buffer("g", SMALL), buffer("y", LARGE)
    here, there = Read(y, Form(0, row_major(EXTENTS))), Read(y, place or Form(0, row_major(EXTENTS)))
    steps = [spread(source, y), summed(here, buffer("sums", WIDTH)), copied(there, buffer("z", LARGE))]
    return [alone(step) for step in steps], y


def test_all_who_read_it_make_it():
    steps, y = kernels()
    first, *others = made_again(steps, set())
    assert y in first.writes()
    for nest in others:
        assert isinstance(nest, Nest)
        assert y not in nest.reads()
        assert nest.reads() == first.reads()
    assert [nest.columns for nest in others if isinstance(nest, Nest)] == [True, False]


def test_what_is_read_elsewhere_is_stored():
    turned = Form(LARGE - 1, tuple(-c for c in row_major(EXTENTS)))
    steps, _ = kernels(turned)
    assert made_again(steps, set()) == steps


def test_results_are_stored():
    steps, y = kernels()
    assert made_again(steps, {y}) == steps


def test_what_changes_in_between_is_read_before():
    """Who reads the value late finds other numbers where it was made of."""
    steps, _ = kernels()
    (source,) = steps[0].reads()
    ones = Definition(
        source, Form(0, (WIDTH, 1)), (WINDOWS, WIDTH), Read(buffer("x", SMALL), Form(0, (WIDTH, 1)))
    )
    steps.insert(2, alone(ones))
    assert made_again(steps, set()) == steps


def test_the_derivative_of_a_pooling_is_not_stored_before_a_batch_norm():
    cr.random.seed(2)
    layers = [cr.nn.Conv2d(4, 16, 3, padding=1), cr.nn.BatchNorm2d(16), cr.nn.ReLU(), cr.nn.MaxPool2d(2)]
    model = cr.nn.Sequential(*layers).to(dtype=cr.float64)
    x = cr.tensor(np.random.default_rng(2).normal(size=(16, 4, 34, 30)))

    def step(x: Any) -> Any:
        model.zero_grad()
        cr.sum(cr.square(model(x))).backward()
        return layers[0].weight.grad, layers[1].weight.grad, layers[1].bias.grad

    expected = [y.numpy().copy() for y in step(x)]
    compiled, before, found = cr.compile(step), cr.get_threads(), []
    try:
        for threads in (1, 2, 3):
            cr.set_threads(threads)
            found.append([y.numpy().copy() for y in compiled(x)])
    finally:
        cr.set_threads(before)
    for made, *others, wanted in zip(*found, expected, strict=True):
        np.testing.assert_allclose(made, wanted, rtol=1e-9, atol=1e-9)
        assert all((made == other).all() for other in others)
    program = compiled.recording_for(x)[0].program
    spread = [
        (call.step, member.target)
        for call in program.calls
        if isinstance(call.step, Nest)
        for member in call.step.members
        if member.target.name.startswith("pool_write") and member.target.size == 16 * 16 * 34 * 30
    ]
    assert len(spread) == 2
    assert all(target in nest.unstored for nest, target in spread)
