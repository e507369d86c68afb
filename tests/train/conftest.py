"""Small data and models that train in a moment."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, train


@pytest.fixture
def blobs():
    """60 points of three classes that a line can part, as (x, y)."""
    rng = np.random.default_rng(1)
    y = np.arange(60) % 3
    x = np.eye(3, 4)[y] * 3 + rng.normal(size=(60, 4)) * 0.5
    return x.astype(np.float32), y


@pytest.fixture
def make():
    """A new trainer of a small classifier, always from the same weights; options as for `Trainer`."""

    def made(*callbacks, model=None, loss="cross_entropy", optimizer="adam", **options):
        cr.random.seed(4)
        if model is None:
            model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
        defaults = {"lr": 0.05, "verbose": 0} if isinstance(optimizer, str) else {"verbose": 0}
        return train.Trainer(model, loss, optimizer, callbacks=callbacks, **{**defaults, **options})

    return made


@pytest.fixture
def weights():
    """All that a model keeps, as one array."""
    return lambda trainer: np.concatenate([a.ravel() for a in trainer.model.state_dict().values()])
