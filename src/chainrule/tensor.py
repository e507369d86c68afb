r"""The array that a user holds.

A `Tensor` has NumPy's names, operators, indexing and broadcasting, and knows how it was
computed, so that derivatives can be asked of it.

>>> import chainrule as cr
>>> x = cr.tensor([1.0, 2.0, 3.0], requires_grad=True)
>>> y = (x ** 2).sum()
>>> y.backward()
>>> x.grad
tensor([2., 4., 6.])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule import dtypes
from chainrule.autodiff import tape
from chainrule.core.interpreter import Symbol, Value, lift, state, wrap
from chainrule.dtypes import DTypeLike
from chainrule.errors import DTypeError, GradientError, Message, StateError, error, register
from chainrule.functions import activations, indexing, numpy_names, products, reductions, shaping
from chainrule.ops import pointwise, shapes

Axis = int | tuple[int, ...] | None

register(
    "tensor",
    {
        "assign": Message(
            StateError,
            "{name}: cannot assign shape {got} to a tensor of shape {expected}; the shapes must be equal",
            "{name}：不能把形状 {got} 赋给形状为 {expected} 的张量；两者必须相等",
        ),
        "no_axes": Message(
            DTypeError,
            "a tensor with no axes is a single number: it has no length and cannot be iterated over",
            "没有轴的张量是单个数：它没有长度，也不能迭代",
        ),
        "index": Message(
            DTypeError,
            "only an integer tensor of one element can serve as an index or a count, got {spec}",
            "只有含一个元素的整数张量可用作索引或计数，实际为 {spec}",
        ),
        "numpy_function": Message(
            GradientError,
            "np.{name} has no counterpart here, so the derivative of its result would be lost. "
            "Use functions of chainrule, or give it x.detach() if no derivative is wanted",
            "np.{name} 在此没有对应的函数，其结果会丢失导数。请改用 chainrule 的函数；"
            "若不需要导数，请传入 x.detach()",
        ),
    },
)


class Tensor(Value):
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
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return shapes.size(self.shape)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes in reverse order."""
        return self.transpose()

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

    def numpy(self) -> np.ndarray:
        """The elements as a NumPy array that shares memory and cannot be written to."""
        if isinstance(self.data, Symbol):
            raise error("graph.value", spec=self.spec)
        view: np.ndarray = self.data.view()
        view.flags.writeable = False
        return view

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's pointwise functions on a tensor: the row of the same name, so that derivatives are kept."""
        own = numpy_names.UFUNCS.get(ufunc)
        if own is None or method != "__call__" or options:
            function = getattr(ufunc, method)
            return numpy_names.without_derivative(ufunc.__name__, function, inputs, options)
        return own(*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions on a tensor: the function of the same name, or else on the elements."""
        own = numpy_names.FUNCTIONS.get(function)
        if own is None:
            return numpy_names.without_derivative(function.__name__, function, args, kwargs)
        return own(*args, **kwargs)

    def item(self) -> float | int | bool:
        """The only element, as a Python number."""
        if self.size != 1:
            raise error("ops.item", size=self.size, shape=self.shape)
        return self.numpy().item()  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        """The elements as nested lists."""
        return self.numpy().tolist()

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
        state.layers[0].assign(self, new.data)
        return self

    def astype(self, dtype: DTypeLike) -> Tensor:
        """The same values as another element type."""
        wanted = dtypes.canonical(dtype)
        return self if self.dtype == wanted else pointwise.cast(self, dtype=wanted)

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Sum over axes."""
        return reductions.sum(self, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Arithmetic mean over axes."""
        return reductions.mean(self, axis, keepdims)

    def var(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
        """Variance over axes."""
        return reductions.var(self, axis, ddof, keepdims)

    def std(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Tensor:
        """Standard deviation over axes."""
        return reductions.std(self, axis, ddof, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Largest element over axes."""
        return reductions.max(self, axis, keepdims)

    def min(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Smallest element over axes."""
        return reductions.min(self, axis, keepdims)

    def any(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Whether an element over the axes is true."""
        return reductions.any(self, axis, keepdims)

    def all(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Whether all elements over the axes are true."""
        return reductions.all(self, axis, keepdims)

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Index of the first largest element."""
        return reductions.argmax(self, axis, keepdims)

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Index of the first smallest element."""
        return reductions.argmin(self, axis, keepdims)

    def reshape(self, *shape: Any) -> Tensor:
        """The elements in the same order under another shape; one extent may be -1."""
        return shaping.reshape(self, *shape)

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order; reversed if none is given."""
        return shaping.transpose(self, *axes)

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Exchange two axes."""
        return shaping.swapaxes(self, axis1, axis2)

    def squeeze(self, axis: Axis = None) -> Tensor:
        """Drop axes of extent 1."""
        return shaping.squeeze(self, axis)

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Merge axes into one."""
        return shaping.flatten(self, start_dim, end_dim)

    def ravel(self) -> Tensor:
        """All elements in one axis."""
        return shaping.ravel(self)

    def clip(self, low: float | None = None, high: float | None = None) -> Tensor:
        """Limit the elements to an interval."""
        return activations.clip(self, low, high)

    def __len__(self) -> int:
        if not self.shape:
            raise error("tensor.no_axes")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if self.size != 1:
            raise error("ops.truth", shape=self.shape)
        if isinstance(self.data, Symbol):
            raise error("graph.branch", spec=self.spec)
        return bool(self.data)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.size != 1 or self.dtype.kind not in "iu":
            raise error("tensor.index", spec=self.spec)
        return int(self.item())

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        if isinstance(self.data, Symbol):
            return f"tensor(symbolic {self.spec})"
        body = np.array2string(self.data, separator=", ", prefix="tensor(")
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
        copy = type(self).__new__(type(self))
        copy.data, copy.entry, copy.slot, copy.duals = self.data.copy(), None, 0, None
        copy.grad, copy.name = None, self.name
        memo[id(self)] = copy
        return copy.requires_grad_(self.requires_grad)

    def __neg__(self) -> Tensor:
        return pointwise.negative(self)

    def __pos__(self) -> Tensor:
        return self

    def __abs__(self) -> Tensor:
        return pointwise.absolute(self)

    def __invert__(self) -> Tensor:
        return pointwise.logical_not(self)

    def __add__(self, other: Any) -> Tensor:
        return pointwise.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return pointwise.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return pointwise.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return pointwise.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return pointwise.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return pointwise.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return pointwise.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return pointwise.divide(other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return pointwise.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return pointwise.floor_divide(other, self)

    def __mod__(self, other: Any) -> Tensor:
        return pointwise.remainder(self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return pointwise.remainder(other, self)

    def __pow__(self, other: Any) -> Tensor:
        return pointwise.square(self) if type(other) is int and other == 2 else pointwise.power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return pointwise.power(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return products.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return products.matmul(other, self)

    def __and__(self, other: Any) -> Tensor:
        return pointwise.logical_and(self, other)

    def __or__(self, other: Any) -> Tensor:
        return pointwise.logical_or(self, other)

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        return pointwise.equal(self, other) if _is_numeric(other) else NotImplemented

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
        return pointwise.not_equal(self, other) if _is_numeric(other) else NotImplemented

    def __lt__(self, other: Any) -> Tensor:
        return pointwise.less(self, other)

    def __le__(self, other: Any) -> Tensor:
        return pointwise.less_equal(self, other)

    def __gt__(self, other: Any) -> Tensor:
        return pointwise.greater(self, other)

    def __ge__(self, other: Any) -> Tensor:
        return pointwise.greater_equal(self, other)


def _is_numeric(x: object) -> bool:
    """Whether comparing elements with it makes sense; other things are simply not equal to a tensor."""
    return hasattr(x, "__array__") or isinstance(x, int | float | list | tuple)


class State(Tensor):
    """A tensor that lives on between calls and is given new elements by `assign`.

    Parameters, buffers and the state of random numbers are of this kind. A recorded function
    reads them anew at each call, where it would keep any other tensor as a constant.
    """

    __slots__ = ()


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
