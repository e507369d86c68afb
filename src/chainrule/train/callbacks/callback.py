"""What a callback is: one thing that is done beside training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.tensor import Tensor
    from chainrule.train.step import Step
    from chainrule.train.trainer import Trainer

Row = dict[str, Any]


class Callback:
    """Base of all callbacks: methods that the trainer calls, all of them empty here.

    A subclass defines those it needs. What it must remember in order to go on after an
    interruption it gives by `state_dict`, which becomes part of every checkpoint.

    Attributes
    ----------
    order : int
        Callbacks with smaller numbers come first; savers come last, so that they save what the
        others have done.
    """

    order: ClassVar[int] = 0

    def on_fit_start(self, trainer: Trainer) -> None:
        """Training begins or goes on; no checkpoint has been loaded yet."""

    def on_ready(self, trainer: Trainer) -> None:
        """Everything is as the checkpoint says, or as at the start without one."""

    def on_epoch_start(self, trainer: Trainer) -> None:
        """An epoch begins; not called when one goes on in its middle."""

    def measure(self, trainer: Trainer) -> dict[str, Tensor]:
        """Quantities of the gradients, before they are clipped.

        This is part of `Trainer.train_step`, so it may be recorded: tensors in, tensors out.
        """
        return {}

    def on_step(self, trainer: Trainer, step: Step) -> None:
        """The parameters were updated; metrics have not seen the batch yet."""

    def on_batch_end(self, trainer: Trainer) -> None:
        """All that belongs to a batch is done."""

    def on_epoch_end(self, trainer: Trainer, row: Row) -> None:
        """All that belongs to an epoch is done; ``row`` is the last of the history."""

    def on_fit_end(self, trainer: Trainer) -> None:
        """Training came to its end, early or not."""

    def close(self) -> None:
        """Let go of what is held; called at the end and after errors."""

    def state_dict(self) -> dict[str, Any]:
        """What must be remembered: nested dicts and lists of numbers, strings and arrays."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""


class LambdaCallback(Callback):
    """Functions in place of methods.

    Parameters
    ----------
    **functions : callable
        By the name of the method that each stands for, called with what the method is called with.

    Raises
    ------
    ConfigError
        A name that is no method of a callback.

    Examples
    --------
    >>> from chainrule import train
    >>> show = train.LambdaCallback(on_epoch_end=lambda trainer, row: print(row["loss"]))
    """

    methods = (
        *("on_fit_start", "on_ready", "on_epoch_start", "on_step"),
        *("on_batch_end", "on_epoch_end", "on_fit_end"),
    )

    def __init__(self, **functions: Any) -> None:
        for name, function in functions.items():
            if name not in self.methods or not callable(function):
                raise error("train.hook", name=name, known=", ".join(self.methods))
            setattr(self, name, function)
