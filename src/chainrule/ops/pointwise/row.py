"""The builder of pointwise rows: what they have in common is stated once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chainrule.core.derivative import Derivative, Partials, Zero
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.op import Op
from chainrule.core.sample import REALS, Complexes, Domain, Integers, Sample, sample
from chainrule.ops import shapes
from chainrule.ops.types import FLOATS

ZERO = Zero()
POSITIVE = Domain(0.2, 3.0)
OFF_ZERO = Domain(-2.0, 2.0, (0.0,), 0.2)
WHOLE = Integers(-9, 10)

# Both parts keep away from 0, and so from branch cuts, which lie on the axes.
OFF_AXES = Complexes(-2.0, 2.0, (0.0,), 0.2)

_SHAPES: dict[int, Sequence[Sequence[tuple[int, ...]]]] = {
    1: [[(2, 3)], [(4, 1, 2)], [(0, 3)], [()]],
    2: [[(2, 3), (2, 3)], [(3, 1), (1, 4)], [(2, 1, 3), (3,)], [(0, 3), (1, 3)], [(), (2,)], [(), ()]],
    3: [[(2, 3), (2, 3), (2, 3)], [(3,), (2, 1), (1, 3)], [(0, 2), (2,), ()]],
    5: [[(2, 3), (), (3,), (2, 1), (2, 3)], [(0, 3), (1,), (3,), (), (3,)]],
}


def pointwise(
    name: str,
    formula: str,
    numpy: Callable[..., Any],
    derivative: Derivative | Sequence[Callable[..., Any] | None],
    *,
    args: str = "x",
    dtype: DTypeRule = FLOATS,
    domain: Domain | tuple[Domain, ...] = REALS,
    samples: tuple[Sample, ...] | None = None,
    flops: int = 1,
    emit: Callable[..., Any],
) -> Op:
    """One pointwise row; ``derivative`` is the list of partial derivatives by each argument."""
    names, domains = tuple(args.split()), domain if isinstance(domain, tuple) else (domain,)
    return Op(
        name=name,
        family="pointwise",
        args=names,
        formula=formula,
        shape=shapes.broadcast if len(names) > 1 else shapes.same,
        dtype=dtype,
        numpy=numpy,
        derivative=derivative if isinstance(derivative, Derivative) else Partials(*derivative),
        domain=domains,
        samples=_samples(len(names), dtype, domains) if samples is None else samples,
        cost=lambda inputs, output, params: flops * shapes.size(output),
        emit=emit,
    )


def _samples(count: int, dtype: DTypeRule, domains: tuple[Domain, ...]) -> tuple[Sample, ...]:
    """The usual shapes; rows that take complex numbers are tried both with them and with real ones."""
    usual = [sample(*case) for case in _SHAPES[count]]
    if "c" not in dtype.kinds:
        return tuple(usual)
    other = OFF_ZERO if isinstance(domains[0], Complexes) else OFF_AXES
    others = tuple(None if i in dtype.separate else other for i in range(count))
    return (*usual, *(sample(*case, domains=others) for case in _SHAPES[count][:2]))
