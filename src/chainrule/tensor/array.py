"""The class of tensors, and of those that live on between calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

import chainrule.tensor.messages  # noqa: F401  (registers the messages used here)
from chainrule import dtypes
from chainrule.autodiff import tape
from chainrule.core.changes import CHANGES
from chainrule.core.interpreter import Symbol, Value, lift, state, wrap
from chainrule.dtypes import DTypeLike
from chainrule.errors import error
from chainrule.functions import indexing
from chainrule.ops import pointwise
from chainrule.tensor.exchange import Exchange, unknown
from chainrule.tensor.methods import Methods
from chainrule.tensor.operators import Operators


class Tensor(Methods, Operators, Exchange):
    """An array with derivatives.

    Made by `chainrule.tensor`, `zeros`, `ones`, … and by operations; not changed in place.

    Attributes
    ----------
    grad : Tensor or None
        What `backward` has added up for this tensor.
    name : str
        Shown in graphs, explanations and errors; may be empty.
    """

    __slots__ = ("grad", "name")

    grad: Tensor | None
    name: str
    __array_priority__ = 100

    def __init__(self, data: npt.ArrayLike, dtype: DTypeLike | None = None, *, name: str = "") -> None:
        given = None if dtype is None else dtypes.canonical(dtype)
        self.data = np.array(lift(data, given).numpy(), dtype=given, order="C")
        self.entry, self.slot, self.duals = None, 0, None
        self.grad, self.name = None, name

    @property
    def requires_grad(self) -> bool:
        """Whether a derivative by, or through, this tensor can be asked for."""
        return self.entry is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    @property
    def is_leaf(self) -> bool:
        """Whether it was given rather than computed from tensors that require a gradient."""
        return self.entry is None or self.entry.is_leaf

    def requires_grad_(self, wanted: bool = True) -> Tensor:
        """Ask for (or stop) derivatives by this tensor; returns the tensor itself."""
        if wanted:
            tape.make_leaf(self)
        else:
            self.entry = None
        return self

    def backward(
        self, gradient: Any = None, *, retain_graph: bool = False, create_graph: bool = False
    ) -> None:
        r"""Add the derivative of this tensor to the ``grad`` of every leaf it was computed from.

        .. math:: \bar{x} \mathrel{+}= \sum \frac{∂y}{∂x}\, \bar{y}

        Parameters
        ----------
        gradient : Tensor, optional
            :math:`\bar{y}`, of this tensor's shape; 1 for a tensor of one element.
        retain_graph : bool
            Keep what is needed to call `backward` again.
        create_graph : bool
            Make the gradients differentiable themselves.
        """
        tape.backward(self, gradient, retain_graph=retain_graph, create_graph=create_graph)

    def detach(self) -> Tensor:
        """The same elements, cut off from how they were computed."""
        return wrap(self.data)

    def item(self) -> Any:
        """The only element, as a Python number."""
        if self.size != 1:
            raise error("ops.item", size=self.size, shape=self.shape)
        return self.numpy().astype(dtypes.shown_in(self.dtype), copy=False).item()

    def tolist(self) -> Any:
        """The elements as nested lists."""
        return self.numpy().astype(dtypes.shown_in(self.dtype), copy=False).tolist()

    def assign(self, value: Any) -> Tensor:
        """Give this tensor new elements of the same shape: for parameters and other state.

        Graphs already recorded on the tape keep the elements that they were computed with.

        Raises
        ------
        StateError
            The shape differs.
        """
        new = lift(value)
        if new.shape != self.shape:
            raise error("tensor.assign", name=self.name or "tensor", got=new.shape, expected=self.shape)
        new = new if new.dtype == self.dtype else pointwise.cast(new, dtype=self.dtype)
        state.layers[0].assign(self, new.detach().data)
        return self

    def __len__(self) -> int:
        if not self.shape:
            raise error("tensor.no_axes")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if isinstance(self.data, Symbol):
            raise unknown(self, "graph.branch")
        if self.size != 1:
            raise error("ops.truth", shape=self.shape)
        return bool(self.data)

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.size != 1 or dtypes.letter(self.dtype) not in "iu":
            raise error("tensor.index", spec=self.spec)
        if isinstance(self.data, Symbol):
            raise unknown(self, "graph.index")
        return int(self.item())

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        if isinstance(self.data, Symbol):
            return f"tensor(symbolic {self.spec})"
        values = self.data.astype(dtypes.shown_in(self.dtype), copy=False)
        body = np.array2string(values, separator=", ", prefix="tensor(")
        plain = self.dtype in (dtypes.float32, dtypes.int64, dtypes.bool_)
        extra = "" if plain else f", dtype={self.dtype}"
        return f"tensor({body}{extra}{', requires_grad=True' if self.requires_grad else ''})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __getitem__(self, index: Any) -> Tensor:
        return indexing.getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise error("ops.immutable")

    def __delitem__(self, index: Any) -> None:
        raise error("ops.immutable")

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if isinstance(self.data, Symbol):
            raise unknown(self)
        copy = type(self).__new__(type(self))
        copy.data, copy.entry, copy.slot, copy.duals = self.data.copy(), None, 0, None
        copy.grad, copy.name = None, self.name
        memo[id(self)] = copy
        return copy.requires_grad_(self.requires_grad)


class State(Tensor):
    """A tensor that lives on between calls and is given new elements by `assign`.

    Parameters, buffers and the state of random numbers are of this kind. A recorded function
    reads them anew at each call, where it would keep any other tensor as a constant.
    """

    __slots__ = ()

    def detach(self) -> Tensor:
        """The same elements, cut off from how they were computed; a recorded function reads them anew."""
        return wrap(state.layers[0].read(self))

    def requires_grad_(self, wanted: bool = True) -> Tensor:
        """Ask for (or stop) derivatives by this tensor; returns the tensor itself."""
        super().requires_grad_(wanted)
        CHANGES.note()
        return self

    def __bool__(self) -> bool:
        state.layers[0].on_elements(self)
        return super().__bool__()

    def _elements(self) -> np.ndarray:
        state.layers[0].on_elements(self)
        return super()._elements()


Value.tensor_class = Tensor


def tensor(
    data: npt.ArrayLike, dtype: DTypeLike | None = None, *, requires_grad: bool = False, name: str = ""
) -> Tensor:
    """Make a tensor from numbers, nested lists or an array; the elements are copied.

    Parameters
    ----------
    data : array_like
        Python floats become ``float32``, integers ``int64``; an array keeps its type.
    dtype : dtype, optional
        Element type.
    requires_grad : bool
        Whether derivatives by this tensor will be asked for.
    name : str
        Shown in graphs, explanations and errors.

    Raises
    ------
    DTypeError
        The elements are not numbers, or the rows of a nested list differ in length.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.tensor([[1.0, 2.0], [3.0, 4.0]]) @ cr.tensor([1.0, 1.0])
    tensor([3., 7.])
    """
    made = Tensor(data, dtype, name=name)
    return made.requires_grad_() if requires_grad else made
