r"""Matrix products and convolutions of one core beside the machine's limit, NumPy and PyTorch.

For each shape: the plan, GFLOP/s, their share of the limit of multiply-adds measured in the same run, NumPy's
and (if it is installed) PyTorch's figure for the same product, the time to write and to compile the code, and
how many times as fast pairs of bfloat16 are, where the processor multiplies these.
Every figure is the least of many short repeats that take turns.

    OPENBLAS_NUM_THREADS=1 python benchmarks/contraction.py [part of a name]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.emitter import write
from chainrule.compiler.emit.contraction.form import Contraction, Dim
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.llvm import Builder, Module
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.codegen import emit_object
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import Target, host
from chainrule.dtypes import DType, extended, float32

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

ARGUMENTS = [("ptr", "a"), ("ptr", "b"), ("ptr", "c"), ("i64", "piece"), ("ptr", "scratch")]
SECONDS = 0.4
_ACCUMULATORS = {32: 24, 16: 10}

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A form, the shapes of A and B for others, and what others call it."""

    form: Contraction
    peer: str
    shapes: tuple[Shape, Shape]
    settings: tuple[int, ...] = ()


def matmul(m: int, n: int, k: int, how: str = "NN") -> Case:
    """A matrix product; T says that an operand is stored transposed."""
    of_a, of_b = (k, 1) if how[0] == "N" else (1, m), (n, 1) if how[1] == "N" else (1, k)
    rows, columns = (Dim(m, a=of_a[0], c=n),), (Dim(n, b=of_b[1], c=1),)
    form = Contraction((), rows, columns, (Dim(k, a=of_a[1], b=of_b[0]),), *(float32,) * 3)
    shapes = ((m, k) if how[0] == "N" else (k, m), (k, n) if how[1] == "N" else (n, k))
    return Case(form, how, shapes)


def batched(count: int, m: int, n: int, k: int, how: str) -> Case:
    """Many small products."""
    one = matmul(m, n, k, how)
    batch = (Dim(count, m * k, n * k, m * n),)
    form = Contraction(batch, one.form.rows, one.form.columns, one.form.depth, *(float32,) * 3)
    left, right = ((count, *shape) for shape in one.shapes)
    return Case(form, how, (left, right))


def conv(n: int, h: int, c: int, o: int, k: int, s: int = 1) -> Case:
    """Channels last, square, of an input that is padded already."""
    H = (h - 1) * s + k
    rows = (Dim(n, a=H * H * c, c=h * h * o), Dim(h, a=s * H * c, c=h * o), Dim(h, a=s * c, c=o))
    depth = (Dim(k, a=H * c, b=k * c * o), Dim(k, a=c, b=c * o), Dim(c, a=1, b=o))
    form = Contraction((), rows, (Dim(o, b=1, c=1),), depth, *(float32,) * 3)
    return Case(form, "conv", ((n, c, H, H), (o, c, k, k)), (s, 1))


def to_weights(n: int, h: int, c: int, o: int, k: int) -> Case:
    """Its gradient for the weight."""
    H = h + k - 1
    rows = (Dim(k, a=H * c, c=k * c * o), Dim(k, a=c, c=c * o), Dim(c, a=1, c=o))
    depth = (Dim(n, a=H * H * c, b=h * h * o), Dim(h, a=H * c, b=h * o), Dim(h, a=c, b=o))
    form = Contraction((), rows, (Dim(o, b=1, c=1),), depth, *(float32,) * 3)
    return Case(form, "to weights", ((n, c, H, H), (n, o, h, h)), (o, c, k))


def to_data(n: int, h: int, c: int, o: int, k: int) -> Case:
    """Its gradient for the data."""
    H = h + k - 1
    rows = (Dim(n, a=H * H * o, c=h * h * c), Dim(h, a=H * o, c=h * c), Dim(h, a=o, c=c))
    depth = (Dim(k, a=H * o, b=-k * c * o), Dim(k, a=o, b=-c * o), Dim(o, a=1, b=1))
    form = Contraction((), rows, (Dim(c, b=o, c=1),), depth, *(float32,) * 3)
    return Case(form, "conv", ((n, o, H, H), (c, o, k, k)), (1, 1))


