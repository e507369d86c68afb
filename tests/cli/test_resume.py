"""An interrupted run goes on as if it had never stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from chainrule.train import read_checkpoint

from .conftest import OPTIONS

PROGRAM = [sys.executable, "-c", "import sys; from chainrule.cli import main; sys.exit(main())"]
WAIT = 60


@pytest.fixture
def whole(run) -> Path:
    """A run that was never interrupted."""
    return run.rename("whole")


def interrupted(run: str, number: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Train in another process, and send it a signal once it has finished an epoch."""
    arguments = ["train", "pets", *OPTIONS, "--out", run]
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    deadline = time.monotonic() + WAIT
    while not Path(run, "history.csv").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    out, err = process.communicate(timeout=WAIT)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def check_same(run: str, whole: Path) -> None:
    one, other = (read_checkpoint(Path(path, "checkpoints/last.safetensors")) for path in (run, whole))
    assert one["counts"] == other["counts"]
    assert one["model"].keys() == other["model"].keys()
    for name in one["model"]:
        np.testing.assert_array_equal(one["model"][name], other["model"][name], err_msg=name)
    assert Path(run, "history.csv").read_bytes() == (whole / "history.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_goes_on_bit_for_bit(chainrule, whole, number):
    done = interrupted("run", number)
    assert done.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert not Path("run/metrics.json").exists()
    if number == signal.SIGINT:
        assert "--out run --resume" in done.stdout
        assert "Traceback" not in done.stderr
    chainrule("train", "pets", "--out", "run", "--resume", "--quiet")
    check_same("run", whole)


def test_interrupt_saves_between_batches(chainrule, whole, monkeypatch):
    """The signal comes in the middle of the third batch; what is saved is the state after it."""
    from chainrule.train.meter import Meter

    add_loss, calls = Meter.add_loss, []

    def interrupting(self, loss, samples):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        add_loss(self, loss, samples)

    with monkeypatch.context() as patch:
        patch.setattr(Meter, "add_loss", interrupting)
        code, out, err = chainrule.tried("train", "pets", *OPTIONS, "--out", "run", "--quiet")
    assert (code, err) == (130, "")
    assert "--resume" in out
    assert read_checkpoint("run/checkpoints/last.safetensors")["counts"]["steps"] == 3
    chainrule("train", "pets", "--out", "run", "--resume", "--quiet")
    check_same("run", whole)


def test_finished_run_is_only_reported_again(chainrule, whole):
    before = read_checkpoint(whole / "checkpoints/last.safetensors")["model"]
    chainrule("train", "pets", "--out", whole, "--resume", "--quiet")
    after = read_checkpoint(whole / "checkpoints/last.safetensors")["model"]
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_refuses_what_would_not_be_the_same_run(chainrule, whole):
    assert "--lr was 0.005, now 0.1" in chainrule.fails(
        "train", "pets", "--lr", 0.1, "--out", whole, "--resume"
    )
    assert "not on iris" in chainrule.fails("train", "iris", "--out", whole, "--resume")
    assert "--out FOLDER" in chainrule.fails("train", "pets", "--resume")
    assert "no run.json" in chainrule.fails("train", "pets", "--out", "nowhere", "--resume")


def test_refuses_data_that_changed(chainrule, whole):
    (Path("pets/cat/00.png")).unlink()
    assert "has changed since the run began" in chainrule.fails("train", "pets", "--out", whole, "--resume")
    assert "has changed since the run began" in chainrule.fails("evaluate", whole)
