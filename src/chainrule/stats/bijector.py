r"""Bijectors: maps that can be inverted, with the logarithm of how much they stretch.

For :math:`y = f(x)` the density of :math:`y` is :math:`p_x(f^{-1}(y)) / |\det f'(x)|`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from chainrule.stats.sets import REAL, Set
from chainrule.tensor import Tensor

BIJECTORS: dict[str, type[Bijector]] = {}


class Bijector:
    """A map with an inverse.

    Attributes
    ----------
    formula : str
        LaTeX of :math:`f(x)`.
    domain, codomain : Set
        What it is applied to, and what it gives.
    increasing : bool or Tensor
        Whether a map of numbers increases.
    """

    formula: ClassVar[str]
    domain: Set = REAL
    codomain: Set = REAL
    increasing: Any = True

    def __init_subclass__(cls) -> None:
        if "formula" in vars(cls):
            BIJECTORS[cls.__name__] = cls

    def __call__(self, x: Any) -> Tensor:
        """As `forward`."""
        return self.forward(x)

    def forward(self, x: Any) -> Tensor:
        """:math:`y = f(x)`."""
        raise NotImplementedError

    def inverse(self, y: Any) -> Tensor:
        """:math:`x = f^{-1}(y)`."""
        raise NotImplementedError

    def log_det(self, x: Any) -> Tensor:
        r""":math:`\ln |\det f'(x)|`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in vars(self).items() if not k.startswith("_"))
        return f"{type(self).__name__}({shown})"
