"""The Fourier transforms against NumPy's, over random shapes, lengths, axes and norms."""

import numpy as np
import pytest
import scipy.signal

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, ShapeError

ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
SEVERAL = ["fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"]
OF_REAL = {"rfft", "ihfft", "rfftn", "rfft2"}
TO_REAL = {"irfft", "hfft", "irfftn", "irfft2"}
NORMS = [None, "backward", "ortho", "forward"]


def drawn(rng, shape, name):
    x = rng.standard_normal(shape)
    return x if name in OF_REAL or rng.random() < 0.3 else x + 1j * rng.standard_normal(shape)


def same(got, expected):
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ONE)
def test_one_axis(name, rng):
    for _ in range(60):
        shape = tuple(rng.integers(2 if name in TO_REAL else 1, 7, rng.integers(1, 4)))
        x = drawn(rng, shape, name)
        n = None if rng.random() < 0.5 else int(rng.integers(1, 9))
        axis, norm = int(rng.integers(-len(shape), len(shape))), NORMS[rng.integers(4)]
        same(getattr(cr.fft, name)(x, n, axis, norm), getattr(np.fft, name)(x, n, axis, norm))


@pytest.mark.parametrize("name", SEVERAL)
def test_several_axes(name, rng):
    for _ in range(60):
        shape = tuple(rng.integers(2, 6, rng.integers(2, 4)))
        count = 2 if name.endswith("2") else int(rng.integers(1, len(shape) + 1))
        axes = tuple(int(a) for a in rng.permutation(len(shape))[:count])
        s = None if rng.random() < 0.5 else tuple(int(n) for n in rng.integers(1, 8, count))
        x, norm = drawn(rng, shape, name), NORMS[rng.integers(4)]
        same(getattr(cr.fft, name)(x, s, axes, norm), getattr(np.fft, name)(x, s, axes, norm))
        same(getattr(cr.fft, name)(x), getattr(np.fft, name)(x))


@pytest.mark.parametrize("name", ONE + SEVERAL)
def test_derivatives_and_recording(name, rng):
    x = rng.standard_normal((3, 4))
    x = x if name in OF_REAL else x + 1j * rng.standard_normal((3, 4))
    size = 5 if name in ONE else (4, 5)
    axes = {} if name in ONE else {"axes": (0, 1)}
    f = getattr(cr.fft, name)
    cr.check_gradients(lambda x: f(x, size, norm="ortho", **axes) * f(x, size, **axes), x)
    graph = cr.record(lambda x: f(x, size, **axes), x)
    graph.verify()
    same(graph(2 * x)[0], getattr(np.fft, name)(2 * x, size, **axes))


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("dtype", ["int64", "bool", "float16", "bfloat16", "float32", "float64"])
def test_nothing_becomes_double_in_silence(name, dtype):
    found = getattr(cr.fft, name)(cr.ones(4).astype(dtype)).dtype
    wide = dtype == "float64"
    real, complex_ = (cr.float64, cr.complex128) if wide else (cr.float32, cr.complex64)
    assert found == (real if name in TO_REAL else complex_)


def test_numpys_functions_on_tensors_are_these(rng):
    x = rng.standard_normal((2, 6))
    for name in [*ONE, *SEVERAL, "fftshift", "ifftshift"]:
        same(getattr(np.fft, name)(cr.tensor(x)), getattr(np.fft, name)(x))
    cr.check_gradients(lambda x: np.fft.rfft(x, axis=0), x)


@pytest.mark.parametrize("n", [1, 2, 5, 6])
def test_frequencies_and_their_order(n, rng):
    same(cr.fft.fftfreq(n, 0.3, dtype="float64"), np.fft.fftfreq(n, 0.3))
    same(cr.fft.rfftfreq(n, 0.3, dtype="float64"), np.fft.rfftfreq(n, 0.3))
    assert cr.fft.fftfreq(n).dtype == cr.float32
    x = rng.standard_normal((n, 3, 4))
    for axes in (None, 0, (0, 2), -1):
        same(cr.fft.fftshift(x, axes), np.fft.fftshift(x, axes))
        same(cr.fft.ifftshift(x, axes), np.fft.ifftshift(x, axes))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("sizes", [(7, 3), (3, 7), (5, 5), (1, 4)], ids=str)
def test_convolution(mode, sizes, rng):
    x, y = (rng.standard_normal(n) for n in sizes)
    same(cr.fft.convolve(x, y, mode), np.convolve(x, y, mode))
    same(cr.fft.convolve(x + 1j, y, mode), np.convolve(x + 1j, y, mode))
    stacked = rng.standard_normal((sizes[0], 2))
    expected = np.stack([np.convolve(column, y, mode) for column in stacked.T], 1)
    same(cr.fft.convolve(stacked, y[:, None], mode, axis=0), expected)
    cr.check_gradients(lambda x, y: cr.fft.convolve(x, y, mode), x, y)


@pytest.mark.parametrize("name", ["hann", "hamming", "blackman"])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 8])
def test_windows(name, n):
    for periodic in (True, False):
        expected = scipy.signal.get_window(name, n, fftbins=periodic) if n else np.zeros(0)
        got = getattr(cr.fft, name)(n, periodic, dtype="float64")
        np.testing.assert_allclose(got.numpy(), expected, atol=1e-15)
    assert getattr(cr.fft, name)(n).dtype == cr.float32


def test_mistakes():
    x = cr.ones((2, 3))
    with pytest.raises(ConfigError, match="norm must be 'backward', 'ortho' or 'forward', got 'full'"):
        cr.fft.fft(x, norm="full")
    with pytest.raises(ShapeError, match="0 points along axis 1"):
        cr.fft.fft(x, 0)
    with pytest.raises(ShapeError, match="0 points along axis 0"):
        cr.fft.irfft(cr.ones(1))
    with pytest.raises(DTypeError, match="rfft transforms real numbers, got complex64"):
        cr.fft.rfft(cr.fft.fft(x))
    with pytest.raises(ShapeError, match="axis 2 is outside"):
        cr.fft.fft(x, axis=2)
    with pytest.raises(ShapeError, match="one number of points for each"):
        cr.fft.fftn(x, (2, 3), (0,))
    with pytest.raises(ShapeError, match="named twice"):
        cr.fft.fftn(x, axes=(0, 0))
    with pytest.raises(ConfigError, match="'full', 'same' or 'valid'"):
        cr.fft.convolve(x, x, "all")
