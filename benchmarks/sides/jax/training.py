"""Training steps: one jitted function of the state, whose buffers it may use again, and a batch."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.models.layouts import after_flattening, inputs_first
from benchmarks.sides.jax.models import LOGITS
from benchmarks.task import Job, Task

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def build(job: Job, form: str) -> Task:
    """A model with the job's weights, and Adam."""
    logits: Any = partial(LOGITS[job.parameters["model"]], **job.parameters["settings"])
    x, y = jnp.asarray(_channels_last(job.arrays["x"])), jnp.asarray(job.arrays["y"], jnp.int32)
    weights = {name: jnp.asarray(w) for name, w in _laid_out(job).items()}
    state = {
        "weights": weights,
        "m": jax.tree.map(jnp.zeros_like, weights),
        "v": jax.tree.map(jnp.zeros_like, weights),
        "statistics": _statistics(weights),
        "count": jnp.zeros((), jnp.int32),
        "key": jax.random.key(0),
    }

    @partial(jax.jit, donate_argnums=0)
    def train(state: Any, x: Any, y: Any) -> Any:
        key, mask_key = jax.random.split(state["key"])

        def loss_of(weights: Any) -> Any:
            statistics = dict(state["statistics"])
            return cross_entropy(logits(weights, statistics, mask_key, x), y), statistics

        (loss, statistics), slopes = jax.value_and_grad(loss_of, has_aux=True)(state["weights"])
        return {**adam(state, slopes, job.parameters["lr"]), "statistics": statistics, "key": key}, loss

    def step() -> Any:
        nonlocal state
        state, loss = train(state, x, y)
        return loss.block_until_ready()

    return Task(step)


def cross_entropy(scores: Any, y: Any) -> Any:
    """The mean over all but the last axis."""
    chosen = jnp.take_along_axis(jax.nn.log_softmax(scores), y[..., None], axis=-1)
    return -chosen.mean()


def adam(state: Any, slopes: Any, lr: float) -> dict[str, Any]:
    """Weights, moments and count after an update (Kingma and Ba 2015, algorithm 1)."""
    count = state["count"] + 1
    m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, state["m"], slopes)
    v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, state["v"], slopes)
    first, second = 1 - BETA1**count, 1 - BETA2**count

    def updated(w: Any, m: Any, v: Any) -> Any:
        return w - lr * (m / first) / (jnp.sqrt(v / second) + EPSILON)

    return {"weights": jax.tree.map(updated, state["weights"], m, v), "m": m, "v": v, "count": count}


def _laid_out(job: Job) -> dict[str, Any]:
    weights = inputs_first(job.weights)
    if job.parameters["model"] == "cnn":
        weights["10.weight"] = after_flattening(weights["10.weight"], 64)
    return weights


def _channels_last(x: Any) -> Any:
    """Images as XLA's convolutions on a processor are quickest with."""
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def _statistics(weights: dict[str, Any]) -> dict[str, Any]:
    """Running means and variances of batch norms: layers without a kernel before their bias."""
    vectors = [n.removesuffix(".weight") for n, w in weights.items() if n.endswith(".weight") and w.ndim == 1]
    shapes = {name: weights[f"{name}.weight"].shape for name in vectors}
    means = {f"{name}.running_mean": jnp.zeros(shape) for name, shape in shapes.items()}
    return {**means, **{f"{name}.running_var": jnp.ones(shape) for name, shape in shapes.items()}}
