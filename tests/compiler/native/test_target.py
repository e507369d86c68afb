"""What machines offer, as told by the machine, by name, and by CHAINRULE_CPU."""

from __future__ import annotations

import re
from dataclasses import replace

import llvmlite.binding as llvm
import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler import target as targets
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import emit_assembly, load
from chainrule.compiler.native.machine import CPUS, LEVELS, CacheSizes, cache_sizes
from chainrule.compiler.target import Target, host, named

needs_x86 = pytest.mark.skipif("x86_64" not in llvm.get_process_triple(), reason="not an x86-64 machine")

X86 = Target("x86_64-unknown-linux-gnu", "", "", 16, 16)
REGISTERS = {16: "xmm", 32: "ymm", 64: "zmm"}


def axpy(target: Target) -> str:
    """y = a·x + y on one vector register of float32."""
    vector = f"<{target.vector_bytes // 4} x float>"
    return f"""
define void @axpy(ptr %a, ptr %x, ptr %y) nounwind {{
  %a1 = load {vector}, ptr %a, align 64
  %x1 = load {vector}, ptr %x, align 64
  %y1 = load {vector}, ptr %y, align 64
  %p = fmul contract {vector} %a1, %x1
  %s = fadd contract {vector} %p, %y1
  store {vector} %s, ptr %y, align 64
  ret void
}}"""


@needs_x86
@pytest.mark.parametrize(
    ("name", "vector_bytes", "registers", "has_fma", "has_masks"),
    [
        ("x86-64-v2", 16, 16, False, False),
        ("x86-64-v3", 32, 16, True, False),
        ("x86-64-v4", 64, 32, True, True),
    ],
)
def test_a_vector_kernel_runs_at_every_level(monkeypatch, name, vector_bytes, registers, has_fma, has_masks):
    if vector_bytes > host().vector_bytes:
        pytest.skip(f"this machine has no {name}")
    monkeypatch.setenv("CHAINRULE_CPU", name)
    target = host()
    found = (target.vector_bytes, target.registers, target.has_fma, target.has_masks, target.has_bf16_dot)
    assert found == (vector_bytes, registers, has_fma, has_masks, False)
    lanes = vector_bytes // 4
    a, x, y = (aligned_empty((lanes,), np.dtype(np.float32)) for _ in range(3))
    a[:], x[:], y[:] = 2.0, np.arange(lanes), 1.0
    function(load([axpy(target)], target), "axpy", "void", "ptr", "ptr", "ptr")(*map(address, (a, x, y)))
    assert y.tolist() == (2.0 * np.arange(lanes) + 1.0).tolist()
    assembly = emit_assembly(axpy(target), target)
    assert REGISTERS[vector_bytes] in assembly
    assert ("vfmadd" in assembly) == has_fma


@pytest.mark.parametrize("cpu", CPUS)
def test_every_processor_has_what_its_level_says(cpu, capfd):
    level = LEVELS[CPUS[cpu]]
    target = replace(X86, cpu=cpu, vector_bytes=level.vector_bytes)
    assembly = emit_assembly(axpy(target), target)
    assert "not a recognized processor" not in capfd.readouterr().err
    assert REGISTERS[level.vector_bytes] in assembly
    assert ("vfmadd" in assembly) == level.has_fma


@pytest.mark.parametrize("cpu", [name for name, level in CPUS.items() if LEVELS[level].has_bf16_dot])
def test_processors_that_multiply_bfloat16(cpu):
    text = """
declare <4 x float> @llvm.x86.avx512bf16.dpbf16ps.128(<4 x float>, <8 x bfloat>, <8 x bfloat>)
define <4 x float> @dot(<4 x float> %c, <8 x bfloat> %a, <8 x bfloat> %b) {
  %r = call <4 x float> @llvm.x86.avx512bf16.dpbf16ps.128(<4 x float> %c, <8 x bfloat> %a, <8 x bfloat> %b)
  ret <4 x float> %r
}"""
    assert "vdpbf16ps" in emit_assembly(text, replace(X86, cpu=cpu))


@needs_x86
def test_native_is_the_default(monkeypatch):
    monkeypatch.setenv("CHAINRULE_CPU", "native")
    native = host()
    monkeypatch.delenv("CHAINRULE_CPU")
    assert host() == native
    monkeypatch.setenv("CHAINRULE_CPU", " ")
    assert host() == native
    assert native.cpu == llvm.get_host_cpu_name()


@needs_x86
def test_an_unknown_processor_is_an_error(monkeypatch):
    monkeypatch.setenv("CHAINRULE_CPU", "skylke")
    with pytest.raises(cr.errors.ConfigError) as caught:
        host()
    message = str(caught.value)
    assert message.startswith(
        "CHAINRULE_CPU=skylke: no processor of that name is known. Did you mean skylake? "
    )
    assert "On this machine it can be native, x86-64-v2, nehalem" in message
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(cr.errors.ConfigError, match="是不是 skylake？在这台机器上可以是 native"):
        host()


@pytest.fixture
def avx2_machine(monkeypatch):
    """This machine as if it had no AVX-512."""
    real = llvm.get_host_cpu_features()
    lesser = llvm.FeatureMap({name: present and "avx512" not in name for name, present in real.items()})
    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: lesser)
    targets._host.cache_clear()
    yield
    targets._host.cache_clear()


@needs_x86
def test_a_processor_that_this_machine_cannot_stand_in_for(monkeypatch, avx2_machine):
    assert host().vector_bytes == 32
    monkeypatch.setenv("CHAINRULE_CPU", "znver4")
    with pytest.raises(cr.errors.ConfigError) as caught:
        host()
    message = str(caught.value)
    assert re.match(r"CHAINRULE_CPU=znver4: this machine \(\S+\) has no avx512bw, avx512cd, ", message)
    assert "It can be native, x86-64-v2" in message
    assert message.split("It can be")[1].count("znver") == 3
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(cr.errors.ConfigError, match=r"没有 avx512bw, .*在这里会崩溃。可以是 native,"):
        host()


@needs_x86
def test_what_a_namesake_has_beyond_this_machine_is_switched_off(monkeypatch, avx2_machine):
    monkeypatch.setenv("CHAINRULE_CPU", "alderlake")
    lacking = {name for name, present in llvm.get_host_cpu_features().items() if not present}
    assert {f"-{name}" for name in lacking} == set(host().features.split(","))


def test_named_targets():
    assert (named("aarch64").vector_bytes, named("aarch64").registers, named("aarch64").has_fma) == (
        16,
        32,
        True,
    )
    assert (named("wasm32").vector_bytes, named("wasm32").registers, named("wasm32").has_fma) == (
        16,
        16,
        False,
    )
    with pytest.raises(cr.errors.ConfigError, match=r"no target 'wasm64' .* Did you mean wasm32\? There are"):
        named("wasm64")


def test_cache_sizes_as_linux_tells_them(tmp_path):
    for number, (level, kind, size) in enumerate(
        [("1", "Data", "48K"), ("1", "Instruction", "32K"), ("2", "Unified", "2M"), ("3", "Unified", "oops")]
    ):
        folder = tmp_path / f"index{number}"
        folder.mkdir()
        for name, content in (("level", level), ("type", kind), ("size", size)):
            (folder / name).write_text(content + "\n")
    (tmp_path / "index4").mkdir()
    assert cache_sizes(tmp_path) == CacheSizes(l1=48 << 10, l2=2 << 20)
    assert cache_sizes(tmp_path / "none") == CacheSizes()
