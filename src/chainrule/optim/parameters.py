"""Reading what users give as parameters: tensors, named tensors, or groups of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chainrule.errors import error
from chainrule.optim.group import PARAMS
from chainrule.tensor import State, Tensor


def as_groups(owner: str, params: Any) -> list[Mapping[str, Any]]:
    """One group of tensors, or the groups as they were given."""
    given = _as_list(owner, params)
    are_groups = [isinstance(item, Mapping) for item in given]
    if any(are_groups) and not all(are_groups):
        raise error("optim.group_mixed", owner=owner)
    if not given:
        raise error("optim.no_parameters", owner=owner)
    return given if any(are_groups) else [{PARAMS: given}]


def new_parameters(owner: str, group: Any, known: Iterable[State]) -> list[State]:
    """The parameters of a new group; none may be in a group already."""
    if not isinstance(group, Mapping) or PARAMS not in group:
        raise error("optim.group", owner=owner, got=_described(group))
    params = [_parameter(owner, place, item) for place, item in enumerate(_as_list(owner, group[PARAMS]))]
    if not params:
        raise error("optim.no_parameters", owner=owner)
    seen = {id(p) for p in known}
    for place, p in enumerate(params):
        if id(p) in seen:
            raise error("optim.twice_parameter", owner=owner, name=p.name or place)
        seen.add(id(p))
    return params


def _as_list(owner: str, params: Any) -> list[Any]:
    if isinstance(params, Tensor):
        raise error("optim.one_tensor", owner=owner, name=params.name or "p")
    return [params] if isinstance(params, Mapping) else list(params)


def _parameter(owner: str, place: int, item: Any) -> State:
    """A parameter, given alone or as a (name, parameter) pair."""
    name, p = item if isinstance(item, tuple) and len(item) == 2 else ("", item)
    if not isinstance(p, State):
        raise error("optim.not_a_parameter", owner=owner, place=name or place, got=type(p).__name__)
    if name and not p.name:
        p.name = name
    return p


def _described(group: Any) -> str:
    return str(list(group)) if isinstance(group, Mapping) else type(group).__name__
