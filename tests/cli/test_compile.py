"""Compiling, as the command shows it and does without it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

OPTIONS = ("--model", "mlp", "--epochs", 2, "--augment", "none")


def results(run):
    return json.loads(Path(run, "metrics.json").read_text(encoding="utf-8"))


def test_is_told_once_and_may_be_left_out(chainrule):
    shown = chainrule("train", "digits", *OPTIONS, "--out", "compiled").splitlines()
    assert [bool(re.search(r"compiled the training step in \d+\.\d\d s", line)) for line in shown].count(
        True
    ) == 1
    shown = chainrule("train", "digits", *OPTIONS, "--no-compile", "--out", "plain")
    assert "compiled the training step" not in shown
    compiled, plain = results("compiled"), results("plain")
    assert (compiled["options"]["compile"], plain["options"]["compile"]) == (True, False)
    assert compiled["test_loss"] == pytest.approx(plain["test_loss"], rel=1e-3)


def test_an_interrupted_run_goes_on_as_it_began(chainrule):
    chainrule("train", "digits", *OPTIONS, "--no-compile", "--out", "run", "--quiet")
    chainrule("train", "digits", "--no-compile", "--out", "run", "--resume", "--quiet")
    assert results("run")["options"]["compile"] is False