def depthwise(n: int, h: int, c: int, k: int, s: int = 1) -> Case:
    """Each channel by itself."""
    H = (h - 1) * s + k
    rows = (Dim(n, a=H * H * c, c=h * h * c), Dim(h, a=s * H * c, c=h * c), Dim(h, a=s * c, c=c))
    depth = (Dim(k, a=H * c, b=k), Dim(k, a=c, b=1))
    form = Contraction((Dim(c, a=1, b=k * k, c=1),), rows, (), depth, *(float32,) * 3)
    return Case(form, "conv", ((n, c, H, H), (c, 1, k, k)), (s, c))


CASES: dict[str, Case] = {
    **{
        f"matmul {n}^3 {how}": matmul(n, n, n, how)
        for n in (64, 256, 512, 1024)
        for how in ("NN", "NT", "TN", "TT")
    },
    "matmul 1152x768x768 NN": matmul(1152, 768, 768),
    "matmul 100x100x100 NN": matmul(100, 100, 100),
    "dense 128x256x784 NT": matmul(128, 256, 784, "NT"),
    "dense 128x10x128 NT": matmul(128, 10, 128, "NT"),
    "dense to weights 10x128x128 TN": matmul(10, 128, 128, "TN"),
    "dense to data 128x128x10 NN": matmul(128, 128, 10),
    "recurrent 32x512x128 NN": matmul(32, 512, 128),
    "vector 1x1024x1024 NN": matmul(1, 1024, 1024),
    "vector 1x1024x1024 NT": matmul(1, 1024, 1024, "NT"),
    "attention 32 x 64x64x32 NT": batched(32, 64, 64, 32, "NT"),
    "attention 32 x 64x32x64 NN": batched(32, 64, 32, 64, "NN"),
    "attention 12 x 128x128x64 NT": batched(12, 128, 128, 64, "NT"),
    "conv 56x56x64 3x3": conv(1, 56, 64, 64, 3),
    "conv 28x28x128 3x3": conv(1, 28, 128, 128, 3),
    "conv 14x14x256 3x3": conv(1, 14, 256, 256, 3),
    "conv 7x7x512 3x3": conv(1, 7, 512, 512, 3),
    "conv 7x7x512 3x3 batch 8": conv(8, 7, 512, 512, 3),
    "conv 32x32x16 3x3 batch 64": conv(64, 32, 16, 16, 3),
    "conv 28x28x32 3x3 batch 64": conv(64, 28, 32, 32, 3),
    "conv 28x28x128 3x3 stride 2": conv(1, 28, 128, 128, 3, 2),
    "first 112x112x3-64 7x7 stride 2": conv(1, 112, 3, 64, 7, 2),
    "first 28x28x1-32 3x3 batch 64": conv(64, 28, 1, 32, 3),
    "first 32x32x3-16 3x3 batch 32": conv(32, 32, 3, 16, 3),
    "conv 56x56x64-256 1x1": conv(1, 56, 64, 256, 1),
    "conv 56x56x256-64 1x1": conv(1, 56, 256, 64, 1),
    "conv 7x7x2048-512 1x1": conv(1, 7, 2048, 512, 1),
    "to weights 28x28x32 batch 64": to_weights(64, 28, 32, 32, 3),
    "to weights 28x28x1-32 batch 64": to_weights(64, 28, 1, 32, 3),
    "to weights 56x56x64 batch 4": to_weights(4, 56, 64, 64, 3),
    "to weights 7x7x512 batch 4": to_weights(4, 7, 512, 512, 3),
    "to data 28x28x32 batch 64": to_data(64, 28, 32, 32, 3),
    "to data 56x56x64": to_data(1, 56, 64, 64, 3),
    "to data 14x14x256": to_data(1, 14, 256, 256, 3),
    "depthwise 112x112x32 3x3": depthwise(1, 112, 32, 3),
    "depthwise 14x14x576 3x3": depthwise(1, 14, 576, 3),
}


