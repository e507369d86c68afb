"""As `cases`: products, linear algebra and Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .cases import case
from .strategies import COMPLEX, FLOATS, INEXACT, NUMBERS, Call, arrays, axes

SMALL = {"special": False, "low": -3, "high": 3}


@case("matmul", "linalg.matmul")
@st.composite
def products(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    shapes = draw(
        hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=4, min_side=0)
    )
    return Call(tuple(draw(arrays((dtype,), shape, **SMALL)) for shape in shapes.input_shapes))


@case("tensordot", "linalg.tensordot")
@st.composite
def contractions(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    count = draw(st.integers(0, len(shape)))
    rest = draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=1, max_side=3))
    a = draw(arrays((dtype,), shape, **SMALL))
    b = draw(arrays((dtype,), (*shape[len(shape) - count :], *rest), **SMALL))
    pairs = (tuple(range(-count, 0)), tuple(range(count)))
    return Call((a, b), {"axes": draw(st.sampled_from([count, pairs]))})


@case("vecdot", "linalg.vecdot")
@st.composite
def dots(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    shapes = draw(hnp.mutually_broadcastable_shapes(signature="(k),(k)->()", max_dims=2, max_side=4))
    return Call(tuple(draw(arrays((dtype,), shape, **SMALL)) for shape in shapes.input_shapes))


@case("linalg.cross")
@st.composite
def crossed(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    shape = (*draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)), 3)
    return Call(tuple(draw(arrays((dtype,), shape, **SMALL)) for _ in range(2)), {"axis": -1})


@case("linalg.outer")
@st.composite
def outers(draw: Any) -> Call:
    dtype = draw(st.sampled_from(NUMBERS))
    lines = st.integers(0, 4).map(lambda n: (n,))
    return Call(tuple(draw(arrays((dtype,), lines, **SMALL)) for _ in range(2)))


@case("linalg.diagonal", "linalg.trace")
@st.composite
def diagonals(draw: Any) -> Call:
    x = draw(arrays(NUMBERS, hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4), **SMALL))
    return Call((x,), {"offset": draw(st.integers(-3, 3))})


def random_matrix(seed: int, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Well-conditioned matrices: random ones have singular values of one order of magnitude here."""
    rng = np.random.default_rng(seed)
    noise = rng.uniform(-0.3, 0.3, shape)
    if np.dtype(dtype).kind == "c":
        noise = noise + 1j * rng.uniform(-0.3, 0.3, shape)
    spread = np.diag(np.arange(1.0, 1.0 + max(shape[-2:])))[: shape[-2], : shape[-1]]
    return (noise + spread).astype(dtype)


SEEDS = st.integers(0, 10_000)
BATCH = hnp.array_shapes(min_dims=0, max_dims=1, min_side=0, max_side=3)
SIDES = st.integers(1, 4)


@st.composite
def square(draw: Any) -> np.ndarray:
    n = draw(SIDES)
    return random_matrix(draw(SEEDS), (*draw(BATCH), n, n), draw(st.sampled_from(INEXACT)))


@st.composite
def rectangle(draw: Any) -> np.ndarray:
    return random_matrix(
        draw(SEEDS), (*draw(BATCH), draw(SIDES), draw(SIDES)), draw(st.sampled_from(INEXACT))
    )


def hermitian(a: np.ndarray) -> np.ndarray:
    return (a + np.conj(np.swapaxes(a, -1, -2))) / 2


case("linalg.det", "linalg.inv", "linalg.slogdet")(square().map(lambda a: Call((a,))))
case("linalg.pinv", "linalg.svdvals", "linalg.matrix_rank")(rectangle().map(lambda a: Call((a,))))
case("linalg.eigvalsh", "linalg.eigh")(square().map(lambda a: Call((hermitian(a),))))
case("linalg.cholesky")(
    st.builds(lambda a, upper: Call((hermitian(a),), {"upper": upper}), square(), st.booleans())
)
case("linalg.qr")(
    st.builds(lambda a, m: Call((a,), {"mode": m}), rectangle(), st.sampled_from(["reduced", "complete"]))
)
case("linalg.svd")(st.builds(lambda a, full: Call((a,), {"full_matrices": full}), rectangle(), st.booleans()))
case("linalg.matrix_power")(st.builds(lambda a, n: Call((a, n)), square(), st.integers(-3, 4)))


@case("linalg.solve")
@st.composite
def systems(draw: Any) -> Call:
    a = draw(square())
    columns = draw(st.integers(1, 3))
    b = random_matrix(draw(SEEDS), (*a.shape[:-1], columns), str(a.dtype))
    return Call((a, b))


@case("linalg.matrix_norm")
@st.composite
def matrix_norms(draw: Any) -> Call:
    x = draw(rectangle())
    orders = ["fro", "nuc", 1, 2, np.inf, -1, -2, -np.inf]
    return Call((x,), {"ord": draw(st.sampled_from(orders)), "keepdims": draw(st.booleans())})


@case("linalg.vector_norm")
@st.composite
def vector_norms(draw: Any) -> Call:
    shape = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
    x = draw(arrays(INEXACT, shape, special=False, low=0.5, high=4))
    orders = [0, 1, 2, 3, 2.5, np.inf, -np.inf, -1, -2]
    options = {"axis": draw(axes(x.ndim)), "keepdims": draw(st.booleans())}
    return Call((x,), {"ord": draw(st.sampled_from(orders)), **options})


NORMS = st.sampled_from(["backward", "ortho", "forward"])


@case("fft.fft", "fft.ifft", "fft.hfft")
@st.composite
def complex_transforms(draw: Any) -> Call:
    x = draw(arrays(COMPLEX, hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=6), **SMALL))
    options = {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "norm": draw(NORMS)}
    return Call((x,), {"n": draw(st.none() | st.integers(2, 8)), **options})


@case("fft.rfft", "fft.ihfft")
@st.composite
def real_transforms(draw: Any) -> Call:
    x = draw(arrays(FLOATS, hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=6), **SMALL))
    options = {"axis": draw(st.integers(-x.ndim, x.ndim - 1)), "norm": draw(NORMS)}
    return Call((x,), {"n": draw(st.none() | st.integers(2, 8)), **options})


case("fft.irfft")(complex_transforms())


@st.composite
def many_axes(draw: Any, types: tuple[str, ...]) -> Call:
    x = draw(arrays(types, hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4), **SMALL))
    chosen = tuple(draw(st.permutations(range(x.ndim)))[: draw(st.integers(1, x.ndim))])
    options = draw(st.sampled_from([{}, {"axes": chosen}]))
    return Call((x,), {**options, "norm": draw(NORMS)})


case("fft.fftn", "fft.ifftn", "fft.irfftn")(many_axes(COMPLEX))
case("fft.rfftn")(many_axes(FLOATS))
case("fft.fftfreq", "fft.rfftfreq")(
    st.builds(
        lambda n, d: Call((n,), {"d": d, "dtype": np.dtype("float64")}),
        st.integers(1, 9),
        st.sampled_from([1.0, 0.25]),
    )
)


@case("fft.fftshift", "fft.ifftshift")
@st.composite
def shifts(draw: Any) -> Call:
    x = draw(arrays(INEXACT, hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), special=False))
    return Call((x,), {"axes": draw(axes(x.ndim))})
