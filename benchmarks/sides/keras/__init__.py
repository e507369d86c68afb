"""Keras on TensorFlow."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import both and set the threads; their versions."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    import keras

    return f"{keras.__version__} on TensorFlow {tf.__version__}"
