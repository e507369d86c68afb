"""Every mistake of the data or the command line ends in a clear error, and nothing is lost."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.train import read_checkpoint

from .files import read_json
from .test_resume import PROGRAM

NEEDS_LIMITS = pytest.mark.skipif(sys.platform != "linux", reason="limits file sizes")


def no_run_was_left(name: str = "run") -> bool:
    return not Path(name).exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "digits", "--epoch", 3), ["no option --epoch", "Did you mean --epochs?"]),
        (("train", "digits", "--zzz"), ["no option --zzz", "chainrule train --help"]),
        (("train", "digits", "--model", "cmn"), ["--model", "'cmn'", "Did you mean cnn?", "mlp, cnn, rnn"]),
        (("train", "digits", "--optimizer", "adan"), ["--optimizer", "Did you mean adam?"]),
        (("train", "digits", "--schedule", "cosin"), ["--schedule", "Did you mean cosine?"]),
        (("train", "digits", "--augment", "x"), ["--augment", "shift_flip"]),
        (("train", "digits", "--epochs", "0"), ["--epochs must be more than 0, got 0"]),
        (("train", "digits", "--lr", "nan"), ["--lr must be more than 0, got nan"]),
        (("train", "digits", "--seed", "-1"), ["--seed must be 0 or more, got -1"]),
        (("train", "digits", "--epochs", "many"), ["--epochs", "chainrule train --help"]),
        (("train", "digits", "--model", "cnn", "--target", "y"), ["target", "bundled"]),
        (("train", "iris", "--model", "cnn"), ["--model cnn does not take a table", "mlp"]),
        (("train", "digitz"), ["digitz", "did you mean digits?"]),
        (("train", "nowhere.csv"), ["nowhere.csv"]),
        (("train",), ["DATA", "chainrule train --help"]),
        (("trian", "digits"), ["trian", "train"]),
        (("predict", "run"), ["FILE", "chainrule predict --help"]),
        (("evaluate", "run"), ["no run in run", "chainrule train"]),
        (("predict", "run", "a.png"), ["no run in run"]),
        (("explain", "run"), ["no run in run"]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_misuse_is_explained(chainrule, arguments, words):
    out = ("--out", "run") if arguments[0] == "train" and len(arguments) > 1 else ()
    message = chainrule.fails(*arguments, *out)
    assert all(word in message for word in words), message
    assert no_run_was_left()


def test_misuse_is_explained_in_chinese(chainrule, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    _, _, err = chainrule.tried("train", "digits", "--epoch", 3)
    assert err.startswith("错误")
    assert "是不是 --epochs？" in err


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.zeros((0, 4)), np.zeros(0, int), ["no sample"]),
        (np.zeros((10, 4)), np.arange(9) % 2, ["(10, 4)", "(9,)"]),
        (np.full((20, 4), np.nan), np.arange(20) % 2, ["nan", "sample 0"]),
        (np.zeros((20, 4)), np.zeros(20, int), ["one class"]),
        (np.zeros(20), np.arange(20) % 2, ["(20,)"]),
        (np.full((20, 4), "a"), np.arange(20) % 2, ["numbers"]),
        (np.zeros((20, 4)), np.where(np.arange(20) == 7, np.inf, 0.5), ["inf", "sample 7"]),
    ],
    ids=["empty", "lengths", "NaN", "one class", "axes", "text", "infinite target"],
)
def test_arrays_that_cannot_be_learned_from(chainrule, x, y, words):
    np.savez("data.npz", x=x, y=y)
    message = chainrule.fails("train", "data.npz", "--out", "run")
    assert all(word in message for word in words), message
    assert no_run_was_left()


def test_corrupt_image_among_many(chainrule, pets):
    Path("pets/dog/07.png").write_bytes(b"not a picture")
    message = chainrule.fails("train", pets, "--out", "run", "--epochs", 1)
    assert "07.png" in message
    assert "1 of 40" in message
    assert no_run_was_left()
    out = chainrule("train", pets, "--out", "run", "--epochs", 1, "--skip-bad")
    assert "1 damaged samples were left out" in out
    assert "07.png" in out
    assert read_json("run/metrics.json")["data"]["skipped"] == 1
    assert "07.png" in Path("run/report.html").read_text(encoding="utf-8")


def test_corrupt_cell_among_many(chainrule, houses):
    lines = houses.read_text().splitlines()
    lines[17] = lines[17].replace(",", ",x", 1)
    houses.write_text("\n".join(lines))
    message = chainrule.fails("train", houses, "--out", "run", "--epochs", 1)
    assert "line 18" in message
    assert "rooms" in message
    chainrule("train", houses, "--out", "run", "--epochs", 1, "--skip-bad", "--quiet")
    assert read_json("run/metrics.json")["data"]["skipped"] == 1


def test_folder_with_one_class(chainrule, pets):
    shutil.rmtree(pets / "dog")
    assert "'cat'" in chainrule.fails("train", pets, "--out", "run")


def test_empty_folder(chainrule):
    Path("empty").mkdir()
    assert "empty" in chainrule.fails("train", "empty", "--out", "run")


def test_diverging_training_is_stopped(chainrule, houses):
    message = chainrule.fails("train", houses, "--optimizer", "sgd", "--lr", 1e30, "--out", "run", "--quiet")
    assert "epoch 1" in message
    assert "learning rate" in message


def test_missing_checkpoint(chainrule, run):
    (run / "checkpoints/best.safetensors").unlink()
    assert "no checkpoint run/checkpoints/best.safetensors" in chainrule.fails("evaluate", run)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "garbage"])
def test_damaged_checkpoint(chainrule, run, damage):
    path = run / "checkpoints/best.safetensors"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(
        {"cut": content[:-100], "flipped": content, "empty": b"", "garbage": b"\xff" * 1000}[damage]
    )
    assert "best.safetensors is damaged" in chainrule.fails("predict", run, "pets/cat/00.png")


def test_checkpoint_of_another_network(chainrule, run, pets):
    chainrule("train", pets, "--model", "mlp", "--epochs", 1, "--out", "other", "--quiet")
    shutil.copy("other/checkpoints/best.safetensors", run / "checkpoints/best.safetensors")
    message = chainrule.fails("evaluate", run)
    assert "conv1.weight" in message


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Path("x.png").write_bytes(b"no"), ["x.png"]),
        (lambda: None, ["x.png"]),
        (lambda: Path("x.png").write_bytes(b""), ["x.png"]),
    ],
    ids=["damaged", "missing", "empty"],
)
def test_image_that_cannot_be_predicted(chainrule, run, make, words):
    make()
    message = chainrule.fails("predict", run, "x.png")
    assert all(word in message for word in words)


def test_damaged_image_is_skipped_on_request(chainrule, run):
    Path("x.png").write_bytes(b"no")
    out = chainrule("predict", run, "x.png", "pets/cat/00.png", "--skip-bad")
    assert "1 damaged samples were left out" in out
    assert "pets/cat/00.png" in out


def test_traceback_is_shown_on_request(chainrule, monkeypatch):
    monkeypatch.setenv("CHAINRULE_TRACEBACK", "1")
    _, _, err = chainrule.tried("train", "digitz")
    assert "Traceback" in err
    assert err.splitlines()[-7].startswith("Error: no such file or folder: digitz")


def test_wrong_shape_to_predict(chainrule, run):
    np.savez("new.npz", x=np.zeros((2, 1, 9, 9), np.float32))
    message = chainrule.fails("predict", run, "new.npz")
    assert "(1, 9, 9)" in message
    assert "(1, 10, 10)" in message


def test_nan_to_predict(chainrule, run):
    np.savez("new.npz", x=np.full((2, 1, 10, 10), np.nan, np.float32))
    assert "nan" in chainrule.fails("predict", run, "new.npz")


def test_file_of_another_kind_to_predict(chainrule, run):
    Path("notes.txt").write_text("hello")
    assert "notes.txt" in chainrule.fails("predict", run, "notes.txt")


def test_data_of_another_kind_to_evaluate(chainrule, run):
    assert "iris" in chainrule.fails("evaluate", run, "iris")


def test_unknown_class_to_evaluate(chainrule, run):
    Path("zoo/cow").mkdir(parents=True)
    Image.new("L", (10, 10)).save("zoo/cow/0.png")
    assert "cow" in chainrule.fails("evaluate", run, "zoo")


def test_out_is_a_file(chainrule):
    Path("run").write_text("mine")
    assert "run exists and is not the folder of a run" in chainrule.fails("train", "iris", "--out", "run")
    assert Path("run").read_text() == "mine"


@NEEDS_LIMITS
def test_full_disk_while_saving_keeps_the_old_checkpoint(chainrule, run):
    """The operating system refuses to write files of more than 20 kB, in the second training alone."""
    before = read_checkpoint(run / "checkpoints/last.safetensors")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    chainrule("train", "pets", "--epochs", 1, "--out", "other", "--quiet")
    shutil.copy("other/checkpoints/last.safetensors", "kept")
    Path("other/run.json").write_text(
        Path("other/run.json").read_text().replace('"epochs": 1', '"epochs": 3')
    )
    arguments = ["train", "pets", "--out", "other", "--resume", "--quiet"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, preexec_fn=small_files, env=environment
    )
    assert done.returncode == 1
    assert "other/checkpoints/" in done.stderr
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert Path("other/checkpoints/last.safetensors").read_bytes() == Path("kept").read_bytes()
    assert read_checkpoint(run / "checkpoints/last.safetensors")["counts"] == before["counts"]
    assert chainrule("train", "pets", "--out", "other", "--resume", "--quiet")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_full_disk_while_reporting_keeps_the_old_report(chainrule, run):
    before = (run / "metrics.json").read_bytes()
    (run / "metrics.json.tmp").symlink_to("/dev/full")
    message = chainrule.fails("train", "pets", "--out", run, "--resume", "--quiet")
    assert "metrics.json could not be written" in message
    assert (run / "metrics.json").read_bytes() == before
