"""Expressions: one element of a result, as a function of the axes of a loop nest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from chainrule.compiler.loops.form import Form
from chainrule.core.op import Op
from chainrule.core.spec import Shape
from chainrule.dtypes import DType


@dataclass(eq=False)
class Buffer:
    """A run of elements in memory.

    Parameters
    ----------
    name : str
        For reading.
    dtype : dtype
        Element type.
    size : int
        Number of elements.
    kind : str
        Where it lies: ``input``, ``output``, ``state``, ``constant``, ``prepared`` (computed from the last
        two before others), or ``arena`` (planned by the program).
    content : array, optional
        The numbers of a constant.
    """

    name: str
    dtype: DType
    size: int
    kind: str = "arena"
    content: np.ndarray | None = None

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return self.size * self.dtype.itemsize

    def __repr__(self) -> str:
        return self.name


class Expr:
    """One element, by the axes of a nest. Nodes may be shared; each is computed once."""

    dtype: DType
    axes: frozenset[int]

    @cached_property
    def parts(self) -> tuple[Expr, ...]:
        """All that it is made of, each once, parts first; not itself, which would be a cycle."""
        return _in_order((self,))[:-1]

    @cached_property
    def buffers(self) -> tuple[Buffer, ...]:
        """Buffers of which it reads elements."""
        return tuple(dict.fromkeys([node.buffer for node in walk(self) if isinstance(node, Read)]))

    def children(self) -> tuple[Expr, ...]:
        """What it is computed from."""
        return ()

    def with_forms(self, change: Callable[[Form], Form]) -> Expr:
        """The same with its own forms changed."""
        return self

    def with_children(self, children: tuple[Expr, ...]) -> Expr:
        """The same of other parts."""
        return self


def used(form: Form) -> frozenset[int]:
    """The axes that a form depends on."""
    return form.axes


@dataclass(eq=False)
class Read(Expr):
    """An element of a buffer."""

    buffer: Buffer
    form: Form

    def __post_init__(self) -> None:
        self.dtype, self.axes = self.buffer.dtype, used(self.form)

    def with_forms(self, change: Callable[[Form], Form]) -> Expr:
        """Read at another place."""
        return Read(self.buffer, change(self.form))


@dataclass(eq=False)
class Index(Expr):
    """A place itself, as a number."""

    form: Form
    dtype: DType = field(default_factory=lambda: np.dtype(np.int64))

    def __post_init__(self) -> None:
        self.axes = used(self.form)

    def with_forms(self, change: Callable[[Form], Form]) -> Expr:
        """Another place."""
        return Index(change(self.form), self.dtype)


@dataclass(eq=False)
class Constant(Expr):
    """A number."""

    value: Any
    dtype: DType
    axes: frozenset[int] = frozenset()


@dataclass(eq=False)
class Apply(Expr):
    """A pointwise row of the table, applied to elements."""

    op: Op
    args: tuple[Expr, ...]
    params: dict[str, Any]
    dtype: DType

    @cached_property
    def axes(self) -> frozenset[int]:  # type: ignore[override]
        """The axes of its arguments."""
        return frozenset().union(*(x.axes for x in self.args))

    def children(self) -> tuple[Expr, ...]:
        """Its arguments."""
        return self.args

    def with_children(self, children: tuple[Expr, ...]) -> Expr:
        """The row on other arguments."""
        return Apply(self.op, children, self.params, self.dtype)


@dataclass(frozen=True)
class Guard:
    """The condition 0 ≤ form < extent."""

    form: Form
    extent: int


@dataclass(eq=False)
class Guarded(Expr):
    """An element where all guards hold, and a number elsewhere, where nothing is read."""

    value: Expr
    guards: tuple[Guard, ...]
    otherwise: Any = 0

    def __post_init__(self) -> None:
        self.dtype = self.value.dtype
        self.axes = self.value.axes.union(*(used(guard.form) for guard in self.guards))

    def children(self) -> tuple[Expr, ...]:
        """The guarded element."""
        return (self.value,)

    def with_forms(self, change: Callable[[Form], Form]) -> Expr:
        """The same at other places."""
        guards = tuple(Guard(change(guard.form), guard.extent) for guard in self.guards)
        return Guarded(self.value, guards, self.otherwise)

    def with_children(self, children: tuple[Expr, ...]) -> Expr:
        """Another element under the same guards."""
        return Guarded(children[0], self.guards, self.otherwise)


def walk(*roots: Expr) -> Sequence[Expr]:
    """All nodes of expressions, each once, parts before what is made of them."""
    return (*roots[0].parts, roots[0]) if len(roots) == 1 else _in_order(roots)


def _in_order(roots: Sequence[Expr]) -> tuple[Expr, ...]:
    found: list[Expr] = []
    done: set[Expr] = set()
    # A node stands on the stack for its parts at first, and then once more, behind None, for itself.
    stack: list[Expr | None] = [*reversed(roots)]
    while stack:
        node = stack.pop()
        if node is None:
            found.append(stack.pop())  # type: ignore[arg-type]
        elif node not in done:
            done.add(node)
            children = node.children()
            if children:
                stack += (node, None, *children)
            else:
                found.append(node)
    return tuple(found)


def rebuilt(root: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with every node changed, parts first."""
    new: dict[Expr, Expr] = {}
    for node in walk(root):
        old = node.children()
        children = tuple([new[child] for child in old])
        # Expressions are equal only if they are the same.
        new[node] = change(node if children == old else node.with_children(children))
    return new[root]


def in_forms(root: Expr, change: Callable[[Form], Form]) -> Expr:
    """The expression with all its places changed."""
    return rebuilt(root, lambda node: node.with_forms(change))


def forms(root: Expr) -> Iterator[Form]:
    """All places that an expression depends on."""
    for node in walk(root):
        if isinstance(node, Read | Index):
            yield node.form
        elif isinstance(node, Guarded):
            yield from (guard.form for guard in node.guards)


def reshaped(root: Expr, old: Shape, new: Shape) -> Expr | None:
    """The expression over a nest of another shape, or None if one of its places is not affine there."""
    if any(form.reshaped(old, new) is None for form in forms(root)):
        return None

    def change(form: Form) -> Form:
        found = form.reshaped(old, new)
        assert found is not None
        return found

    return in_forms(root, change)


def cost(root: Expr) -> int:
    """Number of pointwise rows that one element takes."""
    return sum([isinstance(node, Apply) for node in walk(root)])
