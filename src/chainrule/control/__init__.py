"""Control flow that can be recorded and differentiated."""

from chainrule.control.scan import scan

__all__ = ["scan"]
