"""Text of LLVM IR to functions in memory, and its mistakes as errors."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native.arrays import address
from chainrule.compiler.native.codegen import PASSES
from chainrule.compiler.native.functions import function, function_at
from chainrule.compiler.native.jit import Source, emit_assembly, emit_object, load
from chainrule.compiler.native.messages import CompileError
from chainrule.compiler.native.symbols import symbols
from chainrule.compiler.target import host, named

ADD = "define i64 @add(i64 %x, i64 %y) nounwind { %z = add i64 %x, %y  ret i64 %z }"
CALLS_ADD = """
declare i64 @add(i64, i64)
define i64 @twice(i64 %x) nounwind { %y = call i64 @add(i64 %x, i64 %x)  ret i64 %y }
"""


def constant(name: str, value: int) -> str:
    return f"define i64 @{name}() nounwind {{ ret i64 {value} }}"


def test_modules_call_each_other():
    for modules in ([ADD, CALLS_ADD], [CALLS_ADD, ADD]):
        assert function(load(modules, host()), "twice", "i64", "i64")(21) == 42


def test_functions_of_another_library_by_address():
    first = load([ADD], host())
    second = load([CALLS_ADD], host(), symbols={"add": first.address("add")})
    assert function(second, "twice", "i64", "i64")(4) == 8


def test_hundreds_of_modules():
    library = load([constant(f"f{i}", i) for i in range(300)], host())
    assert [function_at(library.address(f"f{i}"), "i64")() for i in range(300)] == list(range(300))


def test_libraries_with_equal_names_stay_apart():
    first, second = load([constant("f", 1)], host()), load([constant("f", 2)], host())
    assert [function(each, "f", "i64")() for each in (first, second)] == [1, 2]
    del first
    gc.collect()
    assert function(second, "f", "i64")() == 2


def test_constants_and_private_functions():
    text = """
@table = private constant [3 x i64] [i64 10, i64 20, i64 30], align 64
define internal i64 @at(i64 %i) noinline {
  %p = getelementptr i64, ptr @table, i64 %i
  %v = load i64, ptr %p
  ret i64 %v
}
define i64 @f(i64 %i) { %v = call i64 @at(i64 %i)  ret i64 %v }
"""
    library = load([text, text.replace("@f(", "@g(").replace("i64 30", "i64 31")], host())
    assert sorted(library.names) == ["f", "g"]
    assert [function(library, name, "i64", "i64")(2) for name in "fg"] == [30, 31]


@pytest.mark.parametrize("passes", PASSES)
def test_passes_keep_the_meaning(passes):
    text = """
