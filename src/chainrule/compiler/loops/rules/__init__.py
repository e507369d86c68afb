"""How rows that are not pointwise are lowered, a file per family."""

from chainrule.compiler.loops.rules import contract, control, irregular, move, reduce, scan

# Special forms of rows stand after the general ones, whose place they take.
from chainrule.compiler.loops.rules import pick, pooling, window  # isort: skip

__all__ = ["contract", "control", "irregular", "move", "pick", "pooling", "reduce", "scan", "window"]
