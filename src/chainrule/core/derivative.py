r"""The kinds of derivative rules.

A rule is stated once and serves both modes. With :math:`y = f(x_1, …, x_n)`, cotangent
:math:`g = ∂L/∂y` and tangents :math:`t_i`:

==============  ==================================  ====================================
kind            reverse, :math:`\bar x_i`           forward, :math:`t_y`
==============  ==================================  ====================================
Partials        :math:`g\, ∂y/∂x_i`                 :math:`\sum_i t_i\, ∂y/∂x_i`
Linear          transpose rule                      :math:`f(t_1, …, t_n)`
Multilinear     transpose rule per argument         :math:`\sum_i f(x_1, …, t_i, …, x_n)`
Rule            as stated                           as stated
Zero            none                                none
==============  ==================================  ====================================

Rules are written in tensors, so that they can be differentiated again. Broadcasting is
undone here, once, and no rule mentions it.

A complex argument :math:`z = a + ib` counts as its two real parts, and its cotangent is
:math:`∂L/∂a + i\,∂L/∂b`. With the inner product :math:`\mathrm{Re} \sum \bar u_k v_k` reverse mode is
then the adjoint of forward mode: it multiplies by the conjugate where forward mode multiplies by the
derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import Value, lift
from chainrule.core.op import TABLE
from chainrule.core.spec import Shape

if TYPE_CHECKING:
    from chainrule.core.op import Op

Maybe = Any  # a tensor, or None for zero


@dataclass(frozen=True)
class Call:
    """One run of an operation: what a derivative rule is about."""

    op: Op
    inputs: Sequence[Any]
    params: dict[str, Any]
    result: Any


class Derivative:
    """Both modes of one operation's derivative."""

    def vjp(self, call: Call, g: Maybe, needed: Sequence[bool]) -> list[Maybe]:
        """Cotangents of the inputs that are needed, from the cotangent of the result."""
        raise NotImplementedError

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """Tangent of the result, from the tangents of the inputs."""
        raise NotImplementedError

    def reaches(self, position: int) -> bool:
        """Whether the result depends differentiably on the argument at a position."""
        return True


class Zero(Derivative):
    """A piecewise constant operation: comparison, rounding, index of the maximum."""

    def vjp(self, call: Call, g: Maybe, needed: Sequence[bool]) -> list[Maybe]:
        """No cotangents."""
        return [None] * len(call.inputs)

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """No tangent."""
        return None

    def reaches(self, position: int) -> bool:
        """Nothing is reached."""
        return False


class Partials(Derivative):
    r"""Pointwise: one partial derivative ``(y, *inputs) -> tensor or number`` per argument.

    A real result of a complex argument :math:`a + ib` states the gradient :math:`∂y/∂a + i\,∂y/∂b`.
    """

    def __init__(self, *partials: Callable[..., Any] | None) -> None:
        self.partials = partials

    def reaches(self, position: int) -> bool:
        """Whether the argument has a partial derivative."""
        return self.partials[position] is not None

    def partial(self, position: int, call: Call) -> Any:
        """The partial derivative by one argument."""
        rule = self.partials[position]
        return 0 if rule is None else rule(call.result, *call.inputs, **call.params)

    def vjp(self, call: Call, g: Maybe, needed: Sequence[bool]) -> list[Maybe]:
        """``g · ∂y/∂x_i``, summed over the axes along which ``x_i`` was broadcast."""
        return [
            unbroadcast(_times(g, self.adjoint(i, call)), x.shape) if wanted and self.reaches(i) else None
            for i, (wanted, x) in enumerate(zip(needed, call.inputs, strict=True))
        ]

    def adjoint(self, position: int, call: Call) -> Any:
        """What reverse mode multiplies by: the conjugate of a holomorphic function's derivative."""
        found = self.partial(position, call)
        return conjugated(found) if is_complex(call.result) else found

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """The sum of ``t_i · ∂y/∂x_i``."""
        terms = [
            broadcast(self._moved(i, t, call), call.result.shape)
            for i, t in enumerate(tangents)
            if t is not None and self.reaches(i)
        ]
        return total(terms)

    def _moved(self, position: int, t: Value, call: Call) -> Any:
        found = self.partial(position, call)
        if is_complex(t) and not is_complex(call.result):
            return TABLE["real"](_times(conjugated(found), t))
        return _times(t, found)


