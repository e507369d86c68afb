r"""Taylor mode: power series.

One `SeriesLevel` of the interpreter stack per running `jet` or `expand`. A tensor may carry, for each
level, the coefficients of a power series in the variables :math:`s = (s_1, …, s_d)`:

.. math:: x(s) = \sum_m x_m\, s^m, \qquad s^m = s_1^{m_1} \cdots s_d^{m_d}

Sums and linear operations act on each coefficient, products are Cauchy products, a quotient has its
usual recurrence. Of every other operation only the forward rule is known, and it is enough: with
:math:`∂_i` the derivative by :math:`s_i`,

.. math:: ∂_i y = \mathrm{forward}(∂_i x;\, y, x)
    \quad\Longrightarrow\quad y_m = \tfrac{1}{m_i} \left[\mathrm{forward}(∂_i x;\, y, x)\right]_{m - e_i}

The rule is evaluated once, on series whose coefficients are computed when they are first asked for,
and equal calls are one series. So :math:`y_m` asks for earlier coefficients of :math:`y` only, and the
rules of sine and cosine close on each other. What comes out are the classical recurrences (Griewank &
Walther, Evaluating Derivatives, 2008, table 13.2): every coefficient of every series is computed once,
at a cost that is polynomial in the order.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from chainrule.autodiff.forward import Level
from chainrule.core.derivative import Call, Linear, Multilinear, total, zeros_like
from chainrule.core.interpreter import EAGER, Value, on_behalf_of, run, state, using_layers, wrap
from chainrule.core.op import TABLE, Op
from chainrule.dtypes import is_float
from chainrule.errors import user_line

Index = tuple[int, ...]
Compute = Callable[[Index], Any]
_LARGEST_HASHED = 2**20


def up_to(m: Index) -> Iterator[Index]:
    """All multi-indices that are nowhere larger than ``m``."""
    return itertools.product(*(range(n + 1) for n in m))


def less(m: Index, j: Index) -> Index:
    """The multi-index ``m - j``."""
    return tuple(a - b for a, b in zip(m, j, strict=True))


def unit(axis: int, variables: int) -> Index:
    """The multi-index with a single 1."""
    return tuple(int(i == axis) for i in range(variables))


def shares(m: Index, count: int) -> Iterator[tuple[Index, ...]]:
    """All ways to write ``m`` as a sum of ``count`` multi-indices."""
    if count == 1:
        yield (m,)
        return
    for first in up_to(m):
        for rest in shares(less(m, first), count - 1):
            yield (first, *rest)


class Series:
    """The coefficients that a tensor carries; each is computed when first asked for, and None is zero.

    The constant coefficient is the tensor itself. ``axes`` are the variables that it depends on.
    """

    __slots__ = ("_compute", "_known", "axes")

    def __init__(self, compute: Compute, axes: frozenset[int]) -> None:
        self._compute: Compute | None = compute
        self._known: dict[Index, Any] = {}
        self.axes = axes

    def __getitem__(self, m: Index) -> Any:
        if any(n and i not in self.axes for i, n in enumerate(m)):
            return None
        if m not in self._known:
            assert self._compute is not None, f"coefficient {m} lies outside of the expansion"
            self._known[m] = self._compute(m)
        return self._known[m]

    def close(self) -> None:
        """Forget how coefficients are computed: the rest is not wanted."""
        self._compute = None


class SeriesLevel(Level):
    """The layer that carries the series of one expansion.

    Parameters
    ----------
    indices : sequence of multi-indices
        The coefficients that are wanted: with each one all that are nowhere larger.
    """

    def __init__(self, indices: Sequence[Index]) -> None:
        self.indices = [m for m in sorted(indices, key=sum) if any(m)]
        self._calls: dict[Hashable, Call] | None = None
        self._slopes: dict[tuple[int, int], Value] = {}
        self._series: list[Series] = []

    def apply(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """Run below, then find the coefficients of the result: all at once, or inside a rule as needed."""
        if self._calls is not None:
            return self._inside_rule(op, inputs, params, level)
        call = Call(op, inputs, params, run(op, inputs, params, level - 1))
        series = self._given(call)
        if any(s is not None for s in series):
            line = state.line or (user_line() if state.wants_lines else "")
            self._calls = {_key(call): call}
            try:
                with on_behalf_of((*state.scopes, f"∂{op.name}"), line):
                    self._expand(call, series, level)
                    self._compute_all(call, level)
            finally:
                self._forget_rules()
        return call.result

    def _inside_rule(self, op: Op, inputs: Sequence[Value], params: dict[str, Any], level: int) -> Any:
        """The result of an equal call, or a new one; constants are computed even while recording."""
        assert self._calls is not None
        key = _key(Call(op, inputs, params, None))
        if key not in self._calls:
            is_constant = op.body is None and all(map(_is_known, inputs))
            result = EAGER.apply(op, inputs, params, 0) if is_constant else run(op, inputs, params, level - 1)
            call = Call(op, inputs, params, result)
            self._calls[key] = call
            self._expand(call, self._given(call), level)
        return self._calls[key].result

    def _given(self, call: Call) -> list[Series | None]:
        """The series of the inputs that the result depends on."""
        reaches = call.op.derivative.reaches
        return [self.tangent(x) if reaches(i) else None for i, x in enumerate(call.inputs)]

    def _compute_all(self, call: Call, level: int) -> None:
        for m in self.indices:
            results = [self.coefficient(value, m) for value in _parts(call.result)]
            given = [self.coefficient(x, m) for x in call.inputs]
            for layer in state.layers[:level]:
                layer.on_tangent(call, given, results)

    def _forget_rules(self) -> None:
        for series in self._series:
            series.close()
        self._calls, self._slopes, self._series = None, {}, []

    def _expand(self, call: Call, series: Sequence[Series | None], level: int) -> None:
        """Let the results of a call carry their series."""
        axes = frozenset[int]().union(*(s.axes for s in series if s is not None))
        if not axes:
            return
        compute = _rule_for(call)(self, call, series, state.layers[: level + 1])
        if not isinstance(call.result, tuple):
            self._carry(call.result, compute, axes, level)
            return
        together = Series(compute, axes)
        for slot, value in enumerate(call.result):
            self._carry(value, partial(_slot, together, slot), axes, level)

    def _carry(self, value: Value, compute: Compute, axes: frozenset[int], level: int) -> None:
        if not is_float(value.dtype):
            return
        below = state.layers[:level]

        def compute_below(m: Index) -> Any:
            with using_layers(below):
                return compute(m)

        series = Series(compute_below, axes)
        self._series.append(series)
        self.set_tangent(value, series)

    def coefficient(self, x: Value | None, m: Index) -> Any:
        """One coefficient of a tensor, None for zero."""
        if x is None or not any(m):
            return x
        series = self.tangent(x)
        return None if series is None else series[m]

    def slope(self, x: Value, axis: int) -> Value | None:
        r"""The derivative :math:`∂_i x`, a tensor that carries its own series; None for zero."""
        series: Series | None = self.tangent(x)
        if series is None or axis not in series.axes:
            return None
        key = id(x), axis
        if key not in self._slopes:
            self._slopes[key] = _derivative(self, x, series, axis)
        return self._slopes[key]


def _derivative(level: SeriesLevel, x: Value, series: Series, axis: int) -> Value:
    variables = len(level.indices[0])
    first = series[unit(axis, variables)]

    def compute(m: Index) -> Any:
        raised = tuple(n + (i == axis) for i, n in enumerate(m))
        return _scaled("multiply", series[raised], raised[axis])

    start = zeros_like(x) if first is None else first
    # A tensor of its own: the coefficient itself must not carry this series.
    return wrap(
        start.data, start.entry, start.slot, {**(start.duals or {}), level: Series(compute, series.axes)}
    )


def _scaled(op: str, x: Any, factor: int) -> Any:
    return x if x is None or factor == 1 else TABLE[op](x, factor)


def _parts(result: Any) -> tuple[Value, ...]:
    return result if isinstance(result, tuple) else (result,)


def _slot(together: Series, slot: int, m: Index) -> Any:
    parts = together[m]
    return None if parts is None else parts[slot]


def _key(call: Call) -> Hashable:
    """What makes two calls equal: operation, parameters, and the same tensors or constants."""
    key = (call.op, tuple(map(_identity, call.inputs)), tuple(call.params.items()))
    try:
        hash(key)
    except TypeError:
        return object()
    return key


def _identity(x: Value) -> Hashable:
    if not _is_known(x) or x.data.nbytes > _LARGEST_HASHED:
        return id(x)
    return x.dtype, x.shape, hashlib.blake2b(x.data.tobytes()).digest()


def _is_known(x: Value) -> bool:
    """Whether a tensor is a plain constant: no variable of a graph, no state, nothing to differentiate by."""
    is_constant = isinstance(x.data, np.ndarray) and x.entry is None and not x.duals
    return is_constant and type(x) is Value.tensor_class


def _linear(level: SeriesLevel, call: Call, series: Sequence[Series | None], layers: Any) -> Compute:
    """The operation's forward rule on each coefficient."""

    def compute(m: Index) -> Any:
        moved = [None if s is None else s[m] for s in series]
        return None if all(t is None for t in moved) else call.op.derivative.jvp(call, moved)

    return compute


