"""The timeline of a step, its memory over time, and the roofline, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chainrule.compiler.native.arrays import readable_size
from chainrule.errors import text
from chainrule.explain.stages.drawing import (
    WIDTH,
    dot,
    line,
    path,
    picture,
    rectangle,
    round_steps,
    words,
)
from chainrule.explain.stages.kernels import Kernel
from chainrule.explain.stages.tables import cut, micro, percent, readable

if TYPE_CHECKING:
    from chainrule.compiler.program.arena import Arena, Life
    from chainrule.explain.stages.explanation import StagesExplanation

# Room for the words at the axes.
_LEFT, _BELOW = 64.0, 36.0
_LETTER = 7.0


def about(e: StagesExplanation, kernel: Kernel) -> str:
    """What stands under the pointer."""
    share = e.share_of_roofline(kernel)
    time = f"{micro(kernel.seconds)} µs" if kernel.seconds else text("stages.unmeasured")
    work = readable(kernel.flops * kernel.count, "FLOP"), readable_size(kernel.nbytes * kernel.count)
    lines = [f"{kernel.number}. {kernel.title}", kernel.shapes, ", ".join([time, *work])]
    if share is not None:
        lines.append(f"{percent(share)} {text('stages.roofline')}")
    return "\n".join(lines)


def timeline(e: StagesExplanation) -> str:
    """A bar for each kernel in order, as wide as its time."""
    timed = [kernel for kernel in e.kernels if kernel.seconds]
    total = sum(kernel.seconds or 0.0 for kernel in timed)
    if not total:
        return ""
    return picture(96, _bars(e, timed, total), text("stages.timeline"))


def _bars(e: StagesExplanation, kernels: Sequence[Kernel], total: float) -> Iterator[str]:
    x = 0.0
    for kernel in kernels:
        width = (kernel.seconds or 0.0) / total * WIDTH
        yield rectangle((x, 8, width, 52), f"bar {kernel.kind}", about(e, kernel))
        if width > 4 * _LETTER:
            yield words(
                x + width / 2, 38, cut(f"{kernel.number} {kernel.title}", int(width / _LETTER)), kind="on"
            )
        x += width
    for tick in round_steps(total * 1e6):
        at = tick / (total * 1e6) * WIDTH
        yield line((at, 60), (at, 66), "axis")
        anchor = "start" if not tick else "end" if at > WIDTH - 30 else "middle"
        yield words(at, 80, f"{tick:g} µs", anchor)


def arena(e: StagesExplanation) -> str:
    """A rectangle for each buffer: alive from left to right, and where it lies from bottom to top."""
    found = e.program.arena
    if not found.lives:
        return ""
    height = 320.0
    return picture(height + _BELOW, _buffers(e, height), text("stages.arena_plot"))


def _buffers(e: StagesExplanation, height: float) -> Iterator[str]:
    found = e.program.arena
    count = max(life.last for life in found.lives) + 1
    across, up = (WIDTH - _LEFT) / count, (height - 10) / found.size
    for tick in round_steps(found.size, 4):
        y = height - tick * up
        yield line((_LEFT, y), (WIDTH, y))
        yield words(_LEFT - 6, y + 4, readable_size(int(tick)) if tick else "0", "end")
    kinds = {x: kernel.kind for kernel in reversed(e.kernels) for x in kernel.call.step.writes()}
    for life in found.lives:
        size = life.buffer.nbytes
        top = height - (found.offsets[life.buffer] + size) * up
        begin, end = _span(found, life)
        x, width = _LEFT + begin * across, (end - begin) * across
        alive = f"{text('stages.alive')} {life.first + 1}–{life.last + 1}"
        shown = "\n".join([life.buffer.name, readable_size(size), alive])
        yield rectangle((x, top, width, size * up), f"buffer {kinds.get(life.buffer, 'irregular')}", shown)
        if size * up > 14 and width > 5 * _LETTER:
            label = cut(life.buffer.name, int(width / _LETTER))
            yield words(x + width / 2, top + size * up / 2 + 4, label, kind="on")
    for tick in round_steps(count, 8):
        if tick == int(tick) and tick:
            yield words(_LEFT + (tick - 0.5) * across, height + 16, f"{tick:g}")
    yield words(WIDTH, height + 32, text("stages.axis_kernel"), "end")


def _span(found: Arena, life: Life) -> tuple[float, float]:
    """From where to where a buffer is drawn; a result takes over its operand's place inside a kernel."""
    is_replaced = life.buffer in found.operands.values()
    return life.first + (life.buffer in found.operands) / 2, life.last + 1 - is_replaced / 2


