"""Values and gradients of real and complex matrices are PyTorch's, recorded by ``record_torch.py``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import chainrule as cr

from .torch_cases import CASES, keys, matrix


@pytest.fixture(scope="module")
def recorded():
    with np.load(Path(__file__).with_name("torch.npz"), allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize(("name", "shape", "kind"), keys())
def test_value_and_gradient(name, shape, kind, recorded):
    value, gradient = cr.value_and_grad(lambda a: CASES[name][0](cr, a))(matrix(shape, kind))
    np.testing.assert_allclose(value, recorded[f"{name}/{shape}/{kind}/value"], rtol=1e-9)
    expected = recorded[f"{name}/{shape}/{kind}/gradient"]
    np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-9 * np.abs(expected).max())
