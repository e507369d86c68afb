"""Matrix products."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One jitted product."""
    a, b = (jnp.asarray(job.arrays[name]) for name in ("a", "b"))
    left, right = job.parameters["how"]

    @jax.jit
    def product(a: Any, b: Any) -> Any:
        return (a if left == "n" else a.T) @ (b if right == "n" else b.T)

    return Task(lambda: product(a, b).block_until_ready())
