"""Recurrent networks: the products of all inputs at once, and a scan over the steps."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp


def recurrent(
    w: Any, statistics: Any, key: Any, x: Any, cell: str, inputs: int, width: int, layers: int
) -> Any:
    """An LSTM or GRU, and a linear layer on its last output."""
    y = x.swapaxes(0, 1)
    for number in range(layers):
        y = {"LSTM": lstm, "GRU": gru}[cell](w, number, y)
    return y[-1] @ w["out.weight"] + w["out.bias"]


def lstm(w: Any, number: int, x: Any) -> Any:
    """A layer; x has shape (steps, batch, inputs)."""
    names = (f"recurrent.bias_ih_l{number}", f"recurrent.bias_hh_l{number}")
    projected = x @ w[f"recurrent.weight_ih_l{number}"] + (w[names[0]] + w[names[1]])
    weight = w[f"recurrent.weight_hh_l{number}"]

    def step(state: Any, x: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(x + h @ weight, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    start = jnp.zeros((x.shape[1], weight.shape[0]))
    return jax.lax.scan(step, (start, start), projected)[1]


def gru(w: Any, number: int, x: Any) -> Any:
    """A layer; x has shape (steps, batch, inputs)."""
    bias = w[f"recurrent.bias_hh_l{number}"]
    projected = x @ w[f"recurrent.weight_ih_l{number}"] + w[f"recurrent.bias_ih_l{number}"]
    weight = w[f"recurrent.weight_hh_l{number}"]

    def step(h: Any, x: Any) -> Any:
        of_x, of_h = jnp.split(x, 3, axis=-1), jnp.split(h @ weight + bias, 3, axis=-1)
        r, z = jax.nn.sigmoid(of_x[0] + of_h[0]), jax.nn.sigmoid(of_x[1] + of_h[1])
        n = jnp.tanh(of_x[2] + r * of_h[2])
        h = (1 - z) * n + z * h
        return h, h

    start = jnp.zeros((x.shape[1], weight.shape[0]))
    return jax.lax.scan(step, start, projected)[1]
