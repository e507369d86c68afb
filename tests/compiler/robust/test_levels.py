"""Programs for every level of x86-64, and kernels for processors that this machine is not."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.native.codegen import emit_object
from chainrule.compiler.native.jit import FROM_THE_PROCESS
from chainrule.compiler.native.machine import CPUS, LEVELS
from chainrule.compiler.native.symbols import symbols
from chainrule.compiler.program import build as building
from chainrule.compiler.program.build import build
from chainrule.compiler.program.calls import KernelCall
from chainrule.compiler.target import VARIABLE, host, named

from .programs import CASES, STEPS, elements

NAMES = [name for name in CPUS if name.startswith("x86-64")]

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")


def has(name: str) -> bool:
    native = host()
    wanted = LEVELS[CPUS[name]].features
    return native.architecture == "x86_64" and all(
        f"+{feature}" in native.features.split(",") for feature in wanted
    )


@pytest.fixture(params=NAMES)
def level(request, monkeypatch):
    """One level after the other, as far as this machine has them."""
    if not has(request.param):
        pytest.skip(f"this machine is no {request.param}")
    monkeypatch.setenv(VARIABLE, request.param)
    return request.param


@pytest.mark.parametrize("name", STEPS)
def test_training_steps_agree_with_eager(level, name):
    compiled, eager = STEPS[name](), STEPS[name]()
    step = cr.compile(compiled.function)
    for case, call in ((compiled, step), (eager, eager.function)):
        cr.random.seed(4)
        case.losses = [call(*case.args).item() for _ in range(3)]
    np.testing.assert_allclose(compiled.losses, eager.losses, rtol=2e-3)
    assert host().cpu == level


@pytest.mark.parametrize("name", [name for name in CASES if name not in STEPS])
def test_programs_agree_with_eager(level, name):
    case = CASES[name]()
    graph = cr.record(case.function, *case.args)
    found = build(graph, target=host()).run([x.numpy() for x in case.args])
    for y, expected in zip(found, elements(case.function(*case.args)), strict=True):
        tolerance = 2e-2 if y.dtype == np.float16 else 2e-3
        np.testing.assert_allclose(y, expected, rtol=tolerance, atol=tolerance)


def kernels(name, target, monkeypatch):
    """The texts of a program's kernels for a target, and of its entry."""
    found = []

    class EnoughError(Exception):
        pass

    def stop(modules, target, threads):
        found.extend(modules)
        raise EnoughError

    case = CASES[name]()
    graph = cr.record(case.function, *case.args)
    monkeypatch.setattr(building, "load", stop)
    with pytest.raises(EnoughError):
        build(graph, target=target)
    return found


MAGIC = {"aarch64": b"\x7fELF", "wasm32": b"\0asm"}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("target", MAGIC)
def test_kernels_for_other_processors(name, target, monkeypatch):
    chosen = named(target)
    found = kernels(name, chosen, monkeypatch)
    assert len(found) > 10
    for source in found:
        text, passes = (source, "none") if isinstance(source, str) else (source.text, source.passes)
        code = emit_object(text, chosen, passes=passes)
        assert code[:4] == MAGIC[target]
        if target == "aarch64":
            needed = {x for x in symbols(code).undefined if not x.startswith("kernel_")}
            assert needed <= FROM_THE_PROCESS, text[:2000]


def test_an_unknown_processor_is_named(tmp_path):
    if host().architecture != "x86_64":
        pytest.skip("a choice of processors is offered on x86-64 only")
    program = "import chainrule as cr\nprint(cr.compile(lambda x: x * 2)(cr.ones(3)).tolist())"
    environment = {**os.environ, "CHAINRULE_CACHE": str(tmp_path)}

    def run(cpu):
        command = [sys.executable, "-c", program]
        settings = {**environment, VARIABLE: cpu}
        return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)

    wrong = run("x86-64-v9")
    assert wrong.returncode == 1
    assert "ConfigError" in wrong.stderr
    assert "CHAINRULE_CPU=x86-64-v9: no processor of that name is known" in wrong.stderr
    for cpu in ("native", *filter(has, NAMES)):
        assert run(cpu).stdout == "[2.0, 2.0, 2.0]\n"


def test_the_calls_of_a_kernel_are_named_by_content():
    case = CASES["mlp_step"]()
    program = build(cr.record(case.function, *case.args))
    texts = {call.function: call.text for call in program.calls if isinstance(call, KernelCall)}
    assert len(set(texts.values())) == len(texts)
