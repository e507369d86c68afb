"""Training steps of networks that grow in batch, width, depth, length, threads: curves instead of goals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.work import Work
from benchmarks.works.training import LEARNING_RATE, LOSSES, arrays

TOLERANCE = 1e-2


def curve(
    axis: str, sizes: Iterable[int], model: str, shape: Any, settings: Any, **others: Any
) -> list[Work]:
    """A work for each size; shape and settings are functions of it."""
    return [
        Work(
            name=f"growth-{axis}-{size}".replace(" ", "-"),
            title=f"{axis} {size}",
            kind="growth",
            parameters={
                "model": model,
                "settings": settings(size),
                "inputs": shape(size),
                "lr": LEARNING_RATE,
            },
            arrays=arrays,
            tolerance=TOLERANCE,
            checked_steps=LOSSES,
            point=(axis, size),
            **others,
        )
        for size in sizes
    ]


def by_threads(threads: Iterable[int]) -> list[Work]:
    """The same step with more threads."""
    sizes = {"sizes": [784, 1024, 1024, 10]}
    return [
        work
        for count in threads
        for work in curve("threads", [count], "mlp", lambda _: (256, 784), lambda _: sizes, threads=count)
    ]


def lstm(width: int) -> dict[str, Any]:
    """Settings of one layer."""
    return {"cell": "LSTM", "inputs": 32, "width": width, "layers": 1}


def transformer(length: int) -> dict[str, Any]:
    """Settings of two layers."""
    return {"tokens": 64, "layers": 2, "width": 64, "heads": 4, "length": length}


BATCHES = (1, 4, 16, 64, 256, 1024)

WORKS = (
    *curve("MLP batch", BATCHES, "mlp", lambda n: (n, 784), lambda n: {"sizes": [784, 256, 128, 10]}),
    *curve("CNN batch", BATCHES, "cnn", lambda n: (n, 1, 28, 28), lambda n: {"dropout": 0.0}, is_image=True),
    *curve("width", (64, 256, 1024, 4096), "mlp", lambda n: (32, 784), lambda n: {"sizes": [784, n, n, 10]}),
    *curve("depth", (10, 30, 100, 300, 1000), "mlp", lambda n: (32, 32), lambda n: {"sizes": [32] * (n + 1)}),
    *curve("LSTM length", (64, 256, 1024, 4096), "recurrent", lambda n: (8, n, 32), lambda n: lstm(64)),
    *curve("attention length", (64, 256, 1024, 4096), "transformer", lambda n: (1, n), transformer),
    *by_threads((1, 2)),
)
