"""Matrix products and convolutions: one form, a plan for it, and its code near the machine's limit."""

from chainrule.compiler.emit.contraction.form import Contraction, Dim

__all__ = ["Contraction", "Dim"]
