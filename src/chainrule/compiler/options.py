"""How a program is built, where there is a choice that is the user's."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import chainrule.compiler.messages  # noqa: F401  (registers the messages used here)
from chainrule.dtypes import extended
from chainrule.errors import error, hint

PRECISIONS = ("bfloat16",)


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

    def check(self) -> None:
        """Raise an error where a precision is not known, or does not go with another choice."""
        if self.precision is None:
            return
        if self.precision not in PRECISIONS:
            meant = hint("compile.did_you_mean", str(self.precision), PRECISIONS)
            known = ", ".join(map(repr, PRECISIONS))
            raise error("compile.precision", got=self.precision, hint=meant, known=known)
        extended(self.precision)
        if self.winograd:
            raise error("compile.winograd", precision=self.precision)

    def __str__(self) -> str:
        """What differs from the defaults.

        >>> print(Options(remat=True, precision="bfloat16"))
        remat=True, precision='bfloat16'
        """
        own, usual = asdict(self), asdict(DEFAULT)
        return ", ".join(f"{name}={value!r}" for name, value in own.items() if value != usual[name])


DEFAULT = Options()
