"""Calling a module with other parameters than its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chainrule.core.changes import CHANGES
from chainrule.errors import error
from chainrule.nn.module import Module
from chainrule.nn.state import named_states


def functional_call(module: Module, tensors: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
    """Call a module with given tensors in place of some of its parameters and buffers.

    That makes the parameters arguments, by which `chainrule.grad`, `hessian` and the rest can
    differentiate.

    Parameters
    ----------
    module : Module
        It keeps its own parameters.
    tensors : mapping of str to Tensor
        What to use instead, by dotted path.
    *args, **kwargs
        Of the call.

    Raises
    ------
    StateError
        A path names no parameter or buffer.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> layer = nn.Linear(2, 1, bias=False)
    >>> f = lambda weight: nn.functional_call(layer, {"weight": weight}, cr.tensor([1.0, 2.0])).sum()
    >>> cr.grad(f)(cr.zeros((1, 2)))
    tensor([[1., 2.]])
    """
    own = named_states(module)
    unexpected = ", ".join(name for name in tensors if name not in own)
    if unexpected:
        raise error("nn.no_state", layer=module.label, names=unexpected, known=", ".join(own))
    with _replaced(module, tensors):
        return module(*args, **kwargs)


@contextmanager
def _replaced(module: Module, tensors: Mapping[str, Any]) -> Iterator[None]:
    before: list[tuple[dict[str, Any], str, Any]] = []
    for path, tensor in tensors.items():
        owner, _, name = path.rpartition(".")
        attributes = vars(module.get_submodule(owner))
        before.append((attributes, name, attributes[name]))
        attributes[name] = tensor
    CHANGES.note()
    try:
        yield
    finally:
        for attributes, name, own in reversed(before):
            attributes[name] = own
        CHANGES.note()
