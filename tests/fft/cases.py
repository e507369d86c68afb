"""Calls of stft whose results were recorded from PyTorch: in `record_torch` and in the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_name("torch_reference.npz")
SIGNAL = np.cos(np.arange(2 * 29).reshape(2, 29) ** 1.3).astype(np.float32).astype(np.float64)

# Options of stft and istft, by name; the window is a number of samples, or None.
CASES: dict[str, dict[str, Any]] = {
    "default": {"n_fft": 8},
    "hop": {"n_fft": 8, "hop_length": 3, "window": 8},
    "short window": {"n_fft": 9, "hop_length": 2, "win_length": 6, "window": 6},
    "not centered": {"n_fft": 6, "hop_length": 2, "window": 6, "center": False},
    "normalized": {"n_fft": 8, "window": 8, "normalized": True},
    "two-sided": {"n_fft": 7, "window": 7, "onesided": False, "normalized": True},
    "constant": {"n_fft": 8, "window": 8, "pad_mode": "constant"},
    "replicate": {"n_fft": 8, "window": 8, "pad_mode": "replicate"},
    "circular": {"n_fft": 8, "window": 8, "pad_mode": "circular"},
}


def options(name: str) -> dict[str, Any]:
    """A case's options, with the window as an array."""
    found = dict(CASES[name])
    if "window" in found:
        n = found["window"]
        found["window"] = 0.6 - 0.4 * np.cos(2 * np.pi * (np.arange(n) + 0.5) / n)
    return found


def of_inverse(given: dict[str, Any]) -> dict[str, Any]:
    """The options that istft has too."""
    return {key: value for key, value in given.items() if key != "pad_mode"}
