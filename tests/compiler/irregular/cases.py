"""What every row is tried with: its samples, larger ones that take all paths of its kernel, all its types."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from chainrule import dtypes
from chainrule.core.sample import REALS, Integers, Sample, sample
from chainrule.ops import TABLE
from chainrule.ops.window import conv_params, geometry

from .running import Case, case_of

LEVELS = ["x86-64-v2", "x86-64-v3", "x86-64-v4"]
INDEX_TYPES = [np.dtype(f"{kind}{bits}") for bits in (64, 32, 16, 8) for kind in ("int", "uint")]
ELEMENT_TYPES = [*dtypes.SUPPORTED, *(dtypes.extended(name) for name in dtypes.EXTENDED)]


def _indexed(*shapes: tuple[int, ...], low: int = 0, high: int, before: int = 1, **params: object) -> Sample:
    """A sample whose arguments after the first ones are indices."""
    domains = [REALS] * before + [Integers(low, high)] * (len(shapes) - before)
    return sample(*shapes, domains=tuple(domains), **params)


_GATHER = [
    _indexed((50, 40), (1800,), low=-50, high=50, axes=(0,)),
    _indexed((7, 30, 5), (2, 40), high=30, axes=(1,)),
    _indexed((9, 8, 3), (6, 1), (4,), low=-3, high=3, axes=(2, 0)),
    _indexed((20, 30), (200, 1), (1, 350), high=20, axes=(0, 1)),
    _indexed((20, 3), (), low=-2, high=3, axes=(0,)),
    _indexed((1, 67), (3,), low=-1, high=1, axes=(0,)),
]
_SCATTER_ADD = [
    _indexed((600, 83), (600,), low=-50, high=50, axes=(0,), shape=(50, 83)),
    _indexed((4, 40, 7, 5), (4, 40), high=30, axes=(1,), shape=(7, 30, 5)),
    _indexed((2000,), (2000,), high=9, axes=(0,), shape=(9,)),
    _indexed((8, 20, 30), (8, 1), (20,), high=3, axes=(1, 0), shape=(3, 4, 30)),
]
_SCATTER = [
    _indexed((40, 83), (900, 83), (900,), low=-40, high=40, before=2, axes=(0,)),
    _indexed((60, 7, 9), (50, 60, 9), (50,), high=7, before=2, axes=(1,)),
    _indexed((3, 5), (30, 20), (30, 1), (20,), high=3, before=2, axes=(0, 1)),
]
_AXES = [
    sample((5, 16), axis=1),
    sample((3, 203), axis=1),
    sample((700, 130), axis=1),
    sample((4, 130, 77), axis=1),
    sample((70, 3), axis=0),
    sample((3, 9, 1), axis=1),
    sample((1,), axis=0),
]
_DIRECTED = [
    sample(*case.shapes, **case.params, reverse=reverse) for case in _AXES for reverse in (False, True)
]
_REDUCED = [
    sample((70, 1000), axis=(1,), keepdims=False),
    sample((300, 150), axis=(0,), keepdims=True),
    sample((5, 7, 6, 33), axis=(1, 3), keepdims=False),
    sample((5, 7, 6, 9), axis=(0, 2), keepdims=True),
    sample((4, 257), axis=(0, 1), keepdims=False),
    sample((1, 1), axis=(1,), keepdims=False),
]
_SORTED = [
    sample((*before, n), axis=len(before), descending=descending)
    for before, n in (((3,), 17), ((), 128), ((2,), 129), ((), 3000), ((900,), 40))
    for descending in (False, True)
] + [sample((5, 200, 3), axis=1, descending=False), sample((4, 1), axis=1, descending=True)]
_POOLED = [
    sample((3, 5, 28, 28), window=(2, 2), **conv_params((2, 2), ((0, 0), (0, 0)))),
    sample((2, 3, 17, 35), window=(3, 3), **conv_params((1, 1), ((1, 1), (1, 1)))),
    sample((2, 2, 40), window=(3,), **conv_params((3,), ((1, 2),), (2,))),
    sample((2, 2, 90), window=(2,), **conv_params((5,), ((0, 0),))),
    sample((2, 1, 5, 6, 7), window=(2, 3, 1), **conv_params((1, 2, 4), ((0, 1), (1, 1), (0, 0)))),
    sample((1, 1, 9, 9), window=(3, 3), **conv_params((2, 2), ((-1, 0), (0, -2)))),
]
_DILATED = [sample((2, 3, 5, 4), window=(3, 2), **conv_params((2, 1), ((1, 2), (1, 0)), (1, 2), (2, 3)))]

# As above, but no window lies on gaps alone.
_SPREAD = [sample((2, 3, 5, 4), window=(3, 3), **conv_params((2, 1), ((1, 1), (2, 0)), (1, 2), (2, 3)))]


def _with_taps(case: Sample, *, writes: bool) -> Sample:
    """A sample of windows as one of windows with a tap each."""
    ((batch, channels, *space),) = case.shapes
    geometric = {name: value for name, value in case.params.items() if name != "window"}
    axes = geometry(tuple(space), case.params["window"], geometric)
    chosen = (batch, channels, *(axis.m for axis in axes))
    domains = (REALS, Integers(0, math.prod(case.params["window"])))
    params = {**case.params, "space": tuple(space)} if writes else case.params
    return sample(chosen if writes else case.shapes[0], chosen, domains=domains, **params)


LARGER: dict[str, list[Sample]] = {
    "gather": _GATHER,
    "scatter_add": _SCATTER_ADD,
    **dict.fromkeys(("scatter_set", "scatter_min", "scatter_max", "scatter_mul"), _SCATTER),
    "argsort": _SORTED,
    "searchsorted": [sample((n,), (300, 7), side=side) for n in (2, 63, 1000) for side in ("left", "right")],
    **dict.fromkeys(("cumsum", "cumprod"), _DIRECTED),
    **dict.fromkeys(("cummax", "cummin"), _AXES),
    "linear_scan": [sample(*case.shapes * 2, **case.params) for case in _DIRECTED],
    **dict.fromkeys(("argmax", "argmin"), _REDUCED),
    "pool_index": [*_POOLED, *_SPREAD],
    "pool_tap": [*_POOLED, *_DILATED],
    "pool_read": [_with_taps(case, writes=False) for case in (*_POOLED, *_DILATED)],
    "pool_write": [_with_taps(case, writes=True) for case in (*_POOLED, *_DILATED)],
    "random_bits": [sample((2,), shape=shape) for shape in ((1,), (2,), (6,), (67,), (130, 100))],
    "fold_in": [sample((2,), shape) for shape in ((17,), (1,), (40, 21))],
}


def types_of(row: str) -> list[np.dtype]:
    """The element types that a row takes."""
    rule = TABLE[row].dtype
    return [d for d in ELEMENT_TYPES if rule._takes(d, rule.kinds)]


def every_type(row: str, samples: Sequence[Sample]) -> Iterator[tuple[np.dtype, Sample]]:
    """Each sample in each type that the row takes."""
    return itertools.product(types_of(row), samples)


def some_types(row: str, samples: Sequence[Sample], count: int) -> Iterator[tuple[np.dtype, Sample]]:
    """Each sample in a few types, so that all types have their turn."""
    turns = itertools.cycle(types_of(row))
    for given in samples:
        yield from ((dtype, given) for dtype in itertools.islice(turns, count))


def cases(
    row: str, chosen: Iterable[tuple[np.dtype, Sample]], rng: np.random.Generator
) -> Iterator[tuple[Case, list[np.ndarray]]]:
    """A row's cases and their arguments; types of indices take turns."""
    turns = itertools.cycle(INDEX_TYPES)
    for dtype, given in chosen:
        arrays = _drawn(row, given, dtype, next(turns), rng)
        yield case_of(row, arrays, **given.params), arrays


