"""Training steps: a function of TensorFlow's around Keras's layers, with or without XLA."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from benchmarks.models.layouts import inputs_first
from benchmarks.sides.keras.models import OUTPUTS
from benchmarks.task import Job, Task

# Keras adds it before it corrects the second moment for its start from 0; this is the others' 1e-8 at step 2.
EPSILON = 1e-8 * (1 - 0.999**2) ** 0.5


def build(job: Job, form: str) -> Task:
    """A model with the job's weights, and Adam."""
    x, y = tf.constant(_channels_last(job.arrays["x"])), tf.constant(job.arrays["y"])
    model = _model(job, x)
    optimizer = keras.optimizers.Adam(job.parameters["lr"], epsilon=EPSILON)
    optimizer.build(model.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(jit_compile=form == "jit_compile")
    def train(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        slopes = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(slopes, model.trainable_variables)
        return loss

    return Task(lambda: train(x, y).numpy())


def _model(job: Job, x: Any) -> Any:
    inputs = keras.Input(x.shape[1:], batch_size=len(x), dtype=x.dtype.name)
    outputs_of = OUTPUTS[job.parameters["model"]]
    return keras.Model(inputs, outputs_of(inputs_first(job.weights), inputs, **job.parameters["settings"]))


def _channels_last(x: Any) -> Any:
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x
