"""Reading and writing files: whole or not at all, and nothing in them is run."""

from chainrule.files.atomic import write_atomically
from chainrule.files.tensors import FORMATS, load, save

__all__ = ["FORMATS", "load", "save", "write_atomically"]
