"""Programs on disk: what is read is what was built, and nothing is read that should not be."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule.compiler.backend import BACKENDS
from chainrule.compiler.native.cache import current
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.program import stored
from chainrule.compiler.target import host
from chainrule.core.op import TABLE
from chainrule.errors import OutOfRangeError

from .programs import CASES, agree, outcomes

pytestmark = pytest.mark.filterwarnings("ignore::chainrule.errors.FallbackWarning")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """An empty cache; compiled functions look for programs in it."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "kernels"))
    monkeypatch.setitem(BACKENDS, "llvm", "chainrule.compiler.program.stored")
    return tmp_path / "kernels"


def is_read(program) -> bool:
    return "reading" in program.report.seconds


def key(function, *args, options=DEFAULT, target=None):
    return stored.key_of_program(cr.record(function, *args), options, target or host())


@pytest.mark.parametrize("name", CASES)
def test_a_program_that_is_read_gives_the_same(name):
    built, read = CASES[name](), CASES[name]()
    first, second = cr.compile(built.function), cr.compile(read.function)
    expected = outcomes(built, first)
    agree(outcomes(read, second), expected)
    program = second.recording_for(*read.args)[0].program
    assert is_read(program) == (name != "numpy_fallbacks")
    report = first.recording_for(*built.args)[0].program.report
    assert (program.report.kernels, program.report.distinct) == (report.kernels, report.distinct)
    assert program.report.rewrites == report.rewrites


def test_weights_are_arranged_anew_when_they_change():
    layer, x = cr.nn.Linear(512, 256), cr.ones((64, 512))
    with cr.no_grad():
        for _ in range(2):
            f = cr.compile(layer)
            f(x)
        assert is_read(f.recording_for(x)[0].program)
        layer.weight.assign(layer.weight * 2.0)
        np.testing.assert_allclose(f(x).numpy(), layer(x).numpy(), rtol=1e-4, atol=1e-4)


def test_an_index_out_of_range_is_told_with_its_line():
    def pick(x, i):
        return x[i].sum()

    x, good, bad = cr.ones((5, 2)), cr.tensor([1, 2]), cr.tensor([1, 7])
    said = []
    for _ in range(2):
        f = cr.compile(pick)
        f(x, good)
        with pytest.raises(OutOfRangeError) as caught:
            f(x, bad)
        said.append(str(caught.value))
        assert float(f(x, good)) == 4
    assert said[0] == said[1]
    assert "return x[i].sum()" in said[0]


def test_how_it_came_to_be_is_worked_out_again():
    def f(x):
        return cr.softmax(x @ x.T)

    x = cr.tensor(np.random.default_rng(1).normal(size=(40, 30)).astype(np.float32))
    found = [cr.explain(cr.compile(f), x) for _ in range(2)]
    kernels = [[(k.name, k.loops, k.nbytes, k.call.text) for k in one.kernels] for one in found]
    assert is_read(found[1].program)
    assert kernels[0] == kernels[1]
    assert all(kernel.seconds > 0 for kernel in found[1].kernels)


def test_what_a_program_depends_on_is_in_its_name(monkeypatch):
    x, y = cr.ones((4, 8)), cr.ones((4, 9))
    w = cr.State(np.ones(8, np.float32))
    names = [
        key(cr.exp, x),
        key(cr.exp, y),
        key(cr.log, x),
        key(lambda x: cr.exp(x) + 1, x),
        key(lambda x: cr.exp(x) + 2, x),
        key(lambda x: x + w, x),
        key(lambda x: w.assign(x[0] + w), x),
        key(cr.exp, x, options=Options(winograd=True)),
        key(cr.exp, x, target=replace(host(), vector_bytes=16)),
    ]
    assert key(cr.exp, x) == names[0]
    stored._package.cache_clear()
    monkeypatch.setattr(stored, "PACKAGE", stored.PACKAGE / "compiler")
    names.append(key(cr.exp, x))
    stored._package.cache_clear()
    assert len(set(names)) == len(names)
    assert None not in names


def test_rows_of_users_are_not_kept(monkeypatch, folder):
    monkeypatch.setitem(TABLE, "exp", replace_row(TABLE["exp"]))
    graph = cr.record(cr.exp, cr.ones(3))
    graph.nodes[0].op = TABLE["exp"]
    assert stored.key_of_program(graph, DEFAULT, host()) is None


def replace_row(op):
    """The same row with somebody else's rule for code."""
    other = object.__new__(type(op))
    for name in op.__dataclass_fields__:
        object.__setattr__(other, name, getattr(op, name))
    object.__setattr__(other, "emit", lambda b, x: b.add(x, x))
    return other


def test_without_some_of_its_code_it_is_built_anew(folder):
    x = cr.ones((30, 30))
    cr.compile(lambda x: x @ x)(x)
    files = sorted(folder.glob("*.kernel"))
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content[:-1])
        f = cr.compile(lambda x: x @ x)
        np.testing.assert_array_equal(f(x).numpy(), np.full((30, 30), 30, np.float32))
        assert not is_read(f.recording_for(x)[0].program)
        assert file.read_bytes() == content


def test_a_cache_that_is_off(monkeypatch):
    monkeypatch.setenv("CHAINRULE_CACHE", "off")
    for _ in range(2):
        f = cr.compile(cr.exp)
        f(cr.ones(3))
        assert not is_read(f.recording_for(cr.ones(3))[0].program)


def test_large_constants_are_not_kept(monkeypatch):
    table = cr.tensor(np.arange(1000, dtype=np.float32))
    monkeypatch.setattr(stored, "_MOST_CONSTANTS", 999)
    for _ in range(2):
        f = cr.compile(lambda x: (x + table).sum())
        f(cr.ones(1000))
        assert not is_read(f.recording_for(cr.ones(1000))[0].program)


def test_constants_come_back():
    table = cr.tensor(np.random.default_rng(3).normal(size=(7, 1000)).astype(np.float32))
    half = cr.tensor(np.arange(5, dtype=np.float64))
    found = []
    for _ in range(2):
        f = cr.compile(lambda x: ((x + table).sum(axis=1), half * 2))
        found.append([y.numpy().tobytes() for y in f(cr.ones(1000))])
    assert is_read(f.recording_for(cr.ones(1000))[0].program)
    assert found[0] == found[1]


IN_A_PROCESS = """
import sys
import numpy as np
import chainrule as cr
f = cr.compile(lambda x: cr.relu(x @ x).sum())
print(float(f(cr.ones((50, 50)))), "chainrule.compiler.emit.nest" in sys.modules)
"""


def test_another_process_does_without_most_of_the_compiler():
    command = [sys.executable, "-W", "error", "-c", IN_A_PROCESS]
    said = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said == ["125000.0 True\n", "125000.0 False\n"]
    assert current().size()[0] > 1
