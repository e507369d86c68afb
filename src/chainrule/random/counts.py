"""Poisson, binomial and multinomial counts.

Small counts are found by adding up probabilities until a uniform number is passed, large ones by
the transformed rejection of Hörmann ("The transformed rejection method for generating Poisson
random variables", 1993; "The generation of binomial random variates", 1993). All is computed in
``float64``, whatever the type of the parameters, so that large counts keep their last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule import dtypes
from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.dtypes import float64, int64
from chainrule.errors import error
from chainrule.functions.shaping import expand_dims, stack
from chainrule.ops.pointwise import (
    absolute,
    cast,
    exp,
    floor,
    less,
    log,
    log1p,
    logical_and,
    maximum,
    minimum,
    sqrt,
    where,
)
from chainrule.random.arguments import (
    PROBABILITY,
    WHOLE,
    Allowed,
    Shape,
    as_parameter,
    check_parameter,
    result_shape,
)
from chainrule.random.categories import probabilities_of
from chainrule.random.generator import Generator, draw_key
from chainrule.random.keys import split
from chainrule.random.probabilities import log_binomial, log_poisson
from chainrule.random.rejection import Propose, first_accepted, known_to_be_all, rounds_for
from chainrule.random.words import open_unit
from chainrule.tensor import Tensor

# Expected counts below are added up: more than 48 of them have a probability below 2^-53.
_SMALL, _MOST = 10, 48
# At the expected count 10 and for any number of trials, 0.71 of the candidates are accepted; above, more are.
_ROUNDS = rounds_for(0.3, float64)
_EXACT = Allowed("[0, 2^53]", lambda a: (a >= 0) & (a <= 2.0**53))


@composite(r"\mathrm{Poisson}(λ)")
def poisson(
    rate: Any,
    shape: Shape | None = None,
    *,
    dtype: Any = int64,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Counts of events, :math:`P(k) = \frac{λ^k e^{-λ}}{k!}`.

    Parameters
    ----------
    rate : float or Tensor
        :math:`λ`, the expected count, from 0 to 2⁵³.
    shape : int or sequence of int, optional
        Of the result; by default that of the rate.
    dtype : dtype
        Of the result.
    key, generator
        As for `uniform`.

    Raises
    ------
    ConfigError
        A rate is negative, not finite, or too large for counts to be told apart.

    Examples
    --------
    >>> import chainrule as cr
    >>> k = cr.random.poisson(4.0, 10_000, key=cr.random.key(0))
    >>> print(f"{float(k.mean()):.1f} {float(k.var()):.0f}")
    4.0 4
    """
    check_parameter("poisson", "rate", rate, _EXACT)
    wanted = result_shape("poisson", shape, rate=rate)
    keys = split(draw_key("poisson", key, generator))
    mean = as_parameter(rate, wanted, float64).detach()
    small = less(mean, _SMALL)
    few = where(small, mean, 0)
    counted = _added_up(keys[0], exp(-few), lambda k: few / (k + 1))
    propose = _poisson_candidates(where(small, _SMALL, mean))
    found = first_accepted(propose, keys[1], wanted, float64, _ROUNDS, (counted, small))
    return cast(found, dtype=dtypes.canonical(dtype))


