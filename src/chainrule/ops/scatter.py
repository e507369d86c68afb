r"""Writing at computed places of a tensor: :math:`x` with the updates :math:`u_j` at the places :math:`i_j`.

Several updates may go to one place :math:`p`. Then of `scatter_set` the last in row-major order
counts, and the other rows fold all of them together with :math:`x_p`. Adding needs no row here:
it is ``x + scatter_add(u, …)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.core.derivative import Derivative, Linear, Rule, conjugated, total, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import lift
from chainrule.core.op import Op
from chainrule.core.sample import COMPLEX, REALS, Distinct, Domain, Integers, sample
from chainrule.core.spec import Shape
from chainrule.errors import error
from chainrule.ops import messages_index, shapes  # noqa: F401  (registers the messages used here)
from chainrule.ops.cumulative import before, linear_scan
from chainrule.ops.index import checked, gather, index_shape, scatter_add
from chainrule.ops.move import broadcast_to, reshape
from chainrule.ops.pointwise import cast, equal, remainder, where
from chainrule.ops.sort import argsort

_INDICES = range(2, 64)
Axes = tuple[int, ...]


class _BetweenIntegers(Distinct):
    """Values that all differ from each other and from every whole number."""

    def draw(self, rng: np.random.Generator, shape: Shape) -> np.ndarray:
        """Multiples of a fifth in random order, each moved a little upwards."""
        size = shapes.size(shape)
        fifths = rng.permutation(size) - size // 2
        return np.asarray((fifths * 0.2 + rng.uniform(0.05, 0.1, size)).reshape(shape))


def _shape(op: Op, found: tuple[Shape, ...], params: dict[str, Any]) -> Shape:
    x, u = found[:2]
    rest = tuple(n for i, n in enumerate(x) if i not in params["axes"])
    expected = index_shape(op, found, 2) + rest
    if u != expected:
        named = dict(zip(op.arg_names(len(found)), found, strict=True))
        raise error("index.scatter", op=op.name, expected=expected, got=u, shapes=named)
    return x


def scatter(
    name: str,
    formula: str,
    write: Callable[..., Any],
    derivative: Derivative,
    *,
    kinds: str,
    stores: bool = False,
    domains: Sequence[tuple[Domain, Domain]] = ((REALS, REALS),),
) -> Op:
    """One row that writes updates ``u`` at the places ``i``, indices along ``axes`` of ``x``."""

    def definition(x: np.ndarray, u: np.ndarray, *i: np.ndarray, axes: Axes) -> np.ndarray:
        checked(name, i, axes, x.shape)
        result: np.ndarray = x.copy()
        block = np.broadcast_shapes(*(index.shape for index in i))
        places = tuple(np.broadcast_to(index, block).ravel() for index in i)
        updates = u.reshape(shapes.size(block), *u.shape[len(block) :])
        rows = np.moveaxis(result, axes, range(len(axes)))
        if axes:
            write(rows, places, updates)
        else:
            write(rows[np.newaxis], (np.zeros(1, np.int64),), updates)
        return result

    return Op(
        name=name,
        family="index",
        args=("x", "u", "i"),
        formula=formula,
        shape=_shape,
        dtype=DTypeRule(kinds, separate=_INDICES, stores=stores),
        numpy=definition,
        derivative=derivative,
        samples=tuple(
            case
            for x, u in domains
            for case in (
                sample((4, 3), (5, 3), (5,), domains=(x, u, Integers(-4, 4)), axes=(0,)),
                sample((2, 3), (4, 2), (4, 1), (2,), domains=(x, u, *[Integers(-2, 2)] * 2), axes=(0, 1)),
                sample((3, 2, 1), (2, 3, 3, 1), (2, 3), domains=(x, u, Integers(0, 2)), axes=(1,)),
                sample((3, 2), (0, 2), (0,), domains=(x, u, Integers(0, 3)), axes=(0,)),
                sample((2, 3), (2, 3), domains=(x, u), axes=()),
            )
        ),
        cost=lambda inputs, output, params: shapes.size(inputs[1]),
        variadic=True,
    )


def _block(x: Any, u: Any, axes: Axes) -> Shape:
    """The index tensors' common shape."""
    return tuple(u.shape[: len(u.shape) - len(x.shape) + len(axes)])


def _write_set(x: np.ndarray, places: tuple[np.ndarray, ...], u: np.ndarray) -> None:
    x[places] = u


def _last_ones(x: Any, u: Any, i: Sequence[Any], axes: Axes) -> Any:
    """Which updates no later one writes over, as a mask of as many axes as ``u`` has."""
    block = _block(x, u, axes)
    numbers = np.arange(shapes.size(block)).reshape(block)
    none = np.zeros([x.shape[a] for a in axes], np.int64)
    every = tuple(range(len(axes)))
    last = equal(gather(scatter_set(none, numbers, *i, axes=every), *i, axes=every), numbers)
    return reshape(last, shape=(*block, *[1] * (len(u.shape) - len(block))))


