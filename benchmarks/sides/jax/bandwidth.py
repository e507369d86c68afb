"""Operations on large arrays, jitted."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.task import Job, Task

EPSILON = 1e-5


def norm(x: Any, weight: Any, bias: Any, axes: tuple[int, ...]) -> Any:
    """Centred and scaled along some axes; factors and summands along the last."""
    centre, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - centre) * jax.lax.rsqrt(variance + EPSILON) * weight + bias


def training(axes: tuple[int, ...]) -> Any:
    """A norm, and slopes by the input and both parameters."""

    def both(x: Any, y: Any, weight: Any, bias: Any) -> Any:
        found, back = jax.vjp(partial(norm, axes=axes), x, weight, bias)
        return found, *back(y)

    return both


OPERATIONS = {
    "chain": lambda x, y, weight, bias: x * y + jnp.maximum(x, 0),
    "gelu": lambda x, weight, bias: jax.nn.gelu(x, approximate=False),
    "sum": lambda x, weight, bias: x.sum(),
    "column_sum": lambda x, weight, bias: x.sum(0),
    "softmax": lambda x, weight, bias: jax.nn.softmax(x, -1),
    "layer_norm": lambda x, weight, bias: norm(x, weight, bias, (-1,)),
    "layer_norm_training": training((-1,)),
    "batch_norm_training": training((0, 1, 2)),
}


def build(job: Job, form: str) -> Task:
    """One operation."""
    given = {name: jnp.asarray(x) for name, x in job.arrays.items()}
    run = jax.jit(OPERATIONS[job.parameters["operation"]])
    return Task(
        lambda: jax.block_until_ready(run(**given)),
        lambda found: [np.asarray(x) for x in (found if isinstance(found, tuple) else (found,))],
    )
