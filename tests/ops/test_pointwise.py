"""Every pointwise row: values over element types and special values, and what its derivatives are by hand."""

import itertools
import math
import sys

import mpmath
import numpy as np
import pytest
from scipy import special

import chainrule as cr
from chainrule import dtypes
from chainrule.core.derivative import Zero
from chainrule.errors import ConfigError, DTypeError
from chainrule.ops import TABLE
from chainrule.ops.pointwise import cast, identity

ROWS = [row for row in TABLE.values() if row.family == "pointwise"]


def complex_of(x, y):
    parts = np.stack(np.broadcast_arrays(x, y), axis=-1)
    return parts.view(dtypes.complex_type(parts.dtype))[..., 0]


NAMED = {row.name: getattr(np, row.name, None) for row in ROWS}
UFUNCS = {name: function for name, function in NAMED.items() if isinstance(function, np.ufunc)}
# What NumPy and SciPy have under a name of their own.
REFERENCES = UFUNCS | {
    "where": lambda c, x, y: np.where(c, x, y),
    "identity": np.copy,
    "real": np.real,
    "imag": np.imag,
    "angle": np.angle,
    "complex": complex_of,
    "round": lambda x: np.round(x),
    "sigmoid": lambda x: np.where(np.isnan(x), x, 1 / (1 + np.exp(-x))),
    "rsqrt": lambda x: np.reciprocal(np.sqrt(x)),
    "erf": special.erf,
    "erfc": special.erfc,
    "erfinv": special.erfinv,
    "lgamma": special.loggamma,
    "polygamma": special.polygamma,
    "xlogy": special.xlogy,
    "xlog1py": special.xlog1py,
    "bessel_i": lambda n, x: special.iv(n, np.clip(x, -1e4, 1e4)),  # SciPy: NaN far beyond overflow
    "spherical_bessel": special.spherical_jn,
    "gammainc": special.gammainc,
    "betainc": special.betainc,
    "ndtri": special.ndtri,
    "gammaincinv": special.gammaincinv,
    "betaincinv": special.betaincinv,
}
# Not the same computation as here: these may differ in the last digits.
ROUNDED = {"sigmoid": 8, "rsqrt": 2, "erf": 2, "reciprocal": 2}
BY_HAND = {"cast", "gamma_integral", "beta_integral", "lgamma"}


def test_every_row_has_a_reference():
    assert {row.name for row in ROWS} - set(REFERENCES) - BY_HAND == set()
    assert BY_HAND | set(ROUNDED) <= {row.name for row in ROWS}


FLOATS = [0.0, -0.0, 0.5, -1.0, 1.0, 2.5, -2.5, 3e38, 1e-40, math.inf, -math.inf, math.nan]
COMPLEX = [0j, -0.0 + 0j, 1 + 2j, -1.5 - 0.5j, 0.3j, complex(math.inf, 1), complex(math.nan, 0), 1e200 + 1j]


def values_of(dtype):
    """Elements of a type that show what it does at its limits."""
    letter = dtypes.letter(dtype)
    if letter in "fc":
        with np.errstate(over="ignore"):
            return np.array(FLOATS if letter == "f" else COMPLEX).astype(dtype)
    if dtype.kind == "b":
        return np.array([False, True])
    limits = np.iinfo(dtype)
    return np.array([0, 1, 2, 3, 7, limits.max, limits.min, max(limits.min, -5)], dtype)


def arguments(row, dtype):
    """All combinations of the type's elements; orders and conditions have a type of their own."""
    own = {"b": np.array([True, False]), "iu": np.array([0, 1, 3])}
    axes = [
        own[row.dtype.separate_kinds] if i in row.dtype.separate else values_of(dtype)
        for i in range(len(row.args))
    ]
    return [grid.ravel() for grid in np.meshgrid(*axes, indexing="ij")]


def expected(row, arrays):
    """What NumPy makes of them; 16-bit floats are computed in float32, integers too where need be."""
    lifts = row.dtype.lift_to_float
    computed = [
        a.astype(np.float32)
        if i not in row.dtype.separate
        and ((dtypes.letter(a.dtype) == "f" and a.itemsize == 2) or (lifts and a.dtype.kind in "biu"))
        else a
        for i, a in enumerate(arrays)
    ]
    with np.errstate(all="ignore"):
        return np.asarray(REFERENCES[row.name](*computed))


