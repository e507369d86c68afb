"""Compiled training goes exactly as uncompiled training does."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim, train
from chainrule.errors import ConfigError, FallbackWarning, GraphError

RNG = np.random.default_rng(7)
CLASSES = RNG.integers(3, size=44)
IMAGES = (RNG.normal(size=(44, 1, 6, 6)) + CLASSES[:, None, None, None]).astype(np.float32)
WORDS = RNG.integers(5, size=(44, 7))


class Tagger(nn.Module):
    def __init__(self):
        self.embedding = nn.Embedding(5, 4)
        self.lstm = nn.LSTM(4, 6, batch_first=True)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        y, _ = self.lstm(self.embedding(x))
        return self.head(y[:, -1])


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.ReLU(), nn.Linear(8, 3))


def cnn():
    layers = (nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    return nn.Sequential(*layers, nn.Dropout(0.3), nn.Linear(16, 3))


MODELS = {"mlp": (mlp, IMAGES), "cnn": (cnn, IMAGES), "lstm": (Tagger, WORDS)}


def fitted(make, x, compile, callbacks=(), epochs=3, **options):
    """A trainer after training, with its history, evaluation and predictions."""
    cr.random.seed(3)
    model, y = make(), CLASSES
    fit = {name: options.pop(name) for name in ("checkpoint", "resume") if name in options}
    trainer = train.Trainer(
        model,
        "cross_entropy",
        "adam",
        ["accuracy"],
        callbacks,
        lr=0.01,
        compile=compile,
        verbose=0,
        **options,
    )
    given = [(cr.tensor(part[:34]), cr.tensor(part[34:])) for part in (x, y)]
    history = trainer.fit(*zip(*given, strict=True), epochs=epochs, batch_size=8, seed=5, **fit)
    return (
        trainer,
        history.rows,
        trainer.evaluate((cr.tensor(x), cr.tensor(y))),
        trainer.predict(cr.tensor(x)),
    )


def check_equal(plain, compiled):
    assert compiled[1] == plain[1]
    assert compiled[2] == plain[2]
    np.testing.assert_array_equal(compiled[3], plain[3])
    for name, array in plain[0].model.state_dict().items():
        np.testing.assert_array_equal(compiled[0].model.state_dict()[name], array)


# Run by Python, each step of a scan adds its gradient to that of the penalty; recorded, the scan adds the sum
# of all, which rounds differently.
OPTIONS = {"mlp": {"regularizer": optim.L2(0.01)}, "cnn": {"regularizer": optim.L2(0.01)}, "lstm": {}}


@pytest.mark.parametrize("name", MODELS)
def test_losses_are_the_same_bit_for_bit(name):
    """Four batches and a shorter one in each epoch; evaluation in batches of 8, then of 32."""
    make, x = MODELS[name]
    callbacks = [train.LRSchedule("one_cycle", max_lr=0.05), train.GradientNorms()]
    options = {"clip_grad_norm": 0.5, "clip_grad_value": 0.2, **OPTIONS[name]}
    plain = fitted(make, x, False, callbacks, **options)
    compiled = fitted(make, x, "numpy", callbacks, **options)
    check_equal(plain, compiled)
    assert not plain[0].compile_reports
    reports = compiled[0].compile_reports
    assert set(reports) == {"train_step", "_evaluation_step", "_prediction"}
    assert len(reports["train_step"].recordings) == 2, "the last batch of an epoch is shorter"
    assert reports["train_step"].calls == 15


def test_fit_again_records_nothing():
    trainer = fitted(mlp, IMAGES, "numpy")[0]
    before = trainer.compile_reports["train_step"]
    trainer.fit((IMAGES[:34], CLASSES[:34]), epochs=1, batch_size=8)
    after = trainer.compile_reports["train_step"]
    assert len(after.recordings) == len(before.recordings)
    assert after.calls == before.calls + 5


def test_other_callbacks_in_the_next_fit():
    trainer, norms = fitted(mlp, IMAGES, "numpy")[0], train.GradientNorms()
    trainer.callbacks = [norms]
    trainer.fit((IMAGES[:34], CLASSES[:34]), epochs=2, batch_size=8)
    assert [set(row) for row in norms.rows] == [{"epoch", "1", "3"}] * 2
    assert "Trainer._measuring" in trainer.compile_reports["train_step"].recordings[-1].reason


@pytest.mark.parametrize(
    "change", [{"clip_grad_norm": 1e-3}, {"regularizer": optim.L2(5.0)}], ids=["clip", "l2"]
)
def test_options_may_change_between_fits(change):
    found = []
    for compile in (False, "numpy"):
        trainer = fitted(mlp, IMAGES, compile)[0]
        for name, value in change.items():
            setattr(trainer, name, value)
        trainer.fit((IMAGES, CLASSES), epochs=1, batch_size=11, seed=1)
        found.append(trainer.predict(IMAGES))
    np.testing.assert_array_equal(found[0], found[1])


def test_resumed_training_goes_on_bit_for_bit(tmp_path):
    straight = fitted(cnn, IMAGES, "numpy", epochs=4)
    fitted(cnn, IMAGES, "numpy", epochs=2, checkpoint=tmp_path)
    resumed = fitted(cnn, IMAGES, "numpy", epochs=4, checkpoint=tmp_path, resume=True)
    check_equal(straight, resumed)


def test_best_weights_are_not_changed_by_later_steps():
    """Early stopping keeps the weights of an epoch while programs update in place."""
    stop = [train.EarlyStopping("accuracy", patience=1, mode="max") for _ in range(2)]
    plain = fitted(mlp, IMAGES, False, stop[:1], epochs=12)
    compiled = fitted(mlp, IMAGES, "numpy", stop[1:], epochs=12)
    check_equal(plain, compiled)


def test_a_nan_stops_training():
    model = nn.Linear(2, 1)
    trainer = train.Trainer(model, "mse", "sgd", lr=1e30, compile="numpy", verbose=0)
    with pytest.raises(cr.errors.NonFiniteError, match="batch"):
        trainer.fit((np.ones((8, 2), np.float32), np.ones((8, 1), np.float32)), epochs=50, batch_size=4)


class Branching(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        y = self.fc(x)
        return y if y.sum() > 0 else -y


def test_a_model_that_cannot_be_recorded_names_the_way_out(blobs):
    trainer = train.Trainer(Branching(), "cross_entropy", "sgd", compile="numpy", verbose=0)
    with pytest.raises(GraphError, match="Python cannot branch") as found:
        trainer.fit(blobs, epochs=1)
    said = [str(found.value), *getattr(found.value, "__notes__", [])]
    assert "Trainer(…, compile=False) runs each step with Python" in "\n".join(said)
    train.Trainer(Branching(), "cross_entropy", "sgd", compile=False, verbose=0).fit(blobs, epochs=1)


def test_a_model_with_hooks_is_not_compiled(blobs):
    trainer, seen = train.Trainer(nn.Linear(4, 3), compile="numpy", verbose=0), []
    with trainer.model.register_forward_hook(lambda module, args, y: seen.append(y.numpy())):
        trainer.fit(blobs, epochs=1, batch_size=20)
    assert len(seen) == 3
    assert trainer.compile_reports == {}


def test_option_is_checked():
    with pytest.raises(cr.errors.ConfigError, match="Trainer: compile must be in"):
        train.Trainer(nn.Linear(1, 1), compile="gcc")


def test_progress_tells_of_compiling_once(blobs, capsys):
    trainer = train.Trainer(nn.Linear(4, 3), compile="numpy", verbose=1)
    trainer.fit(blobs, epochs=2, batch_size=32)
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("compiled the training step in ") for line in lines] == [True, False, False]
    assert all("examples/s" in line for line in lines[1:])


def test_a_model_that_cannot_be_recorded_is_trained_after_one_warning(blobs):
    trainers = []
    for compile in (True, False):
        cr.random.seed(1)
        trainers.append(train.Trainer(Branching(), "cross_entropy", "sgd", compile=compile, verbose=0))
    with pytest.warns(FallbackWarning, match="Python cannot branch") as warned:
        history = trainers[0].fit(blobs, blobs, epochs=2, seed=1)
    assert len(warned) == 1
    assert "compile='llvm' makes it an error" in str(warned[0].message)
    assert trainers[0].compile_reports == {}
    assert history.rows == trainers[1].fit(blobs, blobs, epochs=2, seed=1).rows
    np.testing.assert_array_equal(trainers[0].predict(blobs[0]), trainers[1].predict(blobs[0]))


def test_predicting_in_batches_warns_once(blobs):
    trainer = train.Trainer(Branching(), "cross_entropy", "sgd", verbose=0)
    with pytest.warns(FallbackWarning) as warned:
        trainer.predict(blobs[0], batch_size=10)
    assert len(warned) == 1


def test_operands_in_bfloat16():
    exact, rounded = (fitted(cnn, IMAGES, "llvm", precision=p)[1] for p in (None, "bfloat16"))
    for before, after in zip(exact, rounded, strict=True):
        assert after["loss"] != before["loss"]
        assert after["loss"] == pytest.approx(before["loss"], rel=0.05)


def deep():
    blocks = [nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU()) for _ in range(4)]
    return nn.Sequential(nn.Conv2d(1, 8, 1), *blocks, nn.Flatten(), nn.Linear(288, 3))


def test_less_memory_and_the_same_losses():
    found = [fitted(deep, IMAGES, "llvm", remat=remat) for remat in (False, True)]
    for before, after in zip(found[0][1], found[1][1], strict=True):
        assert after["loss"] == pytest.approx(before["loss"], rel=1e-5)
    most, less = (max(x.arena for x in made[0].compile_reports["train_step"].recordings) for made in found)
    assert less < most


def wide():
    return nn.Sequential(
        nn.Conv2d(1, 64, 3), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.Flatten(), nn.Linear(1024, 3)
    )


def test_other_sums_with_winograd():
    exact, fewer = (fitted(wide, IMAGES, "llvm", winograd=winograd)[1] for winograd in (False, True))
    for before, after in zip(exact, fewer, strict=True):
        assert after["loss"] != before["loss"]
        assert after["loss"] == pytest.approx(before["loss"], rel=1e-3)


def test_options_are_of_compiled_steps():
    with pytest.raises(ConfigError, match=r"Trainer: remat=True, winograd=True is for compiled steps"):
        train.Trainer(mlp(), remat=True, winograd=True, compile=False)
    with pytest.raises(ConfigError, match="remat"):
        train.Trainer(mlp(), remat="yes")
    with pytest.raises(ConfigError, match="winograd"):
        train.Trainer(mlp(), winograd=True, precision="bfloat16")


def test_a_precision_is_of_compiled_steps():
    with pytest.raises(ConfigError, match=r"precision='bfloat16' is for compiled steps"):
        train.Trainer(mlp(), precision="bfloat16", compile=False)
    with pytest.raises(ConfigError, match="precision"):
        train.Trainer(mlp(), precision="float8")
