"""A stream of random numbers: a key that moves on with every draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.ops.random import random_bits
from chainrule.random import keys
from chainrule.tensor import State, Tensor


class Generator:
    """A stream of random numbers.

    Parameters
    ----------
    seed : int
        Equal seeds give equal streams.

    Attributes
    ----------
    key : State
        The next draw's key, ``uint32`` of shape (2,): seed mixed with the number of draws so far.
    """

    def __init__(self, seed: int = 0) -> None:
        self.key = State(np.zeros(2, np.uint32), name="random.key")
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """Begin the stream of a seed (any integer) anew."""
        self.key.assign(keys.key(seed))

    def next_key(self) -> Tensor:
        """A key for one draw; the stream moves on."""
        bits = random_bits(self.key, shape=(4,))
        self.key.assign(bits[:2])
        return bits[2:]

    def state_dict(self) -> dict[str, np.ndarray]:
        """All that is needed to go on from here."""
        return {"key": self.key.numpy().copy()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a saved state."""
        self.key.assign(np.asarray(state["key"], np.uint32))


default_generator = Generator(0)


def seed(value: int) -> None:
    """Begin the default stream anew from a seed."""
    default_generator.seed(value)


def draw_key(function: str, key: Any, generator: Generator | None) -> Value:
    """The key of one draw: the one given, or the next of a generator's stream."""
    if key is not None and generator is not None:
        raise error("random.two_sources", function=function)
    if key is not None:
        return keys.checked_key(function, key)
    if generator is not None and not isinstance(generator, Generator):
        raise error("random.generator", function=function, got=type(generator).__name__)
    return (default_generator if generator is None else generator).next_key()
