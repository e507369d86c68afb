"""Functions of several real variables, however they take their point, at one point or at many."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import chainrule.calculus.messages
import chainrule.calculus.messages_fields  # noqa: F401  (registers the messages used here)
from chainrule.autodiff import hessian, jacobian, jvp, no_grad, vjp
from chainrule.core.interpreter import Value, lift
from chainrule.core.op import Op
from chainrule.core.spec import Spec
from chainrule.dtypes import letter
from chainrule.errors import GraphError, error
from chainrule.functions.shaping import reshape, stack
from chainrule.graph import record
from chainrule.tensor import Tensor

Function = Callable[..., Any]
Array = npt.NDArray[np.float64]
_VARIABLE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def as_tensor(x: Any) -> Tensor:
    """Numbers as a tensor of ``float64``; a tensor keeps what derivatives need.

    Raises
    ------
    DTypeError
        They are complex, or no numbers.
    """
    tensor: Tensor = x if isinstance(x, Value) else lift(np.asarray(x))  # type: ignore[assignment]
    if letter(tensor.dtype) == "c":
        raise error("fields.complex")
    return tensor.astype(np.float64)


@dataclass(frozen=True)
class Form:
    """How a function takes a point of n variables.

    Attributes
    ----------
    count : int
        Number of variables.
    vector : bool
        Whether it takes one vector, ``f(v)``, rather than a number each, ``f(x, y)``.
    names : tuple of str
        A name for each variable.
    """

    count: int
    vector: bool
    names: tuple[str, ...]

    @property
    def specs(self) -> list[Spec]:
        """What the function is given, for recording."""
        shapes = [(self.count,)] if self.vector else [()] * self.count
        return [Spec(shape, np.dtype(np.float64)) for shape in shapes]

    def call(self, f: Function, v: Any) -> Any:
        """The function at ``v`` (n,), or at the columns of ``v`` (n, m) if it works element by element."""
        return f(v) if self.vector else f(*(v[i] for i in range(self.count)))


def form_of(f: Function, count: int, what: str, *, vector: bool | None = None) -> Form:
    """How a function takes ``count`` variables, told from its signature.

    A function of one argument takes a vector, unless ``vector`` says that it takes a number.

    Raises
    ------
    DTypeError
        It is not a function.
    ShapeError
        It takes another number of arguments.
    """
    if not callable(f):
        raise error("fields.function", what=what, kind=type(f).__name__)
    names, least, most = _parameters(f, count)
    if least <= 1 <= most and (count > 1 or vector):
        letter = names[0] if names else "x"
        return Form(count, True, tuple(f"{letter}{i}" for i in range(1, count + 1)))
    if not least <= count <= most:
        raise error("fields.arguments", what=what, count=count, names=", ".join(names))
    return Form(count, False, tuple(names[:count]))


def _parameters(f: Function, count: int) -> tuple[list[str], int, float]:
    """Names of the arguments, and the least and largest number of them that may be given."""
    if isinstance(f, Op):
        return [*f.args], len(f.args), len(f.args)
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return ["x"], 1, 1
    names = [p.name for p in parameters if p.kind in _VARIABLE]
    least = sum(p.kind in _VARIABLE and p.default is p.empty for p in parameters)
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
        numbered = [f"x{i}" for i in range(1, count + 1)]
        return [*names, *numbered[len(names) :]], max(least, 2 if count > 1 else 0), np.inf
    return names, least, len(names)


def check_tensors(f: Function, form: Form, what: str) -> None:
    """Refuse a function that computes with plain numbers on the way: it would seem to be constant there.

    Raises
    ------
    GradientError
        The function asks for its argument's elements, as ``math.sin(x)`` does.
    """
    try:
        record(f, *form.specs)
    except GraphError as problem:
        if problem.key == "graph.value":
            raise error("calculus.left_tensors", what=what) from problem
    except Exception:  # Where the function is called, its own mistakes are raised again.
        return


def as_point(x0: Any, what: str) -> Array:
    """A start point as an array () or (n,) of finite numbers.

    Raises
    ------
    ShapeError
        It has more than one axis, or no elements.
    ConfigError
        It holds a NaN or an infinity.
    """
    point = np.array(as_tensor(x0).numpy())
    if point.ndim > 1 or point.size == 0:
        raise error("fields.point", what=what, shape=point.shape)
    if not np.isfinite(point).all():
        raise error("fields.not_finite", what=what, point=shown(point))
    return point


def shown(point: Any, digits: int = 6) -> str:
    """A number or point as text: ``1.5``, ``-∞``, or ``(1, -0.5)``."""
    plain = [f"{number + 0.0:.{digits}g}" for number in np.ravel(np.asarray(point, np.float64))]
    numbers = [number.replace("inf", "∞") for number in plain]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


class ScalarField:
    r"""A function :math:`f: \mathbb{R}^n \to \mathbb{R}` with its derivatives, in ``float64``.

    Many points are given as columns of an array (n, m). If ``f`` works element by element it is
    called once for all of them; otherwise once for each. Which holds is found out at the first
    batch, by comparing some of its results with single calls.
    """

    def __init__(self, f: Function, form: Form, what: str) -> None:
        self.f, self.form, self.what = f, form, what
        self.evaluations = 0
        self._elementwise: bool | None = None
        self._checked = False

    def __call__(self, v: Tensor) -> Tensor:
        """The value () at a point (n,), as a differentiable tensor."""
        self.evaluations += 1
        result = self.form.call(self.f, v)
        if result is None:
            raise error("fields.no_result", what=self.what)
        y = as_tensor(result)
        if y.size != 1:
            raise error("fields.not_scalar", what=self.what, shape=y.shape)
        return reshape(y, ())

    def many(self, points: Any) -> Tensor:
        """The values (m,) at the columns of ``points`` (n, m), as a differentiable tensor."""
        points = as_tensor(points)
        if self._elementwise is None and points.shape[1] > 1:
            self._elementwise = self._is_elementwise(points)
        if self._elementwise:
            self.evaluations += points.shape[1]
            return as_tensor(self.form.call(self.f, points))
        return stack([self(points[:, i]) for i in range(points.shape[1])])

    def _is_elementwise(self, points: Tensor) -> bool:
        before, count = self.evaluations, points.shape[1]
        with no_grad():
            try:
                together = as_tensor(self.form.call(self.f, points.detach())).numpy()
            except Exception:  # Should it be the function's own mistake, single calls raise it again.
                return False
            some = [0, count // 2, count - 1]
            alone = [self(points.detach()[:, i]).item() for i in some] if together.shape == (count,) else []
        self.evaluations = before
        return bool(alone) and np.allclose(together[some], alone, rtol=1e-9, atol=1e-300, equal_nan=True)

    def value(self, point: Array) -> float:
        """The value at a point (n,)."""
        with no_grad():
            return float(self(as_tensor(point)).item())

    def gradient(self, point: Array) -> Array:
        r""":math:`\nabla f` (n,) at a point (n,)."""
        return self.gradients(point[:, None])[:, 0]

    def hessian(self, point: Array) -> Array:
        r""":math:`\nabla^2 f` (n, n) at a point (n,)."""
        self._check_tensors()
        return symmetric(hessian(self)(as_tensor(point)).numpy())

    def values(self, points: Array) -> Array:
        """The values (m,) at the columns of ``points`` (n, m)."""
        with no_grad():
            return np.array(self.many(points).numpy())

    def gradients(self, points: Array) -> Array:
        """The gradients, as columns (n, m), at the columns of ``points`` (n, m)."""
        return np.array(self._gradients(as_tensor(points)).numpy())

    def _check_tensors(self) -> None:
        if not self._checked:
            check_tensors(self.f, self.form, self.what)
            self._checked = True

    def _gradients(self, points: Tensor) -> Tensor:
        self._check_tensors()
        values, pull_back = vjp(self.many, points)
        gradients: Tensor = pull_back(np.ones(values.shape))[0]
        return gradients

    def hessians(self, points: Array) -> Array:
        """The Hessians (m, n, n) at the columns of ``points`` (n, m)."""
        directions = np.broadcast_to(np.eye(len(points))[:, :, None], (len(points), *points.shape))
        at = as_tensor(points)
        columns = [jvp(self._gradients, (at,), (as_tensor(d),))[1].numpy() for d in directions]
        return symmetric(np.moveaxis(np.array(columns), -1, 0))


def symmetric(H: npt.NDArray[Any]) -> Array:
    """The symmetric part, without the rounding errors by which a Hessian's halves differ."""
    return np.asarray(H + np.swapaxes(H, -1, -2)) / 2