def text_of(chosen: Plan) -> str:
    """A function for each phase, and one that runs all of their pieces."""
    module = Module()
    for phase in range(len(chosen.phases)):
        b = Builder(module, f"phase{phase}", ARGUMENTS)
        left, right, result = (b.pointer(name) for name in ("a", "b", "c"))
        write(b, chosen, left, right, result, b.argument("piece"), b.pointer("scratch"), phase=phase)
        b.finish()
    b = Builder(module, "all", [pair for pair in ARGUMENTS if pair[0] == "ptr"])
    for phase, pieces in enumerate(chosen.phases):
        with b.loop(0, pieces) as loop:
            arguments = ", ".join(f"ptr %{name}" for name in ("a", "b", "c"))
            b.line(f"call void @phase{phase}({arguments}, {loop.index}, ptr %scratch)")
    b.finish()
    return str(module)


def ours(case: Case, target: Target) -> tuple[Plan, Callable[[], object], float, float]:
    """The plan, a call, and seconds to write and to compile."""
    start = time.perf_counter()
    chosen = plan(case.form, target)
    text = text_of(chosen)
    written = time.perf_counter()
    emit_object(text, target)
    compiled = time.perf_counter()
    call = function(load([text], target), "all", "void", "ptr", "ptr", "ptr", "ptr")
    form, rng = case.form, np.random.default_rng(0)
    arrays = [
        _array(rng, [(d.extent, getattr(d, name)) for group in groups for d in group], getattr(form, name))
        for name, groups in {
            "a": (form.batch, form.rows, form.depth),
            "b": (form.batch, form.columns, form.depth),
            "c": (form.batch, form.rows, form.columns),
        }.items()
    ]
    scratch = aligned_empty([chosen.scratch], np.dtype(np.uint8))
    places = [address(x) + x.itemsize * start for x, start in arrays]

    def run(keep: object = (arrays, scratch)) -> None:
        call(*places, address(scratch))

    return chosen, run, written - start, compiled - written


def in_pairs(case: Case) -> Case:
    """The same with operands of bfloat16."""
    dtype = extended("bfloat16")
    return replace(case, form=replace(case.form, a=dtype, b=dtype, in_pairs=True))


def _array(rng: np.random.Generator, dims: list[tuple[int, int]], dtype: DType) -> tuple[np.ndarray, int]:
    """An array that all steps stay in, and where the first element is."""
    ends = [(n - 1) * s for n, s in dims]
    low, high = sum(min(e, 0) for e in ends), sum(max(e, 0) for e in ends)
    x = aligned_empty([high - low + 1], dtype)
    x[:] = rng.standard_normal(x.size, np.float32).astype(dtype)
    return x, -low


def numpys(case: Case) -> Callable[[], object] | None:
    """NumPy's call for matrix products."""
    if case.peer not in ("NN", "NT", "TN", "TT"):
        return None
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for shape in case.shapes]
    a, b = (x if how == "N" else x.swapaxes(-1, -2) for x, how in zip(arrays, case.peer, strict=True))
    return lambda: a @ b


def torchs(case: Case) -> Callable[[], object] | None:
    """PyTorch's call; images channels-last."""
    if importlib.util.find_spec("torch") is None:
        return None
    import torch

    torch.set_num_threads(1)
    a, b = (torch.rand(shape) for shape in case.shapes)
    if case.peer in ("NN", "NT", "TN", "TT"):
        left, right = (x if how == "N" else x.mT for x, how in zip((a, b), case.peer, strict=True))
        return lambda: torch.matmul(left, right)
    a, b = (x.to(memory_format=torch.channels_last) for x in (a, b))
    if case.peer == "conv":
        stride, groups = case.settings
        return lambda: torch.nn.functional.conv2d(a, b, stride=stride, groups=groups)
    outs, ins, k = case.settings
    weight = torch.rand(outs, ins, k, k).to(memory_format=torch.channels_last)
    settings = (None, (1, 1), (0, 0), (1, 1), False, (0, 0), 1, (False, True, False))
    return lambda: torch.ops.aten.convolution_backward(b, a, weight, *settings)