define i64 @triangle(i64 %n) nounwind {
entry:
  %i = alloca i64
  %s = alloca i64
  store i64 0, ptr %i
  store i64 0, ptr %s
  br label %loop
loop:
  %i1 = load i64, ptr %i
  %s1 = load i64, ptr %s
  %s2 = add i64 %s1, %i1
  store i64 %s2, ptr %s
  %i2 = add i64 %i1, 1
  store i64 %i2, ptr %i
  %more = icmp sle i64 %i2, %n
  br i1 %more, label %loop, label %end
end:
  %r = load i64, ptr %s
  ret i64 %r
}"""
    assert function(load([Source(text, passes)], host()), "triangle", "i64", "i64")(100) == 5050
    on_stack = "[sp" in emit_assembly(text, named("aarch64"), passes=passes)
    assert on_stack == (passes == "none")


def test_a_mistake_in_the_text_is_shown_with_its_line():
    text = "define i64 @f() {\n  %a = add i32 1, 2\n  %b = add i64 %a, 2\n  ret i64 %b\n}"
    with pytest.raises(CompileError, match=r"not well formed, at line 3: %b = add i64 %a, 2\n") as caught:
        load([ADD, text], host())
    assert (caught.value.values["line"], caught.value.values["code"]) == (3, "%b = add i64 %a, 2")
    assert "'%a' defined with type 'i32' but expected 'i64'" in str(caught.value)


def test_what_the_verifier_finds_is_shown_with_its_line():
    text = """define i32 @f(i1 %c) {
entry:
  br i1 %c, label %a, label %b
a:
  %x = add i32 1, 2
  br label %b
b:
  %y = add i32 %x, 1
  ret i32 %y
}"""
    with pytest.raises(CompileError, match="Instruction does not dominate all uses!") as caught:
        load([text], host())
    assert caught.value.values["line"] == 5


@pytest.mark.parametrize("text", ["nonsense", "define void @f() {", "define void @f() { ret void } }"])
def test_text_that_is_no_module(text):
    with pytest.raises(CompileError, match="please report it"):
        load([text], host())


def test_errors_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(CompileError, match="编译器生成的 LLVM IR 有误，第 1 行"):
        load(["nonsense"], host())
    with pytest.raises(CompileError, match="编译器生成的代码调用了未定义的 add"):
        load([CALLS_ADD], host())


def test_a_function_that_nothing_defines():
    with pytest.raises(CompileError, match="calls add, which nothing defines"):
        load([CALLS_ADD], host())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("define float @f(float %x, float %y) { %r = frem float %x, %y  ret float %r }", "fmodf"),
        (
            "declare double @llvm.sin.f64(double)\n"
            "define double @f(double %x) { %r = call double @llvm.sin.f64(double %x)  ret double %r }",
            "sin",
        ),
        ("define i128 @f(i128 %x, i128 %y) { %r = sdiv i128 %x, %y  ret i128 %r }", "__divti3"),
    ],
)
def test_no_function_of_a_library_is_called_quietly(text, name):
    with pytest.raises(CompileError, match=f"calls {name}, which nothing defines"):
        load([text], host())


def test_conversion_to_half_without_an_instruction_for_it(monkeypatch):
    monkeypatch.setenv("CHAINRULE_CPU", "x86-64-v2")
    text = "define half @f(float %x) { %r = fptrunc float %x to half  ret half %r }"
    with pytest.raises(CompileError, match="calls __truncsfhf2, which nothing defines"):
        load([text], host())


@pytest.mark.parametrize("intrinsic", ["memcpy", "memmove"])
def test_copies_become_calls_of_the_c_library(intrinsic):
    text = f"""
declare void @llvm.{intrinsic}.p0.p0.i64(ptr, ptr, i64, i1)
define void @copy(ptr %to, ptr %from, i64 %size) nounwind {{
  call void @llvm.{intrinsic}.p0.p0.i64(ptr %to, ptr %from, i64 %size, i1 false)
  ret void
}}"""
    x, y = np.arange(1000.0), np.zeros(1000)
    function(load([text], host()), "copy", "void", "ptr", "ptr", "i64")(address(y), address(x), x.nbytes)
    assert symbols(emit_object(text, host())).undefined == (intrinsic,)
    assert y.tolist() == x.tolist()


def test_filling_becomes_a_call_of_the_c_library():
    text = """
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define void @clear(ptr %to, i64 %size) nounwind {
  call void @llvm.memset.p0.i64(ptr %to, i8 0, i64 %size, i1 false)
  ret void
}"""
    x = np.arange(1000.0)
    function(load([text], host()), "clear", "void", "ptr", "i64")(address(x), x.nbytes)
    assert not x.any()


def test_a_function_defined_twice():
    with pytest.raises(CompileError, match="defines f more than once"):
        load([constant("f", 1), constant("f", 2)], host())
    with pytest.raises(CompileError, match="defines f more than once"):
        load([constant("f", 1)], host(), symbols={"f": 1})


def test_a_function_that_is_not_there():
    with pytest.raises(CompileError, match=r"no function 'g'\. It has f, add"):
        load([constant("f", 1), ADD], host()).address("g")


def test_a_compile_error_is_one_of_chainrule():
    assert issubclass(CompileError, cr.errors.ChainruleError)
    assert issubclass(CompileError, RuntimeError)


@pytest.mark.parametrize(("name", "magic"), [("aarch64", b"\x7fELF"), ("wasm32", b"\0asm")])
def test_objects_for_other_machines(name, magic):
    vector = "define <4 x float> @f(<4 x float> %x) { %y = fmul <4 x float> %x, %x  ret <4 x float> %y }"
    code = emit_object(vector, named(name))
    assert code.startswith(magic)
    if name == "aarch64":
        assert int.from_bytes(code[18:20], "little") == 183  # EM_AARCH64
    assert {"aarch64": "fmul\tv0.4s", "wasm32": "f32x4.mul"}[name] in emit_assembly(vector, named(name))


@pytest.mark.parametrize(
    "triple",
    [
        "x86_64-unknown-linux-gnu",
        "aarch64-unknown-linux-gnu",
        "x86_64-apple-darwin",
        "arm64-apple-darwin",
        "x86_64-pc-windows-msvc",
        "aarch64-pc-windows-msvc",
    ],
)
def test_symbols_in_the_format_of_every_system(triple):
    text = """
