"""What the example models have found, each reduced to a few operations."""

from __future__ import annotations

import numpy as np

import chainrule as cr


def test_bias_of_a_projection_that_is_cut_into_heads(rng):
    """A sum over rows met the copy that puts heads back, whose finer axes split the kept one."""
    batch, length, heads, width = 2, 3, 2, 5
    x = cr.tensor(rng.normal(size=(batch, length, 3 * heads * width)))
    bias = cr.tensor(rng.normal(size=3 * heads * width))

    def product(x, bias):
        cut = cr.transpose((x + bias).reshape((batch, length, 3, heads, width)), (2, 0, 3, 1, 4))
        return (cut[0] * cut[1] * cr.exp(cut[2])).sum()

    slope = cr.grad(product, argnums=1)
    np.testing.assert_allclose(cr.compile(slope)(x, bias), slope(x, bias), rtol=1e-12)
