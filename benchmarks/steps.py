"""Training steps beside PyTorch's, alternating: ``python benchmarks/steps.py --torch PYTHON``.

Each round runs ours and theirs one after the other, each in a process of its own and with the same number
of threads; PYTHON is an interpreter that has PyTorch. A step is forward, loss, backward and Adam's update.
PyTorch runs eagerly, images channels-last. Printed are milliseconds (median of the rounds' medians, and the
best), and how many times as long PyTorch takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

WORKLOADS = ("mlp", "small_mlp", "cnn", "lstm", "gru")
SECONDS = 2.0
ROUNDS = 3

# Inputs by workload; all have ten classes.
SHAPES = {
    "mlp": (128, 784),
    "small_mlp": (32, 784),
    "cnn": (64, 1, 28, 28),
    "lstm": (32, 64, 32),
    "gru": (32, 64, 32),
}


def layers(nn: Any, name: str) -> Any:
    """The same network in either package, since layers have the same names and arguments."""
    if name == "mlp":
        wide = nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU()
        return nn.Sequential(*wide, nn.Linear(128, 10))
    if name == "small_mlp":
        return nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    if name == "cnn":
        first = nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)
        second = nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)
        head = nn.Flatten(), nn.Dropout(0.5), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10)
        return nn.Sequential(*first, *second, *head)
    return _recurrent(nn, {"lstm": nn.LSTM, "gru": nn.GRU}[name])


def _recurrent(nn: Any, kind: Any) -> Any:
    class Model(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.recurrent, self.out = kind(32, 128, batch_first=True), nn.Linear(128, 10)

        def forward(self, x: Any) -> Any:
            return self.out(self.recurrent(x)[0][:, -1])

    return Model()


def ours(name: str) -> Callable[[], Any]:
    """A step of Chainrule."""
    import numpy as np

    import chainrule as cr
    from chainrule import nn, optim

    model, rng = layers(nn, name), np.random.default_rng(0)
    optimizer, loss_of = optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    x = cr.tensor(rng.normal(size=SHAPES[name]).astype(np.float32))
    y = cr.tensor(rng.integers(0, 10, SHAPES[name][0]))

    @cr.compile
    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return lambda: step(x, y)


def theirs(name: str) -> Callable[[], Any]:
    """A step of PyTorch."""
    import torch

    torch.set_num_threads(int(os.environ["CHAINRULE_THREADS"]))
    model, x = layers(torch.nn, name), torch.randn(*SHAPES[name])
    if x.ndim == 4:
        model, x = (t.to(memory_format=torch.channels_last) for t in (model, x))
    y = torch.randint(0, 10, SHAPES[name][:1])
    optimizer, loss_of = torch.optim.Adam(model.parameters()), torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad()
        loss_of(model(x), y).backward()
        optimizer.step()

    return step


def measured(step: Callable[[], Any]) -> dict[str, float]:
    """Median and best of the steps of some seconds, in milliseconds."""
    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return {"median": statistics.median(times) * 1e3, "best": min(times) * 1e3}


def run(python: str, side: str, name: str, threads: int) -> dict[str, float]:
    """One side's figures, from a process of its own."""
    environment = {**os.environ, "CHAINRULE_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [python, __file__, "--worker", side, name]
    found: dict[str, float] = json.loads(subprocess.check_output(command, env=environment))
    return found


def compare(name: str, torch: str, threads: int) -> str:
    """A line of the table."""
    rounds = [
        (run(sys.executable, "ours", name, threads), run(torch, "theirs", name, threads))
        for _ in range(ROUNDS)
    ]
    cells = [name.ljust(10)]
    medians = []
    for side in range(2):
        medians.append(statistics.median(row[side]["median"] for row in rounds))
        best = min(row[side]["best"] for row in rounds)
        cells.append(f"{medians[-1]:8.3f} ({best:.3f})".rjust(20))
    return "  ".join([*cells, f"{medians[1] / medians[0]:6.2f}"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch", help="an interpreter that has PyTorch")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=WORKLOADS, choices=WORKLOADS)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        side, name = given.worker
        print(json.dumps(measured({"ours": ours, "theirs": theirs}[side](name))))
        return
    print(f"{'':10}  {'ours, ms':>20}  {'PyTorch, ms':>20}  {'ratio':>6}")
    for name in given.only:
        print(compare(name, given.torch or sys.executable, given.threads), flush=True)


if __name__ == "__main__":
    main()