@own = internal constant [2 x i64] [i64 1, i64 2]
@shown = constant i64 7
declare void @a_function_with_a_long_name()
declare void @short()
define internal void @hidden() noinline { call void @short() ret void }
define i64 @f(i64 %i) {
  call void @hidden()
  call void @a_function_with_a_long_name()
  %p = getelementptr i64, ptr @own, i64 %i
  %r = load i64, ptr %p
  ret i64 %r
}"""
    found = symbols(emit_object(text, replace(named("aarch64"), triple=triple, features="")))
    assert sorted(found.defined) == ["f", "shown"]
    assert sorted(found.undefined) == ["a_function_with_a_long_name", "short"]


def test_symbols_of_a_webassembly_object_with_imports_of_all_kinds():
    text = """
@shown = constant i64 7
@elsewhere = external global i64
@own = internal constant [300 x i64] zeroinitializer
declare void @callee(ptr)
declare void @pointed_at()
define internal i64 @hidden(i64 %i) noinline {
  %p = getelementptr i64, ptr @own, i64 %i
  %r = load i64, ptr %p
  ret i64 %r
}
define i64 @f(i64 %i, ptr %g) {
  %room = alloca [64 x i8]
  call void @callee(ptr %room)
  call void %g(ptr @pointed_at)
  %x = load i64, ptr @elsewhere
  %y = call i64 @hidden(i64 %i)
  %z = add i64 %x, %y
  ret i64 %z
}"""
    found = symbols(emit_object(text, named("wasm32")))
    assert sorted(found.defined) == ["f", "shown"]
    # The pointer to the stack, and the table of functions that are called by address, are the linker's.
    linkers = {"__stack_pointer", "__indirect_function_table"}
    assert sorted({*found.undefined} - linkers) == ["callee", "elsewhere", "pointed_at"]
    assert "__stack_pointer" in found.undefined


def test_many_threads_compile_at_once():
    found: dict[int, int] = {}

    def compile_own(number: int) -> None:
        for k in range(10):
            library = load([constant("f", 100 * number + k)], host())
            found[100 * number + k] = function(library, "f", "i64")()

    threads = [threading.Thread(target=compile_own, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(value == key for key, value in found.items())


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def grown(repeats: int) -> int:
    """Memory that so many compilations leave behind, each of a text of its own."""
    before = resident_bytes()
    for i in range(repeats):
        load([constant("f", before + i), ADD], host())
    gc.collect()
    return resident_bytes() - before


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells the memory in use")
@pytest.mark.parametrize("cache", ["on", "off"])
def test_recompiling_leaks_no_memory(monkeypatch, cache):
    if cache == "off":
        monkeypatch.setenv("CHAINRULE_CACHE", "off")
    grown(200)
    # One page of code for each would be 8 MB.
    assert grown(2000) < 1 << 20
