r"""Derivatives of functions: ``grad``, ``vjp``, ``jvp``, ``jacobian``, ``hessian``, ``hvp``.

All take a function of tensors and give a function or tensors, and nest in any order and to any
depth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

import numpy as np

from chainrule.autodiff import checks
from chainrule.autodiff.forward import Level
from chainrule.autodiff.modes import enable_grad
from chainrule.autodiff.tape import gradients, make_leaf, outside_of, seed_for
from chainrule.core import tree
from chainrule.core.arrays import allocating
from chainrule.core.derivative import conjugated, is_complex, zeros_like
from chainrule.core.interpreter import Value, lift, pushed
from chainrule.dtypes import is_float
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.ops.pointwise import identity

Function = Callable[..., Any]
ArgNums = int | Sequence[int]
_MODES = ("auto", "forward", "reverse")


def _named(kind: str, f: Function) -> Callable[[Function], Function]:
    """Let a derivative have its function's arguments and a name of its own, for graphs and explanations."""

    def rename(wrapped: Function) -> Function:
        renamed = wraps(f)(wrapped)
        renamed.__name__ = f"{kind}_{getattr(f, '__name__', 'f').strip('<>')}"
        return renamed

    return rename


def _alias(x: Any, what: str, position: int) -> Value:
    """The tensor under a new name, so that derivatives by it do not reach other uses of it."""
    if not isinstance(x, Value | int | float | complex | np.ndarray | np.generic):
        raise error("autodiff.argument", what=what, position=position, kind=type(x).__name__)
    value = _plain(x)
    if not is_float(value.dtype):
        raise error("autodiff.leaf_float", dtype=value.dtype)
    alias: Value = identity(value)
    if alias.entry is None:
        make_leaf(alias)
    return alias


def _aliases(args: Sequence[Any], argnums: Sequence[int], what: str) -> tuple[list[Any], list[Any]]:
    """The arguments with those to differentiate by renamed, and these by themselves."""
    renamed = list(args)
    for i in argnums:
        renamed[i] = tree.map_leaves(partial(_alias, what=what, position=i), args[i])
    return renamed, [renamed[i] for i in argnums]


