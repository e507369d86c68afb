"""Results that are shown in words, in a notebook too."""

from __future__ import annotations


class Printed:
    """A result whose text says all; its fields are for programs."""

    def __repr__(self) -> str:
        return str(self)
