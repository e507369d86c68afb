"""Modules compiled several at a time are those compiled one after the other."""

from __future__ import annotations

import threading

import llvmlite.binding as llvm
import pytest

from chainrule.compiler.native.codegen import Source, emit_object, emit_objects, machine_of
from chainrule.compiler.native.messages import CompileError
from chainrule.compiler.native.workshop import side_by_side
from chainrule.compiler.target import host, named


def powers(n: int) -> str:
    """A function with some work for the code generator."""
    lines = [f"%x{i + 1} = fmul <16 x float> %x{i}, %x{i // 2}" for i in range(n)]
    body = "\n".join(lines)
    return f"define <16 x float> @f{n}(<16 x float> %x0) {{\n{body}\nret <16 x float> %x{n}\n}}"


@pytest.mark.parametrize("target", [host(), named("aarch64"), named("wasm32")], ids=lambda t: t.architecture)
def test_objects_do_not_depend_on_the_number_of_threads(target):
    sources = [Source(powers(n), passes) for n in range(1, 40) for passes in ("none", "simple")]
    alone = [emit_object(source.text, target, passes=source.passes) for source in sources]
    for threads in (2, 3, 8):
        assert emit_objects(sources, target, threads) == alone


def test_code_is_llvmlites():
    with llvm.create_context() as context, llvm.parse_assembly(powers(9), context) as module:
        module.triple, module.data_layout = host().triple, str(machine_of(host()).target_data)
        expected = machine_of(host()).emit_object(module)
    assert emit_objects([Source(powers(9))] * 3, host(), 3) == [expected] * 3


def test_as_many_threads_as_machines_work_at_a_time():
    meeting = threading.Barrier(3, timeout=10)

    def work(x: int, machine: str) -> bytes:
        meeting.wait()
        return f"{x}".encode()

    assert side_by_side(work, range(6), ["a", "b", "c"]) == [b"0", b"1", b"2", b"3", b"4", b"5"]


def test_a_machine_has_one_module_at_a_time():
    busy, found = set(), []

    def work(x: int, machine: str) -> bytes:
        found.append(machine not in busy)
        busy.add(machine)
        emit_object(powers(30), host())
        busy.remove(machine)
        return b""

    side_by_side(work, range(40), ["a", "b"])
    assert found == [True] * 40


def test_a_problem_is_raised_and_the_rest_left():
    begun = []

    def work(x: int, machine: str) -> bytes:
        begun.append(x)
        if x == 1:
            raise ValueError(x)
        emit_object(powers(200), host())
        return b""

    with pytest.raises(ValueError, match="1"):
        side_by_side(work, range(200), ["a", "b"])
    assert len(begun) < 100


def test_a_module_that_is_not_well_formed_is_named():
    sources = [Source(powers(5)), Source("define i64 @f() { ret float 1.0 }"), Source(powers(6))]
    with pytest.raises(CompileError, match="float"):
        emit_objects(sources, host(), 2)


def test_no_threads_are_left_behind():
    before = threading.active_count()
    emit_objects([Source(powers(n)) for n in range(1, 9)], host(), 4)
    assert threading.active_count() == before
