"""Switching the tape off and on."""

from __future__ import annotations

from contextlib import ContextDecorator
from types import TracebackType

from chainrule.core.interpreter import state


class grad_mode(ContextDecorator):  # noqa: N801 (used like a function)
    """Whether operations are noted on the tape, as a context or a decorator."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(state.grad_enabled)
        state.grad_enabled = self.enabled

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        state.grad_enabled = self._before.pop()


def no_grad() -> grad_mode:
    """A context (or decorator) in which nothing is noted for derivatives.

    >>> import chainrule as cr
    >>> x = cr.tensor(3.0, requires_grad=True)
    >>> with cr.no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """
    return grad_mode(False)


def enable_grad() -> grad_mode:
    """A context (or decorator) that switches the tape on again inside `no_grad`."""
    return grad_mode(True)


def is_grad_enabled() -> bool:
    """Whether operations are being noted for derivatives."""
    return state.grad_enabled
