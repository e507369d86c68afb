"""Stages as text: a table of what can be shown, and the page for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from chainrule.compiler.native.arrays import readable_size
from chainrule.compiler.program.calls import KernelCall
from chainrule.errors import text
from chainrule.explain.stages.kernels import Kernel
from chainrule.explain.stages.parts import gradient_graph
from chainrule.explain.stages.tables import cut, micro, percent, readable, table

if TYPE_CHECKING:
    from chainrule.explain.stages.explanation import StagesExplanation

# Operations of a kernel in a table are cut to so many columns.
_WIDE = 36

# Of the table of kernels.
COLUMNS = (
    *("kernel", "kind", "operations", "shape", "flops", "bytes", "intensity"),
    *("microseconds", "share", "roofline"),
)

# What is printed where no stage was asked for.
_USUAL = ("time", "memory")


def to_text(e: StagesExplanation) -> str:
    """The stages that were asked for, below a line that says what the step consists of."""
    shown = e.stages or _USUAL
    parts = [head_text(e)]
    parts += [f"{text(f'stages.{name}')}\n{STAGES[name](e)}" for name in shown]
    if not e.stages:
        rest = [name for name in STAGES if name not in shown]
        parts.append(text("stages.more", names=", ".join(rest), first=rest[2]))
    return "\n\n".join(parts)


def head_text(e: StagesExplanation) -> str:
    """What the step consists of."""
    work = sum(kernel.flops * kernel.count for kernel in e.kernels if not kernel.is_prepared)
    flops = readable(work, "FLOP")
    arena = readable_size(e.program.arena.size)
    counts = {"nodes": len(e.graph.nodes), "kernels": len(e.kernels)}
    return text("stages.head", name=e.name, flops=flops, arena=arena, **counts)


def graph_text(e: StagesExplanation) -> str:
    """The graph as recorded, the rewrites that were made, and the graph after them."""
    after = e.program.graph
    return "\n\n".join(
        [
            f"{text('stages.recorded', count=len(e.graph.nodes))}\n{e.graph}",
            rewrites_text(e),
            f"{text('stages.rewritten', count=len(after.nodes))}\n{after}",
        ]
    )


def rewrites_text(e: StagesExplanation) -> str:
    """Which rewrites were made, and how often."""
    fired = Counter(e.program.report.rewrites).most_common()
    if not fired:
        return text("stages.none_fired")
    return text("stages.fired", names=", ".join(f"{name} × {count}" for name, count in fired))


def gradient_text(e: StagesExplanation) -> str:
    """The part of the graph that computes derivatives."""
    part = gradient_graph(e.graph)
    return text("stages.no_gradient") if part is None else str(part)


def loops_text(e: StagesExplanation) -> str:
    """All kernels as loops."""
    return _by_kernel(e, lambda kernel: kernel.loops)


def llvm_text(e: StagesExplanation) -> str:
    """All kernels as LLVM IR."""
    return _by_kernel(e, llvm_of, shared=True)


def asm_text(e: StagesExplanation) -> str:
    """All kernels as assembly."""
    return _by_kernel(e, asm_of, shared=True)


def llvm_of(kernel: Kernel) -> str:
    """A kernel's text for LLVM, or that it has none."""
    return kernel.llvm or text("stages.left_to_numpy")


def asm_of(kernel: Kernel) -> str:
    """A kernel's instructions, or that it has none."""
    return kernel.asm or text("stages.left_to_numpy")


def _by_kernel(e: StagesExplanation, show: Callable[[Kernel], str], *, shared: bool = False) -> str:
    """One block for each kernel; with ``shared``, the same code is written once."""
    first = first_with_code(e.kernels)
    blocks = []
    for kernel in e.kernels:
        earlier = first[kernel]
        is_again = shared and earlier is not kernel
        body = text("stages.same_code", number=earlier.number) if is_again else show(kernel)
        blocks.append("\n".join([*kernel_head(kernel), *(f"  {line}" for line in body.splitlines())]))
    return "\n\n".join(blocks)


