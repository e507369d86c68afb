"""Compiled training under what users do: several trainings, changes midway, interruptions, threads, forks."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest

import chainrule as cr
from chainrule import data, nn, optim, train

RNG = np.random.default_rng(11)
CLASSES = RNG.integers(3, size=46)
POINTS = (RNG.normal(size=(46, 6)) + np.eye(3, 6)[CLASSES] * 2).astype(np.float32)
PAIR = (POINTS, CLASSES)

# Ten epochs of rounding in float32.
CLOSE = {"rtol": 2e-5, "atol": 2e-6}


def network(seed=2, width=12):
    cr.random.seed(seed)
    return nn.Sequential(nn.Linear(6, width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, 3))


def trainer_of(compile=True, seed=2, width=12, **options):
    model = network(seed, width)
    return train.Trainer(model, "cross_entropy", compile=compile, **{"lr": 0.02, "verbose": 0, **options})


def weights(trainer):
    return np.concatenate([np.array(p).ravel() for p in trainer.model.parameters()])


def both(use):
    """What a use of trainers leaves, compiled and not."""
    return [use(compile) for compile in (True, False)]


def check_close(use):
    compiled, eager = both(use)
    np.testing.assert_allclose(compiled, eager, **CLOSE)


def test_batches_of_many_sizes():
    def use(compile):
        trainer = trainer_of(compile)
        for size in (46, 7, 1, 45, 7):
            trainer.fit(PAIR, PAIR, epochs=1, batch_size=size, seed=size)
        if compile:
            assert len(trainer.compile_reports["train_step"].recordings) == 5  # 46, 7, 4 at the end, 1, 45
        return weights(trainer)

    check_close(use)


def test_models_take_turns():
    def use(compile):
        trainers = [trainer_of(compile, seed, width) for seed, width in ((1, 5), (2, 12), (3, 5))]
        for epoch in range(3):
            for number, trainer in enumerate(trainers):
                # Dropout draws from one stream of random numbers, whose place each training leaves as it is.
                cr.random.seed(10 * epoch + number)
                trainer.fit(PAIR, epochs=1, batch_size=10, seed=epoch)
        return np.concatenate([weights(trainer) for trainer in trainers])

    check_close(use)


def test_learning_rate_set_by_hand_is_no_reason_to_record_again():
    def use(compile):
        trainer = trainer_of(compile, callbacks=[train.LRSchedule("cosine")])
        trainer.fit(PAIR, epochs=2, batch_size=23, seed=1)
        trainer.callbacks = []
        for rate in (0.01, 0.001):
            trainer.optimizer.param_groups[0]["lr"] = rate
            trainer.fit(PAIR, epochs=1, batch_size=23, seed=1)
        if compile:
            assert len(trainer.compile_reports["train_step"].recordings) == 1
        return weights(trainer)

    check_close(use)


def test_layers_are_frozen_midway_and_freed_again():
    def use(compile):
        trainer = trainer_of(compile)
        first = trainer.model[0]
        found = []
        for wanted in (True, False, True):
            for p in first.parameters():
                p.requires_grad_(wanted)
            before = np.array(first.weight)
            trainer.fit(PAIR, epochs=2, batch_size=23, seed=1)
            assert np.array_equal(before, np.array(first.weight)) == (not wanted)
            found.append(weights(trainer))
        return np.concatenate(found)

    check_close(use)


def test_another_optimizer_midway():
    def use(compile):
        trainer = trainer_of(compile, optimizer="adam")
        trainer.fit(PAIR, epochs=2, batch_size=23, seed=1)
        trainer.optimizer = optim.SGD(trainer.model.parameters(), lr=0.05, momentum=0.9)
        trainer.fit(PAIR, epochs=2, batch_size=23, seed=2)
        return weights(trainer)

    check_close(use)


def test_weights_loaded_midway():
    def use(compile):
        trainer = trainer_of(compile)
        trainer.fit(PAIR, epochs=1, batch_size=23, seed=1)
        kept = trainer.model.state_dict()
        copies = {name: np.array(value) for name, value in kept.items()}
        trainer.fit(PAIR, epochs=1, batch_size=23, seed=2)
        for name, value in copies.items():
            np.testing.assert_array_equal(kept[name], value, err_msg="what state_dict gave was overwritten")
        trainer.model.load_state_dict(kept)
        trainer.fit(PAIR, epochs=1, batch_size=23, seed=3)
        return weights(trainer)

    check_close(use)


class StopError(Exception):
    """What a callback raises in these tests."""


@pytest.mark.parametrize("method", ["on_ready", "on_step", "on_batch_end", "on_epoch_end"])
def test_training_goes_on_after_an_error_in_a_callback(method):
    def use(compile):
        def fail(*args):
            raise StopError

        trainer = trainer_of(compile)
        trainer.callbacks = [train.LambdaCallback(**{method: fail})]
        with pytest.raises(StopError):
            trainer.fit(PAIR, epochs=1, batch_size=23, seed=1)
        trainer.callbacks = []
        trainer.fit(PAIR, epochs=1, batch_size=23, seed=2)
        return weights(trainer)

    check_close(use)


def test_interrupted_while_recording():
    """The states get their elements back, and the next training is as if nothing had been."""
    trainer, other = trainer_of(), trainer_of()
    before, loss = weights(trainer), trainer.loss

    def interrupted(prediction, target):
        os.kill(os.getpid(), signal.SIGINT)
        return loss(prediction, target)

    trainer.loss = interrupted
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(PAIR, epochs=1, batch_size=23, seed=1)
    trainer.loss = loss
    np.testing.assert_array_equal(weights(trainer), before)
    for one in (trainer, other):
        cr.random.seed(3)
        one.fit(PAIR, epochs=2, batch_size=23, seed=1)
    np.testing.assert_array_equal(weights(trainer), weights(other))


def test_interrupted_between_steps_and_resumed(tmp_path):
    """What was saved last goes on to the very parameters of a training that nobody interrupted."""

    def press(trainer):
        if trainer.steps == 5:
            os.kill(os.getpid(), signal.SIGINT)

    whole = trainer_of()
    whole.fit(PAIR, epochs=4, batch_size=23, seed=1)
    trainer = trainer_of(callbacks=[train.LambdaCallback(on_batch_end=press)])
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(PAIR, epochs=4, batch_size=23, seed=1, checkpoint=tmp_path)
    assert np.isfinite(weights(trainer)).all()
    assert trainer.predict(POINTS).shape == (46, 3)
    resumed = trainer_of()
    resumed.fit(PAIR, epochs=4, batch_size=23, seed=1, checkpoint=tmp_path, resume=True)
    np.testing.assert_array_equal(weights(resumed), weights(whole))
    assert resumed.history.rows == whole.history.rows


def test_loader_with_threads():
    def use(compile):
        trainer = trainer_of(compile)
        loader = data.Loader(data.ArrayDataset(*PAIR), 10, seed=3, workers=3, prefetch=4)
        trainer.fit(loader, loader, epochs=4)
        return weights(trainer)

    check_close(use)


def test_trainers_in_two_threads():
    """Models without dropout, since random numbers are one stream; alone and together they come out alike."""

    def fitted(seed, found):
        trainer = train.Trainer(models[seed], "cross_entropy", "adam", lr=0.02, verbose=0)
        trainer.fit(PAIR, PAIR, epochs=4, batch_size=7, seed=seed)
        found[seed] = weights(trainer)

    def plain(seed):
        cr.random.seed(seed)
        return nn.Sequential(nn.Linear(6, 10 + seed), nn.Tanh(), nn.Linear(10 + seed, 3))

    alone, together = {}, {}
    models = [plain(seed) for seed in range(3)]
    for seed in range(3):
        fitted(seed, alone)
    models = [plain(seed) for seed in range(3)]
    threads = [threading.Thread(target=fitted, args=(seed, together)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for seed in range(3):
        np.testing.assert_array_equal(together[seed], alone[seed])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_trains_on_as_its_parent_does():
    trainer = trainer_of()
    trainer.fit(PAIR, epochs=1, batch_size=23, seed=1)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            trainer.fit(PAIR, epochs=2, batch_size=23, seed=2)
            os.write(writing, weights(trainer).tobytes())
        finally:
            os._exit(0)
    os.close(writing)
    trainer.fit(PAIR, epochs=2, batch_size=23, seed=2)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == weights(trainer).tobytes()
    os.waitpid(child, 0)