class _Axes:
    """Two logarithmic axes: operations per byte, and operations per second."""

    def __init__(self, e: StagesExplanation, kernels: Sequence[Kernel], height: float) -> None:
        roof = e.limits
        most = max([kernel.intensity for kernel in kernels] + [4 * roof.ridge])
        least = min([kernel.intensity for kernel in kernels] + [0.1])
        rates = [kernel.rate or roof.peak for kernel in kernels]
        self.x_range = math.floor(math.log10(least)), math.log10(most) + 0.2
        self.y_range = math.floor(math.log10(min([*rates, roof.peak / 100]))), math.log10(roof.peak) + 0.25
        self.height = height

    def x(self, intensity: float) -> float:
        low, high = self.x_range
        return _LEFT + (math.log10(intensity) - low) / (high - low) * (WIDTH - _LEFT)

    def y(self, rate: float) -> float:
        low, high = self.y_range
        return self.height - (math.log10(rate) - low) / (high - low) * (self.height - 8)

    def grid(self) -> Iterator[str]:
        """Lines at powers of ten."""
        for power in range(math.ceil(self.x_range[0]), math.floor(self.x_range[1]) + 1):
            x = self.x(10.0**power)
            yield line((x, 8), (x, self.height))
            yield words(x, self.height + 16, f"{10.0**power:g}")
        for power in range(math.ceil(self.y_range[0]), math.floor(self.y_range[1]) + 1):
            y = self.y(10.0**power)
            yield line((_LEFT, y), (WIDTH, y))
            yield words(_LEFT - 6, y + 4, f"{10.0 ** (power - 9):g}", "end")
        yield words(WIDTH, self.height + 32, text("stages.axis_intensity"), "end")
        yield words(_LEFT + 6, 20, text("stages.axis_rate"), "start")


def roofline(e: StagesExplanation) -> str:
    """Each kernel as a dot below the roof of memory and of the nearest cache; larger ones take longer."""
    kernels = [k for k in e.kernels if k.flops and e.share_of_roofline(k) is not None]
    if not kernels:
        return ""
    height = 380.0
    axes = _Axes(e, kernels, height)
    parts = [*axes.grid(), *_roofs(e, axes), *_dots(e, axes, kernels)]
    return picture(height + _BELOW, parts, text("stages.roofline_plot"))


def _roofs(e: StagesExplanation, axes: _Axes) -> Iterator[str]:
    roof = e.limits
    low, high = 10.0 ** axes.x_range[0], 10.0 ** axes.x_range[1]
    cached = roof.copying[0][1]
    for bandwidth, kind in ((cached, "roof near"), (roof.bandwidth, "roof")):
        start = max(low, 10.0 ** axes.y_range[0] / bandwidth)
        ridge = roof.peak / bandwidth
        points = ((start, start * bandwidth), (ridge, roof.peak), (high, roof.peak))
        yield path([(axes.x(x), axes.y(y)) for x, y in points], kind)
    label = f"{roof.peak / 1e9:.0f} GFLOP/s"
    yield words(WIDTH - 4, axes.y(roof.peak) - 6, label, "end")
    for bandwidth in (cached, roof.bandwidth):
        at = 1.3 * max(low, 10.0 ** axes.y_range[0] / bandwidth)
        yield words(axes.x(at) + 4, axes.y(at * bandwidth) + 16, f"{bandwidth / 1e9:.0f} GB/s", "start")


def _dots(e: StagesExplanation, axes: _Axes, kernels: Sequence[Kernel]) -> Iterator[str]:
    longest = max(kernel.seconds or 0.0 for kernel in kernels)
    for kernel in sorted(kernels, key=lambda k: -(k.seconds or 0.0)):
        radius = 3 + 15 * math.sqrt((kernel.seconds or 0.0) / longest)
        x, y = axes.x(kernel.intensity), axes.y(kernel.rate or 1.0)
        yield dot(x, y, radius, f"dot {kernel.kind}", about(e, kernel))
        if radius > 8:
            yield words(x, y + 4, str(kernel.number), kind="on")
