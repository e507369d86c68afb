"""Values with a border of zeros: no padded copies, and the same numbers whoever else reads them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.loops.border import Border, widest
from chainrule.compiler.loops.expr import Buffer, Read
from chainrule.compiler.loops.form import Form
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.loops.step import Opaque

BORDER = Border((2, 3, 4, 5), (0, 0, 1, 2), (0, 0, 1, 0), (0, 2, 3, 1))


def numbers(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(np.float32)


def filled(border: Border) -> np.ndarray:
    """A buffer after its strips are zeroed: ones are left inside."""
    memory = np.ones(int(np.prod(border.wide)), np.float32)
    for strip in border.strips():
        for place, extents in strip:
            at = place.offset + sum(i * s for i, s in zip(np.indices(extents), place.coefs, strict=True))
            assert (memory[at] == 1).all(), "a place of the border is written twice"
            memory[at] = 0
    return memory


def test_strips_are_all_that_is_not_inside():
    inside = BORDER.inside
    at = inside.offset + sum(i * s for i, s in zip(np.indices(BORDER.extents), inside.coefs, strict=True))
    expected = np.zeros(int(np.prod(BORDER.wide)), np.float32)
    expected[at] = 1
    np.testing.assert_array_equal(filled(BORDER), expected)


def test_equal_sides_are_one_kernel():
    assert [len(strip) for strip in BORDER.strips()] == [2, 1]
    assert [len(strip) for strip in Border((4,), (1,), (2,), (0,)).strips()] == [1, 1]


def read(offset: int = 0, *, change: dict[int, int] | None = None) -> Read:
    inside = BORDER.inside
    coefs = [(change or {}).get(axis, c) for axis, c in enumerate(inside.coefs)]
    return Read(Buffer("x", np.dtype(np.float32), 1000), Form(inside.offset + offset, tuple(coefs)))


@pytest.mark.parametrize(
    ("lo", "hi", "fits"),
    [
        ((0, 0, 1, 2), (0, 0, 1, 0), True),
        ((0, 0, 0, 1), (0, 0, 0, 0), True),
        ((0, 0, 2, 0), (0, 0, 0, 0), False),
        ((0, 0, 0, 0), (0, 0, 0, 1), False),
    ],
)
def test_a_border_that_is_wide_enough_is_read(lo, hi, fits):
    found = BORDER.reaching(read(), BORDER.extents, lo, hi)
    assert (found is not None) is fits
    if found is not None:
        back = sum(before * c for before, c in zip(lo, BORDER.strides, strict=True))
        assert found.form == Form(BORDER.inside.offset - back, BORDER.strides)


def test_what_was_cut_has_no_border():
    ones = (0, 0, 1, 1)
    step = BORDER.strides[2]
    assert BORDER.reaching(read(step), (2, 3, 3, 5), ones, ones) is None
    assert BORDER.reaching(read(change={2: 2 * step}), (2, 3, 2, 5), ones, (0, 0, 0, 0)) is None
    assert BORDER.reaching(read(), (2, 3, 3, 5), (0, 0, 1, 0), (0, 0, 0, 0)) is None


def test_the_widest_of_several_borders():
    assert widest([((0, 1), (2, 0)), ((1, 0), (1, 3))]) == ((1, 1), (2, 3))


def block(x: Any, w: Any, v: Any) -> Any:
    """The inner value is read by two convolutions, one of them padded, and by others."""
    y = cr.relu(x * 2.0 + 1.0)
    return F.conv2d(y, w, padding=1) + y, F.conv2d(y, v), y[:, :, 1:, ::2], cr.flip(y, axis=3), y.sum()


def test_all_readers_of_a_bordered_value_see_it():
    args = numbers(1, 2, 8, 6, 7), numbers(2, 8, 8, 3, 3), numbers(3, 4, 8, 2, 2)
    tensors = [cr.tensor(a) for a in args]
    expected = block(*tensors)
    for found, wanted in zip(cr.compile(block)(*tensors), expected, strict=True):
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-5, atol=1e-5)


CHAINS = {
    "same padding": {"padding": 1},
    "wide": {"padding": 3},
    "one side": {"padding": (2, 0)},
    "dilated": {"padding": 2, "dilation": 2},
    "strided": {"padding": 1, "stride": 2},
    "depthwise": {"padding": 1, "groups": 8},
}


@pytest.mark.parametrize("name", CHAINS)
def test_gradients_through_borders(name):
    params = CHAINS[name]
    channels = 8 // params.get("groups", 1)

    def loss(x: Any, w: Any, v: Any) -> Any:
        y = cr.tanh(F.conv2d(cr.tanh(x), w, **params))
        return (F.conv2d(y, v, padding=1) ** 2).sum()

    args = numbers(1, 2, 8, 9, 8), 0.1 * numbers(2, 8, channels, 3, 3), numbers(3, 4, 8, 3, 3)
    gradient = cr.grad(loss, argnums=(0, 1, 2))
    tensors = [cr.tensor(a) for a in args]
    for found, wanted in zip(cr.compile(gradient)(*tensors), gradient(*tensors), strict=True):
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=2e-4, atol=2e-4)


def test_no_padded_copy_is_made_of_a_bordered_value():
    """The convolution reads the very buffer that the pointwise rows before it wrote."""

    def f(x: Any, w: Any) -> Any:
        y = cr.relu(x * 2.0)
        return F.conv2d(y, w, padding=1), y.sum()

    lowering = Lowering(cr.record(f, cr.tensor(numbers(1, 2, 8, 6, 7)), cr.tensor(numbers(2, 8, 8, 3, 3))))
    steps = lowering.run()
    (product,) = [step for step in steps if isinstance(step, Opaque)]
    assert product.inputs[0] in lowering.borders
    assert product.inputs[0].size == 2 * 8 * 8 * 9


def test_a_bordered_value_that_is_returned_is_whole():
    def f(x: Any, w: Any) -> Any:
        y = cr.relu(x)
        return y, F.conv2d(y, w, padding=1)

    x, w = cr.tensor(numbers(1, 1, 8, 4, 5)), cr.tensor(numbers(2, 8, 8, 3, 3))
    np.testing.assert_array_equal(cr.compile(f)(x, w)[0].numpy(), f(x, w)[0].numpy())


def test_vectors_outside_an_image_are_read_from_a_place_inside():
    """Masked out as they are, reading them where nothing lies takes ten times as long."""
    x = cr.tensor(numbers(7, 1, 6, 5, 24))

    def padded(x: Any) -> Any:
        return cr.pad(x, ((0, 0), (1, 2), (2, 1), (0, 0)))

    compiled = cr.compile(padded)
    np.testing.assert_array_equal(compiled(x).numpy(), padded(x).numpy())
    text = "".join(call.text for call in compiled.recording_for(x)[0].program.calls)
    read_at = re.findall(r"masked.load\S+\(ptr align 4 (%p\d+)", text)
    places = dict(re.findall(r"(%p\d+) = getelementptr inbounds float, .* i64 (%v\d+)", text))
    assert read_at
    for place in read_at:
        assert re.search(rf"{places[place]} = select i1 .*, i64 0\n", text)
