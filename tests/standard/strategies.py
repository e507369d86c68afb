"""Arguments for the functions of the array API standard, as NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

BOOL = ("bool",)
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = SIGNED + UNSIGNED
FLOATS = ("float32", "float64")
COMPLEX = ("complex64", "complex128")
REALS = INTEGERS + FLOATS
NUMBERS = REALS + COMPLEX
INEXACT = FLOATS + COMPLEX
ALL = BOOL + NUMBERS

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FILLED_SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)


@dataclass
class Call:
    """One call: positional arguments and keywords."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)


def elements(
    dtype: np.dtype, special: bool = True, low: float = -1e3, high: float = 1e3, infinite: bool = True
) -> Any:
    """Values of a type; if wanted special ones too: NaN, infinities, -0.0, extremes of the type."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return st.booleans()
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        usual = st.integers(max(info.min, int(low)), min(info.max, int(high)))
        everything = low == -1e3 and high == 1e3 and special
        return usual | st.sampled_from([info.min, info.max, 0, 1]) if everything else usual
    width = 32 if dtype.name in ("float32", "complex64") else 64
    usual = st.floats(float(np.float32(low)), float(np.float32(high)), width=width, allow_subnormal=False)
    part = usual | st.sampled_from(_special_values(width, infinite)) if special else usual
    return st.builds(complex, part, part) if dtype.kind == "c" else part


def _special_values(width: int, infinite: bool) -> list[float]:
    info = np.finfo(f"float{width}")
    unbounded = [np.inf, -np.inf, float(info.max), float(info.min)] if infinite else []
    return [np.nan, 0.0, -0.0, 1.0, float(info.tiny), float(info.smallest_subnormal), *unbounded]


@st.composite
def arrays(
    draw: Any, types: tuple[str, ...] = ALL, shape: Any = SHAPES, *, unique: bool = False, **values: Any
) -> np.ndarray:
    """An array of one of some types, with `elements` as told; sometimes not contiguous."""
    dtype = np.dtype(draw(st.sampled_from(types)))
    wanted = draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    made = draw(hnp.arrays(dtype, wanted, elements=elements(dtype, **values), unique=unique))
    return strided(made) if draw(st.booleans()) else made


def strided(array: np.ndarray) -> np.ndarray:
    """The same elements, every other one of a larger array, backwards."""
    wide = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    view = wide[(slice(None, None, -2),) * array.ndim] if array.ndim else wide
    view[...] = array
    return view


@st.composite
def pairs(
    draw: Any, types: tuple[str, ...], *, meeting: Any = None, **values: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays that broadcast, of types that meet: by default those that the standard lets meet."""
    meeting = meeting or meets
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4, min_side=0))
    first = draw(st.sampled_from(types))
    second = draw(st.sampled_from([name for name in types if meeting(first, name)]))
    return tuple(
        draw(arrays((name,), shape, **values))
        for name, shape in zip((first, second), shapes.input_shapes, strict=True)
    )


def meets(a: str, b: str) -> bool:
    """Whether the standard defines what two types give."""
    kinds = {np.dtype(a).kind, np.dtype(b).kind}
    if kinds == {"i", "u"}:
        return "uint64" not in (a, b)
    return kinds <= {"i", "u"} or kinds <= {"f", "c"} or kinds == {"b"}


@st.composite
def axes(draw: Any, ndim: int, several: bool = True) -> Any:
    """None, one axis, or (where it is allowed) several."""
    if ndim == 0:
        return None
    one = st.integers(-ndim, ndim - 1)
    kinds = [st.none(), one]
    if several:
        kinds.append(st.lists(one, min_size=1, max_size=ndim, unique_by=lambda axis: axis % ndim).map(tuple))
    return draw(st.one_of(kinds))