scatter_set: Op = scatter(
    "scatter_set",
    r"\begin{cases} u_{j} & j = \max(k : i_{k} = p) \\ x_{p} & \text{otherwise} \end{cases}",
    _write_set,
    Linear(
        lambda g, x, u, *i, axes: scatter_set(g, zeros_like(u), *i, axes=axes),
        lambda g, x, u, *i, axes: where(_last_ones(x, u, i, axes), gather(g, *i, axes=axes), zeros_like(u)),
    ),
    kinds="biufc",
    stores=True,
    domains=((REALS, REALS), (COMPLEX, COMPLEX)),
)


def _shares(y: Any, x: Any, u: Any, i: Sequence[Any], axes: Axes) -> tuple[Any, Any]:
    """The shares of ``x`` and of the updates in each extreme: equal ones where several tie."""
    of_x = cast(equal(x, y), dtype=y.dtype)
    of_u = cast(equal(u, gather(y, *i, axes=axes)), dtype=y.dtype)
    count = of_x + scatter_add(of_u, *i, axes=axes, shape=x.shape)
    return of_x / count, of_u / gather(count, *i, axes=axes)


def _extreme_reverse(g: Any, y: Any, x: Any, u: Any, *i: Any, axes: Axes) -> list[Any]:
    of_x, of_u = _shares(y, x, u, i, axes)
    return [g * of_x, gather(g, *i, axes=axes) * of_u, *[None] * len(i)]


def _extreme_forward(t: Any, y: Any, x: Any, u: Any, *i: Any, axes: Axes) -> Any:
    of_x, of_u = _shares(y, x, u, i, axes)
    by_x = [] if t[0] is None else [t[0] * of_x]
    by_u = [] if t[1] is None else [scatter_add(t[1] * of_u, *i, axes=axes, shape=x.shape)]
    return total(by_x + by_u)


_EXTREME = Rule(reverse=_extreme_reverse, forward=_extreme_forward, reached=(0, 1))
_APART = ((Integers(-2, 3, dtype="float64"), _BetweenIntegers()),)
scatter_min = scatter(
    "scatter_min",
    r"\min(x_{p}, \min_{j : i_{j} = p} u_{j})",
    np.minimum.at,
    _EXTREME,
    kinds="biuf",
    domains=_APART,
)
scatter_max = scatter(
    "scatter_max",
    r"\max(x_{p}, \max_{j : i_{j} = p} u_{j})",
    np.maximum.at,
    _EXTREME,
    kinds="biuf",
    domains=_APART,
)


def _flat_places(x: Any, block: Shape, i: Sequence[Any], axes: Axes) -> Any:
    """The places as single numbers, counted in row-major order over the indexed axes."""
    places: Any = np.zeros(block, np.int64)
    for index, axis in zip(i, axes, strict=True):
        extent = x.shape[axis]
        places = places * extent + remainder(cast(index, dtype=np.int64), extent)
    return reshape(places, shape=(shapes.size(block),))


def _other_updates(x: Any, u: Any, i: Sequence[Any], axes: Axes) -> Any:
    """For each update the product of the others at its place: no division, so zeros do no harm.

    Sorted by place they stand in runs, within which products from both sides are linear recurrences.
    """
    block = _block(x, u, axes)
    places = _flat_places(x, block, i, axes)
    order = argsort(places, axis=0, descending=False)
    rows = reshape(u, shape=(*places.shape, *u.shape[len(block) :]))
    in_runs = gather(rows, order, axes=(0,))
    run = gather(places, order, axes=(0,))
    others = _product_before(in_runs, run, reverse=False) * _product_before(in_runs, run, reverse=True)
    unsorted = gather(others, argsort(order, axis=0, descending=False), axes=(0,))
    return reshape(unsorted, shape=u.shape)


def _product_before(rows: Any, run: Any, reverse: bool) -> Any:
    """The product of the rows before each one in its run."""
    begins = run != before(run, 0, reverse, first=-1)
    begins = broadcast_to(reshape(begins, shape=(*run.shape, *[1] * (len(rows.shape) - 1))), shape=rows.shape)
    factors = where(begins, zeros_like(rows), before(rows, 0, reverse))
    return linear_scan(factors, cast(begins, dtype=rows.dtype), axis=0, reverse=reverse)


def _mul_reverse(g: Any, y: Any, x: Any, u: Any, *i: Any, axes: Axes) -> list[Any]:
    by_x = scatter_mul(broadcast_to(lift(1, x.dtype), shape=x.shape), u, *i, axes=axes)
    by_u = _other_updates(x, u, i, axes) * gather(x, *i, axes=axes)
    return [g * conjugated(by_x), gather(g, *i, axes=axes) * conjugated(by_u), *[None] * len(i)]


def _mul_forward(t: Any, y: Any, x: Any, u: Any, *i: Any, axes: Axes) -> Any:
    terms = []
    if t[0] is not None:
        terms.append(scatter_mul(t[0], u, *i, axes=axes))
    if t[1] is not None:
        moved = t[1] * _other_updates(x, u, i, axes) * gather(x, *i, axes=axes)
        terms.append(scatter_add(moved, *i, axes=axes, shape=x.shape))
    return total(terms)


scatter_mul: Op = scatter(
    "scatter_mul",
    r"x_{p} \cdot \prod_{j : i_{j} = p} u_{j}",
    np.multiply.at,
    Rule(reverse=_mul_reverse, forward=_mul_forward, reached=(0, 1)),
    kinds="iufc",
    domains=((REALS, REALS), (COMPLEX, COMPLEX)),
)