@composite(r"\mathrm{Binomial}(n, p)")
def binomial(
    total_count: Any,
    p: Any,
    shape: Shape | None = None,
    *,
    dtype: Any = int64,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""Counts of successes in :math:`n` trials, :math:`P(k) = \binom{n}{k} p^k (1 - p)^{n - k}`.

    Parameters
    ----------
    total_count : int or Tensor
        :math:`n`, the number of trials.
    p : float or Tensor
        Probability of success in each.
    shape, dtype, key, generator
        As for `poisson`.

    Raises
    ------
    ConfigError
        A number of trials is not whole, or a probability is not one.

    Examples
    --------
    >>> import chainrule as cr
    >>> k = cr.random.binomial(20, 0.25, 10_000, key=cr.random.key(0))
    >>> print(f"{float(k.mean()):.1f} {int(k.max()) <= 20}")
    5.0 True
    """
    check_parameter("binomial", "total_count", total_count, WHOLE)
    check_parameter("binomial", "p", p, PROBABILITY)
    wanted = result_shape("binomial", shape, total_count=total_count, p=p)
    n, chance = (as_parameter(x, wanted, float64).detach() for x in (total_count, p))
    return cast(_binomial(n, chance, draw_key("binomial", key, generator)), dtype=dtypes.canonical(dtype))


def _binomial(n: Tensor, p: Tensor, key: Any) -> Tensor:
    """Counts of the rarer outcome, turned round where success is the likelier one."""
    keys = split(key)
    rare = minimum(p, 1 - p)
    small = less(n * rare, _SMALL)
    trials, chance = where(small, n, 0), where(small, rare, 0)
    odds = chance / (1 - chance)
    counted = _added_up(keys[0], exp(trials * log1p(-chance)), lambda k: (trials - k) / (k + 1) * odds)
    propose = _binomial_candidates(where(small, 2 * _SMALL, n), where(small, 0.5, rare))
    found = first_accepted(propose, keys[1], n.shape, float64, _ROUNDS, (counted, small))
    return where(p > 0.5, n - found, found)


def _added_up(key: Any, none: Tensor, ratio: Callable[[int], Tensor]) -> Tensor:
    """The first count at which the sum of probabilities reaches a uniform number.

    ``none`` is the probability of 0, ``ratio(k)`` that of k + 1 by that of k.
    """
    u = open_unit(key, none.shape, float64)
    probability = total = none
    count = Tensor(np.zeros(none.shape, float64))
    for k in range(_MOST):
        reached = u <= total
        if known_to_be_all(reached):
            break
        count = count + where(reached, 0.0, 1.0)
        probability = probability * ratio(k)
        total = total + probability
    return count


def _poisson_candidates(mean: Tensor) -> Propose:
    """Hörmann's PTRS, without its shortcuts, which decide the same sooner."""
    b = 0.931 + 2.53 * sqrt(mean)
    a = 0.02483 * b - 0.059
    scale = log(1.1239 + 1.1328 / (b - 3.4))

    def propose(key: Any) -> tuple[Tensor, Tensor]:
        k, height = _transformed(a, b, mean + 0.43, key)
        bound = log_poisson(maximum(k, 0), mean)
        return k, logical_and(k >= 0, height + scale <= bound)

    return propose


def _binomial_candidates(n: Tensor, p: Tensor) -> Propose:
    """Hörmann's BTRS, without its shortcuts."""
    spread = sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * spread
    a = 0.0248 * b + 0.01 * p - 0.0873
    scale = log((2.83 + 5.1 / b) * spread) + log_binomial(floor((n + 1) * p), n, p)

    def propose(key: Any) -> tuple[Tensor, Tensor]:
        k, height = _transformed(a, b, n * p + 0.5, key)
        possible = logical_and(k >= 0, k <= n)
        bound = log_binomial(where(possible, k, 0), n, p)
        return k, logical_and(possible, height + scale <= bound)

    return propose


def _transformed(a: Tensor, b: Tensor, c: Tensor, key: Any) -> tuple[Tensor, Tensor]:
    r"""Candidates :math:`\lfloor (2a/s + b) u + c \rfloor`, :math:`s = ½ - |u|`, and log of their height."""
    keys = split(key)
    u = open_unit(keys[0], a.shape, float64) - 0.5
    s = 0.5 - absolute(u)
    v = open_unit(keys[1], a.shape, float64)
    return floor((2 * a / s + b) * u + c), log(v) - log(a / (s * s) + b)


@composite(r"\mathrm{Multinomial}(n, p)")
def multinomial(
    total_count: Any,
    probs: Any,
    shape: Shape | None = None,
    *,
    dtype: Any = int64,
    key: Any = None,
    generator: Generator | None = None,
) -> Tensor:
    r"""How often each category occurs in :math:`n` trials.

    One binomial count after the other: category :math:`i` takes its share
    :math:`\frac{p_i}{p_i + p_{i+1} + \dots}` of the trials that those before it have left.

    Parameters
    ----------
    total_count : int or Tensor
        :math:`n`, the number of trials; of the shape of the result without its last axis.
    probs : Tensor
        Non-negative along the last axis; they need not add up to 1.
    shape : int or sequence of int, optional
        Of the result, the last axis included; by default that of ``probs``.
    dtype, key, generator
        As for `poisson`.

    Examples
    --------
    >>> import chainrule as cr
    >>> counts = cr.random.multinomial(100, [0.5, 0.3, 0.2], (4, 3), key=cr.random.key(0))
    >>> counts.sum(axis=-1).tolist()
    [100, 100, 100, 100]
    """
    check_parameter("multinomial", "total_count", total_count, WHOLE)
    given = probabilities_of("multinomial", probs)
    trials = expand_dims(lift(total_count), -1)
    wanted = result_shape("multinomial", shape, total_count=trials, probs=given)
    if wanted[-1:] != given.shape[-1:]:
        named = {"probs": given.shape}
        raise error("random.shape", function="multinomial", parameters=given.shape, got=wanted, shapes=named)
    p = as_parameter(given, wanted, float64).detach()
    left = as_parameter(total_count, wanted[:-1], float64).detach()
    counts = []
    shares = _shares_of_the_rest([p[..., i] for i in range(wanted[-1])])
    for share, own in zip(
        shares[:-1], split(draw_key("multinomial", key, generator), wanted[-1]), strict=False
    ):
        counts.append(_binomial(left, share, own))
        left = left - counts[-1]
    return cast(stack([*counts, left], axis=-1), dtype=dtypes.canonical(dtype))


def _shares_of_the_rest(p: list[Tensor]) -> list[Tensor]:
    """Each probability by the sum of itself and all after it, from the end, so that none exceeds 1."""
    shares, rest = [], 0 * p[-1]
    for part in reversed(p):
        rest = rest + part
        shares.append(where(rest > 0, part / where(rest > 0, rest, 1), 0))
    return shares[::-1]
