"""Random contractions: extents 0 and 1; strides that are negative, overlapping or far apart."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.emit.contraction.nest import Kind, nests_of

from .running import check

EXTENTS = (1, 2, 3, 5, 7, 16, 17, 33)
CPUS = ("x86-64-v2", "x86-64-v3", "native")


def strides(rng: np.random.Generator, extents: list[int], *, overlap: bool) -> list[int]:
    """Strides of an array whose axes lie in any order, perhaps reversed, with room between or overlapping."""
    found, step = [0] * len(extents), 1
    for axis in rng.permutation(len(extents)):
        found[axis] = step * int(rng.choice([1, 1, 1, -1]))
        room = int(rng.choice([0, 0, 0, 3]))
        step = step * max(extents[axis], 1) + room
        if overlap and rng.random() < 0.3:
            step = int(rng.integers(1, 4))
    return found


def random_form(rng: np.random.Generator, dtype: np.dtype) -> Contraction:
    """A form of few multiplications."""
    counts = [
        int(rng.choice(most)) for most in ([0, 0, 1, 2], [0, 1, 1, 2, 3], [0, 1, 1, 2], [0, 1, 1, 2, 3])
    ]
    while True:
        groups = [[int(x) for x in rng.choice(EXTENTS, count)] for count in counts]
        if np.prod([float(n) for group in groups for n in group]) < 60_000:
            break
    if rng.random() < 0.05:
        group = groups[int(rng.integers(4))]
        group[:1] = [0] * len(group[:1])
    batch, rows, columns, depth = groups
    of_a = iter(strides(rng, batch + rows + depth, overlap=True))
    of_b = iter(strides(rng, batch + columns + depth, overlap=True))
    of_c = iter(strides(rng, batch + rows + columns, overlap=False))
    in_batch = tuple(Dim(n, next(of_a), next(of_b), next(of_c)) for n in batch)
    in_rows = tuple(Dim(n, a=next(of_a), c=next(of_c)) for n in rows)
    in_columns = tuple(Dim(n, b=next(of_b), c=next(of_c)) for n in columns)
    in_depth = tuple(Dim(n, a=next(of_a), b=next(of_b)) for n in depth)
    return Contraction(in_batch, in_rows, in_columns, in_depth, dtype, dtype, dtype)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("seed", range(40))
def test_random_forms(machine, cpu, seed):
    form = random_form(np.random.default_rng(seed), np.dtype(np.float32))
    check(form, machine(cpu), seed, order=-1 if seed % 2 else 1)


@pytest.mark.parametrize("kind", [Kind.INNER, Kind.LANEWISE])
@pytest.mark.parametrize("cpu", CPUS)
def test_random_forms_of_a_kind(machine, cpu, kind):
    """The first forms that allow it."""
    target, found = machine(cpu), 0
    for seed in range(1000):
        form = random_form(np.random.default_rng(seed), np.dtype(np.float32))
        if any(nest.kind is kind for nest in nests_of(form)) and found < 12:
            check(form, target, seed, kind=kind, exchange=False)
            found += 1
    assert found == 12
