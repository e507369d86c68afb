"""Layers that change shapes, or nothing at all."""

from __future__ import annotations

from typing import Any, ClassVar

from chainrule.core.constraint import Constraint, is_integer
from chainrule.core.interpreter import lift
from chainrule.core.sample import sample
from chainrule.functions import shaping
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.registry import layer
from chainrule.tensor import Tensor

_AXIS = Constraint("{…, -1, 0, 1, …}", lambda v: is_integer(v, -64), (-1, 1), (1.5, "1", None, True))


@layer("x", sample((2, 3)))
class Identity(Module):
    """Gives back its input; takes and forgets any options, so that it can stand in for a layer.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Identity()(cr.tensor([1.0]))
    tensor([1.])
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Tensor:
        """The input itself."""
        return input


@layer(r"\mathrm{reshape}(x)", sample((2, 3, 4)), sample((2, 3, 1, 2), start_dim=-3, end_dim=-2))
class Flatten(Module):
    """Merge axes into one; by default all but the first, which counts samples.

    Parameters
    ----------
    start_dim, end_dim : int
        First and last of the axes to merge.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Flatten()(cr.ones((2, 3, 4))).shape
    (2, 12)
    """

    constraints: ClassVar[Constraints] = {"start_dim": _AXIS, "end_dim": _AXIS}

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Any) -> Tensor:
        """The input with those axes merged."""
        return shaping.flatten(lift(input), self.start_dim, self.end_dim)
