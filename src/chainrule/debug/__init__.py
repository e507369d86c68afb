"""Finding where a computation went wrong."""

from chainrule.debug.nan import nan

__all__ = ["nan"]
