"""The native entry: what its text says, and where its kernels find their buffers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

import chainrule as cr
from chainrule.compiler import target
from chainrule.compiler.loops.fuse import fused
from chainrule.compiler.loops.lowering import Lowering
from chainrule.compiler.program.addresses import FIRST
from chainrule.compiler.program.calls import KernelCall, flat
from chainrule.compiler.program.entry import Entry, written
from chainrule.compiler.program.kernels import calls_of, with_plans


def entry_of(f: Any, *arrays: Any) -> tuple[Entry, list[Any]]:
    graph = cr.record(f, *arrays)
    lowering = Lowering(graph)
    kept = lambda: {*lowering.buffers.values(), *lowering.outputs}  # noqa: E731
    steps = lowering.run()
    calls = calls_of(with_plans(fused(steps, kept()), target.host()), target.host())
    dynamic = [*(lowering.buffers[x] for x in graph.inputs), *lowering.outputs]
    return written([], calls, {x: FIRST + i for i, x in enumerate(dynamic)}), calls


def kernel_calls(text: str) -> list[str]:
    return re.findall(r"call void @(kernel_\w+)\(", text)


X = np.ones((3, 5), np.float32)


def test_small_kernels_are_called_in_order_without_the_pool():
    entry, calls = entry_of(lambda x: cr.cumsum(cr.exp(x), axis=0) @ cr.ones((5, 2)), X)
    names = [call.function for call in flat(calls) if isinstance(call, KernelCall)]
    assert len(names) >= 2
    assert kernel_calls(entry.text) == names


def test_every_buffer_of_a_kernel_has_a_slot():
    entry, calls = entry_of(lambda x: cr.softmax(x) @ cr.transpose(x, (1, 0)), X)
    assert list(entry.slots) == [x for call in flat(calls) for x in call.buffers]


def test_equal_kernels_have_one_name():
    entry, _ = entry_of(lambda x, y: (cr.sort(x, axis=0), cr.sort(y, axis=0)), X, X)
    names = kernel_calls(entry.text)
    assert len(names) == 2 * len(set(names))


def test_work_for_several_threads_goes_through_the_pool():
    entry, calls = entry_of(lambda x: cr.tanh(x), np.ones((400, 500), np.float32))
    (call,) = calls
    assert call.pieces > 1
    assert kernel_calls(entry.text) == []
    assert f"@{call.function}" in entry.text


def test_a_scan_is_a_loop_of_the_entry():
    entry, _ = entry_of(lambda x: cr.scan(lambda h, t: (h + t, h), cr.zeros(5), x), X)
    assert "phi i64" in entry.text
    assert any(buffer.kind == "window" for buffer in entry.slots)
