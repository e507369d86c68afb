"""Showing how a computation works: each step with its formula, its numbers and the user's own line."""

from chainrule.explain.explain import explain
from chainrule.explain.explanation import Explanation

__all__ = ["Explanation", "explain"]
