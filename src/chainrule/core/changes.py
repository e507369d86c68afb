"""How often anything that recordings take as fixed was changed.

Recording a function reads plain Python values besides tensors: whether a layer is training, an optimizer's
options, which parameters are frozen. Whoever changes such a value says so here, *after* the change. So a
compiled function compares one number at each call, and looks closer only if it moved.
"""

from __future__ import annotations


class Changes:
    """The number of changes so far."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def note(self) -> None:
        """Something was changed."""
        self.count += 1


CHANGES = Changes()
