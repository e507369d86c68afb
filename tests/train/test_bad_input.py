"""Wrong input to the trainer: kinds of error and what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
from chainrule import data, metrics, nn, optim, train
from chainrule.errors import (
    ConfigError,
    DataError,
    DTypeError,
    NonFiniteError,
    OutOfRangeError,
    ShapeError,
    text,
)

X, Y = np.zeros((6, 4), np.float32), np.array([0, 1, 2, 0, 1, 2])
LOADER = data.Loader(data.ArrayDataset(X, Y))
INPUTS_ALONE = data.ArrayDataset(X)
OTHER = nn.Linear(4, 3)

# What fit() is given, the kind of error, and what its message says.
FIT = [
    ({"train": (X[:0], Y[:0])}, DataError, "there is no sample"),
    ({"train": (X, Y[:5])}, ShapeError, r"x \(6, 4\), y \(5,\)"),
    ({"train": (cr.tensor(X), cr.tensor(Y[:5]))}, ShapeError, r"x \(6, 4\), y \(5,\)"),
    ({"train": (np.where(X == 0, np.nan, X), Y)}, DataError, "nan"),
    ({"train": X}, DataError, "needs targets"),
    ({"train": INPUTS_ALONE}, DataError, "needs targets"),
    ({"train": "digits"}, DTypeError, r"fit\(\) takes a Loader, a Dataset.*got a str"),
    ({"train": {"x": X}}, DTypeError, "got a dict"),
    ({"train": LOADER, "batch_size": 3}, ConfigError, "batch_size: a Loader has its own"),
    ({"train": LOADER, "seed": 3, "shuffle": False}, ConfigError, "shuffle, seed: a Loader has its own"),
    ({"train": (X[:, :3], Y)}, ShapeError, r"Linear '0'.*must be 4, got 3"),
    ({"train": (X, Y + 1)}, OutOfRangeError, "label 3"),
    ({"train": (X, Y.astype(np.float32))}, DTypeError, "labels must be whole numbers, got float32"),
    ({"train": (X, Y), "epochs": 0}, ConfigError, r"fit: epochs must be in \{1, 2, 3"),
    ({"train": (X, Y), "epochs": 1.5}, ConfigError, "fit: epochs must be in"),
    ({"train": (X, Y), "batch_size": 0}, ConfigError, "batch_size"),
    ({"train": (X, Y), "resume": "yes"}, ConfigError, "fit: resume must be in"),
    ({"train": (X, Y), "resume": True}, ConfigError, "resume needs to know where the checkpoints are"),
    ({"train": (X, Y), "verbose": 7}, ConfigError, "fit: verbose must be in"),
    ({"train": (X, Y), "validation": (X, Y[:3])}, ShapeError, r"y \(3,\)"),
]


@pytest.mark.parametrize(("given", "kind", "message"), FIT)
def test_fit_refuses(given, kind, message):
    model = nn.Sequential(nn.Linear(4, 3))
    trainer = train.Trainer(model, "cross_entropy", "sgd", verbose=0)
    with pytest.raises(kind, match=message):
        trainer.fit(**given)


# What Trainer() is given, the kind of error, and what its message says.
MAKE = [
    ({"model": lambda x: x}, DTypeError, "the model must be an nn.Module, got a function"),
    (
        {"loss": "cross_entrophy"},
        ConfigError,
        "there is no loss 'cross_entrophy'. Did you mean 'cross_entropy'",
    ),
    ({"loss": 3}, DTypeError, "the loss must be a name, a module or a function"),
    ({"optimizer": "adma"}, ConfigError, "there is no optimizer 'adma'. Did you mean 'adam'"),
    ({"optimizer": optim.Adam}, DTypeError, "the optimizer must be a name or an Optimizer"),
    ({"optimizer": optim.SGD(OTHER.parameters())}, ConfigError, "holds none of this model's parameters"),
    ({"model": OTHER, "optimizer": optim.SGD(OTHER.parameters()), "lr": 0.1}, ConfigError, "lr goes with"),
    ({"model": nn.ReLU()}, ConfigError, "no parameters to optimise"),
    ({"metrics": ["acuracy"]}, ConfigError, "Did you mean 'accuracy'"),
    ({"metrics": ["accuracy", metrics.Accuracy(threshold=0)]}, ConfigError, "would be called 'accuracy'"),
    ({"metrics": [metrics.Accuracy(name="loss")]}, ConfigError, "would be called 'loss'"),
    ({"callbacks": [train.EarlyStopping]}, DTypeError, r"call it: EarlyStopping\(\)"),
    ({"lr": -1.0}, ConfigError, "lr must be in"),
    ({"clip_grad_norm": -1.0}, ConfigError, "Trainer: clip_grad_norm must be in"),
    ({"clip_grad_value": math.nan}, ConfigError, "Trainer: clip_grad_value must be in"),
    ({"verbose": 2}, ConfigError, "Trainer: verbose must be in"),
]


@pytest.mark.parametrize(("given", "kind", "message"), MAKE)
def test_trainer_refuses(given, kind, message):
    with pytest.raises(kind, match=message):
        train.Trainer(**{"model": nn.Linear(4, 3), **given})


@pytest.mark.parametrize(
    ("loss", "kind", "message"),
    [
        (lambda p, t: 1.0, DTypeError, "the loss function returned a float"),
        (lambda p, t: p, ShapeError, r"the loss must be one number, shape \(\), got shape \(6, 3\)"),
        (nn.CrossEntropyLoss(reduction="none"), ShapeError, r"got shape \(6,\).*loss.mean\(\)"),
    ],
)
def test_a_loss_that_is_not_one_number_is_refused(loss, kind, message):
    trainer = train.Trainer(nn.Linear(4, 3), loss, verbose=0)
    with pytest.raises(kind, match=message):
        trainer.fit((X, Y))
    with pytest.raises(kind, match=message):
        trainer.evaluate((X, Y))


def test_an_error_in_a_batch_says_where():
    x, y = X.copy(), np.array([0, 1, 2, 0, 9, 1])
    trainer = train.Trainer(nn.Linear(4, 3), verbose=0)
    with pytest.raises(OutOfRangeError) as caught:
        trainer.fit((x, y), batch_size=2, shuffle=False)
    if hasattr(caught.value, "__notes__"):
        assert caught.value.__notes__ == ["This was in epoch 1, batch 3."]


def test_a_loss_that_is_no_number_ends_training():
    x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None] * 100
    trainer = train.Trainer(nn.Linear(1, 1), "mse", "gd", metrics=["mse"], lr=1e6, verbose=0)
    with pytest.raises(
        NonFiniteError, match=r"the loss became (inf|nan) in epoch \d, batch \d.*smaller learning rate"
    ):
        trainer.fit((x, x), epochs=9, batch_size=8)


def test_measuring_refuses_too():
    trainer = train.Trainer(nn.Linear(4, 3), verbose=0)
    with pytest.raises(DataError, match=r"evaluate\(\) needs targets"):
        trainer.evaluate(X)
    with pytest.raises(DTypeError, match=r"predict\(\) takes a Loader"):
        trainer.predict(3.0)
    with pytest.raises(ConfigError, match="batch_size: a Loader has its own"):
        trainer.predict(LOADER, batch_size=2)


def test_messages_are_there_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(DTypeError, match="模型应为"):
        train.Trainer(3)
    assert text("train.where", epoch=1, batch=2) == "发生在第 1 轮第 2 批。"
