"""Ours; the number of threads is in ``CHAINRULE_THREADS``."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import it; its version."""
    import chainrule as cr

    cr.set_threads(threads)
    return cr.__version__
