r"""Recurrent layers: a cell carried along a sequence by `chainrule.scan`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from chainrule.control import scan
from chainrule.core.constraint import COUNT, FLAG, SHARE
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import sample
from chainrule.core.spec import Shape
from chainrule.dtypes import promote
from chainrule.errors import ChainruleError, error, text
from chainrule.functions.shaping import concatenate, expand_dims, reshape, squeeze, stack, swapaxes
from chainrule.nn import init
from chainrule.nn.cells import NONLINEARITY, check_state, gru_step, lstm_step, rnn_step
from chainrule.nn.checks import check_axis, check_ndim, first_place, known
from chainrule.nn.dropout import dropout
from chainrule.nn.linear import linear
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.pointwise import less, where
from chainrule.tensor import Tensor

States = tuple[Any, ...]
Step = Callable[[Any, States], States]


def run_steps(step: Step, states: States, projected: Any, valid: Any, reverse: bool) -> tuple[States, Any]:
    """Carry the states along a sequence.

    Parameters
    ----------
    step : callable
        ``(projected_t, states) -> new states``, of which the first is the output.
    states : tuple of Tensor
        The first states, (N, hidden).
    projected : Tensor
        The input's part of the gates, (T, N, gates · hidden).
    valid : Tensor or None
        Which steps lie within each sequence, (T, N, 1). Past the end the states stay, and the output is 0.
    reverse : bool
        From the last step to the first.

    Returns
    -------
    (states, outputs)
        The last states, and the outputs (T, N, hidden).
    """

    def plain(carried: States, x: Any) -> tuple[States, Any]:
        new = step(x, carried)
        return new, new[0]

    def masked(carried: States, both: Any) -> tuple[States, Any]:
        x, within = both
        new = step(x, carried)
        kept = tuple(where(within, after, before) for after, before in zip(new, carried, strict=True))
        return kept, where(within, new[0], 0)

    dtype = promote([projected.dtype, *(s.dtype for s in states)])
    states = tuple(s.astype(dtype) for s in states)
    if valid is None:
        return scan(plain, states, projected, reverse=reverse)
    return scan(masked, states, (projected, valid), reverse=reverse)


def within_lengths(name: str, lengths: Any, steps: int, batch: int) -> Any:
    """Which steps lie within each sequence: bools (T, N, 1).

    Raises
    ------
    ShapeError
        There is not one length for each sequence.
    OutOfRangeError
        A length is not between 0 and the number of steps.
    """
    lengths = lift(lengths)
    if lengths.shape != (batch,) or lengths.dtype.kind not in "iu":
        raise error("nn.lengths_shape", layer=name, batch=batch, got=lengths.spec, remedy="")
    values = known(lengths)
    if values is not None and ((values < 0) | (values > steps)).any():
        place = first_place((values < 0) | (values > steps))
        found: dict[str, Any] = {"index": place[0], "got": int(values[place]), "steps": steps}
        raise error("nn.lengths_range", layer=name, **found, remedy="")
    return less(np.arange(steps, dtype=np.int64).reshape(-1, 1, 1), reshape(lengths, (1, -1, 1)))


class _Recurrent(Module):
    """What the recurrent layers share: parameters, stacking, both directions."""

    gates: ClassVar[int]
    states: ClassVar[int] = 1
    constraints: ClassVar[Constraints] = {
        "input_size": COUNT,
        "hidden_size": COUNT,
        "num_layers": COUNT,
        "bias": FLAG,
        "batch_first": FLAG,
        "dropout": SHARE,
        "bidirectional": FLAG,
    }

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first = bias, batch_first
        self.dropout, self.bidirectional = dropout, bidirectional
        for index in range(num_layers):
            for suffix in self._suffixes(index):
                self._add_parameters(suffix, input_size if index == 0 else hidden_size * self._directions)
        self.reset_parameters()

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    def _suffixes(self, index: int) -> list[str]:
        """Ends of the parameters' names in one layer, a direction each."""
        return [f"l{index}", f"l{index}_reverse"][: self._directions]

    def _add_parameters(self, suffix: str, inputs: int) -> None:
        rows = self.gates * self.hidden_size
        shapes: dict[str, Shape] = {"weight_ih": (rows, inputs), "weight_hh": (rows, self.hidden_size)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, shape in shapes.items():
            setattr(self, f"{name}_{suffix}", Parameter(np.zeros(shape, np.float32)))

    def reset_parameters(self) -> None:
        """Draw all parameters anew."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def _weights(self, suffix: str) -> tuple[Any, ...]:
        return tuple(
            getattr(self, f"{name}_{suffix}", None)
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )

    def _prepare(self, weights: tuple[Any, ...], x: Any) -> tuple[Any, Step]:
        """The input's part of the gates for all steps at once, and the step."""
        raise NotImplementedError

    def _run(self, input: Any, given: States | None, lengths: Any) -> tuple[Tensor, States]:
        x, unbatched = self._time_first(lift(input))
        steps, batch, _ = x.shape
        valid = None if lengths is None else within_lengths(self.function_name, lengths, steps, batch)
        first = self._first_states(given, x, unbatched)
        last: list[States] = []
        for index in range(self.num_layers):
            if index > 0 and self.dropout > 0:
                x = dropout(x, self.dropout, self.training)
            outputs = []
            for direction, suffix in enumerate(self._suffixes(index)):
                projected, step = self._prepare(self._weights(suffix), x)
                start = tuple(s[index * self._directions + direction] for s in first)
                end, output = run_steps(step, start, projected, valid, reverse=direction == 1)
                last.append(end)
                outputs.append(output)
            x = concatenate(outputs, axis=-1)
        final = tuple(stack(parts) for parts in zip(*last, strict=True))
        return self._as_given(x, unbatched), tuple(squeeze(s, 1) for s in final) if unbatched else final

    def _time_first(self, x: Value) -> tuple[Any, bool]:
        """The input as (T, N, features), and whether it came without a batch axis."""
        name = self.function_name
        order = "(N, T, input_size)" if self.batch_first else "(T, N, input_size)"
        check_ndim(name, x, (2, 3), f"{order} or (T, input_size)")
        shapes = {"input": x.shape, "weight_ih_l0": getattr(self, "weight_ih_l0").shape}  # noqa: B009
        check_axis(name, -1, x.shape[-1], self.input_size, shapes)
        if len(x.shape) == 2:
            return expand_dims(x, 1), True
        return (swapaxes(x, 0, 1) if self.batch_first else x), False

    def _as_given(self, y: Any, unbatched: bool) -> Any:
        if unbatched:
            return squeeze(y, 1)
        return swapaxes(y, 0, 1) if self.batch_first else y

    def _first_states(self, given: States | None, x: Any, unbatched: bool) -> list[Any]:
        """Each state as (layers · directions, N, hidden); 0 unless given."""
        rows = self.num_layers * self._directions
        shape = (rows, x.shape[1], self.hidden_size)
        if given is None:
            return [lift(np.zeros(shape, x.dtype))] * self.states
        wanted = (rows, self.hidden_size) if unbatched else shape
        checked = [check_state(self.function_name, lift(s), wanted) for s in given]
        return [expand_dims(s, 1) if unbatched else s for s in checked]

    def _remedy(self, problem: ChainruleError) -> str:
        if problem.key == "nn.axis":
            layer = f"{type(self).__name__}({problem.values['got']}, {self.hidden_size})"
            return text("nn.did_you_mean", layer=layer)
        return ""


_SAMPLES = (
    sample((5, 2, 3), input_size=3, hidden_size=4),
    sample((2, 4, 3), input_size=3, hidden_size=2, num_layers=2, bidirectional=True, batch_first=True),
    sample((3, 2), input_size=2, hidden_size=3, bias=False),
)


@layer(rnn_step, *_SAMPLES, sample((4, 1, 2), input_size=2, hidden_size=3, nonlinearity="relu"))
class RNN(_Recurrent):
    r"""Plain recurrent layer (Elman, 1990).

    .. math:: h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})

    Input (T, N, input_size), with ``batch_first`` (N, T, input_size), or (T, input_size).

    Parameters
    ----------
    input_size, hidden_size : int
        Extents of input and state.
    num_layers : int
        Layers one above the other: each takes the outputs of the one below.
    nonlinearity : {"tanh", "relu"}
        The activation.
    bias : bool
        Whether to add :math:`b`.
    batch_first : bool
        Whether the batch axis comes before time, in inputs and outputs.
    dropout : float
        Probability of zero between layers, in training.
    bidirectional : bool
        Whether a second layer runs from the end, its outputs joined to the first's.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, … : Parameter
        For each layer, and again with ``_reverse`` for the second direction; at first
        :math:`U(-k, k)`, :math:`k = 1 / \sqrt{hidden}`.

    Examples
    --------
    Outputs past a sequence's end are 0, and the final state is the one at its last step:

    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> output, h = nn.RNN(3, 4, batch_first=True)(cr.ones((2, 5, 3)), lengths=[5, 2])
    >>> output.shape, h.shape
    ((2, 5, 4), (1, 2, 4))
    >>> bool((output[1, 2:] == 0).all()), bool((output[1, 1] == h[0, 1]).all())
    (True, True)
    """

    gates = 1
    constraints: ClassVar[Constraints] = {**_Recurrent.constraints, "nonlinearity": NONLINEARITY}

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)

    def _prepare(self, weights: tuple[Any, ...], x: Any) -> tuple[Any, Step]:
        w_ih, w_hh, b_ih, b_hh = weights
        bias = None if b_ih is None else b_ih + b_hh
        return linear(x, w_ih, bias), lambda at, s: (rnn_step(at, s[0], w_hh, None, self.nonlinearity),)

    def forward(self, input: Any, hx: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All outputs (T, N, directions · hidden), and the last state (layers · directions, N, hidden).

        Parameters
        ----------
        input : Tensor
            The sequences.
        hx : Tensor, optional
            The first state, (layers · directions, N, hidden); 0 unless given.
        lengths : sequence of int, optional
            Number of steps of each sequence.
        """
        output, (h,) = self._run(input, None if hx is None else (hx,), lengths)
        return output, h


@layer(lstm_step, *_SAMPLES)
class LSTM(_Recurrent):
    r"""Long short-term memory (Hochreiter & Schmidhuber, 1997).

    .. math::
        (\tilde i, \tilde f, \tilde g, \tilde o)_t = W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}, \qquad
        c_t = σ(\tilde f) \odot c_{t-1} + σ(\tilde i) \odot \tanh \tilde g, \qquad
        h_t = σ(\tilde o) \odot \tanh c_t

    Options and shapes as for `RNN`; the gates stand one above the other in the weights, in the order
    :math:`i, f, g, o`. Called with an optional first state ``(h, c)``; returns
    ``(output, (h, c))``.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> output, (h, c) = nn.LSTM(3, 4, num_layers=2)(cr.ones((5, 2, 3)))
    >>> output.shape, h.shape, c.shape
    ((5, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates, states = 4, 2

    def _prepare(self, weights: tuple[Any, ...], x: Any) -> tuple[Any, Step]:
        w_ih, w_hh, b_ih, b_hh = weights
        bias = None if b_ih is None else b_ih + b_hh
        return linear(x, w_ih, bias), lambda at, s: lstm_step(at, s[0], s[1], w_hh)

    def forward(
        self, input: Any, hx: tuple[Any, Any] | None = None, lengths: Any = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """All outputs, and the last states ``(h, c)``; shapes and arguments as for `RNN`."""
        output, (h, c) = self._run(input, hx, lengths)
        return output, (h, c)


@layer(gru_step, *_SAMPLES)
class GRU(_Recurrent):
    r"""Gated recurrent unit (Cho et al., 2014).

    .. math::
        r_t, z_t = σ(W_{i} x_t + b_{i} + W_{h} h_{t-1} + b_{h})_{r,z}, \qquad
        n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn})), \qquad
        h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}

    Options and shapes as for `RNN`; the gates stand one above the other in the weights, in the order
    :math:`r, z, n`.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> output, h = nn.GRU(3, 4, bidirectional=True)(cr.ones((5, 2, 3)))
    >>> output.shape, h.shape
    ((5, 2, 8), (2, 2, 4))
    """

    gates = 3

    def _prepare(self, weights: tuple[Any, ...], x: Any) -> tuple[Any, Step]:
        w_ih, w_hh, b_ih, b_hh = weights
        return linear(x, w_ih, b_ih), lambda at, s: (gru_step(at, s[0], w_hh, b_hh),)

    def forward(self, input: Any, hx: Any = None, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """All outputs, and the last state; shapes and arguments as for `RNN`."""
        output, (h,) = self._run(input, None if hx is None else (hx,), lengths)
        return output, h
