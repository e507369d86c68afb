"""``cr.explain``: a function's run, forward and backward, step by step."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

import chainrule.explain.messages  # noqa: F401  (registers the words used here)
from chainrule.autodiff.tape import gradients, make_leaf
from chainrule.core import tree
from chainrule.core.interpreter import Symbol, Value, lift, noting_lines, pushed, wrap
from chainrule.dtypes import is_float
from chainrule.errors import error, text
from chainrule.explain.explanation import Explanation
from chainrule.explain.trace import Tracer


def explain(
    f: Callable[..., Any],
    *args: Any,
    cotangent: Any = None,
    stages: Sequence[str] | str | None = None,
    **kwargs: Any,
) -> Any:
    r"""Run a function and show each step: forward with its formula, backward with its rule and numbers.

    Parameters
    ----------
    f : callable
        Any function of tensors, a module, or a derivative of one such as ``cr.grad(f)``.
    *args, **kwargs
        Its arguments. A float gets a gradient, and so do floating-point tensors and arrays, also
        in lists, tuples and dicts; everything else is passed on as it is.
    cotangent : Tensor, optional
        Where the backward pass starts, for a result :math:`y` of more than one element:
        :math:`L = \sum \bar y \cdot y`.
    stages : str or sequence of str, optional
        How the function is compiled, instead of its numbers: ``graph``, ``gradient graph``, ``loops``,
        ``llvm``, ``asm``, ``memory``, ``time``. A function made by `compile` is shown so by itself, with
        all of them; ``()`` shows its numbers.

    Returns
    -------
    Explanation or StagesExplanation
        To be printed, shown in a notebook, or written as HTML; the first one as LaTeX too.

    Raises
    ------
    DTypeError
        ``f`` is not a function.
    ShapeError
        The cotangent has another shape than the result.
    ConfigError
        There is no such stage, or none for this function.

    Examples
    --------
    >>> import chainrule as cr
    >>> def f(x, w):
    ...     return cr.tanh(x * w)
    >>> print(cr.explain(f, 2.0, 0.5))
    f(x, w)
    <BLANKLINE>
    given
      x = 2.0
      w = 0.5
    <BLANKLINE>
    forward
      <doctest ...>:2: return cr.tanh(x * w)
      1  v1 = x · w = 2.0 · 0.5 = 1.0
      2  v2 = tanh v1 = tanh 1.0 = 0.761594
    <BLANKLINE>
    result
      L = v2 = 0.761594
    <BLANKLINE>
    backward: g is the gradient of a step's result
      <doctest ...>:2: return cr.tanh(x * w)
      2  v2 = tanh v1,  g = ∂L/∂v2 = 1.0
           ∂L/∂v1 = g · (1 - v2²) = 1.0 · 0.419974 = 0.419974
      1  v1 = x · w,  g = ∂L/∂v1 = 0.419974
           ∂L/∂x = g · w = 0.419974 · 0.5 = 0.209987
           ∂L/∂w = g · x = 0.419974 · 2.0 = 0.839949
    <BLANKLINE>
    gradients
      ∂L/∂x = 0.209987
      ∂L/∂w = 0.839949
    """
    if not callable(f):
        raise error("explain.function", kind=type(f).__name__)
    if stages or (stages is None and cotangent is None and _is_compiled(f)):
        from chainrule.explain.stages import explain_stages

        if cotangent is not None:
            raise error("stages.cotangent")
        return explain_stages(f, *args, stages=() if stages is None else stages, **kwargs)
    tracer = Tracer(_names_around(f))
    with pushed(tracer), noting_lines():
        result = f(*_given(f, args, tracer), **_given_by_name(kwargs, tracer))
        tensors = [x for x in map(_as_tensor, tree.leaves(result)) if x is not None]
        results = [tracer.operand(x).variable for x in tensors]
        g, note = _go_back(tracer, tensors, cotangent)
    return Explanation(_name_of(f), tracer.given, tracer.steps, results, g, note)


def _is_compiled(f: Callable[..., Any]) -> bool:
    """Whether a function was made by `compile`; without importing the compiler, which made it then."""
    compiled = sys.modules.get("chainrule.compiler.compiled")
    return compiled is not None and isinstance(f, compiled.Compiled)


def _given(f: Callable[..., Any], args: Sequence[Any], tracer: Tracer) -> list[Any]:
    names = _argument_names(f, len(args))
    return [_renamed(arg, name, tracer) for arg, name in zip(args, names, strict=True)]


def _given_by_name(kwargs: dict[str, Any], tracer: Tracer) -> dict[str, Any]:
    return {key: _renamed(arg, key, tracer) for key, arg in kwargs.items()}


def _renamed(arg: Any, name: str, tracer: Tracer) -> Any:
    """An argument whose tensors are variables of the run."""
    if isinstance(arg, float):
        arg = lift(arg)
    named = dict(_named_leaves(arg, name))
    return tree.map_leaves(lambda x: _leaf(x, named[id(x)], tracer), arg)


def _named_leaves(arg: Any, name: str) -> Iterator[tuple[int, str]]:
    if isinstance(arg, list | tuple):
        for i, item in enumerate(arg):
            yield from _named_leaves(item, f"{name}[{i}]")
    elif isinstance(arg, dict):
        for key, item in arg.items():
            yield from _named_leaves(item, f"{name}[{key!r}]")
    else:
        yield id(arg), name


def _leaf(x: Any, name: str, tracer: Tracer) -> Any:
    """A tensor of its own for a floating-point argument, with a gradient."""
    if not isinstance(x, Value | np.ndarray):
        return x
    given = lift(x)
    if isinstance(given.data, Symbol):
        raise error("graph.value", spec=given.spec)
    tensor = wrap(given.data)
    if is_float(tensor.dtype):
        make_leaf(tensor)
    tracer.add_given(tensor, getattr(x, "name", "") or name, "input")
    return tensor


def _as_tensor(x: Any) -> Value | None:
    return lift(x) if isinstance(x, Value | np.ndarray | np.generic | int | float) else None


def _go_back(tracer: Tracer, results: Sequence[Value], cotangent: Any) -> tuple[np.ndarray | None, str]:
    """The backward pass: what it starts from; or why there is none."""
    if len(results) != 1:
        return None, text("explain.several", count=len(results))
    (y,) = results
    g = _cotangent(y, cotangent)
    if g is None:
        return None, text("explain.not_scalar", shape=y.shape)
    targets = [v.tensor for v in tracer.given if v.tensor is not None]
    if y.entry is None or not targets:
        return None, text("explain.not_differentiable")
    tracer.start_backward(y, g)
    gradients([(y, g)], targets, create_graph=False)
    return g.data, ""


def _cotangent(y: Value, cotangent: Any) -> Value | None:
    if cotangent is None:
        return lift(np.ones(y.shape, y.dtype)) if y.spec.size == 1 else None
    g = lift(cotangent, y.dtype)
    if g.shape != y.shape:
        raise error("explain.cotangent", expected=y.shape, got=g.shape)
    return g


def _signature(f: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(getattr(f, "forward", f)).parameters.values())
    except (TypeError, ValueError):
        return []


def _argument_names(f: Callable[..., Any], count: int) -> list[str]:
    """Names of the positional arguments; those of a ``*args`` are numbered."""
    known = [p for p in _signature(f) if p.kind is not p.KEYWORD_ONLY and p.kind is not p.VAR_KEYWORD]
    names = [p.name for p in known if p.kind is not p.VAR_POSITIONAL][:count]
    rest = next((p.name for p in known if p.kind is p.VAR_POSITIONAL), "x")
    return names + [f"{rest}{i}" for i in range(count - len(names))]


def _names_around(f: Callable[..., Any]) -> dict[int, str]:
    """Names under which a function reaches tensors outside it."""
    f = inspect.unwrap(f)
    code = getattr(f, "__code__", None)
    if code is None:
        return {}
    cells = zip(code.co_freevars, f.__closure__ or (), strict=True)
    around = {name: f.__globals__[name] for name in code.co_names if name in f.__globals__}
    around.update({name: cell.cell_contents for name, cell in cells if _is_filled(cell)})
    return {id(value): name for name, value in around.items() if isinstance(value, Value)}


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _name_of(f: Callable[..., Any]) -> str:
    """``f(x, y)``, as far as it is known."""
    name = getattr(f, "__name__", type(f).__name__)
    name = "λ" if name == "<lambda>" else name
    return f"{name}({', '.join(p.name for p in _signature(f) if p.default is p.empty)})"
