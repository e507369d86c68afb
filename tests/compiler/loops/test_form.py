"""Affine forms against brute force: their values at every point of a nest."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from chainrule.compiler.loops.axes import common_refinement
from chainrule.compiler.loops.form import Form, are_apart, row_major


def values(form: Form, extents: tuple[int, ...]) -> list[int]:
    """The form at all points, row by row."""
    points = itertools.product(*map(range, extents))
    return [form.offset + sum(c * i for c, i in zip(form.coefs, point, strict=True)) for point in points]


def affine(found: list[int], extents: tuple[int, ...]) -> Form | None:
    """The form with given values, by trying the only candidate that there is."""
    steps = [row_major(extents)[axis] for axis in range(len(extents))]
    coefs = [found[step] - found[0] if n > 1 else 0 for step, n in zip(steps, extents, strict=True)]
    form = Form(found[0], tuple(coefs))
    return form if values(form, extents) == found else None


def factorisations(size: int, rng: random.Random) -> tuple[int, ...]:
    extents = []
    while size > 1 and rng.random() < 0.8:
        divisor = rng.choice([d for d in range(1, size + 1) if size % d == 0])
        extents.append(divisor)
        size //= divisor
    extents.insert(rng.randint(0, len(extents)), size)
    return tuple(extents)


@pytest.mark.parametrize("seed", range(20))
def test_reshaped_is_what_brute_force_finds(seed):
    rng = random.Random(seed)
    kinds = set()
    for _ in range(100):
        size = rng.choice((1, 2, 4, 6, 8, 12, 16, 24, 36))
        old, new = factorisations(size, rng), factorisations(size, rng)
        strides = [rng.choice((s, s, s, 2 * s, -s, 0, 1)) for s in row_major(old)]
        form = Form(rng.randint(-3, 3), tuple(strides))
        found, expected = form.reshaped(old, new), affine(values(form, old), new)
        if found is None:
            assert expected is None, (form, old, new)
        else:
            assert values(found, new) == values(form, old), (form, old, new)
        kinds.add(found is None)
    assert kinds == {True, False}


def test_span_is_the_range_of_values():
    rng = random.Random(0)
    for _ in range(100):
        extents = tuple(rng.randint(1, 4) for _ in range(rng.randint(0, 3)))
        form = Form(rng.randint(-5, 5), tuple(rng.randint(-4, 4) for _ in extents))
        assert form.span(extents) == (min(values(form, extents)), max(values(form, extents)))


def test_after_is_substitution():
    outer = Form(3, (2, -5))
    inner = (Form(1, (1, 0, 4)), Form(-2, (0, 7, 1)))
    found = outer.after(inner)
    for point in itertools.product(range(3), repeat=3):
        at = [f.offset + sum(c * i for c, i in zip(f.coefs, point, strict=True)) for f in inner]
        expected = outer.offset + sum(c * i for c, i in zip(outer.coefs, at, strict=True))
        assert found.offset + sum(c * i for c, i in zip(found.coefs, point, strict=True)) == expected


def test_row_major_strides_are_those_of_numpy():
    for shape in ((), (5,), (2, 3), (4, 1, 3), (2, 3, 4, 5)):
        assert row_major(shape) == tuple(s // 8 for s in np.zeros(shape).strides)


def test_common_refinement_splits_both_nests():
    assert common_refinement((4, 6), (8, 3)) == (4, 2, 3)
    assert common_refinement((4, 6), (24,)) == (4, 6)
    assert common_refinement((4, 6), (6, 4)) is None
    assert common_refinement((2, 3), (4, 2)) is None
    rng = random.Random(1)
    for _ in range(100):
        a, b = factorisations(24, rng), factorisations(24, rng)
        found = common_refinement(a, b)
        if found is not None:
            assert math.prod(found) == 24
            assert set(row_major(a)) | set(row_major(b)) <= {*row_major(found), 24}


def test_forms_that_are_apart_have_no_value_in_common():
    rng = random.Random(2)
    apart = 0
    for _ in range(2000):
        extents = tuple(rng.randint(1, 4) for _ in range(rng.randint(1, 3)))
        coefs = tuple(rng.choice((0, 1, 2, 3, 4, 6, 8, -2)) for _ in extents)
        a, b = Form(rng.randint(0, 5), coefs), Form(rng.randint(0, 5), coefs)
        if are_apart(a, b, extents):
            apart += 1
            assert set(values(a, extents)).isdisjoint(values(b, extents))
    assert apart > 100


def test_parts_of_a_row_are_apart():
    """As the parts of a concatenation along the last axis."""
    rows = (12, 1)
    for first, second in ((0, 4), (4, 8), (0, 8)):
        assert are_apart(Form(first, rows), Form(second, rows), (5, 4))
    assert not are_apart(Form(0, rows), Form(3, rows), (5, 4))
    assert not are_apart(Form(0, rows), Form(12, rows), (5, 4))
    assert are_apart(Form(0, rows), Form(60, rows), (5, 4))
    assert not are_apart(Form(0, rows), Form(0, rows), (5, 4))
    assert not are_apart(Form(0, rows), Form(4, (12, 2)), (5, 4))