class Linear(Derivative):
    """Linear in all differentiable arguments together; a transpose rule ``(g, *inputs)`` each.

    The last rule serves all further arguments of a variadic operation; it is then called
    with the argument's position as ``i``.
    """

    def __init__(self, *transposes: Callable[..., Any] | None, variadic: bool = False) -> None:
        self.transposes, self.variadic = transposes, variadic

    def reaches(self, position: int) -> bool:
        """Whether the argument has a transpose rule."""
        return self.variadic or (position < len(self.transposes) and self.transposes[position] is not None)

    def vjp(self, call: Call, g: Maybe, needed: Sequence[bool]) -> list[Maybe]:
        """Each argument's transpose rule applied to the cotangent."""
        return [
            self._transpose(i, g, call) if wanted and self.reaches(i) else None
            for i, wanted in enumerate(needed)
        ]

    def _transpose(self, i: int, g: Any, call: Call) -> Any:
        rule = self.transposes[0 if self.variadic else i]
        position = {"i": i} if self.variadic else {}
        return None if rule is None else rule(g, *self._factors(call), **position, **call.params)

    def _factors(self, call: Call) -> Sequence[Any]:
        """The inputs as the transpose rules see them."""
        return call.inputs

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """The operation itself, applied to the tangents (zero where there is none)."""
        moved = [
            (zeros_like(x) if t is None else t) if self.reaches(i) else x
            for i, (t, x) in enumerate(zip(tangents, call.inputs, strict=True))
        ]
        return call.op(*moved, **call.params)


class Multilinear(Linear):
    """Linear in each argument while the others stay: products and contractions."""

    def _factors(self, call: Call) -> Sequence[Any]:
        return [conjugated(x) for x in call.inputs]

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """The product rule: the operation with one argument at a time replaced by its tangent."""
        terms = [
            call.op(*call.inputs[:i], t, *call.inputs[i + 1 :], **call.params)
            for i, t in enumerate(tangents)
            if t is not None and self.reaches(i)
        ]
        return total(terms)


@dataclass(frozen=True)
class Rule(Derivative):
    """Stated in full.

    ``reverse(g, y, *inputs, **params)`` gives the cotangent of the inputs (one, or a tuple) and
    ``forward(t, y, *inputs, **params)`` the tangent; with one differentiable argument ``t`` is
    its tangent, otherwise ``t`` is the tuple of all.
    """

    reverse: Callable[..., Any]
    forward: Callable[..., Any]
    reached: tuple[int, ...] | None = (0,)

    def reaches(self, position: int) -> bool:
        """Whether the rule gives this argument a cotangent."""
        return self.reached is None or position in self.reached

    def vjp(self, call: Call, g: Maybe, needed: Sequence[bool]) -> list[Maybe]:
        """As stated by ``reverse``."""
        found = self.reverse(g, call.result, *call.inputs, **call.params)
        if self.reached == (0,):
            return [found, *[None] * (len(call.inputs) - 1)]
        return list(found)

    def jvp(self, call: Call, tangents: Sequence[Maybe]) -> Maybe:
        """As stated by ``forward``."""
        t = tangents[0] if self.reached == (0,) else tuple(tangents)
        return self.forward(t, call.result, *call.inputs, **call.params)


def total(terms: Sequence[Any]) -> Maybe:
    """Sum of tensors; None, that is zero, if there are none."""
    if not terms:
        return None
    result = terms[0]
    for term in terms[1:]:
        result = TABLE["add"](result, term)
    return result


def unbroadcast(g: Value, shape: Shape) -> Value:
    """The transpose of broadcasting: sum over the axes along which a shape was stretched."""
    if g.shape == shape:
        return g
    new = len(g.shape) - len(shape)
    stretched = tuple(new + i for i, n in enumerate(shape) if n == 1 and g.shape[new + i] != 1)
    summed = TABLE["sum"](g, axis=(*range(new), *stretched), keepdims=False)
    return summed if summed.shape == shape else TABLE["reshape"](summed, shape=shape)


def broadcast(x: Value, shape: Shape) -> Value:
    """Stretch a tensor to a shape, if it is not of that shape already."""
    return x if x.shape == shape else TABLE["broadcast_to"](x, shape=shape)


def zeros_like(x: Value) -> Value:
    """Zeros of a tensor's shape and type, without memory of their own."""
    return broadcast(lift(0, x.dtype), x.shape)


def is_complex(x: Any) -> bool:
    """Whether a tensor's elements are complex numbers."""
    return isinstance(x, Value) and x.dtype.kind == "c"


def conjugated(x: Any) -> Any:
    """The conjugate of a complex tensor or number; anything real as it is."""
    if isinstance(x, complex):
        return x.conjugate()
    return TABLE["conj"](x) if is_complex(x) else x


def _times(g: Any, factor: Any) -> Any:
    if isinstance(factor, int | float):
        if factor == 1:
            return g
        return TABLE["negative"](g) if factor == -1 else TABLE["multiply"](g, factor)
    return TABLE["multiply"](g, factor)
