"""A causal language model in plain JAX."""

from __future__ import annotations

from typing import Any

import jax

EPSILON = 1e-5


def transformer(
    w: Any, statistics: Any, key: Any, x: Any, tokens: int, layers: int, width: int, heads: int, length: int
) -> Any:
    """Pre-norm blocks of attention and a GELU layer four times as wide."""

    def linear(name: str, x: Any) -> Any:
        return x @ w[f"{name}.weight"] + w[f"{name}.bias"]

    def norm(name: str, x: Any) -> Any:
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) * jax.lax.rsqrt(variance + EPSILON) * w[f"{name}.weight"] + w[f"{name}.bias"]

    def attention(name: str, x: Any) -> Any:
        parts = linear(f"{name}.qkv", x).reshape(len(x), length, 3, heads, width // heads)
        q, k, v = (parts[:, :, i] for i in range(3))
        y = jax.nn.dot_product_attention(q, k, v, is_causal=True)
        return linear(f"{name}.out", y.reshape(x.shape))

    y = w["token.weight"][x] + w["place.weight"]
    for number in range(layers):
        name = f"blocks.{number}"
        y = y + attention(name, norm(f"{name}.norm1", y))
        wide = jax.nn.gelu(linear(f"{name}.feed.0", norm(f"{name}.norm2", y)), approximate=False)
        y = y + linear(f"{name}.feed.2", wide)
    return linear("head", norm("norm", y))
