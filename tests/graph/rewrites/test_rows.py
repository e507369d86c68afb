"""Every row of the table alone: where it applies, the graph does the same, as exactly as the row says."""

import numpy as np
import pytest

from chainrule.dtypes import letter
from chainrule.graph.rewrites import REWRITES, Exact, rewrite

SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0, -1.0, 1e-45, -3e38]
EXAMPLES = [(row, one) for row in REWRITES.values() for one in row.examples]
REFUSALS = [(row, one) for row in REWRITES.values() for one in row.refusals]


def names(cases):
    return [f"{row.name.replace(' ', '-')}-{i}" for i, (row, _) in enumerate(cases)]


def alone(row, graph):
    return rewrite(graph, [row, *(REWRITES[name] for name in row.needs)])


def special(rng, spec):
    """Random numbers, with NaN, infinities, both zeros, the smallest and a very large number among them."""
    if letter(spec.dtype) in "biu":
        return rng.integers(0, 2 if spec.dtype.kind == "b" else 100, spec.shape).astype(spec.dtype)
    values = rng.standard_normal(spec.shape)
    chosen = rng.choice(SPECIAL, spec.shape)
    with np.errstate(all="ignore"):
        return np.where(rng.random(spec.shape) < 0.7, chosen, values).astype(spec.dtype)


def positive(rng, spec):
    """Numbers of like size, whose sums do not cancel."""
    if letter(spec.dtype) in "biu":
        return special(rng, spec)
    return rng.uniform(0.5, 2.0, spec.shape).astype(spec.dtype)


def bits(array):
    array = np.array(array)
    if array.dtype.kind in "fc":
        array[np.isnan(array)] = np.nan
    return array.tobytes()


def check(row, old, new):
    assert (old.shape, old.dtype) == (new.shape, new.dtype)
    if row.exact is Exact.BITS:
        assert bits(old) == bits(new)
    elif row.exact is Exact.ZERO_SIGN:
        np.testing.assert_array_equal(old, new)
    elif old.dtype.kind == "f":
        close = row.ulps * np.finfo(old.dtype).eps
        np.testing.assert_allclose(new, old, rtol=close, atol=0)
    else:
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(("row", "one"), EXAMPLES, ids=names(EXAMPLES))
def test_row_applies_and_keeps_the_meaning(row, one, rng):
    graph = one.record()
    before = graph.to_text(full=True)
    new, counts = alone(row, graph)
    assert counts[row.name] > 0
    assert graph.to_text(full=True) == before
    new.verify()
    draw = positive if row.exact is Exact.ROUNDING else special
    for _ in range(10):
        arrays = [draw(rng, x.spec) for x in graph.inputs]
        for old, other in zip(graph(*arrays), new(*arrays), strict=True):
            check(row, old.numpy(), other.numpy())


@pytest.mark.parametrize(("row", "one"), REFUSALS, ids=names(REFUSALS))
def test_row_leaves_alone_what_it_must(row, one):
    graph = one.record()
    new, counts = alone(row, graph)
    assert counts[row.name] == 0
    assert counts or new.same_as(rewrite(graph, [])[0])


@pytest.mark.parametrize("row", REWRITES.values(), ids=list(REWRITES))
def test_row_states_all_there_is_to_say(row):
    assert row.law and row.examples
    assert (row.exact is Exact.ROUNDING) == bool(row.bound) == (row.ulps > 0)


@pytest.mark.parametrize("row", REWRITES.values(), ids=list(REWRITES))
def test_applying_a_row_again_does_nothing(row):
    for one in row.examples:
        new, _ = alone(row, one.record())
        assert alone(row, new)[1] == {}
