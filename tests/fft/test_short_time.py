"""stft and istft: PyTorch's recorded values, SciPy's, and the signal found again."""

import numpy as np
import pytest
import scipy.signal

import chainrule as cr
from chainrule.errors import ConfigError, ShapeError

from .cases import CASES, FILE, SIGNAL, of_inverse, options


@pytest.fixture(scope="module")
def recorded():
    with np.load(FILE) as arrays:
        return dict(arrays)


@pytest.mark.parametrize("name", CASES)
def test_values_are_pytorchs(name, recorded):
    spectrum = cr.fft.stft(SIGNAL, **options(name))
    expected = recorded[f"{name}/stft"]
    assert spectrum.shape == expected.shape
    np.testing.assert_allclose(spectrum.numpy(), expected, atol=1e-12)
    other = expected * (1 + abs(expected))
    signal = cr.fft.istft(other, **of_inverse(options(name)))
    np.testing.assert_allclose(signal.numpy(), recorded[f"{name}/istft"], atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_signal_is_found_again(name):
    given = options(name)
    spectrum = cr.fft.stft(SIGNAL, **given)
    signal = cr.fft.istft(spectrum, **of_inverse(given))
    count = signal.shape[-1]
    assert count > 20
    np.testing.assert_allclose(signal.numpy(), SIGNAL[:, :count], atol=1e-12)


def test_a_length_cuts_or_fills_with_zeros():
    given = options("hop")
    spectrum = cr.fft.stft(SIGNAL, **given)
    np.testing.assert_allclose(cr.fft.istft(spectrum, **given, length=20).numpy(), SIGNAL[:, :20], atol=1e-12)
    longer = cr.fft.istft(spectrum, **given, length=40).numpy()
    assert longer.shape == (2, 40)
    assert not longer[:, 36:].any()


def test_values_are_scipys():
    window = np.hanning(9)[:8] + 0.1
    transform = scipy.signal.ShortTimeFFT(window, hop=4, fs=1.0, fft_mode="onesided", phase_shift=None)
    expected = transform.stft(SIGNAL[0], p0=1, p1=6, k_offset=0)
    got = cr.fft.stft(SIGNAL[0], 8, 4, window=window, center=False).numpy()
    np.testing.assert_allclose(got[:, :5], expected, atol=1e-12)


def test_a_complex_signal(rng):
    x = rng.standard_normal(24) + 1j * rng.standard_normal(24)
    spectrum = cr.fft.stft(x, 6, 2)
    assert spectrum.shape == (6, 13)
    found = cr.fft.istft(spectrum, 6, 2, return_complex=True)
    np.testing.assert_allclose(found.numpy(), x, atol=1e-12)


def test_derivatives_and_recording(rng):
    x, window = rng.standard_normal(14), rng.uniform(0.5, 1, 5)

    def there_and_back(x, window):
        spectrum = cr.fft.stft(x, 6, 2, 5, window)
        return cr.fft.istft(spectrum * cr.abs(spectrum), 6, 2, 5, window)

    cr.check_gradients(there_and_back, x, window)
    graph = cr.record(there_and_back, x, window)
    np.testing.assert_allclose(graph(2 * x, window)[0].numpy(), there_and_back(2 * x, window).numpy())


def test_float32_stays():
    spectrum = cr.fft.stft(cr.ones(32), 8, window=cr.fft.hann(8))
    assert spectrum.dtype == cr.complex64
    assert cr.fft.istft(spectrum, 8, window=cr.fft.hann(8)).dtype == cr.float32


def test_mistakes():
    x = cr.ones(20)
    with pytest.raises(ShapeError, match="5 samples along the last axis are fewer than the 8"):
        cr.fft.stft(cr.ones(5), 8, center=False)
    with pytest.raises(ShapeError, match=r"win_length = 8 elements, got the shape \(4,\)"):
        cr.fft.stft(x, 8, window=cr.fft.hann(4))
    with pytest.raises(ConfigError, match="win_length must be a whole number from 1 to 8, got 9"):
        cr.fft.stft(x, 8, win_length=9)
    with pytest.raises(ConfigError, match="hop_length must be"):
        cr.fft.stft(x, 8, hop_length=0)
    with pytest.raises(ConfigError, match="pad_mode must be one of"):
        cr.fft.stft(x, 8, pad_mode="zeros")
    with pytest.raises(ShapeError, match="axis -2 must hold 4 frequencies"):
        cr.fft.istft(cr.fft.stft(x, 8), 6, onesided=True)
    with pytest.raises(ConfigError, match="add up to 0 at sample 0"):
        cr.fft.istft(
            cr.fft.stft(x, 8, 4, window=cr.fft.hann(8), center=False),
            8,
            4,
            window=cr.fft.hann(8),
            center=False,
        )
