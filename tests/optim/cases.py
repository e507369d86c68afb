"""The cases that are compared with PyTorch: used by the recording and by the tests."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

STEPS, SCHEDULE_STEPS = 20, 30
SHAPES = ((2, 3), (2,), ())

# Key: (our name, PyTorch's class, options of both).
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gd": ("gd", "SGD", {"lr": 0.01}),
    "sgd": ("sgd", "SGD", {}),
    "sgd-decay": ("sgd", "SGD", {"lr": 0.1, "weight_decay": 0.1}),
    "sgd-momentum": ("sgd", "SGD", {"lr": 0.05, "momentum": 0.9}),
    "sgd-dampening": (
        "sgd",
        "SGD",
        {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.01},
    ),
    "sgd-nesterov": ("sgd", "SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "sgd-maximize": ("sgd", "SGD", {"lr": 0.05, "momentum": 0.9, "maximize": True}),
    "momentum": ("momentum", "SGD", {"lr": 0.02, "momentum": 0.9}),
    "nesterov": ("nesterov", "SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    "adagrad": ("adagrad", "Adagrad", {}),
    "adagrad-options": (
        "adagrad",
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.02, "initial_accumulator_value": 0.3, "eps": 1e-6},
    ),
    "adadelta": ("adadelta", "Adadelta", {}),
    "adadelta-options": ("adadelta", "Adadelta", {"lr": 0.7, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.02}),
    "rmsprop": ("rmsprop", "RMSprop", {}),
    "rmsprop-momentum": (
        "rmsprop",
        "RMSprop",
        {"lr": 0.02, "alpha": 0.9, "momentum": 0.8, "weight_decay": 0.02},
    ),
    "rmsprop-centered": ("rmsprop", "RMSprop", {"centered": True}),
    "rmsprop-centered-momentum": ("rmsprop", "RMSprop", {"centered": True, "momentum": 0.5, "eps": 1e-3}),
    "adam": ("adam", "Adam", {}),
    "adam-options": ("adam", "Adam", {"lr": 0.02, "betas": (0.8, 0.9), "eps": 1e-5, "weight_decay": 0.02}),
    "adam-amsgrad": ("adam", "Adam", {"lr": 0.02, "betas": (0.9, 0.7), "amsgrad": True}),
    "adam-no-memory": ("adam", "Adam", {"betas": (0.0, 0.0), "eps": 1e-3}),
    "adamw": ("adamw", "AdamW", {}),
    "adamw-amsgrad": ("adamw", "AdamW", {"lr": 0.02, "weight_decay": 0.2, "amsgrad": True}),
    "nadam": ("nadam", "NAdam", {}),
    "nadam-options": (
        "nadam",
        "NAdam",
        {"lr": 0.02, "betas": (0.8, 0.9), "weight_decay": 0.02, "momentum_decay": 0.1},
    ),
    "nadam-decoupled": ("nadam", "NAdam", {"weight_decay": 0.2, "decoupled_weight_decay": True}),
}

FACTORY: dict[str, dict[str, Any]] = {"SGD": {"momentum": 0.9}, "Adam": {}}
# Values to watch, some of them improvements.
METRICS = [
    3 * math.exp(-0.3 * t) + 0.01 * math.sin(5 * t) if t < 9 else 0.25 + 0.1 * math.cos(t) for t in range(30)
]

# Key: (class, options, optimizer's class).
SCHEDULED: dict[str, tuple[str, dict[str, Any], str]] = {
    "step": ("StepLR", {"step_size": 4, "gamma": 0.3}, "SGD"),
    "multi_step": ("MultiStepLR", {"milestones": [3, 10, 10, 20]}, "SGD"),
    "exponential": ("ExponentialLR", {"gamma": 0.9}, "SGD"),
    "cosine": ("CosineAnnealingLR", {"T_max": 29}, "SGD"),
    "cosine-beyond": ("CosineAnnealingLR", {"T_max": 12, "eta_min": 0.05}, "SGD"),
    "linear": ("LinearLR", {}, "SGD"),
    "linear-options": ("LinearLR", {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 9}, "SGD"),
    "one_cycle": ("OneCycleLR", {"max_lr": 1.0, "total_steps": 30}, "SGD"),
    "one_cycle-adam": ("OneCycleLR", {"max_lr": 1.0, "epochs": 6, "steps_per_epoch": 5}, "Adam"),
    "one_cycle-linear": (
        "OneCycleLR",
        {
            "max_lr": 0.5,
            "total_steps": 30,
            "pct_start": 0.45,
            "anneal_strategy": "linear",
            "three_phase": True,
        },
        "SGD",
    ),
    "one_cycle-no-rise": (
        "OneCycleLR",
        {"max_lr": 0.5, "total_steps": 30, "pct_start": 0.0, "cycle_momentum": False, "div_factor": 10.0},
        "SGD",
    ),
    "plateau": ("ReduceLROnPlateau", {"patience": 2, "factor": 0.5}, "SGD"),
    "plateau-options": (
        "ReduceLROnPlateau",
        {
            "mode": "max",
            "patience": 0,
            "threshold": 0.05,
            "threshold_mode": "abs",
            "cooldown": 3,
            "min_lr": 0.003,
        },
        "SGD",
    ),
    "plateau-relative": (
        "ReduceLROnPlateau",
        {"mode": "max", "patience": 1, "threshold": 0.1, "eps": 0.01},
        "SGD",
    ),
    "sequential": (
        "SequentialLR",
        {
            "parts": [
                ("LinearLR", {"start_factor": 0.1, "total_iters": 5}),
                ("CosineAnnealingLR", {"T_max": 15}),
                ("ExponentialLR", {"gamma": 0.8}),
            ],
            "milestones": [5, 20],
        },
        "SGD",
    ),
}

CLIPPING: dict[str, tuple[str, dict[str, Any]]] = {
    "norm": ("clip_grad_norm_", {"max_norm": 0.5}),
    "norm-long-enough": ("clip_grad_norm_", {"max_norm": 500.0}),
    "norm-1": ("clip_grad_norm_", {"max_norm": 2.0, "norm_type": 1.0}),
    "norm-3": ("clip_grad_norm_", {"max_norm": 2.0, "norm_type": 3.0}),
    "norm-inf": ("clip_grad_norm_", {"max_norm": 0.1, "norm_type": math.inf}),
    "value": ("clip_grad_value_", {"clip_value": 0.3}),
}


def arrays() -> tuple[list[np.ndarray], list[list[np.ndarray]]]:
    """Parameters to begin with, and their gradients at each step."""
    rng = np.random.default_rng(7)
    start = [rng.normal(size=shape) for shape in SHAPES]
    return start, [[rng.normal(size=shape) for shape in SHAPES] for _ in range(STEPS)]


def chain(library: Any, optimizer: Any, name: str, options: dict[str, Any]) -> Any:
    """A schedule; one of parts is made of schedules of the same library."""
    if "parts" not in options:
        return getattr(library, name)(optimizer, **options)
    parts = [getattr(library, part)(optimizer, **given) for part, given in options["parts"]]
    return getattr(library, name)(optimizer, parts, options["milestones"])
