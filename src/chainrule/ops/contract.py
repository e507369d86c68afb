r"""Contraction: the one product that sums.

Axes are named by letters, as in Einstein's notation: ``contract(a, b, spec="ik,kj->ij")`` is
the matrix product. Every letter stands in at least two of the three places, so that the
derivative is the same operation with the letters swapped: from ``a,b->y`` follow ``y,b->a``
and ``a,y->b``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from chainrule.core.derivative import Multilinear
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops import shapes
from chainrule.ops.types import NUMBERS


@lru_cache(maxsize=4096)
def letters(spec: str) -> tuple[str, str, str]:
    """The letters of ``a``, ``b`` and the result."""
    operands, result = spec.split("->")
    a, b = operands.split(",")
    return a, b, result


def swapped(spec: str, which: int) -> str:
    """The spec of the derivative by argument ``which``."""
    a, b, y = letters(spec)
    return f"{y},{b}->{a}" if which == 0 else f"{a},{y}->{b}"


def _shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    spec = params["spec"]
    extents: dict[str, int] = {}
    for name, shape, axes in zip(("a", "b"), found, letters(spec)[:2], strict=True):
        if len(shape) != len(axes):
            raise error(
                "ops.contract_ndim",
                op="contract",
                name=name,
                expected=len(axes),
                got=len(shape),
                spec=spec,
                shapes={"a": found[0], "b": found[1]},
            )
        for letter, extent in zip(axes, shape, strict=True):
            if extents.setdefault(letter, extent) != extent:
                _raise_mismatch(found, spec, letter)
    return tuple(extents[letter] for letter in letters(spec)[2])


def _raise_mismatch(found: tuple[Shape, ...], spec: str, letter: str) -> None:
    a, b, _ = letters(spec)
    i, j = a.index(letter), b.index(letter)
    named = {"a": found[0], "b": found[1]}
    values = {"first": "a", "second": "b", "axis_a": i - len(a), "axis_b": j - len(b), "hint": ""}
    raise error("ops.contract", op="contract", a=found[0][i], b=found[1][j], **values, shapes=named)


@lru_cache(maxsize=4096)
def _plan(spec: str) -> tuple[str, str, str, str]:
    """Letters by their part: batch (in all three), rows (a and y), columns (b and y), summed (a and b)."""
    a, b, y = letters(spec)
    batch = "".join(c for c in y if c in a and c in b)
    rows = "".join(c for c in y if c in a and c not in b)
    columns = "".join(c for c in y if c in b and c not in a)
    return batch, rows, columns, "".join(c for c in a if c in b and c not in y)


def _order(axes: str, wanted: str) -> tuple[int, ...]:
    return tuple(axes.index(letter) for letter in wanted)


def _contract(a: np.ndarray, b: np.ndarray, spec: str) -> np.ndarray:
    in_a, in_b, out = letters(spec)
    extents = dict(zip(in_a + in_b, a.shape + b.shape, strict=True))
    batch, rows, columns, summed = parts = _plan(spec)
    g, m, n, k = (shapes.size(tuple(extents[c] for c in part)) for part in parts)
    left = a.transpose(_order(in_a, batch + rows + summed)).reshape(g, m, k)
    right = b.transpose(_order(in_b, batch + summed + columns)).reshape(g, k, n)
    product: np.ndarray = (left @ right).reshape([extents[c] for c in batch + rows + columns])
    return np.transpose(product, _order(batch + rows + columns, out))


def _cost(found: tuple[Shape, ...], output: Shape, params: dict[str, Any]) -> int:
    in_a, _, _ = letters(params["spec"])
    summed = [n for letter, n in zip(in_a, found[0], strict=True) if letter in _plan(params["spec"])[3]]
    return 2 * shapes.size(output) * shapes.size(tuple(summed))


contract: Op = Op(
    name="contract",
    family="contract",
    args=("a", "b"),
    formula=r"\sum a \, b",
    shape=_shape,
    dtype=NUMBERS,
    numpy=_contract,
    derivative=Multilinear(
        lambda g, a, b, spec: contract(g, b, spec=swapped(spec, 0)),
        lambda g, a, b, spec: contract(a, g, spec=swapped(spec, 1)),
    ),
    samples=(
        sample((2, 3), (3, 4), spec="ik,kj->ij"),
        sample((3, 2), (4, 3), spec="ki,jk->ji"),
        sample((5, 2, 3), (5, 3, 4), spec="bik,bkj->bij"),
        sample((2, 3, 1), (3, 4, 1), spec="ikl,kjl->ij"),
        sample((3,), (2,), spec="i,j->ij"),
        sample((3,), (3,), spec="k,k->"),
        sample((0, 3), (3, 2), spec="ik,kj->ij"),
        sample((2, 0), (0, 3), spec="ik,kj->ij"),
        sample((2, 3), (3, 2), domains=(COMPLEX, COMPLEX), spec="ik,kj->ij"),
    ),
    cost=_cost,
)