def _product(level: SeriesLevel, call: Call, series: Sequence[Series | None], layers: Any) -> Compute:
    """The Cauchy product: the operation on coefficients whose indices add up."""
    carrying = [i for i, s in enumerate(series) if s is not None]

    def term(parts: tuple[Index, ...]) -> Any:
        factors = list(call.inputs)
        for i, part in zip(carrying, parts, strict=True):
            factors[i] = level.coefficient(factors[i], part)
        return None if any(x is None for x in factors) else call.op(*factors, **call.params)

    def compute(m: Index) -> Any:
        terms = map(term, shares(m, len(carrying)))
        return total([found for found in terms if found is not None])

    return compute


def _quotient(level: SeriesLevel, call: Call, series: Sequence[Series | None], layers: Any) -> Compute:
    r"""From :math:`q y = x`: :math:`q_m = \big(x_m - \sum_{0 \ne j \le m} q_{m-j}\, y_j\big) / y_0`."""
    x, y = call.inputs

    def products(m: Index) -> Iterator[Any]:
        for j in up_to(m):
            divisor, rest = (level.coefficient(y, j) if any(j) else None), less(m, j)
            q = None if divisor is None else level.coefficient(call.result, rest)
            if q is not None:
                yield TABLE["multiply"](q, divisor)

    def compute(m: Index) -> Any:
        own, others = level.coefficient(x, m), total(list(products(m)))
        if others is not None:
            own = TABLE["negative"](others) if own is None else TABLE["subtract"](own, others)
        return None if own is None else TABLE["divide"](own, y)

    return compute


