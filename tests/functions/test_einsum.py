"""Einstein's notation: NumPy's numbers over random subscripts, every order of products, wrong subscripts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, ShapeError

from .compare import FEW, SEEDS, agrees, has_type, numbers, same

EXTENTS = {"i": 2, "j": 3, "k": 4, "l": 1, "m": 3, "n": 0}
SPECS = [
    *("ij->ji", "ij->", "ij->i", "ij", "ii", "ii->i", "iij->j", "iij->ij", "iiji", "->", "i->i"),
    *("ik,kj->ij", "ik,kj", "i,j", "ij,ij", "ij,ji->i", "ij,kl->ik", "ii,ij->j", "ij,j->", "i,i->i"),
    *("ij,jk,kl->il", "i,ij,j", "ij,jk,ki", "ij,ij,ij->ij", "i,j,k->kji", "ik,jk,lk->ijl", "in,nj->ij"),
    *("ij,jk,kl,lm->im", "a,b,c,d,e->abcde", "ijk,jl,km->ilm", "bik,bkj->bij", "BA,AC->BC"),
]


def operands(spec, seed=0):
    groups = spec.split("->")[0].split(",")
    return [numbers([EXTENTS.get(c.lower(), 2) for c in group], seed + i) for i, group in enumerate(groups)]


@pytest.mark.parametrize("spec", SPECS)
def test_subscripts(spec):
    arrays = operands(spec)
    agrees(lambda *t: cr.einsum(spec, *t), lambda *a: np.einsum(spec, *a), *arrays)
    if all(a.size for a in arrays):
        cr.check_gradients(lambda t: cr.einsum(spec, *t), arrays, order=1 if len(arrays) > 3 else 2)


@pytest.mark.parametrize(
    ("spec", "shapes"),
    [
        ("...ij,...jk->...ik", [(5, 2, 3), (5, 3, 4)]),
        ("...ij,...jk", [(5, 1, 2, 3), (6, 3, 4)]),
        ("...ij,jk->ik...", [(5, 4, 2, 3), (3, 4)]),
        ("i...,i...", [(2, 3, 1), (2, 4)]),
        ("...,...", [(2, 3), (3,)]),
        ("...i->...", [(2, 3)]),
        ("...ii->...i", [(4, 3, 3)]),
        ("...", [(2, 3)]),
        ("ij,jk->ik", [(2, 1), (3, 4)]),
        ("i,i->i", [(1,), (3,)]),
        ("ij...,...kj->...ik", [(2, 3), (5, 4, 3)]),
    ],
)
def test_ellipsis_and_axes_that_broadcast(spec, shapes):
    arrays = [numbers(shape, i) for i, shape in enumerate(shapes)]
    agrees(lambda *t: cr.einsum(spec, *t), lambda *a: np.einsum(spec, *a), *arrays)
    cr.check_gradients(lambda t: cr.einsum(spec, *t), arrays)


@FEW
@given(data=st.data(), seed=SEEDS)
def test_random_subscripts(data, seed):
    letters = st.text("ijkl", max_size=3)
    groups = data.draw(st.lists(letters, min_size=1, max_size=4))
    present = sorted(set("".join(groups)))
    result = "".join(data.draw(st.permutations(present)))[: data.draw(st.integers(0, 4))]
    spec = ",".join(groups) + data.draw(st.sampled_from(["", f"->{result}"]))
    arrays = operands(spec, seed % 1000)
    same(cr.einsum(spec, *map(cr.tensor, arrays)), np.einsum(spec, *arrays), 1e-10)


@pytest.mark.parametrize("optimize", [True, False, "greedy", "optimal", ["einsum_path", (1, 2), (0, 1)]])
def test_every_order_gives_the_same(optimize):
    arrays = operands("ij,jk,kl->il")
    same(cr.einsum("ij,jk,kl->il", *arrays, optimize=optimize), np.einsum("ij,jk,kl->il", *arrays))


def test_the_order_is_the_cheap_one():
    A, v = numbers((40, 40)), numbers((40,))
    graph = cr.record(lambda A, B, v: cr.einsum("ij,jk,k->i", A, B, v), A, A, v)
    shapes = [node.outputs[0].shape for node in graph.nodes if node.op.name == "contract"]
    assert shapes == [(40,), (40,)]


def test_lists_of_numbers_name_the_axes_too():
    a, b = numbers((2, 3)), numbers((4, 3, 5))
    same(cr.einsum(a, [0, 1], b, [2, 1, 3], [3, 0, 2]), np.einsum(a, [0, 1], b, [2, 1, 3], [3, 0, 2]))
    same(cr.einsum(a, [..., 1]), np.einsum(a, [..., 1]))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16", "float32", "complex64"])
@pytest.mark.parametrize("spec", ["ik,kj->ij", "ii", "ij->j", "ij,jk,kl"])
def test_types_are_numpys(spec, dtype):
    arrays = [numbers((3, 3), i, dtype) for i, _ in enumerate(spec.split(","))]
    got, expected = cr.einsum(spec, *map(cr.tensor, arrays)), np.einsum(spec, *arrays)
    has_type(got, expected)
    same(got, expected, 2e-3 if dtype == "float16" else 1e-5)


def test_complex_derivatives():
    cr.check_gradients(
        lambda a, b: cr.einsum("ij,kj,kk->i", a, b, b), numbers((2, 3), 1, "complex128"), numbers((3, 3), 2)
    )


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: cr.einsum("i1->i", cr.ones((2, 2))), ConfigError, "must be letters of each operand"),
        (lambda: cr.einsum("i....", cr.ones(2)), ConfigError, "must be letters of each operand"),
        (lambda: cr.einsum("i->i->i", cr.ones(2)), ConfigError, "must be letters of each operand"),
        (lambda: cr.einsum("ij,jk", cr.ones((2, 2))), ConfigError, "'ij,jk' names 2 operands, got 1"),
        (lambda: cr.einsum("ij", cr.ones(2)), ShapeError, "the letters 'ij' do not fit operand 0"),
        (lambda: cr.einsum("i", cr.ones((2, 2))), ShapeError, "which has 2 axes"),
        (lambda: cr.einsum("ij->ik", cr.ones((2, 2))), ConfigError, "the letter k of the result"),
        (lambda: cr.einsum("ij->ii", cr.ones((2, 2))), ConfigError, "must stand there once"),
        (
            lambda: cr.einsum("ij,jk", cr.ones((2, 3)), cr.ones((4, 2))),
            ShapeError,
            "letter j is 3 before, but",
        ),
        (lambda: cr.einsum("ii", cr.ones((2, 3))), ShapeError, "letter i is 2 before, but axis 1"),
        (lambda: cr.einsum(cr.ones(2), [99]), DTypeError, "whole numbers from 0 to 51"),
        (lambda: cr.einsum("i,i,i", *[cr.ones(2)] * 3, optimize="best"), ConfigError, "optimize must be"),
    ],
)
def test_wrong_calls(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
