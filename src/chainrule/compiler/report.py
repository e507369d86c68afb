"""What a compiled function tells of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import chainrule.compiler.messages  # noqa: F401  (registers the messages used here)
from chainrule.compiler.native.arrays import readable_size
from chainrule.errors import messages, text

if TYPE_CHECKING:
    from chainrule.compiler.recording import Recording
    from chainrule.compiler.signature import Signature


@dataclass(frozen=True)
class Row:
    """One recording.

    Attributes
    ----------
    signature : str
        Of the arguments.
    reason : str
        Why it was made.
    calls : int
        How often it was used.
    nodes, states : int
        Operations of its graph, and states that it reads or assigns.
    kernels, arena : int
        Native functions of its program, and bytes of its memory.
    fallbacks : mapping
        Operations that are left to NumPy, and how many of each.
    seconds : mapping
        Time of each stage of making it.
    """

    signature: str
    reason: str
    calls: int
    nodes: int
    states: int
    kernels: int = 0
    arena: int = 0
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def row_of(recording: Recording, signature: Signature, reason: str) -> Row:
    """The row of a recording."""
    graph, program = recording.graph, recording.program
    seconds = dict(recording.seconds)
    counts = (str(signature), reason, recording.calls, len(graph.nodes), len(graph.states))
    if program is None:
        return Row(*counts, seconds=seconds)
    found = program.report
    return Row(*counts, found.kernels, found.arena, Counter(found.fallbacks), seconds)


@dataclass(frozen=True)
class Report:
    """What was recorded of a function, why again, and how long it took; printed, it is a table.

    Attributes
    ----------
    name, backend : str
        Of the function.
    recordings : tuple of Row
        Those that are kept, in the order in which they were made.
    calls : int
        All calls.
    forgotten : int
        Recordings that are not kept any more.
    forgotten_seconds : float
        What these took.
    limit : int
        How many are kept.
    uncompiled : mapping
        Calls that ran uncompiled, by reason.
    """

    name: str
    backend: str
    recordings: tuple[Row, ...]
    calls: int
    forgotten: int = 0
    forgotten_seconds: float = 0.0
    limit: int = 64
    uncompiled: Mapping[str, int] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Time of all recordings together."""
        return self.forgotten_seconds + sum(sum(row.seconds.values()) for row in self.recordings)

    def __str__(self) -> str:
        counts = {"recordings": len(self.recordings) + self.forgotten, "calls": self.calls}
        head = text(
            "compile.report_head", name=self.name, backend=self.backend, seconds=self.seconds, **counts
        )
        lines = [head]
        for number, row in enumerate(self.recordings, 1):
            lines += _lines(number, row)
        if self.forgotten:
            lines.append(text("compile.report_forgotten", count=self.forgotten, limit=self.limit))
        for reason, count in self.uncompiled.items():
            why = text(f"compile.uncompiled_{reason}")
            lines.append(text("compile.report_uncompiled", count=count, reason=why))
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)


def _lines(number: int, row: Row) -> list[str]:
    work = {"calls": row.calls, "nodes": row.nodes, "states": row.states, "kernels": row.kernels}
    stages = ", ".join(f"{_stage(name)} {seconds:.3g}" for name, seconds in row.seconds.items())
    lines = [
        f"  {number}. {row.signature}",
        "     " + text("compile.report_why", reason=row.reason),
        "     " + text("compile.report_work", **work, arena=readable_size(row.arena)),
        "     " + text("compile.report_seconds", stages=stages),
    ]
    if row.fallbacks:
        names = ", ".join(f"{name} × {count}" for name, count in row.fallbacks.items())
        lines.append("     " + text("compile.report_fallbacks", names=names))
    return lines


def _stage(name: str) -> str:
    """A stage in the reader's language, where it has a name there."""
    key = f"compile.stage_{name}"
    return text(key) if key in messages() else name