def _drawn(
    row: str, given: Sample, dtype: np.dtype, index_type: np.dtype, rng: np.random.Generator
) -> list[np.ndarray]:
    op = TABLE[row]
    found = []
    for i, x in enumerate(given.draw(rng, op.domain)):
        if i in op.dtype.separate:
            found.append(_as_index(x, index_type))
        elif row in ("random_bits", "fold_in"):
            found.append(x.astype(dtype))
        else:
            found.append(as_type(x, dtype, rng))
    return found


def _as_index(x: np.ndarray, dtype: np.dtype) -> np.ndarray:
    if dtype.kind == "u":
        x = np.where(x < 0, -x - 1, x)
    limits = np.iinfo(dtype)
    return np.clip(x, limits.min, limits.max).astype(dtype)


def as_type(x: np.ndarray, dtype: np.dtype, rng: np.random.Generator) -> np.ndarray:
    """Numbers in another type, different ones staying different where it has room for them."""
    letter = dtypes.letter(dtype)
    x = x.astype(np.float64) if x.dtype == bool else x
    if letter == "b":
        return x.real > 0
    if letter in "iu":
        # The smallest type, uint4, ends at 15.
        lowest = x.real.min(initial=0) if letter == "u" else 0
        return np.clip(np.round((x.real - lowest) * 3), -8, 7 if letter == "i" else 15).astype(dtype)
    if letter == "c" and x.dtype.kind != "c":
        x = x + 1j * rng.permuted(x.ravel()).reshape(x.shape)
    return (x if letter == "c" else x.real).astype(dtype)
