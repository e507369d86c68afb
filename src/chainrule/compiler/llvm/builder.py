"""Writing a function of LLVM IR, value by value.

The builder is made of parts: `core` (lines, names, control flow), `memory` (loads, stores, masks),
`arithmetic` and `conversion` (numbers), `named`, `integers` and `division` (what NumPy means by the rest of
its vocabulary), and the mathematical functions of `math` and `special`. All of them work on one number
and on vectors alike: a value knows its element type and its lanes. Python numbers may stand for constants
anywhere, and addresses that are known beforehand are computed beforehand.
"""

from __future__ import annotations

from chainrule.compiler.llvm.core import Loop
from chainrule.compiler.llvm.division import Division
from chainrule.compiler.llvm.memory import Memory
from chainrule.compiler.llvm.named import Named
from chainrule.compiler.llvm.special import Special

__all__ = ["Builder", "Loop"]


class Builder(Division, Special, Named, Memory):
    """One function while it is written."""
