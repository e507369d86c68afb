"""Schedules: how the learning rate changes during training."""

from chainrule.optim.schedules.by_step import (
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    StepLR,
    WarmUpLR,
)
from chainrule.optim.schedules.one_cycle import OneCycleLR
from chainrule.optim.schedules.plateau import ReduceLROnPlateau
from chainrule.optim.schedules.schedule import Schedule, TimedSchedule
from chainrule.optim.schedules.sequential import SequentialLR

__all__ = [
    "CosineAnnealingLR",
    "ExponentialLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "TimedSchedule",
    "WarmUpLR",
]
