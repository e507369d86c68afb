"""Training: the trainer, its callbacks, and checkpoints that survive anything.

>>> from chainrule import data, nn, train
>>> parts = data.load("digits")
>>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
>>> trainer = train.Trainer(model, "cross_entropy", "adam", ["accuracy"], lr=0.01, verbose=0)
>>> history = trainer.fit(parts.train, parts.validation, epochs=5, batch_size=64)
>>> history.columns
['epoch', 'lr', 'loss', 'accuracy', 'val_loss', 'val_accuracy']
>>> trainer.evaluate(parts.test)["accuracy"] > 0.9
True
"""

from chainrule.train.callbacks import (
    Callback,
    Checkpoint,
    CSVLog,
    EarlyStopping,
    GradientNorms,
    LambdaCallback,
    LRSchedule,
    ProgressBar,
    TerminateOnNaN,
)
from chainrule.train.checkpoint import BEST, LAST, read_checkpoint, write_checkpoint
from chainrule.train.history import History
from chainrule.train.step import Step
from chainrule.train.trainer import Trainer

__all__ = [
    "BEST",
    "LAST",
    "CSVLog",
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "GradientNorms",
    "History",
    "LRSchedule",
    "LambdaCallback",
    "ProgressBar",
    "Step",
    "TerminateOnNaN",
    "Trainer",
    "read_checkpoint",
    "write_checkpoint",
]