def result_type(row, dtype, found):
    """16-bit floats come back as they were given; SciPy's double precision is rounded to the type."""
    if dtypes.letter(dtype) == "f":
        return {"b": found.dtype, "c": dtypes.complex_type(dtype)}.get(found.dtype.kind, dtype)
    if row.dtype.lift_to_float and dtype.kind in "biu":
        return np.dtype("complex64" if found.dtype.kind == "c" else "float32")
    return found.dtype


ALL = [*dtypes.SUPPORTED, dtypes.extended("bfloat16")]
CASES = [
    (row, dtype)
    for row in ROWS
    if row.name not in BY_HAND
    for dtype in ALL
    if dtypes.letter(dtype) in row.dtype.kinds or (row.dtype.lift_to_float and dtype.kind in "biu")
]


@pytest.mark.parametrize(("row", "dtype"), CASES, ids=lambda case: getattr(case, "name", str(case)))
def test_values_are_numpys_for_every_type(row, dtype):
    if row.name == "nextafter" and dtype.itemsize == 2:
        pytest.skip("neighbours of 16-bit floats are computed among themselves: tested below")
    arrays = arguments(row, dtype)
    if row.name == "power" and dtype.kind == "i":
        arrays = [a[arrays[1] >= 0] for a in arrays]
    found = expected(row, arrays)
    wanted = result_type(row, dtype, found)
    got = row(*arrays)
    assert got.dtype == wanted
    with np.errstate(all="ignore"):
        found = found.astype(wanted)
    check_equal(row, got.numpy(), found)


def check_equal(row, got, found):
    if dtypes.letter(got.dtype) in "fc":
        wide = np.complex128 if got.dtype.kind == "c" else np.float64
        digits = ROUNDED.get(row.name, 0) * float(cr.finfo(got.dtype).eps)
        np.testing.assert_allclose(got.astype(wide), found.astype(wide), rtol=digits, atol=0)
        if digits == 0:
            parts = [got.real, got.imag], [found.real, found.imag]
            for a, b in zip(*(parts if got.dtype.kind == "c" else ([got], [found])), strict=True):
                a, b = a.astype(np.float64), b.astype(np.float64)
                np.testing.assert_array_equal(np.signbit(a)[~np.isnan(a)], np.signbit(b)[~np.isnan(b)])
    else:
        np.testing.assert_array_equal(got, found)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_types_that_are_not_taken_are_refused(row):
    for dtype in ALL:
        lifted = row.dtype.lift_to_float and dtype.kind in "biu"
        if dtypes.letter(dtype) not in row.dtype.kinds and not lifted:
            arrays = [a[:1] for a in arguments(row, dtype)]
            params = {"dtype": np.dtype("float32")} if row.name == "cast" else {}
            with pytest.raises(DTypeError, match=f"^{row.name}: "):
                row(*arrays, **params)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_keeps_its_bits_where_it_is_small(dtype):
    """Through tanh it would be a difference of numbers near 1."""
    x = np.linspace(-80, 40, 2001, dtype=dtype)
    expected = special.expit(x.astype(np.float64))
    np.testing.assert_allclose(np.array(cr.sigmoid(cr.tensor(x))), expected, rtol=8 * np.finfo(dtype).eps)


def test_neighbours_of_16_bit_floats_are_of_that_type():
    for name in ("float16", "bfloat16", "float8_e5m2"):
        one = cr.tensor([1.0], dtype=name)
        step = float(cr.nextafter(one, one + one if name != "float8_e5m2" else cr.tensor([2.0], name)).item())
        assert step == 1 + float(cr.finfo(name).eps)


def test_log_of_gamma_is_that_of_the_absolute_value():
    x = np.array([-2.5, -0.5, 0.5, 1.0, 4.5, 170.0])
    exact = [float(mpmath.log(abs(mpmath.gamma(v)))) for v in x]
    np.testing.assert_allclose(cr.lgamma(x).numpy(), exact, rtol=1e-14, atol=1e-15)
    assert cr.lgamma([0.0, -1.0, math.inf]).tolist() == [math.inf] * 3


