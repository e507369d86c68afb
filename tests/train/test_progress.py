"""What is shown while training."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from chainrule import train
from chainrule.train.callbacks.progress import clock, short

LINE = (
    r"epoch {epoch}/2  lr 0\.0500  loss \d\.\d{{4}}  accuracy \d\.\d{{4}}  val_loss \d\.\d{{4}}  "
    r"val_accuracy \d\.\d{{4}}  [\d,]+ examples/s  \d+:\d\d left"
)

COMPILED = r"compiled the training step in \d+\.\d\d s \(\d+ kernels\)"


def test_lines_where_the_output_is_no_terminal(make, blobs, capsys):
    make(metrics=["accuracy"], verbose=1).fit(blobs, blobs, epochs=2)
    compiled, *lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(COMPILED, compiled)
    assert len(lines) == 2
    for number, line in enumerate(lines, 1):
        assert re.fullmatch(LINE.format(epoch=number), line), line
    assert lines[-1].endswith("0:00 left")


def test_a_bar_in_a_terminal(make, blobs):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    make(train.ProgressBar(console), verbose=1).fit(blobs, epochs=2, batch_size=10)
    shown = screen.getvalue()
    assert "━" in shown
    assert "examples/s" in shown
    assert "epoch 2/2" in shown
    assert "\x1b[?25h" in shown, "the cursor is shown again"


def test_a_bar_is_taken_away_after_an_error(make, blobs):
    screen = io.StringIO()
    bar = train.ProgressBar(Console(file=screen, force_terminal=True, width=100))

    def fail(trainer):
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        make(bar, train.LambdaCallback(on_batch_end=fail)).fit(blobs)
    assert bar.bar is None
    assert "\x1b[?25h" in screen.getvalue()


def test_nothing_when_not_wanted(make, blobs, capsys):
    make(verbose=0).fit(blobs)
    make(verbose=1).fit(blobs, verbose=0)
    assert capsys.readouterr().out == ""


def test_says_why_it_ended_early(make, blobs, capsys):
    stop = train.LambdaCallback(on_epoch_end=lambda trainer, row: trainer.stop("That is enough."))
    make(stop, verbose=1).fit(blobs, epochs=5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("0:00 left")
    assert lines[2] == "That is enough."


def test_in_chinese(make, blobs, capsys, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    make(verbose=1).fit(blobs)
    compiled, line = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"编译训练步骤用时 \d+\.\d\d 秒（\d+ 个内核）", compiled)
    assert re.fullmatch(r"第 1/1 轮  lr 0\.0500  loss .* 样本/秒  剩余 0:00", line)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0.0000"),
        (1.0, "1.0000"),
        (123.4, "123"),
        (1e-5, "1e-05"),
        (-2.5, "-2.5000"),
        (4.56e7, "4.56e+07"),
    ],
)
def test_numbers_are_short(value, expected):
    assert short(value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (86400, "24:00:00")]
)
def test_times_are_readable(seconds, expected):
    assert clock(seconds) == expected
