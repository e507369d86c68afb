"""Training steps of networks that grow."""

from benchmarks.sides.chainrule.training import build

__all__ = ["build"]
