"""Callbacks: each does one thing beside training."""

from chainrule.train.callbacks.callback import Callback, LambdaCallback
from chainrule.train.callbacks.checkpointing import Checkpoint
from chainrule.train.callbacks.csv_log import CSVLog
from chainrule.train.callbacks.early_stopping import EarlyStopping
from chainrule.train.callbacks.gradient_norms import GradientNorms
from chainrule.train.callbacks.lr_schedule import LRSchedule
from chainrule.train.callbacks.progress import ProgressBar
from chainrule.train.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "CSVLog",
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "GradientNorms",
    "LRSchedule",
    "LambdaCallback",
    "ProgressBar",
    "TerminateOnNaN",
]
