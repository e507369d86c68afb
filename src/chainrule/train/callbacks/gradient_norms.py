"""How large the gradients of each layer are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import state
from chainrule.functions.reductions import sum
from chainrule.ops.pointwise import sqrt, square
from chainrule.train.callbacks.callback import Callback, Row

if TYPE_CHECKING:
    from chainrule.tensor import Tensor
    from chainrule.train.step import Step
    from chainrule.train.trainer import Trainer

PREFIX = "gradient_norm/"


class GradientNorms(Callback):
    r"""The norm of each layer's gradient, as a mean over the batches of every epoch.

    .. math:: \lVert g \rVert = \sqrt{\sum_i g_i^2}

    over all parameters of a layer, before clipping. Vanishing or exploding gradients show here.

    Attributes
    ----------
    rows : list of dict
        For each epoch, ``"epoch"`` and the mean norm of every layer by its path.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.rows: list[Row] = []
        self.sums: dict[str, float] = {}
        self.batches = 0

    def on_fit_start(self, trainer: Trainer) -> None:
        """Forget what an earlier training was like."""
        self._forget()

    def measure(self, trainer: Trainer) -> dict[str, Tensor]:
        """The norm of every layer that has gradients."""
        squares: dict[str, Any] = {}
        for name, p in trainer.model.named_parameters():
            if state.layers[0].get_grad(p) is not None:
                layer = name.rpartition(".")[0] or name
                squares[layer] = squares.get(layer, 0.0) + sum(square(p.grad))
        return {PREFIX + layer: sqrt(total) for layer, total in squares.items()}

    def on_step(self, trainer: Trainer, step: Step) -> None:
        """Add up the norms of a batch."""
        self.batches += 1
        for name, norm in step.measured.items():
            if name.startswith(PREFIX):
                layer = name.removeprefix(PREFIX)
                self.sums[layer] = self.sums.get(layer, 0.0) + norm.item()

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """Keep the means of the epoch."""
        means = {layer: total / self.batches for layer, total in self.sums.items()}
        self.rows.append({"epoch": row["epoch"], **means})
        self.sums, self.batches = {}, 0

    def state_dict(self) -> dict[str, Any]:
        """The rows, and the sums of an epoch that is not over."""
        return {"rows": self.rows, "sums": self.sums, "batches": self.batches}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        self.rows, self.sums, self.batches = state["rows"], state["sums"], state["batches"]