def _integral(level: SeriesLevel, call: Call, series: Sequence[Series | None], layers: Any) -> Compute:
    """The forward rule's own series, integrated term by term."""
    slopes: dict[int, Any] = {}

    def slope(axis: int) -> Any:
        if axis not in slopes:
            carrying = zip(call.inputs, series, strict=True)
            tangents = [None if s is None else level.slope(x, axis) for x, s in carrying]
            with using_layers(layers):
                slopes[axis] = call.op.derivative.jvp(call, tangents)
        return slopes[axis]

    def integrated(found: Any, m: Index, axis: int) -> Any:
        return _scaled("divide", level.coefficient(found, less(m, unit(axis, len(m)))), m[axis])

    def compute(m: Index) -> Any:
        axis = next(i for i, n in enumerate(m) if n)
        found = slope(axis)
        if isinstance(call.result, tuple):
            return None if found is None else [integrated(part, m, axis) for part in found]
        return integrated(found, m, axis)

    return compute


def _all_at_once(level: SeriesLevel, call: Call, series: Sequence[Series | None], layers: Any) -> Compute:
    """A rule for whole series, which a row with a recorded body brings."""
    found: list[list[Any] | None] = []

    def compute(m: Index) -> Any:
        if not found:
            pairs = zip(call.inputs, series, strict=True)
            coefficients = [None if s is None else _dense(x, s, level.indices) for x, s in pairs]
            rule: Callable[..., Any] = call.op.derivative.series  # type: ignore[attr-defined]
            found.extend(rule(coefficients, level.indices, *call.inputs, **call.params))
        k = level.indices.index(m)
        return [None if of_result is None else of_result[k] for of_result in found]

    return compute


def _dense(x: Value, series: Series, indices: Sequence[Index]) -> list[Value]:
    found = [series[m] for m in indices]
    return [zeros_like(x) if c is None else c for c in found]


# The arithmetic that forward rules are written in cannot be derived from forward rules.
ARITHMETIC: dict[str, Callable[..., Compute]] = {
    "add": _linear,
    "subtract": _linear,
    "negative": _linear,
    "multiply": _product,
    "divide": _quotient,
}


def _rule_for(call: Call) -> Callable[..., Compute]:
    derivative = call.op.derivative
    if hasattr(derivative, "series"):
        return _all_at_once
    if isinstance(derivative, Multilinear):
        return _product
    if isinstance(derivative, Linear):
        return _linear
    is_arithmetic = TABLE.get(call.op.name) is call.op and call.op.name in ARITHMETIC
    return ARITHMETIC[call.op.name] if is_arithmetic else _integral
