"""Rewrites of graphs: a table of laws, and the driver that applies them.

Each row of `REWRITES` states what is equal to what, and how exactly that holds in floating point. `DEFAULT`
are the rows that the compiler uses for every program; `INFERENCE` has those besides that pay where weights do
not change. `rewrite` applies them until none applies any more. The table is printed in docs/rewrites.md.
"""

from chainrule.graph.rewrites import (
    algebra,
    broadcasts,
    carries,
    common,
    deviations,
    loops,
    moves,
    normalisation,
    pooling,
    quotients,
    reductions,
    steps,
    transposes,
)
from chainrule.graph.rewrites.driver import rewrite
from chainrule.graph.rewrites.row import REWRITES, Exact, Example, Rewrite

# In this order rows are tried: first what makes others needless.
FAMILIES = tuple(
    module.__name__.rpartition(".")[2]
    for module in (
        *(common, algebra, moves, transposes, broadcasts, reductions, deviations, quotients, pooling),
        *(loops, carries, steps, normalisation),
    )
)
INFERENCE = tuple(sorted(REWRITES.values(), key=lambda row: FAMILIES.index(row.family)))
DEFAULT = tuple(row for row in INFERENCE if row.default)

# Whether every rewritten graph is verified: tests say so.
VERIFY = False

__all__ = ["DEFAULT", "FAMILIES", "INFERENCE", "REWRITES", "VERIFY", "Exact", "Example", "Rewrite", "rewrite"]