class VectorField:
    r"""A function :math:`F: \mathbb{R}^n \to \mathbb{R}^k` with its Jacobian, in ``float64``.

    Made of functions that each give a number or several, one under the other.
    """

    def __init__(self, parts: Sequence[Function], forms: Sequence[Form], what: str) -> None:
        self.parts, self.forms, self.what = tuple(parts), tuple(forms), what
        self._checked = False

    def __call__(self, v: Tensor) -> list[Tensor]:
        """The components at a point (n,), each a tensor ()."""
        return [
            y for f, form in zip(self.parts, self.forms, strict=True) for y in self._components(f, form, v)
        ]

    def _components(self, f: Function, form: Form, v: Tensor) -> list[Tensor]:
        result = form.call(f, v)
        if result is None:
            raise error("fields.no_result", what=self.what)
        parts = [lift(part) for part in (result if isinstance(result, list | tuple) else [result])]
        if any(part.dtype == bool for part in parts):
            raise error("fields.comparison", what=self.what)
        return [y for part in parts for y in reshape(as_tensor(part), (-1,))]

    def values(self, point: Array) -> Array:
        """The values (k,) at a point (n,)."""
        with no_grad():
            return np.array([y.item() for y in self(as_tensor(point))])

    def jacobian(self, point: Array) -> Array:
        """The partial derivatives (k, n) at a point (n,)."""
        if not self.parts:
            return np.zeros((0, len(point)))
        if not self._checked:
            for f, form in zip(self.parts, self.forms, strict=True):
                check_tensors(f, form, self.what)
            self._checked = True
        return np.array(jacobian(lambda v: stack(self(v)))(as_tensor(point)).numpy())
