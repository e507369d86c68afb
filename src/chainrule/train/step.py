"""What one training step gives."""

from __future__ import annotations

from typing import NamedTuple

from chainrule.tensor import Tensor


class Step(NamedTuple):
    """Results of `Trainer.train_step`.

    Attributes
    ----------
    loss : Tensor
        Mean over the batch, without penalties of regularisers.
    prediction : Tensor
        What the model gave.
    measured : dict of Tensor
        What callbacks asked for, see `Callback.measure`.
    """

    loss: Tensor
    prediction: Tensor
    measured: dict[str, Tensor]