def value_and_grad(f: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function:
    r"""The function that returns both ``f(…)`` and its gradient.

    Parameters
    ----------
    f : callable
        Returns a tensor of one element (with ``has_aux``: a pair of it and anything else).
    argnums : int or sequence of int
        Arguments to differentiate by; each may be a tensor or a nest of tensors.
    has_aux : bool
        Whether ``f`` returns something besides.

    Returns
    -------
    callable
        ``(value, gradient)``; the gradient has the form of the argument, or is a tuple.

    Examples
    --------
    >>> import chainrule as cr
    >>> value, slope = cr.value_and_grad(lambda x: x ** 3)(2.0)
    >>> float(value), float(slope)
    (8.0, 12.0)
    """
    checks.check_function(f, "grad")
    numbers = checks.argument_numbers(argnums, "grad")

    @_named("value_and_grad", f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        checks.check_argument_numbers(numbers, args, "grad")
        with enable_grad():
            renamed, targets = _aliases(args, numbers, "grad")
            result = f(*renamed, **kwargs)
        y, aux = checks.value_and_aux(result, "grad") if has_aux else (result, None)
        y = checks.single_result(y, "grad")
        flat = list(tree.leaves(targets))
        found = gradients([(y, seed_for(y, None, "grad"))], flat)
        grads = _fill(targets, flat, found)
        value = outside_of(y, flat)
        return (value, aux) if has_aux else value, grads[0] if isinstance(argnums, int) else tuple(grads)

    return wrapped


def grad(f: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function:
    r"""The gradient function, :math:`\nabla f`, of a function with one element as result.

    Parameters and errors as for `value_and_grad`.

    Examples
    --------
    >>> import chainrule as cr
    >>> f = lambda x: x ** 3
    >>> float(cr.grad(f)(2.0)), float(cr.grad(cr.grad(f))(2.0))
    (12.0, 12.0)
    """
    both = value_and_grad(f, argnums, has_aux=has_aux)

    @_named("grad", f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        value, gradient = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return wrapped


def vjp(f: Function, *args: Any) -> tuple[Any, Function]:
    r"""The value of ``f`` and its pull-back :math:`\bar y \mapsto \bar y^{T} J`.

    Returns
    -------
    (y, pull_back)
        ``pull_back(cotangent)`` gives a tuple with one cotangent per argument; it may be called
        again, and differentiated.

    Examples
    --------
    >>> import chainrule as cr
    >>> y, pull_back = cr.vjp(lambda a, b: a * b, 3.0, 4.0)
    >>> [float(g) for g in pull_back(1.0)]
    [4.0, 3.0]
    """
    checks.check_function(f, "vjp")
    with enable_grad():
        renamed, targets = _aliases(args, range(len(args)), "vjp")
        result = f(*renamed)
    outputs = [lift(y) for y in tree.leaves(result)]
    flat = list(tree.leaves(targets))

    def pull_back(cotangent: Any) -> Any:
        given = checks.one_for_each(cotangent, outputs, "autodiff.cotangents")
        roots = [(y, seed_for(y, g, "vjp")) for y, g in zip(outputs, given, strict=True)]
        traced = any(g.entry is not None for _, g in roots)
        found = gradients(roots, flat, create_graph=True if traced else None)
        return tuple(_fill(targets, flat, found))

    values = iter([outside_of(y, flat) for y in outputs])
    return tree.refill(result, values), pull_back


def _fill(targets: Any, flat: list[Any], found: list[Any]) -> Any:
    """Gradients in the form of the arguments, zeros where the result does not depend on one."""
    filled = [zeros_like(x) if g is None else g for g, x in zip(found, flat, strict=True)]
    return tree.refill(targets, iter(filled))


def jvp(f: Function, args: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    r"""The value of ``f`` and its derivative along a direction, :math:`J\,t`, by forward mode.

    Parameters
    ----------
    args, tangents : sequences
        The point and the direction, of equal form.

    Examples
    --------
    >>> import chainrule as cr
    >>> y, slope = cr.jvp(lambda x: x ** 3, (2.0,), (1.0,))
    >>> float(y), float(slope)
    (8.0, 12.0)
    """
    checks.check_function(f, "jvp")
    if isinstance(args, Value) or isinstance(tangents, Value):
        raise error("autodiff.jvp_tuples")
    level = Level()
    lifted = [tree.map_leaves(_plain, a) for a in args]
    points = list(tree.leaves(lifted))
    given = checks.one_for_each(list(tangents), points, "autodiff.tangent_count")
    directions = [lift(t, x.dtype) for t, x in zip(given, points, strict=True)]
    for i, (x, t) in enumerate(zip(points, directions, strict=True)):
        if x.shape != t.shape:
            raise error("autodiff.tangents", name=f"tangent {i}", got=t.shape, expected=x.shape)
    renamed = [identity(x) for x in points]
    for x, t in zip(renamed, directions, strict=True):
        level.set_tangent(x, t)
    with pushed(level):
        result = f(*tree.refill(lifted, iter(renamed)))
    return result, tree.map_leaves(lambda y: _tangent(level, lift(y)), result)


def _plain(x: Any) -> Value:
    return lift(float(x) if isinstance(x, int) else x)


def _tangent(level: Level, y: Value) -> Value:
    t = level.tangent(y)
    return zeros_like(y) if t is None else t


def _basis(x: Value) -> list[Any]:
    """All tensors of a shape with a single 1."""
    unit = np.eye(x.spec.size).astype(x.dtype)
    return [lift(row.reshape(x.shape)) for row in unit]


def jacobian(f: Function, argnums: int = 0, *, mode: str = "auto") -> Function:
    r"""The function that gives all partial derivatives, :math:`J_{ij} = ∂y_i / ∂x_j`.

    Parameters
    ----------
    f : callable
        Returns one tensor.
    argnums : int
        The argument (one tensor) to differentiate by.
    mode : {"auto", "forward", "reverse"}
        Columns by `jvp`, or rows by `vjp`; by default whichever needs fewer passes.

    Returns
    -------
    callable
        A tensor of shape ``(*y.shape, *x.shape)``. Of a complex argument ``f`` must be holomorphic.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.jacobian(lambda x: x * x)(cr.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    checks.check_function(f, "jacobian")
    if mode not in _MODES:
        raise error("autodiff.mode", got=repr(mode), known=", ".join(map(repr, _MODES)))

    @_named("jacobian", f)
    def wrapped(*args: Any) -> Any:
        checks.check_argument_numbers([argnums], args, "jacobian")
        x = _plain(args[argnums])

        def of_one(x: Any) -> Any:
            given = [*args]
            given[argnums] = x
            return checks.single_result(f(*given), "jacobian")

        y, pull_back = vjp(of_one, x)
        forward = x.spec.size <= y.spec.size if mode == "auto" else mode == "forward"
        if is_complex(x) and not is_complex(y):
            raise error("autodiff.jacobian_complex")
        if 0 in (*y.shape, *x.shape):
            return lift(np.zeros((*y.shape, *x.shape), y.dtype))
        with allocating("jacobian", (*y.shape, *x.shape), y.dtype):
            basis = _basis(x if forward else y)
        if forward:
            columns = [jvp(of_one, (x,), (unit,))[1] for unit in basis]
            return shaping.reshape(shaping.stack(columns, axis=-1), (*y.shape, *x.shape))
        rows = [conjugated(pull_back(unit)[0]) for unit in basis]
        return shaping.reshape(shaping.stack(rows), (*y.shape, *x.shape))

    return wrapped


def hessian(f: Function, argnums: int = 0) -> Function:
    r"""The function that gives all second derivatives, :math:`H_{ij} = ∂^2 y / ∂x_i ∂x_j`.

    Forward mode over reverse mode; ``f`` returns one element.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.hessian(lambda x: (x ** 3).sum())(cr.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacobian(grad(f, argnums), argnums, mode="forward")


def hvp(f: Function, x: Any, v: Any) -> Any:
    r"""Hessian times vector, :math:`H v`, without the Hessian: the gradient's derivative along ``v``.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.hvp(lambda x: (x ** 3).sum(), cr.tensor([1.0, 2.0]), cr.tensor([1.0, 1.0]))
    tensor([ 6., 12.])
    """
    return jvp(grad(f), (x,), (v,))[1]
