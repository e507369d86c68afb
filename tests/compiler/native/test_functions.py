"""Native functions as Python callables."""

from __future__ import annotations

import gc
import time

import pytest

from chainrule.compiler.native.functions import function, function_at
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import host


@pytest.mark.parametrize(
    ("kind", "value"),
    [("i64", -(2**63)), ("i32", -5), ("float", 0.5), ("double", 0.1), ("ptr", 2**63 + 4096), ("ptr", None)],
)
def test_types(kind, value):
    text = f"define {kind} @same({kind} %x) nounwind {{ ret {kind} %x }}"
    assert function(load([text], host()), "same", kind, kind)(value) == value


def test_a_function_keeps_its_library():
    text = "define i64 @f() nounwind { ret i64 7 }"
    call = function(load([text], host()), "f", "i64")
    gc.collect()
    assert call() == 7


def test_calling_takes_about_a_microsecond():
    text = "define void @f(ptr %a, ptr %b, ptr %c, i64 %n) nounwind { ret void }"
    library = load([text], host())
    call = function_at(library.address("f"), "void", "ptr", "ptr", "ptr", "i64")
    taken = []
    for _ in range(50):
        began = time.perf_counter()
        for _ in range(1000):
            call(4096, 4096, 4096, 1)
        taken.append((time.perf_counter() - began) / 1000)
    assert min(taken) < 3e-6
