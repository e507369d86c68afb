"""Callbacks, each alone."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim, train
from chainrule.errors import ConfigError


class Losses(train.Callback):
    """Puts given values into the history, as if they had been measured."""

    order = -1

    def __init__(self, *values):
        self.values = list(values)

    def on_epoch_end(self, trainer, row):
        row["val_loss"] = trainer.history.rows[-1]["val_loss"] = self.values[trainer.epoch - 1]


def test_methods_are_called_in_order(make, blobs):
    calls = []
    names = [*train.LambdaCallback.methods]
    noting = {name: lambda *args, name=name: calls.append(name) for name in names}
    make(train.LambdaCallback(**noting)).fit(blobs, epochs=2, batch_size=30)
    batch = ["on_step", "on_batch_end"]
    epoch = ["on_epoch_start", *batch, *batch, "on_epoch_end"]
    assert calls == ["on_fit_start", "on_ready", *epoch, *epoch, "on_fit_end"]


def test_lambda_refuses_other_names():
    with pytest.raises(ConfigError, match=r"takes functions named on_fit_start.*got on_epoch"):
        train.LambdaCallback(on_epoch=print)
    with pytest.raises(ConfigError, match="got on_step"):
        train.LambdaCallback(on_step=3)


def test_callbacks_are_closed_after_an_error(make, blobs):
    closed = []

    class Failing(train.Callback):
        def on_batch_end(self, trainer):
            raise KeyError("on purpose")

        def close(self):
            closed.append(True)

    with pytest.raises(KeyError, match="on purpose"):
        make(Failing()).fit(blobs)
    assert closed == [True]


@pytest.mark.parametrize(
    ("values", "options", "epochs", "best"),
    [
        ([3, 2, 1, 1, 1, 1], {"patience": 2}, 5, 3),
        ([3, 2, 1, 0, -1, -2], {"patience": 2}, 6, 6),
        ([3, 2.8, 2.6, 2.4, 2.2, 2], {"patience": 3, "min_delta": 0.5}, 6, 4),
        ([1, 1.2, 1.4, 1.3, 0.5, 0.4], {"patience": 2, "mode": "max"}, 5, 3),
        ([math.nan, 2, math.nan, math.nan, 1, 1], {"patience": 2}, 4, 2),
        ([1, 1, 1, 1, 1, 1], {"patience": 0}, 2, 1),
    ],
)
def test_early_stopping(make, blobs, values, options, epochs, best):
    stopping = train.EarlyStopping("val_loss", **options)
    trainer = make(Losses(*values), stopping)
    assert len(trainer.fit(blobs, epochs=6)) == epochs
    assert stopping.best_epoch == best
    assert (trainer.stop_reason is not None) == (epochs < 6)
    if trainer.stop_reason:
        assert f"the best was epoch {best}" in trainer.stop_reason


def test_early_stopping_goes_back_to_the_best_weights(make, blobs, weights):
    noted = []
    note = train.LambdaCallback(on_epoch_end=lambda trainer, row: noted.append(weights(trainer)))
    for restore, expected in ((True, 1), (False, 3)):
        noted.clear()
        stopping = train.EarlyStopping(patience=2, restore_best=restore)
        trainer = make(Losses(2, 1, 5, 5, 5), note, stopping)
        trainer.fit(blobs, epochs=9)
        assert len(noted) == 4
        np.testing.assert_array_equal(weights(trainer), noted[expected])


def test_early_stopping_begins_anew_with_every_fit(make, blobs):
    stopping = train.EarlyStopping(patience=2)
    trainer = make(Losses(1, 2, 2, 2), stopping)
    assert len(trainer.fit(blobs, epochs=4)) == 3
    assert len(trainer.fit(blobs, epochs=4)) == 3


def test_a_metric_knows_its_direction(make, blobs):
    stopping = train.EarlyStopping("val_accuracy", patience=50)
    trainer = make(stopping, metrics=["accuracy"])
    history = trainer.fit(blobs, blobs, epochs=6)
    assert stopping.best == max(history["val_accuracy"]) > min(history["val_accuracy"])


def test_a_monitor_must_be_measured_and_have_a_direction(make, blobs):
    with pytest.raises(
        ConfigError, match=r"EarlyStopping watches 'val_loss', which is not measured.*epoch, lr, loss"
    ):
        make(train.EarlyStopping("val_loss")).fit(blobs)
    with pytest.raises(ConfigError, match="whether a large or a small lr is good"):
        make(train.EarlyStopping("lr")).fit(blobs, epochs=2)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: train.EarlyStopping(patience=-1), "EarlyStopping: patience must be in"),
        (lambda: train.EarlyStopping(min_delta=-1), "EarlyStopping: min_delta must be in"),
        (lambda: train.EarlyStopping(mode="up"), "EarlyStopping: mode must be in"),
        (lambda: train.Checkpoint("x", every_steps=0), "Checkpoint: every_steps must be in"),
        (lambda: train.Checkpoint("x", every_epochs=0.5), "Checkpoint: every_epochs must be in"),
        (lambda: train.LRSchedule("cosine", every="batch"), "LRSchedule: every must be in"),
        (lambda: train.LRSchedule("cosinus"), "no schedule 'cosinus'. Did you mean 'cosine'"),
        (lambda: train.LRSchedule(optim.StepLR, gamma=0.5), "gamma go with a schedule given by name"),
    ],
)
def test_wrong_options_are_refused(made, message):
    with pytest.raises(ConfigError, match=message):
        made()


def test_csv_log_holds_the_history(make, blobs, tmp_path):
    path = tmp_path / "new" / "history.csv"
    history = make(train.CSVLog(path), metrics=["accuracy"]).fit(blobs, blobs, epochs=3)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{name: float(value) for name, value in row.items()} for row in rows] == history.rows
    assert list(path.parent.iterdir()) == [path], "no temporary file is left"


def test_schedule_by_name_ends_with_the_training(make, blobs):
    history = make(train.LRSchedule("cosine"), lr=0.1).fit(blobs, epochs=4)
    expected = [0.05 * (1 + math.cos(math.pi * t / 4)) for t in range(4)]
    assert history["lr"] == pytest.approx(expected)


def test_schedule_of_batches_counts_batches(make, blobs):
    rates = []
    note = train.LambdaCallback(
        on_step=lambda trainer, step: rates.append(trainer.optimizer.param_groups[0]["lr"])
    )
    make(train.LRSchedule("one_cycle", max_lr=0.3), note).fit(blobs, epochs=5, batch_size=15)
    assert len(rates) == 20
    assert max(rates) == pytest.approx(0.3, rel=0.01)
    assert rates[-1] == pytest.approx(0.3 / 25 / 1e4)


def test_schedule_in_every_form(make, blobs):
    by_name = make(train.LRSchedule("step", step_size=2), lr=0.1).fit(blobs, epochs=4)
    by_function = make(train.LRSchedule(lambda optimizer: optim.StepLR(optimizer, 2)), lr=0.1)
    model = nn.Linear(4, 3)
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    ready = make(train.LRSchedule(optim.StepLR(optimizer, 2)), model=model, optimizer=optimizer)
    for trainer in (by_function, ready):
        assert trainer.fit(blobs, epochs=4)["lr"] == by_name["lr"] == pytest.approx([0.1, 0.1, 0.01, 0.01])


def test_schedule_of_another_optimizer_is_refused(make, blobs):
    other = optim.StepLR(optim.SGD([cr.State([1.0])]), 2)
    with pytest.raises(ConfigError, match="StepLR was made for another optimizer"):
        make(train.LRSchedule(other)).fit(blobs)


def test_plateau_watches_the_history(make, blobs):
    plateau = train.LRSchedule("plateau", patience=0, factor=0.5)
    history = make(Losses(3, 2, 2, 2, 1), plateau, lr=0.1).fit(blobs, epochs=5)
    assert history["lr"] == pytest.approx([0.1, 0.1, 0.1, 0.05, 0.025])


def test_gradient_norms_are_means_per_layer(blobs):
    x, y = blobs
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    found = []

    def note(trainer, step):
        found.append(
            [np.linalg.norm([np.linalg.norm(p.grad) for p in model[i].parameters()]) for i in (0, 2)]
        )

    norms = train.GradientNorms()
    callbacks = [norms, train.LambdaCallback(on_step=note)]
    # Uncompiled steps leave the gradients where the test can see them.
    options = {"lr": 0.1, "compile": False, "verbose": 0}
    train.Trainer(model, "cross_entropy", "gd", callbacks=callbacks, **options).fit(
        (x, y), epochs=2, batch_size=30
    )
    assert [row["epoch"] for row in norms.rows] == [1, 2]
    for row, batches in zip(norms.rows, (found[:2], found[2:]), strict=True):
        assert [row["0"], row["2"]] == pytest.approx(np.mean(batches, axis=0), rel=1e-5)


def test_norms_are_those_before_clipping(make, blobs):
    rows = []
    for options in ({}, {"clip_grad_norm": 1e-4}):
        norms = train.GradientNorms()
        make(norms, **options).fit(blobs, epochs=1, batch_size=60)
        rows.append(norms.rows)
    assert rows[0] == rows[1]


def test_history_is_read_by_row_and_column():
    history = train.History([{"epoch": 1, "loss": 0.5}])
    history.append({"epoch": 2, "loss": 0.25, "val_loss": 0.3})
    assert history["val_loss"] == [None, 0.3]
    assert history[0] == {"epoch": 1, "loss": 0.5}
    assert [row["epoch"] for row in history[:]] == [1, 2]
    assert history.to_csv() == "epoch,loss,val_loss\n1,0.5,\n2,0.25,0.3\n"
    assert repr(history) == "<History of 2 epochs: epoch, loss, val_loss>"
    with pytest.raises(ConfigError, match="no column 'accuracy'; it has epoch, loss, val_loss"):
        history["accuracy"]
