"""Optimizers, schedules of their learning rate, regularisers and clipping.

An optimizer is two functions of one parameter, ``init`` and ``update``, beside its formula; the
rest is `Optimizer`. Names, argument order, defaults and numbers are PyTorch's.

>>> import chainrule as cr
>>> from chainrule import optim
>>> p = cr.State([3.0, -2.0]).requires_grad_()
>>> optimizer = optim.Adam([p], lr=0.3)
>>> for _ in range(100):
...     optimizer.zero_grad()
...     loss = (p * p).sum()
...     loss.backward()
...     optimizer.step()
>>> bool(loss < 1e-3)
True
"""

from chainrule.optim.adadelta import Adadelta
from chainrule.optim.adagrad import Adagrad
from chainrule.optim.adam import Adam, AdamW
from chainrule.optim.clipping import clip_grad_norm_, clip_grad_value_
from chainrule.optim.nadam import NAdam
from chainrule.optim.optimizer import Optimizer
from chainrule.optim.registry import OPTIMIZERS, SCHEDULES, get
from chainrule.optim.regularizers import L1, L2, ElasticNet
from chainrule.optim.rmsprop import RMSprop
from chainrule.optim.schedules import (
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    ReduceLROnPlateau,
    Schedule,
    SequentialLR,
    StepLR,
    WarmUpLR,
)
from chainrule.optim.sgd import GD, SGD, Momentum, Nesterov

__all__ = [
    "GD",
    "L1",
    "L2",
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "ElasticNet",
    "ExponentialLR",
    "LinearLR",
    "Momentum",
    "MultiStepLR",
    "NAdam",
    "Nesterov",
    "OneCycleLR",
    "Optimizer",
    "RMSprop",
    "ReduceLROnPlateau",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "WarmUpLR",
    "clip_grad_norm_",
    "clip_grad_value_",
    "get",
]
