r"""One step of a recurrent layer.

Each step takes the input's part of the gates, :math:`W_{ih} x_t + b_{ih}`, already computed: a
layer does that for all steps in one product.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, FLAG, one_of
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.activations import relu
from chainrule.functions.shaping import narrow
from chainrule.nn import init
from chainrule.nn.checks import check_axis, check_ndim
from chainrule.nn.linear import linear
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import sigmoid, tanh
from chainrule.tensor import Tensor

NONLINEARITY = one_of("tanh", "relu")


def _parts(gates: Any, count: int) -> list[Any]:
    """Equal parts of the last axis."""
    extent, axis = gates.shape[-1] // count, len(gates.shape) - 1
    return [narrow(gates, axis, k * extent, (k + 1) * extent) for k in range(count)]


@composite(r"\tanh(x' + W_{hh} h + b_{hh})")
def rnn_step(projected: Any, h: Any, weight_hh: Any, bias_hh: Any = None, nonlinearity: str = "tanh") -> Any:
    """Next state of a plain recurrent layer."""
    total = projected + linear(h, weight_hh, bias_hh)
    return tanh(total) if nonlinearity == "tanh" else relu(total)


@composite(r"c' = f \odot c + i \odot g, \quad h' = o \odot \tanh c'")
def lstm_step(projected: Any, h: Any, c: Any, weight_hh: Any, bias_hh: Any = None) -> tuple[Any, Any]:
    r"""Next state :math:`(h', c')` of a long short-term memory (Hochreiter & Schmidhuber, 1997).

    .. math::
        (\tilde i, \tilde f, \tilde g, \tilde o) = x' + W_{hh} h + b_{hh}, \qquad
        i, f, o = σ(\tilde i, \tilde f, \tilde o), \quad g = \tanh \tilde g
    """
    i, f, g, o = _parts(projected + linear(h, weight_hh, bias_hh), 4)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


@composite(r"h' = (1 - z) \odot n + z \odot h")
def gru_step(projected: Any, h: Any, weight_hh: Any, bias_hh: Any = None) -> Any:
    r"""Next state of a gated recurrent unit (Cho et al., 2014).

    .. math::
        r, z = σ(x'_{r,z} + W_{hr,hz} h + b_{hr,hz}), \qquad
        n = \tanh(x'_n + r \odot (W_{hn} h + b_{hn}))
    """
    x_r, x_z, x_n = _parts(projected, 3)
    h_r, h_z, h_n = _parts(linear(h, weight_hh, bias_hh), 3)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = tanh(x_n + r * h_n)
    return n + z * (h - n)


def check_state(name: str, state: Value, expected: Shape, what: str = "hx") -> Value:
    """Refuse a first state of another shape."""
    if state.shape != expected:
        values: dict[str, Any] = {"name": what, "expected": expected, "got": state.shape, "remedy": ""}
        raise error("nn.state_of", layer=name, **values)
    return state


class _Cell(Module):
    """What the cells share: parameters, and a state that is zero unless given."""

    gates: ClassVar[int]
    states: ClassVar[int] = 1
    constraints: ClassVar[Constraints] = {"input_size": COUNT, "hidden_size": COUNT, "bias": FLAG}

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        self.input_size, self.hidden_size = input_size, hidden_size
        rows = self.gates * hidden_size
        self.weight_ih = Parameter(np.zeros((rows, input_size), np.float32))
        self.weight_hh = Parameter(np.zeros((rows, hidden_size), np.float32))
        self.bias_ih = Parameter(np.zeros(rows, np.float32)) if bias else None
        self.bias_hh = Parameter(np.zeros(rows, np.float32)) if bias else None
        self.bias = bias
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def _prepared(self, input: Any, states: tuple[Any, ...] | None) -> tuple[Any, list[Any]]:
        """The input's part of the gates, and the states."""
        name, x = self.function_name, lift(input)
        check_ndim(name, x, (1, 2), "(N, input_size) or (input_size,)")
        shapes = {"input": x.shape, "weight_ih": self.weight_ih.shape}
        check_axis(name, -1, x.shape[-1], self.input_size, shapes)
        shape = (*x.shape[:-1], self.hidden_size)
        zeros = (np.zeros(shape, x.dtype),) * self.states
        given = zeros if states is None else states
        return linear(x, self.weight_ih, self.bias_ih), [check_state(name, lift(s), shape) for s in given]

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key != "nn.axis":
            return ""
        layer = f"{type(self).__name__}({problem.values['got']}, {self.hidden_size})"
        return text("nn.did_you_mean", layer=layer)


@layer(
    rnn_step,
    sample((2, 3), input_size=3, hidden_size=4),
    sample((3,), input_size=3, hidden_size=2, nonlinearity="relu", bias=False),
)
class RNNCell(_Cell):
    r"""One step of a plain recurrent layer.

    .. math:: h' = \tanh(W_{ih} x + b_{ih} + W_{hh} h + b_{hh})

    Called with the input (N, input_size) or (input_size,) and the state of shape (N, hidden_size) or
    (hidden_size,), which is 0 unless given; returns the next state.

    Parameters
    ----------
    input_size, hidden_size : int
        Extents of input and state.
    bias : bool
        Whether to add :math:`b`.
    nonlinearity : {"tanh", "relu"}
        The activation.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.RNNCell(3, 4)(cr.ones((2, 3))).shape
    (2, 4)
    """

    gates = 1
    constraints: ClassVar[Constraints] = {**_Cell.constraints, "nonlinearity": NONLINEARITY}

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh"
    ) -> None:
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        """The next state."""
        projected, (h,) = self._prepared(input, None if hx is None else (hx,))
        return rnn_step(projected, h, self.weight_hh, self.bias_hh, self.nonlinearity)


@layer(
    lstm_step,
    sample((2, 3), input_size=3, hidden_size=4),
    sample((3,), input_size=3, hidden_size=2, bias=False),
)
class LSTMCell(_Cell):
    r"""One step of a long short-term memory (Hochreiter & Schmidhuber, 1997).

    .. math::
        (\tilde i, \tilde f, \tilde g, \tilde o) = W_{ih} x + b_{ih} + W_{hh} h + b_{hh}, \qquad
        c' = σ(\tilde f) \odot c + σ(\tilde i) \odot \tanh \tilde g, \qquad h' = σ(\tilde o) \odot \tanh c'

    Called with the input (N, input_size) or (input_size,) and the state ``(h, c)``, which is 0 unless
    given; returns the next ``(h, c)``.

    Parameters
    ----------
    input_size, hidden_size : int
        Extents of input and state.
    bias : bool
        Whether to add :math:`b`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> h, c = nn.LSTMCell(3, 4)(cr.ones((2, 3)))
    >>> h.shape, c.shape
    ((2, 4), (2, 4))
    """

    gates, states = 4, 2

    def forward(self, input: Any, hx: tuple[Any, Any] | None = None) -> tuple[Tensor, Tensor]:
        """The next states."""
        projected, (h, c) = self._prepared(input, hx)
        return lstm_step(projected, h, c, self.weight_hh, self.bias_hh)


@layer(
    gru_step,
    sample((2, 3), input_size=3, hidden_size=4),
    sample((3,), input_size=3, hidden_size=2, bias=False),
)
class GRUCell(_Cell):
    r"""One step of a gated recurrent unit (Cho et al., 2014).

    .. math::
        r, z = σ(W_{i} x + b_{i} + W_{h} h + b_{h})_{r,z}, \qquad
        n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})), \qquad h' = (1 - z) \odot n + z \odot h

    Called with the input (N, input_size) or (input_size,) and the state of shape (N, hidden_size) or
    (hidden_size,), which is 0 unless given; returns the next state.

    Parameters
    ----------
    input_size, hidden_size : int
        Extents of input and state.
    bias : bool
        Whether to add :math:`b`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.GRUCell(3, 4)(cr.ones((2, 3))).shape
    (2, 4)
    """

    gates = 3

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        """The next state."""
        projected, (h,) = self._prepared(input, None if hx is None else (hx,))
        return gru_step(projected, h, self.weight_hh, self.bias_hh)
