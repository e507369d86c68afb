"""Matrix products; the form is the precision of their operands."""

from __future__ import annotations

from typing import Any

import chainrule as cr
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """One compiled product."""
    a, b = (cr.tensor(job.arrays[name]) for name in ("a", "b"))
    left, right = job.parameters["how"]

    @cr.compile(precision=form if form else None)
    def product(a: Any, b: Any) -> Any:
        return (a if left == "n" else a.T) @ (b if right == "n" else b.T)

    return Task(lambda: product(a, b))
