"""The harness itself, with ours and NumPy alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from benchmarks.command import main, read
from benchmarks.limits import measured
from benchmarks.machine import busy_processors, this_machine
from benchmarks.measure import Contest, Settings
from benchmarks.peers import interpreters
from benchmarks.process import ROOT, Process, WorkerError
from benchmarks.sides import OURS, SIDES, Contender, Form, Side, contenders
from benchmarks.works import chosen

WORK = chosen(["train-mlp-small"])[0]
NUMPY = Contender(SIDES["numpy"], SIDES["numpy"].forms["training"][0])

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are stopped as Linux does it")


def settings(folder: Path, **changed) -> Settings:
    pythons = dict.fromkeys([*SIDES, "absent"], sys.executable)
    given = {"threads": 1, "rounds": 1, "seconds": 0.01, "is_twice": False} | changed
    return Settings(**given, folder=folder, logs=folder / "logs", pythons=pythons, say=lambda what: None)


def process(folder: Path) -> Process:
    return Process(NUMPY, sys.executable, 1, folder, folder / "log")


def state(process: Process) -> str:
    return Path(f"/proc/{process._process.pid}/stat").read_text("ascii").split(") ")[1][0]


def test_the_command_measures_and_writes(tmp_path, capsys):
    common = ["--quick", "--seconds", "0.02", "--threads", "1", "--peers", "numpy", "--out", str(tmp_path)]
    main(["--only", WORK.name, *common])
    run = read(tmp_path)
    (outcome,) = run.outcomes
    assert [entry.key for entry in outcome.entries] == ["chainrule-", "numpy-"]
    for entry in outcome.entries:
        assert entry.failure == "" and entry.distance < 1e-5 and entry.cold > 0
        assert len(entry.rounds) == 2 and min(entry.times) > 0
    assert outcome.ratio == outcome.entries[1].median / outcome.entries[0].median
    assert run.limits.one_core > 1e9 and run.limits.copying > 1e8
    assert "NumPy takes" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "index.html").read_text("utf-8")
    main(["--only", "train-mlp", "--add", *common])
    assert [kept.name for kept in read(tmp_path).outcomes] == [WORK.name, "train-mlp"]
    assert read(tmp_path).outcomes[0] == outcome


def test_a_second_process_has_a_warm_cache_and_tells_its_memory(tmp_path):
    (ours,) = Contest(WORK, contenders(WORK, [SIDES[OURS]]), settings(tmp_path, is_twice=True)).run()
    assert ours.failure == ""
    assert ours.cold > 0 and ours.warm > 0
    assert list((tmp_path / "cache-chainrule-").iterdir())
    assert 0 < ours.imported < ours.peak and ours.steps <= ours.peak


def test_who_fails_is_named_and_the_others_go_on(tmp_path):
    absent = Contender(Side("absent", "Absent", {"training": (Form(""),)}), Form(""))
    numpys, missing = Contest(WORK, [NUMPY, absent], settings(tmp_path)).run()
    assert numpys.median > 0 and numpys.failure == ""
    assert "ModuleNotFoundError" in missing.failure and missing.rounds == []


def test_a_process_at_rest_is_stopped(tmp_path):
    with process(tmp_path) as it:
        deadline = time.monotonic() + 5
        while state(it) != "T" and time.monotonic() < deadline:
            time.sleep(0.01)
        assert state(it) == "T"
        assert it.started["version"] == np.__version__


def test_a_process_that_ends_is_an_error_with_what_it_said(tmp_path):
    with process(tmp_path) as it:
        os.kill(it._process.pid, 9)
        with pytest.raises(WorkerError, match="the process ended with -9"):
            it.ask("memory")


def test_processes_end_when_the_command_is_killed(tmp_path):
    """A process that starts a worker, says its number, and waits to be killed."""
    program = (
        "import sys, time; from pathlib import Path; from tests.benchmarks.test_measure import process;"
        f"print(process(Path({str(tmp_path)!r}))._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as it:
        worker = int(it.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        it.kill()
    deadline = time.monotonic() + 5
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(worker)


def is_running(number: int) -> bool:
    """Whether there is such a process, which nobody waited for perhaps, but which has not ended."""
    stat = Path(f"/proc/{number}/stat")
    try:
        return stat.read_text("ascii").split(") ")[1][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_command_that_fails_is_an_error_with_its_reason(tmp_path):
    with process(tmp_path) as it, pytest.raises(WorkerError, match="build: FileNotFoundError"):
        it.ask("build", kind="training", parameters={}, arrays=str(tmp_path / "nothing.npz"))
    assert "Traceback" in (tmp_path / "log").read_text("utf-8")


def test_a_side_whose_packages_are_not_there_is_left_out():
    sides = [SIDES["numpy"], SIDES["jax"]]
    pythons, missing = interpreters(sides, sys.executable, lambda what: None)
    assert pythons == {"numpy": sys.executable}
    assert "jaxlib==" in missing["jax"]


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(SystemExit, match="no side is named torch"):
        main(["--peers", "torch", "--out", str(tmp_path)])


def test_works_are_listed(capsys):
    main(["--list"])
    assert "train-mlp-small" in capsys.readouterr().out


def test_the_machine_is_known():
    machine = this_machine()
    assert machine.processor and machine.processors >= 1 and machine.memory > 1e8
    assert 0 <= busy_processors(0.05) <= os.cpu_count() + 0.5


def test_limits_can_be_kept():
    limits = measured(1)
    assert json.loads(json.dumps(limits.__dict__)) == limits.__dict__
    assert min(limits.one_core, limits.all_threads, limits.copying) > 1e8
