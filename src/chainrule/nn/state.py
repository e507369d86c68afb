"""Saving and loading what a module keeps: its ``state_dict``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import ChainruleError, error, text
from chainrule.tensor import State

if TYPE_CHECKING:
    from chainrule.nn.module import Module


class IncompatibleKeys(NamedTuple):
    """Names that were wanted but not given, and given but not wanted."""

    missing_keys: list[str]
    unexpected_keys: list[str]


def state_dict(module: Module) -> dict[str, np.ndarray]:
    """Copies of all parameters and persistent buffers, by name."""
    return {name: tensor.numpy().copy() for name, tensor in named_states(module).items()}


def named_states(module: Module) -> dict[str, State]:
    """Parameters and persistent buffers; one that is held in two places stands under both names."""
    found = module._named(State, unique=False)
    return {name: tensor for name, tensor in found if getattr(tensor, "persistent", True)}


def load_state_dict(module: Module, given: Mapping[str, Any], strict: bool) -> IncompatibleKeys:
    """Assign all that fits, after everything has been checked."""
    own = named_states(module)
    arrays = {name: np.asarray(given[name]) for name in given if name in own}
    missing = [name for name in own if name not in given]
    unexpected = [name for name in given if name not in own]
    misshapen = [name for name, array in arrays.items() if array.shape != own[name].shape]
    if misshapen or (strict and (missing or unexpected)):
        shown = ([], []) if not strict else (missing, unexpected)
        raise _does_not_fit(module, *shown, {name: (own[name], arrays[name]) for name in misshapen})
    for name, array in arrays.items():
        own[name].assign(array)
    return IncompatibleKeys(missing, unexpected)


def _does_not_fit(
    module: Module, missing: list[str], unexpected: list[str], misshapen: Mapping[str, tuple[Any, Any]]
) -> ChainruleError:
    lines = [text("nn.state_missing", names=", ".join(missing))] if missing else []
    lines += [text("nn.state_unexpected", names=", ".join(unexpected))] if unexpected else []
    lines += [
        text("nn.state_shape", name=name, expected=own.shape, got=array.shape)
        for name, (own, array) in misshapen.items()
    ]
    prefix = _common_prefix(missing, unexpected)
    lines += [text("nn.state_prefix", prefix=prefix)] if prefix else []
    return error("nn.state", layer=module.label, problems="\n  ".join(lines))


def _common_prefix(missing: list[str], unexpected: list[str]) -> str:
    """What stands before every unexpected name, if the rest are the missing ones: ``module.`` say."""
    if not missing or not unexpected or not unexpected[0].endswith(missing[0]):
        return ""
    prefix = unexpected[0][: len(unexpected[0]) - len(missing[0])]
    return prefix if prefix and {prefix + name for name in missing} == set(unexpected) else ""