def test_casts_between_all_types():
    for a, b in itertools.product([*dtypes.SUPPORTED, *map(dtypes.extended, dtypes.EXTENDED)], repeat=2):
        x = np.array([0, 1, 1, 3]).astype(a)
        got = cast(x, dtype=b)
        assert got.dtype == b
        expected = [0, 1, 1, 1] if "bool" in (str(a), str(b)) else [0, 1, 1, 3]
        np.testing.assert_array_equal(got.numpy().astype(np.complex128), expected)
        assert identity(x).dtype == a
        assert cr.where([True, False, True, False], x, x).dtype == a


def test_the_row_cast_takes_the_real_part_of_a_complex_number_and_true_for_nonzero():
    z = cr.tensor([1 + 2j, 3j, 0j])
    assert cast(z, dtype=np.dtype("float32")).tolist() == [1.0, 0.0, 0.0]
    assert cast(z, dtype=np.dtype("int64")).tolist() == [1, 0, 0]
    assert z.astype("bool").tolist() == [True, True, False]


def test_integers_follow_numpy_where_they_have_no_answer():
    x, zero = cr.tensor([7, -7]), cr.tensor([0, 0])
    assert (x // zero).tolist() == (x % zero).tolist() == cr.fmod(x, zero).tolist() == [0, 0]
    assert (x // 2).tolist() == [3, -4]
    assert (x % 2).tolist() == [1, 1]
    assert cr.fmod(x, 2).tolist() == [1, -1]
    assert (cr.tensor([2, -3]) ** 3).tolist() == [8, -27]
    with pytest.raises(DTypeError, match="integers have no negative powers"):
        cr.tensor([2]) ** -1
    assert cr.left_shift(cr.tensor([1, 1]), cr.tensor([63, 64])).tolist() == [-(2**63), 0]
    for row in (cr.round, cr.floor, cr.ceil, cr.trunc):
        assert row(cr.tensor([2**62 + 1])).tolist() == [2**62 + 1]
    assert cr.exp(cr.tensor([0, 1])).dtype == np.float32


def slopes(f, *at):
    """The gradient by each argument, as Python numbers."""
    wide = [np.asarray(x, np.complex128 if isinstance(x, complex) else np.float64) for x in at]
    result, pull_back = cr.vjp(f, *wide)
    return [slope.item() for slope in pull_back(np.ones((), result.dtype))]


INF, NAN = math.inf, math.nan
BOUNDARIES = [
    ("absolute", (0.0,), [0.0]),
    ("absolute", (0j,), [0j]),
    ("sign", (0.0,), [0.0]),
    ("sign", (0j,), [0j]),
    ("sqrt", (0.0,), [INF]),
    ("sqrt", (-1.0,), [NAN]),
    ("rsqrt", (0.0,), [-INF]),
    ("cbrt", (0.0,), [INF]),
    ("log", (0.0,), [INF]),
    ("reciprocal", (0.0,), [-INF]),
    ("hypot", (0.0, 0.0), [0.0, 0.0]),
    ("hypot", (3.0, 4.0), [0.6, 0.8]),
    ("arctan2", (0.0, 0.0), [0.0, 0.0]),
    ("arctan2", (0.0, -2.0), [-0.5, 0.0]),
    ("angle", (0j,), [0j]),
    ("angle", (-1.0,), [0.0]),
    ("arcsin", (1.0,), [INF]),
    ("arccos", (1.0,), [-INF]),
    ("arccosh", (1.0,), [INF]),
    ("arctanh", (1.0,), [INF]),
    ("power", (0.0, 0.0), [0.0, 0.0]),
    ("power", (0.0, 1.0), [1.0, 0.0]),
    ("power", (-2.0, 3.0), [12.0, NAN]),
    ("maximum", (1.0, 1.0), [0.5, 0.5]),
    ("minimum", (2.0, 2.0), [0.5, 0.5]),
    ("fmax", (1.0, NAN), [1.0, 0.0]),
    ("fmin", (NAN, 1.0), [0.0, 1.0]),
    ("copysign", (0.0, -1.0), [0.0, 0.0]),
    ("copysign", (2.0, -1.0), [-1.0, 0.0]),
    ("heaviside", (0.0, 0.5), [0.0, 1.0]),
    ("xlogy", (0.0, 0.0), [0.0, 0.0]),
    ("xlogy", (0.0, 2.0), [math.log(2), 0.0]),
    ("xlog1py", (0.0, -1.0), [0.0, 0.0]),
    ("remainder", (7.5, 2.0), [1.0, -3.0]),
    ("remainder", (-7.5, 2.0), [1.0, 4.0]),
    ("fmod", (-7.5, 2.0), [1.0, 3.0]),
    ("gammainc", (1.0, 0.0), [0.0, 1.0]),
    ("logaddexp", (-INF, 1.0), [0.0, 1.0]),
]


@pytest.mark.parametrize(("name", "at", "expected"), BOUNDARIES)
def test_derivatives_at_boundary_points(name, at, expected):
    np.testing.assert_allclose(slopes(TABLE[name], *at), expected, rtol=1e-14)


HOLOMORPHIC = [
    row
    for row in ROWS
    if "c" in row.dtype.kinds and not isinstance(row.derivative, Zero) and row.name not in ("cast", "where")
]
PLACES = [0.7 + 0.4j, -1.3 + 0.6j, 0.5 - 1.2j, -0.8 - 0.3j, 2.5 + 0.2j]


@pytest.mark.parametrize("row", HOLOMORPHIC, ids=lambda row: row.name)
@pytest.mark.parametrize("place", PLACES)
def test_complex_gradients_are_those_by_both_real_parts(row, place):
    """The cotangent of a + ib is ∂L/∂a + i ∂L/∂b, here for L = Re(conj(g) f)."""
    at = [np.complex128(place * turn) for turn in (1, 0.6 - 0.7j)[: len(row.args)]]
    result, pull_back = cr.vjp(row, *at)
    g = np.asarray(0.8 - 0.5j if result.dtype.kind == "c" else 0.8)
    for i, slope in enumerate(pull_back(g)):

        def loss(step, i=i):
            moved = [z + step if j == i else z for j, z in enumerate(at)]
            return float(np.real(np.conj(g) * row(*moved).numpy()))

        h = 1e-6
        by_parts = [(loss(h * d) - loss(-h * d)) / (2 * h) for d in (1, 1j)]
        np.testing.assert_allclose(slope.item(), complex(*by_parts), rtol=1e-7, atol=1e-8)


def derivatives(f, x, order):
    found = []
    for _ in range(order + 1):
        found.append(f(cr.tensor(x, dtype="float64")).item())
        f = cr.grad(f)
    return found


def test_sinc_has_the_right_derivatives_of_every_order_at_0():
    exact = [1, 0, -(math.pi**2) / 3, 0, math.pi**4 / 5]
    np.testing.assert_allclose(derivatives(cr.sinc, 0.0, 4), exact, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "f", "at"),
    [
        ("digamma", lambda x: mpmath.digamma(x), 1.3),
        ("i0", lambda x: mpmath.besseli(0, x), 0.0),
        ("erfinv", lambda x: mpmath.erfinv(x), 0.4),
        ("erfc", lambda x: mpmath.erfc(x), 0.4),
        ("lgamma", lambda x: mpmath.loggamma(x), 2.2),
        ("rsqrt", lambda x: 1 / mpmath.sqrt(x), 0.7),
        ("arccosh", lambda x: mpmath.acosh(x), 1.5),
    ],
)
def test_derivatives_to_fourth_order(name, f, at):
    mpmath.mp.dps = 30
    exact = [float(mpmath.diff(f, at, n)) for n in range(5)]
    np.testing.assert_allclose(derivatives(getattr(cr, name), at, 4), exact, rtol=1e-9, atol=1e-12)


def gamma_by_shape(a, x):
    return mpmath.gammainc(a, 0, x, regularized=True)


@pytest.mark.parametrize("a", [0.01, 0.5, 3.0, 200.0])
@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.0])
def test_gammainc_by_its_shape_to_third_order(a, ratio):
    mpmath.mp.dps = 30
    exact = [float(mpmath.diff(lambda t: gamma_by_shape(t, a * ratio), a, n)) for n in range(4)]
    found = derivatives(lambda t: cr.gammainc(t, a * ratio), a, 3)
    scale = max(1.0, abs(exact[3]))
    np.testing.assert_allclose(found, exact, rtol=1e-10, atol=1e-10 * scale)


