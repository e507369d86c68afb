"""What a network consists of, for one kind of input: shapes, parameters, operations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.autodiff import no_grad
from chainrule.core import tree
from chainrule.core.interpreter import Value, state
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import float32
from chainrule.errors import printed_width, text
from chainrule.graph import record
from chainrule.nn.module import Module


@dataclass(frozen=True)
class SummaryRow:
    """One module.

    Attributes
    ----------
    path : str
        Dotted path, ``""`` for the outermost.
    kind : str
        Name of its class.
    depth : int
        How deep it stands.
    output_shapes : tuple of shape
        Shapes of its results in the last call; empty if it is not called.
    parameters, trainable : int
        Elements of its own parameters (not of modules in it), and how many require a gradient.
    parameter_bytes : int
        Memory of its own parameters.
    flops : int
        Floating-point operations of its own, in all its calls.
    """

    path: str
    kind: str
    depth: int
    output_shapes: tuple[Shape, ...]
    parameters: int
    trainable: int
    parameter_bytes: int
    flops: int


@dataclass(frozen=True)
class Summary:
    """All modules of a network, and the totals; prints as a table."""

    rows: tuple[SummaryRow, ...]

    @property
    def parameters(self) -> int:
        """Elements of all parameters."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        """Elements of the parameters that require a gradient."""
        return sum(row.trainable for row in self.rows)

    @property
    def parameter_bytes(self) -> int:
        """Memory of all parameters."""
        return sum(row.parameter_bytes for row in self.rows)

    @property
    def flops(self) -> int:
        """Floating-point operations of one forward pass."""
        return sum(row.flops for row in self.rows)

    def __str__(self) -> str:
        head = [text(f"nn.summary_{name}") for name in ("layer", "output", "parameters", "flops")]
        table = _aligned([head, *map(_cells, self.rows)])
        totals = text(
            "nn.summary_totals",
            parameters=f"{self.parameters:,}",
            size=_bytes(self.parameter_bytes),
            trainable=f"{self.trainable:,}",
            flops=f"{self.flops:,}",
        )
        rule = "─" * max(map(printed_width, table))
        return "\n".join([table[0], rule, *table[1:], rule, totals])

    def __repr__(self) -> str:
        return str(self)


def summary(module: Module, *inputs: Any) -> Summary:
    """Shapes, parameters and floating-point operations of every module in a network.

    The forward pass is recorded on symbolic tensors as in use (after `eval`): nothing is computed,
    and nothing of the module is changed.

    Parameters
    ----------
    module : Module
        The network.
    *inputs : Tensor, array, Spec or shape
        What it will be called with; only shapes and types matter, and a tuple of whole numbers
        stands for a ``float32`` tensor of that shape.

    Examples
    --------
    >>> from chainrule import nn
    >>> model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    >>> print(nn.summary(model, (5, 3)))
    layer        output  parameters  FLOPs
    ──────────────────────────────────────
    Sequential   (5, 2)
      0: Linear  (5, 4)          16    140
      1: ReLU    (5, 4)                 40
      2: Linear  (5, 2)          10     90
    ──────────────────────────────────────
    26 parameters (104 B), 26 of them trained; 270 FLOPs for this input
    """
    named = list(module.named_modules())
    modes = [(inner, inner.training) for _, inner in named]
    calls = _Calls()
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        for inner, training in modes:
            stack.callback(inner.__setattr__, "training", training)
            stack.enter_context(inner.register_forward_pre_hook(calls.begin))
            stack.enter_context(inner.register_forward_hook(calls.end))
        module.eval()
        record(module, *map(_as_input, inputs))
    return Summary(tuple(_row(path, inner, calls) for path, inner in named))


def _as_input(given: Any) -> Any:
    is_shape = isinstance(given, tuple | list) and all(isinstance(n, int) for n in given)
    return Spec(tuple(given), float32) if is_shape else given


class _Calls:
    """Hooks that note each module's results, and which nodes of the graph are its own."""

    def __init__(self) -> None:
        self.shapes: dict[Module, tuple[Shape, ...]] = {}
        self.flops: dict[Module, int] = {}
        self._running: list[tuple[int, int]] = []

    def begin(self, module: Module, args: Any) -> None:
        """Note how much was recorded before; nothing of it by modules inside."""
        self._running.append((self._total(), 0))

    def end(self, module: Module, args: Any, result: Any) -> None:
        """What was recorded since then, without the part of modules inside, is the module's own."""
        before, inside = self._running.pop()
        whole = self._total() - before
        self.flops[module] = self.flops.get(module, 0) + whole - inside
        self.shapes[module] = tuple(x.shape for x in tree.leaves(result) if isinstance(x, Value))
        if self._running:
            outer_before, outer_inside = self._running[-1]
            self._running[-1] = (outer_before, outer_inside + whole)

    def _total(self) -> int:
        recorder: Any = state.layers[0]
        return int(recorder.graph.flops)


def _row(path: str, module: Module, calls: _Calls) -> SummaryRow:
    own = list(module.parameters(recurse=False))
    return SummaryRow(
        path=path,
        kind=type(module).__name__,
        depth=path.count(".") + 1 if path else 0,
        output_shapes=calls.shapes.get(module, ()),
        parameters=sum(p.size for p in own),
        trainable=sum(p.size for p in own if p.requires_grad),
        parameter_bytes=sum(p.size * p.dtype.itemsize for p in own),
        flops=calls.flops.get(module, 0),
    )


def _cells(row: SummaryRow) -> list[str]:
    name = row.path.rpartition(".")[2]
    label = f"{name}: {row.kind}" if name else row.kind
    shapes = ", ".join(map(str, row.output_shapes))
    numbers = [f"{n:,}" if n else "" for n in (row.parameters, row.flops)]
    return ["  " * row.depth + label, shapes, *numbers]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of cells under each other, numbers (the last two columns) to the right."""
    widths = [max(map(printed_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        gaps = [" " * (width - printed_width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            cell + gap if i < 2 else gap + cell for i, (cell, gap) in enumerate(zip(row, gaps, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _bytes(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    power = min(int(np.log10(count)) // 3, 3)
    return f"{count / 1000**power:.1f} {('B', 'kB', 'MB', 'GB')[power]}"
