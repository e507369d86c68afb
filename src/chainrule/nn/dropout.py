"""Dropout."""

from __future__ import annotations

from typing import Any, ClassVar

from chainrule.core.composite import composite
from chainrule.core.constraint import CLOSED_SHARE, FLAG
from chainrule.core.interpreter import lift
from chainrule.core.sample import sample
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints, check_options
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import where
from chainrule.random import Generator, bernoulli
from chainrule.tensor import Tensor


@composite(r"\frac{m \, x}{1 - p}, \quad m \sim \mathrm{Bernoulli}(1 - p)")
def dropout(
    input: Any, p: float = 0.5, training: bool = True, *, generator: Generator | None = None
) -> Tensor:
    r"""Set elements to zero at random, and scale up the rest.

    .. math:: y = \frac{m \, x}{1 - p}, \qquad m \sim \mathrm{Bernoulli}(1 - p)

    Parameters
    ----------
    input : Tensor
        :math:`x`, of any shape.
    p : float
        Probability of zero.
    training : bool
        Without, the input is given back.
    generator : Generator, optional
        Source of random numbers; equal keys give equal masks.
    """
    check_options("dropout", {"p": p}, {"p": CLOSED_SHARE})
    x = lift(input)
    if not training or p == 0:
        return x
    kept = bernoulli(1 - p, x.shape, generator=generator)
    return where(kept, x * (1 / (1 - p) if p < 1 else 0.0), 0)


@layer(dropout, sample((2, 3, 4), p=0.3), sample((3, 5)), sample((4, 2), p=1.0))
class Dropout(Module):
    r"""Set elements to zero at random in training, and scale up the rest (Srivastava et al., 2014).

    .. math:: y = \frac{m \, x}{1 - p}, \qquad m \sim \mathrm{Bernoulli}(1 - p)

    Input and output of any shape; in use (after `eval`) nothing is changed. The mask comes from
    the default generator's key, so that ``cr.random.seed`` repeats it.

    Parameters
    ----------
    p : float
        Probability of zero.
    inplace : bool
        Makes no difference to the result: tensors are not changed in place.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> cr.random.seed(1)
    >>> drop = nn.Dropout(0.5)
    >>> sorted(set(drop(cr.ones((100,))).tolist()))
    [0.0, 2.0]
    >>> float(drop.eval()(cr.ones((100,))).mean())
    1.0
    """

    constraints: ClassVar[Constraints] = {"p": CLOSED_SHARE, "inplace": FLAG}

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        self.p, self.inplace = p, inplace

    def forward(self, input: Any) -> Tensor:
        """The input with elements dropped, in training."""
        return dropout(input, self.p, self.training)