@pytest.mark.parametrize(("a", "b"), [(0.3, 2.0), (5.0, 0.5), (40.0, 60.0)])
@pytest.mark.parametrize("x", [0.1, 0.45, 0.9])
def test_betainc_by_both_shapes(a, b, x):
    mpmath.mp.dps = 30
    exact = [
        float(mpmath.diff(lambda s, t: mpmath.betainc(s, t, 0, x, regularized=True), (a, b), orders))
        for orders in ((1, 0), (0, 1), (1, 1))
    ]
    by_a, by_b = cr.grad(cr.betainc, argnums=0), cr.grad(cr.betainc, argnums=1)
    at = [cr.tensor(v, dtype="float64") for v in (a, b, x)]
    mixed = cr.grad(lambda s, t, u: by_a(s, t, u), argnums=1)
    np.testing.assert_allclose([f(*at).item() for f in (by_a, by_b, mixed)], exact, rtol=1e-9, atol=1e-11)


def test_the_integrals_agree_with_scipy_where_it_has_them():
    shapes = np.array([1e-3, 0.01, 0.1, 0.7, 1.0, 5.0, 100.0, 1e4])
    a, ratio = np.meshgrid(shapes, [1e-3, 0.1, 0.9, 1.0, 1.1, 3.0, 100.0])
    np.testing.assert_allclose(
        cr.gamma_integral(0, a, a * ratio).numpy(), special.gammainc(a, a * ratio), atol=1e-11
    )
    a, b, x = np.meshgrid(shapes, shapes, [0.0, 1e-6, 0.1, 0.5, 0.9, 0.999, 1.0])
    np.testing.assert_allclose(cr.beta_integral(0, 0, a, b, x).numpy(), special.betainc(a, b, x), atol=1e-10)


