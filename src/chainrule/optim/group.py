"""Parameter groups: parameters that share hyperparameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from chainrule.core.changes import CHANGES
from chainrule.core.interpreter import state
from chainrule.core.tree import leaves, map_leaves
from chainrule.dtypes import DType
from chainrule.optim.options import Options
from chainrule.tensor import State

PARAMS, INITIAL_LR = "params", "initial_lr"


class ParamGroup(MutableMapping[str, Any]):
    """Some parameters and their hyperparameters, read and set like a dict.

    ``group["lr"] = 0.1`` is seen by graphs recorded before: what schedules change is held in
    `State`. Other hyperparameters are constants of a recorded graph.

    Parameters
    ----------
    table : Options
        The optimizer's hyperparameters.
    values : dict
        A value for each of them, and ``"params"``.
    check : callable
        ``(group, name, value)``; refuses a change.
    """

    def __init__(
        self, table: Options, values: dict[str, Any], check: Callable[[ParamGroup, str, Any], None]
    ) -> None:
        self._check = check
        scheduled = [name for name in values if name in table and table[name].scheduled]
        self._states = {name: map_leaves(_state, values[name]) for name in scheduled}
        self._plain = {name: value for name, value in values.items() if name not in self._states}
        for name in scheduled:
            for held in leaves(self._states[name]):
                held.name = name

    def __getitem__(self, name: str) -> Any:
        return map_leaves(State.item, self._states[name]) if name in self._states else self._plain[name]

    def __setitem__(self, name: str, value: Any) -> None:
        state.layers[0].on_set(name)
        if name not in (PARAMS, INITIAL_LR):
            self._check(self, name, value)
        self.put(name, value)

    def put(self, name: str, value: Any) -> None:
        """Set an entry that is known to be in order."""
        if name not in self._states:
            self._plain[name] = value
            CHANGES.note()
            return
        for held, new in zip(leaves(self._states[name]), leaves(value), strict=True):
            held.assign(np.float64(new))

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"a parameter group keeps all its entries; {name!r} cannot be taken out")

    def __iter__(self) -> Iterator[str]:
        yield from (*self._plain, *self._states)

    def __len__(self) -> int:
        return len(self._plain) + len(self._states)

    def __repr__(self) -> str:
        return f"<group of {len(self[PARAMS])} parameters: {self.hyper()}>"

    def now(self) -> dict[str, Any]:
        """All values as they are at this moment, for what does not depend on how they change later."""
        elements = {name: map_leaves(lambda s: s.data.item(), held) for name, held in self._states.items()}
        return {**self._plain, **elements}

    def fixed_values(self) -> Iterator[tuple[str, Any]]:
        """What a recorded step takes as it is; what schedules change it reads anew."""
        yield from ((name, tuple(v) if name == PARAMS else v) for name, v in self._plain.items())
        yield from ((name, tuple(leaves(held))) for name, held in self._states.items())

    def hyper(self) -> dict[str, Any]:
        """All but the parameters, as plain values."""
        return {name: self[name] for name in self if name != PARAMS}

    def tensors(self, dtype: DType) -> SimpleNamespace:
        """The hyperparameters for an optimizer's ``update``: scheduled ones as tensors of a type."""
        cast = {name: map_leaves(lambda s: s.astype(dtype), held) for name, held in self._states.items()}
        return SimpleNamespace(**{**self._plain, **cast})


def _state(value: float) -> State:
    return State(np.float64(value))
