"""How rows that are not pointwise are lowered, a file per family."""

from chainrule.compiler.loops.rules import contract, control, irregular, move, reduce, window

# The special form of a row stands after the general one, which it takes the place of.
from chainrule.compiler.loops.rules import pick  # isort: skip

__all__ = ["contract", "control", "irregular", "move", "pick", "reduce", "window"]
