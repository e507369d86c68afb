"""PyTorch."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import it and set its threads; its version."""
    import torch

    torch.set_num_threads(threads)
    return str(torch.__version__)