def first_with_code(kernels: list[Kernel]) -> dict[Kernel, Kernel]:
    """For each kernel the first one with the same code."""
    first: dict[str, Kernel] = {}
    return {k: first.setdefault(k.call.function, k) if isinstance(k.call, KernelCall) else k for k in kernels}


def kernel_head(kernel: Kernel) -> Iterator[str]:
    """What a kernel is, and the lines of the user's program that it comes from."""
    kind = text(f"stages.{kernel.kind}")
    yield f"{text('stages.kernel')} {kernel.number}: {kernel.title} ({kind}, {kernel.shapes})"
    for line in kernel.lines:
        yield f"  # {line}"


def memory_text(e: StagesExplanation) -> str:
    """Buffers in the arena by their place."""
    arena = e.program.arena
    if not arena.lives:
        return text("stages.no_arena")
    header = [text(f"stages.{key}") for key in ("buffer", "size", "offset", "alive")]
    lives = sorted(arena.lives, key=lambda life: (arena.offsets[life.buffer], life.first))
    rows = [
        [
            life.buffer.name,
            readable_size(life.buffer.nbytes),
            str(arena.offsets[life.buffer]),
            f"{life.first + 1}–{life.last + 1}",
        ]
        for life in lives
    ]
    return "\n".join([arena_text(e), *(f"  {line}" for line in table(header, rows))])


def arena_text(e: StagesExplanation) -> str:
    """How much memory sharing saves."""
    arena = e.program.arena
    apart = readable_size(sum(life.buffer.nbytes for life in arena.lives))
    return text("stages.arena", size=readable_size(arena.size), count=len(arena.lives), apart=apart)


def time_text(e: StagesExplanation) -> str:
    """Kernels with their work, time, and share of what the machine can do."""
    rows = [kernel_cells(e, kernel) for kernel in e.kernels]
    lines = table([text(f"stages.{key}") for key in COLUMNS], rows, left=(1, 2, 3))
    return "\n".join([*(f"  {line}" for line in lines), *time_notes(e)])


def time_notes(e: StagesExplanation) -> Iterator[str]:
    """The whole step, and the machine."""
    if e.times is None:
        yield text("stages.not_timed")
        return
    times = {"whole": micro(e.times.whole), "total": micro(e.times.total)}
    yield text("stages.whole", runs=e.times.runs, **times)
    yield limits_text(e)


def limits_text(e: StagesExplanation) -> str:
    """What the machine can do."""
    roof = e.limits
    rates = {"flops": roof.peak, "cached": roof.copying[0][1], "bandwidth": roof.bandwidth}
    values = {**{key: rate / 1e9 for key, rate in rates.items()}, "ridge": roof.ridge}
    shown = {key: f"{value:.3g}" for key, value in values.items()}
    return text("stages.limits", threads=roof.threads, **shown)


def kernel_cells(e: StagesExplanation, kernel: Kernel) -> list[str]:
    """A kernel as a row of a table."""
    total = e.times.total if e.times else 0.0
    share = kernel.seconds / total if kernel.seconds and total else None
    return [
        str(kernel.number),
        text(f"stages.{kernel.kind}"),
        cut(kernel.title, _WIDE),
        kernel.shapes,
        readable(kernel.flops * kernel.count),
        readable_size(kernel.nbytes * kernel.count),
        f"{kernel.intensity:.2f}",
        text("stages.once") if kernel.is_prepared else micro(kernel.seconds),
        percent(share),
        percent(e.share_of_roofline(kernel)),
    ]


STAGES: dict[str, Callable[[StagesExplanation], str]] = {
    "graph": graph_text,
    "gradient graph": gradient_text,
    "loops": loops_text,
    "llvm": llvm_text,
    "asm": asm_text,
    "memory": memory_text,
    "time": time_text,
}
