"""What a trainer is made of, from names, classes and instances."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import chainrule.train.messages  # noqa: F401  (registers the messages used here)
from chainrule import optim
from chainrule.errors import error
from chainrule.nn import LOSSES, Module
from chainrule.optim import OPTIMIZERS, Optimizer
from chainrule.optim.registry import find
from chainrule.tensor import Tensor
from chainrule.train.callbacks import Callback

ENDING = "_loss"


def checked_model(model: Any) -> Module:
    """A model, which must be a module."""
    if not isinstance(model, Module):
        raise error("train.model", got=type(model).__name__)
    return model


def as_loss(loss: Any) -> Callable[[Any, Any], Any]:
    """The loss that a name, a module or its class, or a function stands for."""
    if isinstance(loss, str):
        name = loss + ENDING if loss + ENDING in LOSSES else loss
        return find(LOSSES, name, "train.kind_loss").function
    if isinstance(loss, type) and issubclass(loss, Module):
        return loss()
    if not callable(loss):
        raise error("train.loss", got=type(loss).__name__)
    return loss


def checked_loss(loss: Any) -> Tensor:
    """What a loss gave, which must be one number."""
    if not isinstance(loss, Tensor):
        raise error("train.loss_kind", got=type(loss).__name__)
    if loss.shape != ():
        raise error("train.loss_shape", got=loss.shape)
    return loss


def as_optimizer(optimizer: Any, model: Module, lr: float | None) -> Optimizer:
    """The optimizer of a name, or one made already, which must be of the model's parameters."""
    if isinstance(optimizer, str):
        find(OPTIMIZERS, optimizer, "optim.kind_optimizer")
        return optim.get(optimizer, model.parameters(), **({} if lr is None else {"lr": lr}))
    if not isinstance(optimizer, Optimizer):
        raise error("train.optimizer", got=type(optimizer).__name__)
    if lr is not None:
        raise error("train.lr")
    held = {id(p) for p in optimizer.parameters()}
    if not any(id(p) in held for p in model.parameters()):
        raise error("train.strange_optimizer")
    return optimizer


def checked_callbacks(callbacks: Iterable[Any]) -> list[Callback]:
    """Callbacks, which must be instances."""
    given = [callbacks] if isinstance(callbacks, Callback) else list(callbacks)
    for callback in given:
        if not isinstance(callback, Callback):
            raise error("train.callback", got=getattr(callback, "__name__", type(callback).__name__))
    return given
