"""`chainrule evaluate` and `chainrule predict` with a trained run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from .files import read_json


@pytest.fixture
def price_run(chainrule, houses) -> Path:
    """A run trained on a table."""
    chainrule("train", houses, "--epochs", 60, "--out", "prices", "--quiet")
    return Path("prices")


def test_evaluates_the_test_part_again(chainrule, run):
    out = chainrule("evaluate", run)
    found, trained = read_json(run / "evaluation.json"), read_json(run / "metrics.json")
    assert found["accuracy"] == trained["test_accuracy"]
    assert found["loss"] == trained["test_loss"]
    assert found["confusion_matrix"] == trained["confusion_matrix"]
    assert all(word in out for word in ("cat", "dog", "Precision", "Recall", "F1"))


def test_evaluates_other_data(chainrule, run, pets):
    chainrule("evaluate", run, pets)
    assert read_json(run / "evaluation.json")["samples"] == 40


def test_evaluates_from_another_working_folder(chainrule, run, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "accuracy" in chainrule("evaluate", Path("..") / run)


def test_predicts_images(chainrule, run):
    out = chainrule("predict", run, "pets/cat/03.png", "pets/dog/04.png")
    lines = [line.split() for line in out.splitlines() if ".png" in line]
    assert [line[0] for line in lines] == ["pets/cat/03.png", "pets/dog/04.png"]
    assert [line[1] for line in lines] == ["cat", "dog"]


def test_predictions_as_json_agree_with_the_evaluation(chainrule, run, pets):
    rows = json.loads(chainrule("predict", run, pets, "--json"))
    assert len(rows) == 40
    for row in rows:
        assert sum(row["probabilities"].values()) == pytest.approx(1)
        assert row["probability"] == row["probabilities"][row["class"]] == max(row["probabilities"].values())
    right = sum(row["class"] == Path(row["input"]).parent.name for row in rows)
    chainrule("evaluate", run, pets)
    assert read_json(run / "evaluation.json")["accuracy"] == right / 40


def test_shows_several_classes(chainrule, run):
    out = chainrule("predict", run, "pets/cat/03.png", "--top", 2)
    assert "cat" in out.split("03.png")[1]
    assert "dog" in out


def test_predicts_numbers_in_their_unit(chainrule, price_run):
    Path("new.csv").write_text("area,rooms,town\n100,3,oslo\n180,5,bergen\n", encoding="utf-8")
    rows = json.loads(chainrule("predict", price_run, "new.csv", "--json"))
    found = [row["values"]["price"] for row in rows]
    np.testing.assert_allclose(found, [410, 640], rtol=0.25)
    assert "price" in chainrule("predict", price_run, "new.csv")


def test_predicts_arrays(chainrule, arrays):
    chainrule("train", arrays, "--epochs", 10, "--out", "run", "--quiet")
    np.savez("new.npz", x=np.load(arrays)["x"][:4])
    rows = json.loads(chainrule("predict", "run", "new.npz", "--json"))
    assert [row["class"] for row in rows] == ["0", "1", "0", "1"]


@pytest.mark.parametrize("sample", [0, 3])
def test_explains_a_sample(chainrule, run, sample):
    out = chainrule("explain", run, "--sample", sample)
    assert f"Sample {sample} of the test part: true" in out
    assert "Conv2d 'conv1'" in out
    assert "∂L/∂conv1.weight" in out
    assert "sys.exit" not in out
    page = (run / "explain.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert "conv1.weight" in page


def test_explains_the_hardest_sample_unless_told(chainrule, run):
    told = [chainrule("explain", run, "--sample", i) for i in range(8)]
    losses = [float(re.search(r"L = v\d+ = (\S+)", out)[1]) for out in told]
    assert f"Sample {np.argmax(losses)} of the test part" in chainrule("explain", run)


def test_explains_a_regression(chainrule, price_run):
    out = chainrule("explain", price_run)
    assert "true price" in out
    assert "∂L/∂fc1.weight" in out


def test_explains_the_training_step(chainrule, run):
    out = chainrule("explain", run, "--step")
    assert "train_step: " in out
    assert "conv" in out
    assert "contraction" in out
    page = (run / "step.html").read_text(encoding="utf-8")
    assert "define void @kernel_" in page
    assert "trainer.py" not in page


def test_report_follows_the_most_confident_mistake(chainrule, run):
    page = (run / "report.html").read_text(encoding="utf-8")
    assert 'id="formulas"' in page
    assert 'class="chainrule"' in page


def test_only_samples_that_there_are_can_be_explained(chainrule, run):
    assert "--sample must be from 0 to 7, got 8" in chainrule.fails("explain", run, "--sample", 8)


def test_hostile_run_file_is_an_error(chainrule, run):
    settings = read_json(run / "run.json")
    for broken in ({**settings, "format": 99}, {**settings, "options": {"model": "cnn"}}, {"format": 1}, []):
        (run / "run.json").write_text(json.dumps(broken))
        assert "run.json is damaged" in chainrule.fails("predict", run, "pets/cat/03.png")
