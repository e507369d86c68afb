"""Training steps of networks that grow."""

from benchmarks.sides.pytorch.training import build

__all__ = ["build"]
