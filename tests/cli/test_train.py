"""`chainrule train` on data of every kind, and what it leaves behind."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from chainrule.cli.models import MODELS
from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import new_setup
from chainrule.cli.train import make_trainer
from chainrule.optim import OPTIMIZERS
from chainrule.train import read_checkpoint

from .files import read_json

FILES = {"run.json", "metrics.json", "history.csv", "report.html", "checkpoints"}
SCORES = {"name", "precision", "recall", "f1", "support", "auc"}


def check_run(run: str) -> dict:
    """The metrics of a run that has everything that a run should have."""
    assert {path.name for path in Path(run).iterdir()} == FILES
    checkpoints = {path.name for path in Path(run, "checkpoints").iterdir()}
    assert checkpoints == {"last.safetensors", "best.safetensors"}
    assert "<!doctype html>" in Path(run, "report.html").read_text(encoding="utf-8")
    return read_json(f"{run}/metrics.json")


def test_folder_of_images(chainrule, pets):
    out = chainrule("train", pets, "--epochs", 8, "--out", "run")
    found = check_run("run")
    assert found["test_accuracy"] >= 0.75
    assert [row["name"] for row in found["classes"]] == ["cat", "dog"]
    assert all(set(row) == SCORES for row in found["classes"])
    assert 0 <= found["test_loss"] < np.log(2)
    assert found["seconds"] > 0
    assert found["versions"]["numpy"] == np.__version__
    assert found["seed"] == 0
    assert found["options"]["model"] == "cnn"
    right = round(found["test_accuracy"] * found["samples"])
    assert f"({right} of {found['samples']} right)" in out
    assert "run/report.html" in out


def test_history_has_a_line_for_each_epoch(chainrule, pets):
    chainrule("train", pets, "--epochs", 2, "--out", "run", "--quiet")
    with Path("run/history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(rows[0])


def test_regression_is_in_the_unit_of_the_data(chainrule, houses):
    chainrule("train", houses, "--epochs", 60, "--out", "run", "--quiet")
    found = check_run("run")
    assert found["test_r2"] > 0.8
    assert 1 < found["test_mae"] < 100
    assert 'id="residuals"' in Path("run/report.html").read_text(encoding="utf-8")


def test_target_column_and_columns_to_ignore(chainrule, houses):
    chainrule("train", houses, "--target", "town", "--ignore", "rooms", "--epochs", 1, "--out", "run")
    settings = read_json("run/run.json")
    assert settings["spec"]["classes"] == ["bergen", "oslo"]
    assert settings["spec"]["feature_names"] == ["area", "price"]


def test_sequences_are_read_by_an_rnn(chainrule, arrays):
    chainrule("train", arrays, "--epochs", 10, "--out", "run", "--quiet")
    found = check_run("run")
    assert found["options"]["model"] == "rnn"
    assert found["test_accuracy"] == 1.0


@pytest.mark.parametrize("model", MODELS)
def test_every_model_trains_on_images(chainrule, pets, model):
    chainrule("train", pets, "--model", model, "--epochs", 1, "--out", "run", "--quiet")
    assert check_run("run")["options"]["model"] == model


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_learns_at_its_usual_rate(folder, optimizer):
    setup, parts = new_setup("iris", {"optimizer": optimizer, "epochs": 15})
    trainer = make_trainer(RunFolder(folder), setup, quiet=True)
    history = trainer.fit(setup.loader(parts.train), setup.batches(parts.validation), epochs=15)
    assert min(history["val_loss"]) < 0.8 * np.log(3)


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "constant"])
def test_every_schedule_sets_the_rate(chainrule, schedule):
    chainrule("train", "iris", "--schedule", schedule, "--lr", 0.01, "--epochs", 4, "--out", "run", "--quiet")
    with Path("run/history.csv").open(encoding="utf-8") as file:
        rates = [float(row["lr"]) for row in csv.DictReader(file)]
    assert (len(set(rates)) == 1) == (schedule == "constant")
    assert max(rates) <= 0.01


def test_early_stopping(chainrule):
    options = ("--schedule", "constant", "--lr", 1, "--optimizer", "adam", "--epochs", 40, "--patience", 2)
    chainrule("train", "iris", *options, "--out", "run", "--quiet")
    assert check_run("run")["epochs"] < 40


def test_equal_seeds_give_equal_runs(chainrule, run):
    for name, seed in (("same", 5), ("other", 6)):
        epochs = 8 if name == "same" else 1
        chainrule("train", "pets", "--epochs", epochs, "--seed", seed, "--out", name, "--quiet")
    first, same, other = (
        read_checkpoint(f"{path}/checkpoints/last.safetensors")["model"] for path in (run, "same", "other")
    )
    assert all(np.array_equal(first[name], same[name]) for name in first)
    assert not np.array_equal(first["conv1.weight"], other["conv1.weight"])
    assert Path("run/history.csv").read_bytes() == Path("same/history.csv").read_bytes()


def test_test_part_is_not_seen_in_training(chainrule, monkeypatch, pets):
    """Other test images leave every weight as it is."""
    from chainrule.data import Splits, load

    chainrule("train", pets, "--epochs", 1, "--out", "a", "--quiet")

    def with_other_test_part(*args, **options) -> Splits:
        parts = load(*args, **options)
        return Splits(parts.train, parts.validation, parts.test.subset([0, 1, 2]))

    monkeypatch.setattr("chainrule.cli.setup.load", with_other_test_part)
    chainrule("train", pets, "--epochs", 1, "--out", "b", "--quiet")
    a, b = (read_checkpoint(f"{run}/checkpoints/best.safetensors")["model"] for run in "ab")
    assert all(np.array_equal(a[name], b[name]) for name in a)


def test_a_free_folder_is_found(chainrule):
    for _ in range(2):
        chainrule("train", "iris", "--epochs", 1, "--quiet")
    assert sorted(path.name for path in Path("runs").iterdir()) == ["iris-mlp", "iris-mlp-2"]


def test_an_earlier_run_is_kept_unless_asked(chainrule):
    chainrule("train", "iris", "--epochs", 1, "--out", "run", "--quiet")
    before = Path("run/metrics.json").read_bytes()
    assert "--resume" in chainrule.fails("train", "iris", "--epochs", 2, "--out", "run")
    assert Path("run/metrics.json").read_bytes() == before
    chainrule("train", "iris", "--epochs", 2, "--out", "run", "--overwrite", "--quiet")
    assert read_json("run/metrics.json")["epochs"] == 2


def test_overwrite_deletes_nothing_but_runs(chainrule):
    Path("letters").mkdir()
    Path("letters/dear.txt").write_text("!")
    assert "not the folder of a run" in chainrule.fails("train", "iris", "--out", "letters", "--overwrite")
    assert Path("letters/dear.txt").read_text() == "!"


def test_chinese(chainrule, monkeypatch, pets):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    out = chainrule("train", pets, "--epochs", 1, "--out", "run")
    assert "测试准确率" in out
    assert 'lang="zh-CN"' in Path("run/report.html").read_text(encoding="utf-8")


def test_hostile_class_names(chainrule, pets):
    (pets / "cat").rename(pets / "<script>[red]$x^")
    out = chainrule("train", pets, "--epochs", 1, "--out", "run")
    assert "<script>[" not in Path("run/report.html").read_text(encoding="utf-8")
    assert "<script>[red]$x^" in chainrule("evaluate", "run")
    assert "pets" in out


@pytest.mark.slow
def test_digits_reach_what_is_promised(chainrule):
    chainrule("train", "digits", "--model", "cnn", "--out", "run", "--quiet")
    assert check_run("run")["test_accuracy"] >= 0.985
