"""The driver: tries rows at nodes until none applies any more.

Nodes wait in a queue. Where a row applies, its replacement is put in, and what uses it is looked at again; so
the work grows with the number of nodes and of replacements, and not with their product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainrule.core.interpreter import Symbol, lift, using_layers
from chainrule.errors import error
from chainrule.graph.graph import Graph, Node
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Rewrite
from chainrule.graph.rewrites.workspace import Workspace

# More replacements than this for each node, and rows undo each other: a mistake in the table.
_MOST_PER_NODE = 100
_MOST_AT_LEAST = 1000


def rewrite(graph: Graph, rows: Iterable[Rewrite] | None = None) -> tuple[Graph, Counter[str]]:
    """Apply rewrites to a graph, and to the bodies in it, until none applies any more.

    The graph itself stays as it is; the new one has the same inputs, states and results.

    Parameters
    ----------
    graph : Graph
        What is to be rewritten.
    rows : iterable of Rewrite, optional
        Those to use; `DEFAULT` if not given.

    Returns
    -------
    (Graph, Counter)
        The new graph, and how often each row applied, by name.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule.graph.rewrites import rewrite
    >>> graph = cr.record(lambda x: cr.transpose(cr.transpose(x) * 1.0), cr.ones((2, 3)))
    >>> new, counts = rewrite(graph)
    >>> [node.op.name for node in new.nodes], sorted(counts)
    ([], ['dead code', 'multiply by one', 'transposes merged'])
    """
    from chainrule.graph import rewrites as package

    chosen = package.DEFAULT if rows is None else tuple(rows)
    return Rewriting(chosen, package.VERIFY).run(graph)


@dataclass
class Rewriting:
    """One use of the driver: its rows, and what is known across the bodies it works on."""

    rows: Sequence[Rewrite]
    verifies: bool
    counts: Counter[str] = field(default_factory=Counter)
    settled: dict[int, Graph] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._any = [row for row in self.rows if not row.ops]
        names = {name for row in self.rows for name in row.ops}
        self._by_op = {name: [row for row in self.rows if not row.ops or name in row.ops] for name in names}

    def run(self, graph: Graph) -> tuple[Graph, Counter[str]]:
        """Rewrite one graph; counts are of this graph and the bodies in it."""
        before = Counter(self.counts)
        work = Workspace(graph, self)
        most = _MOST_AT_LEAST + _MOST_PER_NODE * len(graph.nodes)
        with using_layers([work.builder]):
            for _ in range(most):
                row = self._step(work)
                if row is None:
                    break
                self.counts[row.name] += 1
            else:
                raise error("graph.endless", name=graph.name, rows=", ".join(self.counts - before))
        made = work.finish()
        if self.verifies:
            made.verify()
        return made, self.counts - before

    def _step(self, work: Workspace) -> Rewrite | None:
        """Apply the next row that applies somewhere; None when there is none left."""
        while (node := work.next()) is not None:
            here = Here(node, work)
            for row in self._by_op.get(node.op.name, self._any):
                work.builder.start(node)
                if _apply(row, here):
                    return row
        return None

    def body(self, graph: Graph) -> Graph:
        """A body, rewritten by the same rows; the same one if none applies."""
        if id(graph) in self.settled:
            return graph
        made, counts = self.run(graph)
        made = made if counts else graph
        self.settled[id(made)] = made
        return made


def _apply(row: Rewrite, here: Here) -> bool:
    """Put what a row gives in the place of a node; whether it gave something that fits."""
    found, work = row.rule(here), here.work
    if found is None:
        return False
    results = found if isinstance(found, list | tuple) else [found]
    pairs = [_paired(work, *one) for one in ((here.node, results), *here.also.items())]
    new = [symbol for pair in pairs for symbol in pair]
    if not all(_fits(work, old, symbol) for old, symbol in new):
        return False
    made = _needed(work.builder.made, [symbol for _, symbol in new])
    for node in made:
        work.add(node, work.builder.places[node])
    # Before what they change is looked at again: what moves through the graph goes all its way at once.
    work.queue(made, first=True)
    for old, symbol in new:
        if symbol is not None:
            work.replace(old, symbol)
    for node in (here.node, *here.also):
        work.remove(node)
    return True


def _paired(work: Workspace, node: Node, results: Sequence[Any]) -> list[tuple[Symbol, Symbol | None]]:
    """Each result of a node with the variable that is to stand for it."""
    new = [None if y is None else work.builder.symbol(lift(y)) for y in results]
    return list(zip(node.outputs, new, strict=True))


def _fits(work: Workspace, old: Symbol, new: Symbol | None) -> bool:
    """Whether a variable may stand for another: it has the same spec, or none is needed."""
    if new is None:
        return not work.is_used(old)
    return new is not old and new.shape == old.shape and new.dtype == old.dtype


def _needed(made: Sequence[Node], results: Iterable[Symbol | None]) -> list[Node]:
    """Those of the new nodes that the results are made of."""
    needed = set(results)
    found: list[Node] = []
    for node in reversed(made):
        if any(x in needed for x in node.outputs):
            needed.update(node.inputs)
            found.append(node)
    return found[::-1]
