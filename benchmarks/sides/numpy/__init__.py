"""NumPy; its library of products reads the number of threads from the environment."""

from __future__ import annotations


def start(threads: int) -> str:
    """Its version."""
    import numpy as np

    return np.__version__
