"""How a program is built, where there is a choice that is the user's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What `compile` was asked for.

    Attributes
    ----------
    remat : bool
        Whether values are rather computed again than kept, where that is cheap.
    winograd : bool
        Whether convolutions of 3 × 3 taps may take fewer multiplications, at the price of rounding errors.
    """

    remat: bool = False
    winograd: bool = False


DEFAULT = Options()
