"""How a program is built, where there is a choice that is the user's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What `compile` was asked for.

    Attributes
    ----------
    remat : bool
        Whether pointwise values are computed again rather than kept, where that makes the arena smaller.
    winograd : bool
        Whether convolutions of 3 × 3 taps may take fewer multiplications, at the price of rounding errors.
    precision : str, optional
        What operands of matrix products and convolutions are rounded to: one of `PRECISIONS`.
    """

    remat: bool = False
    winograd: bool = False
    precision: str | None = None


DEFAULT = Options()
PRECISIONS = ("bfloat16",)
