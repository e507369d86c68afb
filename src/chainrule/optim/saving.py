"""Saving an optimizer as numbers and arrays, and checking what is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.changes import CHANGES
from chainrule.errors import error
from chainrule.optim.group import INITIAL_LR, PARAMS, ParamGroup

if TYPE_CHECKING:
    from chainrule.optim.optimizer import Optimizer
    from chainrule.tensor import State

KEYS = ("optimizer", "state", "param_groups")
# Part of the program, like the loss, and not of what training has changed.
NOT_SAVED = (PARAMS, "regularizer")


def state_dict(optimizer: Optimizer) -> dict[str, Any]:
    """The optimizer as nested dicts and lists of numbers and arrays."""
    places = {id(p): place for place, p in enumerate(optimizer.parameters())}
    remembered = {
        places[id(p)]: {key: value.numpy().copy() for key, value in held.items()}
        for p, held in optimizer.state.items()
    }
    return {
        "optimizer": optimizer.key,
        "state": dict(sorted(remembered.items())),
        "param_groups": [_plain_group(group, places) for group in optimizer.param_groups],
    }


def _plain_group(group: ParamGroup, places: Mapping[int, int]) -> dict[str, Any]:
    values = {name: value for name, value in group.items() if name not in NOT_SAVED}
    return {**values, PARAMS: [places[id(p)] for p in group[PARAMS]]}


def load_state_dict(optimizer: Optimizer, saved: Any) -> None:
    """Give the optimizer the saved hyperparameters and arrays, after all of them were found to fit."""
    _check_format(optimizer, saved)
    groups = list(zip(optimizer.param_groups, saved["param_groups"], strict=True))
    hypers = [_saved_hyper(optimizer, group, new) for group, new in groups]
    rows = [(p, hyper) for (group, _), hyper in zip(groups, hypers, strict=True) for p in group[PARAMS]]
    found = {}
    for place, held in saved["state"].items():
        p, hyper = rows[_checked_place(optimizer, int(place), len(rows))]
        found[p] = _checked_arrays(optimizer, p.name or place, optimizer.fresh(p, hyper), held)
    for (group, _), hyper in zip(groups, hypers, strict=True):
        for name, value in hyper.items():
            group.put(name, value)
    _refill(optimizer.state, found)


def _refill(state: dict[State, dict[str, State]], found: dict[State, dict[str, State]]) -> None:
    """Keep the tensors that there are: a graph recorded before reads and assigns them."""
    for p in [p for p in state if p not in found]:
        del state[p]
    for p, new in found.items():
        old = state.setdefault(p, new)
        if list(old) != list(new):
            state[p] = new
            continue
        for key, value in new.items():
            old[key].assign(value)
    CHANGES.note()


def _check_format(optimizer: Optimizer, saved: Any) -> None:
    owner = optimizer.name
    if not isinstance(saved, Mapping) or set(saved) != set(KEYS):
        raise error("optim.state_format", owner=owner, expected=", ".join(KEYS), got=described(saved))
    if saved["optimizer"] != optimizer.key:
        raise error("optim.state_kind", owner=owner, got=saved["optimizer"])
    expected, got = sizes(optimizer.param_groups), sizes(saved["param_groups"])
    if expected != got:
        raise error("optim.state_groups", owner=owner, expected=expected, got=got)


def described(saved: Any) -> str:
    """The keys of a dict, or the type of anything else, for messages."""
    return ", ".join(map(str, saved)) if isinstance(saved, Mapping) else type(saved).__name__


def sizes(groups: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many parameters each group has."""
    return [len(group[PARAMS]) for group in groups]


def _saved_hyper(optimizer: Optimizer, group: ParamGroup, saved: Mapping[str, Any]) -> dict[str, Any]:
    """The group's hyperparameters with the saved ones, each checked; JSON makes lists of tuples."""
    hyper = {name: tuple(v) if isinstance(v, list) else v for name, v in saved.items() if name != PARAMS}
    for name, value in hyper.items():
        if name != INITIAL_LR:
            optimizer.check_option(name, value)
    return {**{name: group[name] for name in group if name != PARAMS}, **hyper}


def _checked_place(optimizer: Optimizer, place: int, count: int) -> int:
    if not 0 <= place < count:
        raise error("optim.state_place", owner=optimizer.name, place=place, last=count - 1)
    return place


def _checked_arrays(
    optimizer: Optimizer, name: object, fresh: dict[str, State], held: Mapping[str, Any]
) -> dict[str, State]:
    """The fresh state with the saved elements."""
    owner = optimizer.name
    if set(held) != set(fresh):
        raise error("optim.state_keys", owner=owner, name=name, expected=sorted(fresh), got=sorted(held))
    for key, state in fresh.items():
        array = np.asarray(held[key])
        if array.shape != state.shape:
            found: dict[str, Any] = {"expected": state.shape, "got": array.shape}
            raise error("optim.state_shape", owner=owner, which=key, name=name, **found)
        state.assign(array)
    return fresh
