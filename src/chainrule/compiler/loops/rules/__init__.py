"""How rows that are not pointwise are lowered, a file per family."""

from chainrule.compiler.loops.rules import contract, move, reduce, window

__all__ = ["contract", "move", "reduce", "window"]