def test_outside_their_domain_the_integrals_are_nan():
    for a, x in ((-1.0, 0.5), (1.0, -0.5), (NAN, 0.5)):
        assert math.isnan(cr.gamma_integral(1, a, x).item())
    for a, b, x in ((-1.0, 1.0, 0.5), (1.0, -1.0, 0.5), (1.0, 1.0, 1.5), (1.0, 1.0, -0.1)):
        assert math.isnan(cr.beta_integral(1, 0, a, b, x).item())


def test_without_scipy_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ConfigError, match=r"^erfinv is computed by SciPy, .*: pip install scipy"):
        cr.erfinv(0.5)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(ConfigError, match=r"^erfinv 由 SciPy 计算，但尚未安装：pip install scipy"):
        cr.erfinv(0.5)
    assert cr.erf(0.0).item() == 0.0


def test_bits_of_bools_and_integers_by_operators():
    flags, n = cr.tensor([True, False]), cr.tensor([6, 3])
    assert (flags & True).tolist() == [True, False]
    assert (False | flags).tolist() == [True, False]
    assert (flags ^ True).tolist() == (~flags).tolist() == [False, True]
    assert (n & 3).tolist() == [2, 3]
    assert (8 | n).tolist() == [14, 11]
    assert (n ^ 1).tolist() == [7, 2]
    assert (~n).tolist() == [-7, -4]
    assert (n << 2).tolist() == [24, 12]
    assert (1 << n).tolist() == [64, 8]
    assert (n >> 1).tolist() == [3, 1]
    assert [part.tolist() for part in divmod(n, 4)] == [[1, 0], [2, 3]]
    assert [part.tolist() for part in divmod(7, n)] == [[1, 2], [1, 1]]


@pytest.mark.parametrize("compiled", [False, True])
def test_rounding_by_pythons_own_function(compiled):
    f = lambda x: (round(x), round(x, 1))  # noqa: E731
    whole, tenths = (cr.compile(f) if compiled else f)(cr.tensor([0.5, 1.5, -2.26]))
    assert whole.tolist() == [0.0, 2.0, -2.0]
    assert tenths.numpy() == pytest.approx([0.5, 1.5, -2.3])


def test_bessel_functions_overflow_to_infinity():
    x = cr.tensor([800.0, 1e308, np.inf, -np.inf, np.nan], dtype="float64")
    assert cr.i0(x).tolist()[:4] == [np.inf] * 4
    assert cr.bessel_i(1, x).tolist()[:4] == [np.inf, np.inf, np.inf, -np.inf]
    assert np.isnan(cr.i0(x).numpy()[4])
