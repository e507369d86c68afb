"""Functions over the steps of a sequence that carry no state of their own: ``map``, ``associative_scan``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.control.bodies import check_function
from chainrule.control.scan import scan, sequence_length
from chainrule.core import tree
from chainrule.core.interpreter import lift
from chainrule.errors import error
from chainrule.functions import shaping
from chainrule.ops import move
from chainrule.ops.index import gather
from chainrule.ops.shapes import normalize_axis

Function = Callable[..., Any]


def map(f: Callable[[Any], Any], xs: Any) -> Any:
    """Apply a function to each step along axis 0, and stack the results.

    Where the function can be written for the whole tensor at once, that is quicker.

    Parameters
    ----------
    f : callable
        Of one step: a tensor or nest, like ``xs`` without its axis 0.
    xs : Tensor or nest
        Sequences of equal length along axis 0.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.map(lambda row: row / row.sum(), cr.tensor([[1.0, 3.0], [2.0, 2.0]]))
    tensor([[0.25, 0.75],
           [0.5 , 0.5 ]])
    """
    check_function("map", f)
    xs = tree.map_leaves(lift, xs)
    sequence_length("map", xs)
    return scan(lambda s, x: (s, f(x)), (), xs)[1]


def associative_scan(f: Function, xs: Any, axis: int = 0, *, reverse: bool = False) -> Any:
    r"""All running results of an associative function, in a number of calls that grows with the logarithm.

    .. math:: y_t = x_0 \circ x_1 \circ \dots \circ x_t

    Parameters
    ----------
    f : callable
        ``(a, b) -> a ∘ b`` on many steps at once: it is given tensors (or nests) with any number of steps
        along ``axis``, and works on each step by itself. It must be associative.
    xs : Tensor or nest
        Sequences of equal length along ``axis``.
    reverse : bool
        Start from the last step: :math:`y_t = x_{n-1} \circ \dots \circ x_t`.

    Returns
    -------
    Tensor or nest
        The running results, of the form and shapes of ``xs``.

    Notes
    -----
    Pairs of neighbours are combined, the half as long sequence is scanned the same way, and the steps
    between are filled in (G. E. Blelloch, "Prefix Sums and Their Applications", 1990).

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.associative_scan(lambda a, b: a * b, cr.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor([ 1.,  2.,  6., 24.])
    """
    check_function("associative_scan", f)
    xs = tree.map_leaves(lift, xs)
    flat = list(tree.leaves(xs))
    axes = [normalize_axis("associative_scan", axis, len(x.shape), x.shape) for x in flat]
    sequence_length("associative_scan", xs, axis)
    front = tree.refill(xs, iter([shaping.moveaxis(x, a, 0) for x, a in zip(flat, axes, strict=True)]))

    def on_axis(a: Any, b: Any) -> Any:
        given = (_back(part, xs, axes) for part in (a, b))
        found = tree.map_leaves(lift, f(*given))
        return _to_front(found, axes, like=a)

    turned = tree.map_leaves(_flipped, front) if reverse else front
    found = _scanned(on_axis, turned)
    return _back(tree.map_leaves(_flipped, found) if reverse else found, xs, axes)


def _back(nest: Any, like: Any, axes: list[int]) -> Any:
    """Steps from axis 0 to where they belong."""
    moved = [shaping.moveaxis(x, 0, a) for x, a in zip(tree.leaves(nest), axes, strict=True)]
    return tree.refill(like, iter(moved))


def _to_front(nest: Any, axes: list[int], like: Any) -> Any:
    """Steps to axis 0; refuses results of another form, shape or type than what was given."""
    flat, expected = list(tree.leaves(nest)), list(tree.leaves(like))
    moved = [shaping.moveaxis(x, a, 0) for x, a in zip(flat, axes, strict=False)]
    for i, (before, after) in enumerate(zip(expected, moved, strict=False)):
        if before.spec != after.spec:
            raise error("control.associative_form", index=i, expected=before.spec, got=after.spec)
    if len(flat) != len(expected):
        raise error("control.state_count", op="associative_scan", expected=len(expected), got=len(flat))
    return tree.refill(like, iter(moved))


def _flipped(x: Any) -> Any:
    return move.flip(x, axis=(0,))


def _every_other(x: Any, start: int, stop: int) -> Any:
    rest = x.shape[1:]
    begins, ends = (start, *[0] * len(rest)), (stop, *rest)
    return move.slice_(x, start=begins, stop=ends, step=(2, *[1] * len(rest)))


def _scanned(f: Function, xs: Any) -> Any:
    """Running results along axis 0."""
    n = next(iter(tree.leaves(xs))).shape[0]
    if n < 2:
        return xs

    def part(nest: Any, start: int, stop: int) -> Any:
        return tree.map_leaves(lambda x: _every_other(x, start, stop), nest)

    pairs = f(part(xs, 0, n - 1), part(xs, 1, n))
    odd = _scanned(f, pairs)
    before = tree.map_leaves(lambda x: shaping.narrow(x, 0, 0, (n - 1) // 2), odd)
    even = f(before, part(xs, 2, n)) if n > 2 else before
    first = tree.map_leaves(lambda x: shaping.narrow(x, 0, 0, 1), xs)
    columns = zip(tree.leaves(first), tree.leaves(even), tree.leaves(odd), strict=True)
    return tree.refill(xs, iter([_interleaved(*column, n=n) for column in columns]))


def _interleaved(first: Any, even: Any, odd: Any, n: int) -> Any:
    """Steps 0, 2, 4, … and 1, 3, 5, … in order."""
    joined = move.concatenate(first, even, odd, axis=0)
    evens = (n + 1) // 2
    order = np.array([evens + t // 2 if t % 2 else t // 2 for t in range(n)])
    return gather(joined, order, axes=(0,))