def limit(target: Target) -> tuple[Callable[[], object], float]:
    """A loop of nothing but multiply-adds, and its FLOPs."""
    lanes, steps, count = target.vector_bytes // 4, 20_000, _ACCUMULATORS[target.registers]
    module = Module()
    b = Builder(module, "limit", [("ptr", "x")])
    x = b.load(b.pointer("x"), float32, lanes)
    with b.loop(0, steps, carried=[x] * count) as loop:
        step = b.fma if target.has_fma else lambda p, q, r: b.add(b.multiply(p, q), r)
        loop.next(*(step(x, x, total) for total in loop.carried))
    for i, total in enumerate(loop.results):
        b.store(total, b.element(b.pointer("x"), i * lanes, float32))
    b.finish()
    call = function(load([str(module)], target), "limit", "void", "ptr")
    room = aligned_empty([count * lanes], float32)
    room[:] = 0
    return lambda: call(address(room)), 2.0 * steps * count * lanes


def least(calls: list[Callable[[], object]]) -> list[float]:
    """The least seconds of each, taking turns."""
    repeats = []
    for call in calls:
        call()
        start = time.perf_counter()
        call()
        repeats.append(max(1, round(2e-4 / (time.perf_counter() - start))))
    found, end = [float("inf")] * len(calls), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for i, (call, count) in enumerate(zip(calls, repeats, strict=True)):
            start = time.perf_counter()
            for _ in range(count):
                call()
            found[i] = min(found[i], (time.perf_counter() - start) / count)
    return found


def row(name: str, case: Case, target: Target) -> str:
    """A line of the table."""
    chosen, call, writing, compiling = ours(case, target)
    at_limit, flops_at_limit = limit(target)
    pairs = ours(in_pairs(case), target)[1] if target.has_bf16_dot else None
    others = [numpys(case), torchs(case), pairs]
    times = least([at_limit, call, *(other for other in others if other is not None)])
    flops = 2.0 * case.form.multiplications / 1e9
    rates = iter([flops / seconds for seconds in times[2:]])
    rate, most = flops / times[1], flops_at_limit / times[0] / 1e9
    shown = ["-" if other is None else f"{next(rates):.0f}" for other in others[:2]]
    times_as_fast = "-" if pairs is None else f"{next(rates) / rate:.2f}"
    tile = "x".join(map(str, chosen.tile)) + " " + chosen.nest.kind.name.lower()
    packed = "".join(x for x, is_packed in (("A", chosen.pack_a), ("B", chosen.pack_b)) if is_packed)
    pieces = "+".join(map(str, chosen.phases))
    return (
        f"{name:34} {tile:14} {packed:3} {pieces:9} {times[1] * 1e6:9.1f} {rate:7.1f} "
        f"{rate / most:6.0%} {shown[0]:>6} {shown[1]:>7} {writing * 1e3:6.1f} {compiling * 1e3:8.1f} "
        f"{times_as_fast:>8}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="", help="only cases whose name contains this")
    part, target = parser.parse_args().part, host()
    print(f"{target.cpu}: {target.vector_bytes} bytes a vector, {target.registers} registers")
    print(
        f"{'form':34} {'tile':14} {'':3} {'pieces':9} {'us':>9} {'GFLOP/s':>7} {'limit':>6} {'NumPy':>6} "
        f"{'PyTorch':>7} {'write':>6} {'compile':>8} {'bfloat16':>8}"
    )
    for name, case in CASES.items():
        if part in name:
            print(row(name, case, target), flush=True)


if __name__ == "__main__":
    main()
