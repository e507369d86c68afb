r"""Random tensors by key and counter.

A `Generator` holds a key, made from the seed. Each draw splits it in two with the generator's own
bits: one half becomes the next key, the other the draw's. Equal keys give equal numbers on
every backend, and a key is two words that a checkpoint can hold.

>>> import chainrule as cr
>>> cr.random.seed(0)
>>> a = cr.random.uniform((2, 2))
>>> cr.random.seed(0)
>>> bool((a == cr.random.uniform((2, 2))).all())
True
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.dtypes import float32
from chainrule.errors import ConfigError, DTypeError, Message, error, register
from chainrule.functions.shaping import reshape, stack
from chainrule.ops import pointwise
from chainrule.ops.random import philox, random_bits
from chainrule.ops.shapes import as_shape, size
from chainrule.tensor import State, Tensor

Shape = int | Sequence[int]
_LOW = 0xFFFFFFFF

register(
    "random",
    {
        "seed": Message(
            DTypeError,
            "a seed must be an integer, got {got}",
            "随机种子必须是整数，实际为 {got}",
        ),
        "interval": Message(
            ConfigError,
            "uniform: low = {low} is above high = {high}. The first argument is the shape: "
            "uniform((2, 3), 0, 1)",
            "uniform：low = {low} 大于 high = {high}。第一个参数是形状：uniform((2, 3), 0, 1)",
        ),
        "probability": Message(
            ConfigError,
            "bernoulli: p must lie between 0 and 1, got {p}",
            "bernoulli：p 必须在 0 与 1 之间，实际为 {p}",
        ),
    },
)


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
        if not isinstance(seed, int | np.integer):
            raise error("random.seed", got=repr(seed))
        seed = int(seed)
        words = [np.array([part], np.uint32) for part in (seed & _LOW, (seed >> 32) & _LOW, 0, 0)]
        first = philox(words, np.zeros(2, np.uint32))
        self.key.assign(np.concatenate(first[:2]))

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


@composite(r"U[a, b)")
def uniform(
    shape: Shape = (),
    low: float = 0.0,
    high: float = 1.0,
    *,
    dtype: Any = float32,
    generator: Generator | None = None,
) -> Tensor:
    """Numbers spread evenly over ``[low, high)``: the upper 24 bits of each random word."""
    if _is_number(low) and _is_number(high) and not low <= high:
        raise error("random.interval", low=low, high=high)
    source = default_generator if generator is None else generator
    bits = random_bits(source.next_key(), shape=as_shape("uniform", shape))
    unit = pointwise.cast(pointwise.floor_divide(bits, np.uint32(256)), dtype=np.dtype(dtype)) * 2.0**-24
    return unit if (low, high) == (0.0, 1.0) else unit * (high - low) + low


@composite(r"\mathcal{N}(μ, σ^2)")
def normal(
    shape: Shape = (),
    mean: float = 0.0,
    std: float = 1.0,
    *,
    dtype: Any = float32,
    generator: Generator | None = None,
) -> Tensor:
    r"""Normally distributed numbers, two from two uniform ones (Box & Muller, 1958).

    .. math:: \sqrt{-2 \ln u_1}\, \cos 2πu_2, \quad \sqrt{-2 \ln u_1}\, \sin 2πu_2
    """
    wanted = as_shape("normal", shape)
    pairs = -(-size(wanted) // 2)
    u = uniform((2, pairs), dtype=dtype, generator=generator)
    # 1 - u lies in (0, 1], where the logarithm is finite.
    radius = pointwise.sqrt(-2.0 * pointwise.log(1.0 - u[0]))
    angle = (2 * math.pi) * u[1]
    both = stack([radius * pointwise.cos(angle), radius * pointwise.sin(angle)], axis=1)
    return reshape(reshape(both, (2 * pairs,))[: size(wanted)], wanted) * std + mean


@composite(r"\mathrm{Bernoulli}(p)")
def bernoulli(p: float, shape: Shape = (), *, generator: Generator | None = None) -> Tensor:
    """True with probability ``p``."""
    if _is_number(p) and not 0 <= p <= 1:
        raise error("random.probability", p=p)
    return uniform(shape, generator=generator) < p


def permutation(n: int, *, generator: Generator | None = None) -> Tensor:
    """The numbers 0 … n-1 in random order (not recordable: it sorts random words)."""
    source = default_generator if generator is None else generator
    bits = random_bits(source.next_key(), shape=as_shape("permutation", n))
    return Tensor(np.argsort(bits.numpy(), kind="stable"))


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float)
