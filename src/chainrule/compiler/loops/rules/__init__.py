"""How rows that are not pointwise are lowered, a file per family."""

from chainrule.compiler.loops.rules import contract, control, irregular, move, reduce, window

__all__ = ["contract", "control", "irregular", "move", "reduce", "window"]
