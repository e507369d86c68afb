"""Terms that several update rules share."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.ops.pointwise import expm1, log
from chainrule.tensor import Tensor


def zero(p: Any) -> Tensor:
    """One 0 of a parameter's type, to count steps with (float32 counts up to 16 million exactly)."""
    return Tensor(np.zeros((), p.dtype))


def with_decay(g: Any, p: Any, weight_decay: float) -> Any:
    r"""The gradient with that of an L2 penalty, :math:`g + \lambda p`."""
    return g + weight_decay * p if weight_decay else g


def one_minus_power(beta: Any, t: Any) -> Any:
    r"""What the moments of :math:`t` steps add up to, :math:`1 - \beta^t`.

    Through ``expm1``, which keeps all digits where :math:`\beta^t` is close to 1.
    """
    return -expm1(t * log(beta))
