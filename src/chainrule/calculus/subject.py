r"""The function that a tool of calculus works on: how it takes its point, its derivatives, its formula.

Derivatives are asked for by multi-index along directions :math:`u_1, …, u_k`:

.. math:: D_m f(p) = \frac{∂^{|m|}}{∂s_1^{m_1} \cdots ∂s_k^{m_k}} f(p + s_1 u_1 + \dots + s_k u_k) \Big|_{s=0}

and come from Taylor mode: all of them from one run of the function.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule.calculus.messages  # noqa: F401  (registers the messages used here)
from chainrule.autodiff import expand
from chainrule.autodiff.taylor import Index, less, unit
from chainrule.calculus.fields import Form, as_tensor, form_of
from chainrule.core.interpreter import Value
from chainrule.core.op import Op
from chainrule.errors import ChainruleError, GraphError, error
from chainrule.functions.shaping import broadcast_to, moveaxis, reshape, stack
from chainrule.graph import Graph, record
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from chainrule.calculus.symbolic import Array

Function = Callable[..., Any]
Partials = dict[Index, Any]
_STEP = np.finfo(np.float64).eps ** 0.2
_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Points:
    """Points as columns.

    Attributes
    ----------
    form : Form
        How the function takes them.
    columns : Tensor
        All points, shape (n, m).
    batch : tuple of int
        The shape in which m points were given; () for a single one.
    """

    form: Form
    columns: Tensor
    batch: tuple[int, ...]


class Subject:
    """A function with its derivatives.

    Parameters
    ----------
    f : callable
        Function of several numbers, ``f(x, y)``, or of one vector, ``f(v)``.
    what : str
        The tool's name, for errors.
    scalar : bool
        Whether a function of one argument takes a number rather than a vector.
    size : int, optional
        How many components the vector has, where that cannot be told from a point.
    single : bool
        Whether the result must be one number.
    """

    def __init__(
        self, f: Function, what: str, *, scalar: bool = False, size: int | None = None, single: bool = False
    ) -> None:
        if not callable(f):
            raise error("fields.function", what=what, kind=type(f).__name__)
        self.f, self.what, self.scalar, self.size, self.single = f, what, scalar, size, single
        self.name = _name(f)
        self._graphs: dict[Form, Graph | ChainruleError] = {}
        self.arguments, self.required = _arguments(f)
        if scalar and self.required > 1:
            raise error("calculus.one_variable", what=what, names=", ".join(self.arguments))

    @property
    def count(self) -> int | None:
        """Number of variables; None if that depends on the vector that is given."""
        return self.required if self.scalar or self.required > 1 else self.size

    def form(self, count: int | None = None, *, vector: bool = True) -> Form:
        """How the function takes a number of variables, by default as many as its signature tells."""
        if count is None:
            count = self.count
        if count is None:
            raise error("calculus.size", what=self.what)
        form = form_of(self.f, count, self.what, vector=vector and not self.scalar)
        return replace(form, names=self.f.args) if isinstance(self.f, Op) else form

    def points(self, given: Sequence[Any]) -> Points:
        """The points that were given, as one number or array per variable, or as vectors (…, n)."""
        if not given:
            raise error("calculus.no_point", what=self.what)
        tensors = [as_tensor(x) for x in given]
        is_number = len(given) == 1 and self.required == 1 and not tensors[0].shape
        if self.scalar or is_number:
            return self._of_numbers(tensors, vector=False)
        if len(given) > 1:
            return self._of_numbers(tensors)
        if not tensors[0].shape:
            raise error("calculus.point", what=self.what, expected=self.required, got=1)
        (last,) = tensors
        count, batch = last.shape[-1], last.shape[:-1]
        columns = reshape(moveaxis(last, -1, 0), (count, math.prod(batch)))
        return Points(self.form(count), columns, batch)

    def _of_numbers(self, tensors: list[Tensor], *, vector: bool = True) -> Points:
        if self.scalar and len(tensors) != 1:
            raise error("calculus.point", what=self.what, expected=1, got=len(tensors))
        batch = np.broadcast_shapes(*(x.shape for x in tensors))
        rows = [reshape(broadcast_to(x, batch), (math.prod(batch),)) for x in tensors]
        return Points(self.form(len(rows), vector=vector), stack(rows), batch)

    def graph(self, form: Form) -> Graph:
        """The function as a graph, or the error that says why it cannot be recorded."""
        if form not in self._graphs:
            self._graphs[form] = self._recorded(form)
        found = self._graphs[form]
        if isinstance(found, Graph):
            return found
        raise found

    def _recorded(self, form: Form) -> Graph | ChainruleError:
        try:
            graph = record(self.f, *form.specs, name=self.name)
        except GraphError as problem:
            if problem.key == "graph.value":
                raise error("calculus.left_tensors", what=self.what) from problem
            return problem
        if not graph.outputs:
            raise error("fields.no_result", what=self.what)
        return graph

    def result(self, y: Any) -> Tensor:
        """What the function gave, as one tensor."""
        if y is None:
            raise error("fields.no_result", what=self.what)
        if isinstance(y, list | tuple):
            return stack([as_tensor(part) for part in y])
        return as_tensor(y)

    def is_elementwise(self, form: Form) -> bool:
        """Whether many points can be given at once, as columns, with the results as columns."""
        try:
            return _works_on_columns(self.graph(form))
        except GraphError:
            return False

    def partials(self, points: Points, indices: Sequence[Index], directions: Any = None) -> Partials:
        """The derivatives at every point, by multi-index; the points along the last axis."""
        found = self.coefficients(points, indices, directions)
        return {m: found[m] * float(math.prod(map(math.factorial, m))) for m in indices}

    def coefficients(self, points: Points, indices: Sequence[Index], directions: Any = None) -> Partials:
        r"""The Taylor coefficients :math:`D_m f / m!` at every point; the points along the last axis."""
        if self.is_elementwise(points.form):
            return self._together(points.form, points.columns, indices, directions)
        m = points.columns.shape[1]
        each = [self._together(points.form, points.columns[:, i], indices, directions) for i in range(m)]
        return {k: stack([found[k] for found in each], axis=-1) for k in indices}

    def _together(self, form: Form, p: Tensor, indices: Sequence[Index], directions: Any) -> Partials:
        directions = np.eye(form.count) if directions is None else np.asarray(directions)
        rows = p.shape[1:]
        moves: list[list[Tensor | None]]
        if form.vector:
            args = [p]
            moves = [[_column(u, rows)] for u in directions]
        else:
            args = [p[i] for i in range(form.count)]
            moves = [[_ones(entry, rows) for entry in u] for u in directions]
        seeds = {unit(k, len(directions)): move for k, move in enumerate(moves)}
        return expand(lambda *x: self._of_columns(x, rows), args, seeds, indices, what=self.what)

    def _of_columns(self, args: Sequence[Any], rows: tuple[int, ...]) -> Tensor:
        y = self.f(*args)
        if rows:  # A component may be constant.
            parts = y if isinstance(y, list | tuple) else [y]
            spread = [broadcast_to(self.result(part), rows) for part in parts]
            y = spread if isinstance(y, list | tuple) else spread[0]
        result = self.result(y)
        if self.single and result.shape != rows:
            own = result.shape[: len(result.shape) - len(rows)]
            raise error("fields.not_scalar", what=self.what, shape=own)
        return result

    def differences(self, points: Points, indices: Sequence[Index], directions: Any = None) -> Partials:
        r"""The same as `partials`, each by differences of a derivative of one order less.

        .. math:: g' \approx \frac{g(-2h) - 8 g(-h) + 8 g(h) - g(2h)}{12 h}
        """
        moves = np.eye(points.form.count) if directions is None else np.asarray(directions)
        return {m: self._difference(points, m, moves) for m in indices}

    def _difference(self, points: Points, m: Index, directions: np.ndarray) -> np.ndarray:
        axis = next((i for i, n in enumerate(m) if n), None)
        if axis is None:
            return np.asarray(self.partials(points, [m], directions)[m])
        lower, columns = less(m, unit(axis, len(m))), points.columns.numpy()
        h = _STEP * np.maximum(1.0, np.abs(columns).max(axis=0, initial=0.0))

        def at(steps: int) -> np.ndarray:
            moved = as_tensor(columns + steps * h * directions[axis][:, None])
            return np.asarray(self.partials(replace(points, columns=moved), [lower], directions)[lower])

        return np.asarray((at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h))

    def expressions(self, form: Form) -> tuple[Array, list[Any]]:
        """The result as an array of expressions, and the symbols of the variables."""
        import sympy as sp

        from chainrule.calculus.symbolic import expressions

        symbols = [sp.Symbol(name, real=True) for name in form.names]
        places = [np.array(symbols, object)] if form.vector else [np.array(s, object) for s in symbols]
        graph = self.graph(form)
        found = expressions(graph, places)
        result = np.stack(found) if isinstance(graph.result, list | tuple) else found[0]
        if self.single and result.ndim:
            raise error("fields.not_scalar", what=self.what, shape=result.shape)
        return result, symbols


def _name(f: Function) -> str:
    name = f.name if isinstance(f, Op) else getattr(f, "__name__", "f")
    return "f" if name == "<lambda>" else str(name)


def _arguments(f: Function) -> tuple[tuple[str, ...], int]:
    """Names of the arguments, and how many of them must be given (1 if the signature does not tell)."""
    if isinstance(f, Op):
        return f.args, len(f.args)
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return ("x",), 1
    names = tuple(p.name for p in parameters if p.kind in _PLAIN)
    required = sum(p.kind in _PLAIN and p.default is p.empty for p in parameters)
    return names, max(required, 1)


def _column(u: Any, rows: tuple[int, ...]) -> Tensor:
    column = np.asarray(u, np.float64).reshape(-1, *(1 for _ in rows))
    return as_tensor(np.broadcast_to(column, (len(column), *rows)))


def _ones(entry: float, rows: tuple[int, ...]) -> Tensor | None:
    """How one variable moves; None where it stays."""
    return None if entry == 0 else as_tensor(np.full(rows, float(entry)))


def _works_on_columns(graph: Graph) -> bool:
    """Whether a graph first picks single components, and then computes element by element."""
    slices: set[Any] = set()
    for node in graph.nodes:
        (first, *_), (out, *_) = node.inputs, node.outputs
        is_slice = node.op.name == "slice" and first in graph.inputs and out.shape == (1,)
        is_pick = node.op.name == "reshape" and first in slices and not out.shape
        is_single = node.op.family == "pointwise" and not any(x.shape for x in (*node.inputs, out))
        if is_slice:
            slices.add(out)
        elif not (is_pick or is_single):
            return False
    return not any(x.shape for x in graph.outputs)


def is_tensor(given: Sequence[Any]) -> bool:
    """Whether any of the numbers given is a tensor."""
    return any(isinstance(x, Value) for x in given)


def signature_of(names: Sequence[str]) -> inspect.Signature:
    """The signature of a function of these variables, for results that are functions themselves."""
    return inspect.Signature([inspect.Parameter(name, _PLAIN[0]) for name in names])
