"""What all distributions have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainrule.core import display
from chainrule.core.interpreter import EAGER, Value, lift, using_layers
from chainrule.dtypes import DType, is_float
from chainrule.errors import ChainruleError, error
from chainrule.functions.shaping import broadcast_to
from chainrule.ops import shapes
from chainrule.ops.pointwise import exp, floor, logical_and, logical_or, not_equal, sqrt, where
from chainrule.ops.shapes import as_shape
from chainrule.random.arguments import known, of_type, result_dtype
from chainrule.random.generator import Generator, draw_key
from chainrule.stats.sets import REAL, Set
from chainrule.tensor import Tensor

Shape = tuple[int, ...]


class Distribution:
    """A probability distribution, with tensors as parameters.

    Parameters broadcast together to the ``batch_shape``: a tensor of means makes one distribution for
    each. ``event_shape`` is the shape of one draw, ``()`` for numbers. Everything is made of rows of the
    table: `log_prob` is differentiable by value and parameters, and can be recorded.

    Attributes
    ----------
    parameters : mapping
        The set that each parameter lies in, by name.
    alternatives : tuple of tuple of str
        Parameters of which exactly one is given.
    support : Set
        What a draw can be.
    reparametrised : bool
        Whether draws move smoothly with the parameters (`rsample`).
    given : dict
        The parameters, as tensors of one type, broadcast together.
    """

    parameters: ClassVar[Mapping[str, Set]] = {}
    alternatives: ClassVar[tuple[tuple[str, ...], ...]] = ()
    support: Set = REAL
    reparametrised: ClassVar[bool] = False
    given: dict[str, Tensor]
    batch_shape: Shape
    event_shape: Shape = ()
    dtype: DType

    def __init__(self, **given: Any) -> None:
        given = {name: value for name, value in given.items() if value is not None}
        self._check_alternatives(given)
        self.dtype = result_dtype(self.name, None, *given.values())
        found = {name: self._parameter(name, value) for name, value in given.items()}
        batches = {
            name: x.shape[: len(x.shape) - self.parameters[name].event_ndim] for name, x in found.items()
        }
        self.batch_shape = shapes.broadcast_named(self.name, batches)
        self.given = {
            name: broadcast_to(x, self.batch_shape + x.shape[len(batches[name]) :])
            for name, x in found.items()
        }
        for name, x in self.given.items():
            if not isinstance(getattr(type(self), name, None), property):
                setattr(self, name, x)

    @property
    def name(self) -> str:
        """The name of the class."""
        return type(self).__name__

    def _check_alternatives(self, given: dict[str, Any]) -> None:
        for names in self.alternatives:
            chosen = [name for name in names if name in given]
            if len(chosen) != 1:
                values: dict[str, Any] = {"names": ", ".join(names), "got": ", ".join(chosen) or "none"}
                raise error("stats.one_of", distribution=self.name, **values)

    def _parameter(self, name: str, value: Any) -> Tensor:
        """A parameter as a tensor, or the error of one outside its set."""
        x, allowed = self._as_tensor(value), self.parameters[name]
        if len(x.shape) < allowed.event_ndim:
            values: dict[str, Any] = {"name": name, "expected": allowed.event_ndim, "got": x.shape}
            raise error("stats.parameter_axes", distribution=self.name, **values)
        if known(x) is not None and not allowed.holds(x):
            got = _first_outside(x, allowed)
            raise error(
                "stats.parameter", distribution=self.name, name=name, allowed=allowed.allowed, got=got
            )
        return x

    def _as_tensor(self, value: Any) -> Tensor:
        """Plain numbers in this distribution's type; tensors and arrays of floats in their own."""
        if isinstance(value, Value | np.ndarray | np.generic):
            x = lift(value)
            return x if is_float(x.dtype) else of_type(x, self.dtype)
        return lift(value, self.dtype)

    def _value(self, method: str, value: Any) -> Tensor:
        x = self._as_tensor(value)
        ndim = len(self.event_shape)
        if len(x.shape) < ndim or x.shape[len(x.shape) - ndim :] != self.event_shape:
            raise error(
                "stats.event", distribution=self.name, method=method, expected=self.event_shape, got=x.shape
            )
        batch = x.shape[: len(x.shape) - ndim]
        shapes.broadcast_named(f"{self.name}.{method}", {"value": batch, "batch": self.batch_shape})
        return x

    def log_prob(self, value: Any) -> Tensor:
        r"""The logarithm of the density, or of the probability, at a value.

        Outside the support it is :math:`-\infty` with derivatives 0; at NaN it is NaN.

        Parameters
        ----------
        value : Tensor
            Of shape ``(…, *event_shape)``, the front of which broadcasts with ``batch_shape``.
        """
        x = self._value("log_prob", value)
        if self.support is REAL:
            return self._log_prob(x)
        inside = self.support.contains(x)
        # The formula is kept off values outside, where it or its derivative may not be finite.
        at = where(self._for_parts(inside), x, self._inner_point())
        return where(inside, self._log_prob(at), where(self._has_nan(x), math.nan, -math.inf))

    def prob(self, value: Any) -> Tensor:
        """The density, or the probability, at a value."""
        return exp(self.log_prob(value))

    def _has_nan(self, x: Tensor) -> Tensor:
        found = not_equal(x, x)
        return found.any(axis=tuple(range(-len(self.event_shape), 0))) if self.event_shape else found

    def _for_parts(self, condition: Tensor) -> Tensor:
        """A condition on draws, for each of their parts."""
        return condition.reshape(condition.shape + (1,) * len(self.event_shape))

    def _inner_point(self) -> Tensor:
        """Something inside the support, at which the formula is harmless."""
        return self.mean.detach()

    def _log_prob(self, x: Tensor) -> Tensor:
        raise self._unavailable("log_prob")

    def cdf(self, value: Any) -> Tensor:
        """The probability of a draw up to and including a value."""
        if self.support.event_ndim:
            raise error("stats.not_scalar", distribution=self.name, what="cdf")
        x = self._value("cdf", value)
        if self.support is REAL:
            return self._cdf(x)
        steps = floor(x) if self.support.discrete else x
        below, above = steps < self.support.low, steps >= self.support.high
        outside = logical_or(below, above)
        at = self._cdf(where(outside, self._inner_point(), steps))
        return where(below, 0, where(above, 1, at))

    def _cdf(self, x: Tensor) -> Tensor:
        raise self._unavailable("cdf")

    def quantile(self, q: Any) -> Tensor:
        """The smallest value whose `cdf` reaches ``q``; NaN where ``q`` is no probability."""
        if self.support.event_ndim:
            raise error("stats.not_scalar", distribution=self.name, what="quantile")
        q = self._as_tensor(q)
        shapes.broadcast_named(f"{self.name}.quantile", {"q": q.shape, "batch": self.batch_shape})
        possible = logical_and(q >= 0, q <= 1)
        return where(possible, self._quantile(where(possible, q, 0.5)), math.nan)

    icdf = quantile

    def _quantile(self, q: Tensor) -> Tensor:
        raise self._unavailable("quantile")

    def sample(
        self, shape: int | tuple[int, ...] = (), *, key: Any = None, generator: Generator | None = None
    ) -> Tensor:
        """Draws, of shape ``(*shape, *batch_shape, *event_shape)``, without derivatives.

        Parameters
        ----------
        shape : int or tuple of int
            How many draws.
        key, generator
            As for `chainrule.random.uniform`.
        """
        return self._draw(self._draw_shape(shape), draw_key(f"{self.name}.sample", key, generator)).detach()

    def rsample(
        self, shape: int | tuple[int, ...] = (), *, key: Any = None, generator: Generator | None = None
    ) -> Tensor:
        """As `sample`, with derivatives by the parameters: how each draw moves at a fixed quantile.

        Raises
        ------
        GradientError
            Draws do not move smoothly with the parameters: those of a discrete distribution, or of a mixture.
        """
        if not self.reparametrised:
            raise error("stats.no_rsample", distribution=self.name)
        return self._draw(self._draw_shape(shape), draw_key(f"{self.name}.rsample", key, generator))

    def _draw_shape(self, shape: int | tuple[int, ...]) -> Shape:
        return as_shape(f"{self.name}.sample", shape) + self.batch_shape + self.event_shape

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        raise self._unavailable("sample")

    @property
    def mean(self) -> Tensor:
        """The expected value."""
        raise self._unavailable("mean")

    @property
    def variance(self) -> Tensor:
        """The expected squared distance from the mean."""
        raise self._unavailable("variance")

    @property
    def stddev(self) -> Tensor:
        """The square root of the variance."""
        return sqrt(self.variance)

    @property
    def mode(self) -> Tensor:
        """Where the density, or the probability, is largest."""
        raise self._unavailable("mode")

    def entropy(self) -> Tensor:
        r"""The expected :math:`-\ln p(x)`, in nats."""
        raise self._unavailable("entropy")

    def _unavailable(self, what: str) -> ChainruleError:
        return error("stats.no_closed_form", distribution=self.name, what=what)

    def __repr__(self) -> str:
        shown = [f"{name}={_shown(x)}" for name, x in self.given.items()]
        return f"{self.name}({', '.join(shown)})"


def _shown(x: Tensor) -> str:
    values = known(x)
    return str(x.spec) if values is None or values.size > 6 else display.array(values)


def _first_outside(x: Tensor, allowed: Set) -> Any:
    """The first number, vector or matrix outside a set, to be shown."""
    finite = np.isfinite(x.numpy())
    inside = finite.all(axis=tuple(range(-allowed.event_ndim, 0))) if allowed.event_ndim else finite
    if inside.all():
        with using_layers([EAGER]):
            inside = allowed.contains(x.detach()).numpy()
    return x.numpy()[tuple(np.argwhere(~inside)[0])].tolist()
