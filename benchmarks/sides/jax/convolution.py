"""Convolutions and their derivatives, on images channels-last."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.models.layouts import convolution_arrays, missing_operand
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One jitted convolution, or derivative of one."""
    settings, pad = job.parameters, job.parameters["kernel"] // 2
    given = {name: jnp.asarray(x) for name, x in convolution_arrays(job.arrays).items()}
    zeros = jnp.zeros(missing_operand(settings), jnp.float32)

    def forward(x: Any, w: Any) -> Any:
        stride, pads = (settings["stride"],) * 2, [(pad, pad)] * 2
        names, groups = ("NHWC", "HWIO", "NHWC"), settings["groups"]
        return jax.lax.conv_general_dilated(
            x, w, stride, pads, dimension_numbers=names, feature_group_count=groups
        )

    def to_data(w: Any, slope: Any) -> Any:
        return jax.vjp(lambda x: forward(x, w), zeros)[1](slope)[0]

    def to_weights(x: Any, slope: Any) -> Any:
        return jax.vjp(lambda w: forward(x, w), zeros)[1](slope)[0]

    run = jax.jit({"forward": forward, "data": to_data, "weights": to_weights}[settings["direction"]])
    return Task(lambda: run(**given).block_until_ready())
