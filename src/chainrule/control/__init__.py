"""Control flow that can be recorded and differentiated."""

from chainrule.control.cond import cond
from chainrule.control.scan import scan
from chainrule.control.sequences import associative_scan, map
from chainrule.control.while_loop import fori_loop, while_loop

__all__ = ["associative_scan", "cond", "fori_loop", "map", "scan", "while_loop"]
