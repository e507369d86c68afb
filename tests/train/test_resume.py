"""Going on from a checkpoint, in one process; `test_killed` does it over the death of one."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import data, nn, optim, random, train
from chainrule.errors import CheckpointError, ConfigError, NonFiniteError


class Interrupt(train.Callback):
    """Fails after a number of batches, once, when all that belongs to the batch has been saved."""

    order = 1000

    def __init__(self, steps):
        self.steps = steps

    def on_batch_end(self, trainer):
        if trainer.steps == self.steps:
            raise InterruptedError


class Noisy(nn.Module):
    """A layer with random numbers of its own."""

    def __init__(self):
        self.fc = nn.Linear(4, 3)
        self.generator = random.Generator(7)

    def forward(self, x):
        noise = random.normal(x.shape, generator=self.generator) if self.training else 0.0
        return self.fc(x + noise)


def interrupted(make, blobs, folder, steps, callbacks, **options):
    """A trainer that went on after an interruption."""
    fit = {"epochs": 3, "batch_size": 16, "seed": 2, "checkpoint": train.Checkpoint(folder, every_steps=1)}
    with pytest.raises(InterruptedError):
        make(*callbacks(), Interrupt(steps), **options).fit(blobs, blobs, **fit)
    trainer = make(*callbacks(), **{**options, "lr": 77.0})
    cr.random.seed(99)
    trainer.fit(blobs, blobs, **fit, resume=True)
    return trainer


CALLBACKS = {
    "none": list,
    "cosine": lambda: [train.LRSchedule("cosine")],
    "one cycle": lambda: [train.LRSchedule("one_cycle", max_lr=0.1)],
    "plateau": lambda: [train.LRSchedule("plateau", patience=0)],
    "warm-up": lambda: [train.LRSchedule(warm_up, every="step")],
    "stopping": lambda: [train.EarlyStopping(patience=1)],
    "norms": lambda: [train.GradientNorms()],
}


def warm_up(optimizer):
    parts = [optim.WarmUpLR(optimizer, 3), optim.ExponentialLR(optimizer, 0.9)]
    return optim.SequentialLR(optimizer, parts, [3])


@pytest.mark.parametrize("steps", [1, 3, 4, 7])
@pytest.mark.parametrize("name", CALLBACKS)
def test_goes_on_as_if_never_interrupted(make, blobs, weights, tmp_path, name, steps):
    """In the middle of an epoch of 4 batches, at its end, and in a later one."""
    options = {"metrics": ["accuracy", "auc", "r2"][:1]}
    callbacks = CALLBACKS[name]
    straight = make(*callbacks(), **options)
    straight.fit(blobs, blobs, epochs=3, batch_size=16, seed=2, checkpoint=tmp_path / "a")
    resumed = interrupted(make, blobs, tmp_path / "b", steps, callbacks, **options)
    np.testing.assert_array_equal(weights(resumed), weights(straight))
    assert resumed.history.rows == straight.history.rows
    assert resumed.stop_reason == straight.stop_reason
    for ours, theirs in zip(resumed.callbacks, straight.callbacks, strict=True):
        assert getattr(ours, "rows", None) == getattr(theirs, "rows", None)
    assert (tmp_path / "b" / train.BEST).read_bytes() == (tmp_path / "a" / train.BEST).read_bytes()


def test_random_numbers_of_a_layer_go_on(make, blobs, weights, tmp_path):
    straight = make(model=Noisy())
    straight.fit(blobs, epochs=3, batch_size=16, seed=2)
    fit = {"epochs": 3, "batch_size": 16, "seed": 2, "checkpoint": train.Checkpoint(tmp_path, every_steps=1)}
    cr.random.seed(4)
    first = make(Interrupt(6), model=Noisy())
    first.model.load_state_dict(make(model=Noisy()).model.state_dict())
    with pytest.raises(InterruptedError):
        first.fit(blobs, **fit)
    resumed = make(model=Noisy())
    resumed.fit(blobs, **fit, resume=True)
    generator = train.read_checkpoint(tmp_path / train.LAST)["random"]
    assert list(generator) == ["default", ".generator"]
    np.testing.assert_array_equal(resumed.model.generator.key, straight.model.generator.key)


def test_a_training_that_is_over_stays_as_it_is(make, blobs, weights, tmp_path):
    trainer = make()
    trainer.fit(blobs, epochs=2, checkpoint=tmp_path)
    again = make()
    history = again.fit(blobs, epochs=2, checkpoint=tmp_path, resume=True)
    assert history.rows == trainer.history.rows
    np.testing.assert_array_equal(weights(again), weights(trainer))


def test_a_training_that_stopped_early_stays_as_it_is(make, blobs, weights, tmp_path):
    def stopping():
        return make(train.EarlyStopping("lr", mode="max", patience=2))

    trainer = stopping()
    assert len(trainer.fit(blobs, epochs=9, checkpoint=tmp_path)) == 3
    again = stopping()
    assert len(again.fit(blobs, epochs=9, checkpoint=tmp_path, resume=True)) == 3
    assert again.stop_reason == trainer.stop_reason
    np.testing.assert_array_equal(weights(again), weights(trainer))


def test_more_epochs_may_follow(make, blobs, weights, tmp_path):
    straight = make()
    straight.fit(blobs, epochs=4, checkpoint=tmp_path / "a")
    make().fit(blobs, epochs=2, checkpoint=tmp_path / "b")
    longer = make()
    longer.fit(blobs, epochs=4, checkpoint=tmp_path / "b", resume=True)
    np.testing.assert_array_equal(weights(longer), weights(straight))


def test_auto_begins_anew_where_there_is_nothing(make, blobs, tmp_path):
    trainer = make()
    trainer.fit(blobs, checkpoint=tmp_path, resume="auto")
    assert trainer.resumed_from is None
    trainer.fit(blobs, checkpoint=tmp_path, resume="auto")
    assert trainer.resumed_from == tmp_path / train.LAST
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        trainer.fit(blobs, checkpoint=tmp_path / "none", resume=True)


def test_another_training_is_not_overwritten(make, blobs, tmp_path):
    make().fit(blobs, checkpoint=tmp_path)
    before = (tmp_path / train.LAST).read_bytes()
    with pytest.raises(CheckpointError, match=r"holds the state of another training.*resume=True"):
        make().fit(blobs, checkpoint=tmp_path)
    assert (tmp_path / train.LAST).read_bytes() == before
    make().fit(blobs, epochs=2, checkpoint=train.Checkpoint(tmp_path, overwrite=True))
    assert (tmp_path / train.LAST).read_bytes() != before


def test_best_is_the_best(make, blobs, tmp_path):
    trainer = make(metrics=["accuracy"])
    history = trainer.fit(blobs, blobs, epochs=6, checkpoint=train.Checkpoint(tmp_path, "val_accuracy"))
    best = train.read_checkpoint(tmp_path / train.BEST)
    accuracy = history["val_accuracy"]
    assert best["history"][-1]["epoch"] == 1 + accuracy.index(max(accuracy))
    trainer.model.load_state_dict(best["model"])
    assert trainer.evaluate(blobs)["accuracy"] == max(accuracy)


@pytest.mark.parametrize(
    ("fit", "options", "message"),
    [
        ({"batch_size": 10}, {}, "is of another training: data was .*'batch_size': 16"),
        ({"shuffle": False}, {}, "is of another training: data was .*'shuffle': True"),
        ({"train": "half"}, {}, "is of another training: data was .*'samples': 60"),
        ({}, {"model": nn.Linear(4, 3)}, "does not fit this training: .*0.weight"),
        ({}, {"model": nn.Sequential(nn.Linear(4, 9), nn.Linear(9, 3))}, "does not fit this training"),
        ({}, {"optimizer": "sgd"}, "does not fit this training: SGD cannot load the state of adam"),
        ({}, {"metrics": ["accuracy", "f1"]}, "does not fit this training: 'f1'"),
        ({}, {"callbacks": [train.EarlyStopping()]}, "another training: callbacks was .*Checkpoint 1"),
    ],
)
def test_another_training_is_refused(make, blobs, tmp_path, fit, options, message):
    make(metrics=["accuracy"]).fit(blobs, batch_size=16, checkpoint=tmp_path)
    callbacks = options.pop("callbacks", [])
    trainer = make(*callbacks, **{"metrics": ["accuracy"], **options})
    x, y = blobs
    given = {"train": blobs, "batch_size": 16, **fit}
    if given["train"] == "half":
        given["train"] = (x[:30], y[:30])
    with pytest.raises(CheckpointError, match=message):
        trainer.fit(**given, epochs=2, checkpoint=tmp_path, resume=True)


def test_a_checkpoint_of_something_else_is_refused(make, blobs, tmp_path):
    train.write_checkpoint(tmp_path / train.LAST, {"model": {}})
    with pytest.raises(CheckpointError, match="not the state of a training"):
        make().fit(blobs, checkpoint=tmp_path, resume=True)


def test_a_loss_that_is_no_number_leaves_the_last_good_state(tmp_path):
    x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None] * 100
    trainer = train.Trainer(nn.Linear(1, 1), "mse", "gd", lr=3e-4, verbose=0)
    trainer.fit((x, x), epochs=1, checkpoint=tmp_path)
    trainer.optimizer.param_groups[0]["lr"] = 1e6
    with pytest.raises(NonFiniteError):
        trainer.fit((x, x), epochs=9, checkpoint=train.Checkpoint(tmp_path, overwrite=True))
    saved = train.read_checkpoint(tmp_path / train.LAST)
    assert all(np.isfinite(array).all() for array in saved["model"].values())


def test_a_loader_keeps_its_own_seed(make, blobs, weights, tmp_path):
    def loader(seed):
        return data.Loader(data.ArrayDataset(*blobs), 16, seed=seed)

    straight = make()
    straight.fit(loader(5), epochs=3, checkpoint=tmp_path / "a")
    make().fit(loader(5), epochs=1, checkpoint=tmp_path / "b")
    resumed = make()
    resumed.fit(loader(8), epochs=3, checkpoint=tmp_path / "b", resume=True)
    np.testing.assert_array_equal(weights(resumed), weights(straight))


def test_resume_needs_a_place(make, blobs):
    with pytest.raises(ConfigError, match="resume needs to know where"):
        make().fit(blobs, resume="auto")
