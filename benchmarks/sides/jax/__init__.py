"""JAX; it has a thread for each processor that the process may run on."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import it; its version."""
    import jax

    jax.devices()
    return str(jax.__version__)
