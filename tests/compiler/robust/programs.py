"""Programs of every kind, small, each made anew from fixed seeds so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule as cr
from chainrule import nn, optim
from chainrule.nn import functional as F

SEED = 20


@dataclass
class Case:
    """A function, arguments for it, and the modules and states that it changes."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    module: nn.Module | None = None

    def state(self) -> list[np.ndarray]:
        """What its module holds now, copied."""
        if self.module is None:
            return []
        return [np.array(x.data) for _, x in sorted(self.module.state_dict().items())]


def numbers(*shape: int, seed: int = SEED) -> cr.Tensor:
    return cr.tensor(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


def integers(high: int, *shape: int) -> cr.Tensor:
    return cr.tensor(np.random.default_rng(SEED).integers(0, high, shape))


def matmul_with_a_deep_sum() -> Case:
    return Case(lambda a, b: cr.relu(a @ b), (numbers(65, 8195), numbers(8195, 47)))


def large_matmul() -> Case:
    return Case(lambda a, b: a @ b, (numbers(150, 131), numbers(131, 170)))


def folds_in_parts() -> Case:
    def folds(x: Any) -> Any:
        return x.sum(), x.max(), (x * x).mean(axis=0), x.std(axis=1)

    return Case(folds, (numbers(1030, 258),))


def softmax_and_norms() -> Case:
    def norms(x: Any, w: Any) -> Any:
        return F.softmax(x, dim=-1), F.layer_norm(x, (129,), w), F.log_softmax(x, dim=0)

    return Case(norms, (numbers(67, 129), numbers(129)))


def scatters() -> Case:
    def scatter(x: Any, i: Any) -> Any:
        def loss(t: Any) -> Any:
            return (t[i] ** 2).sum()

        return cr.grad(loss)(x), x[i], cr.bincount(i, length=300)

    return Case(scatter, (numbers(300, 61), integers(300, 9000)))


def sorts_and_running_folds() -> Case:
    def order(x: Any) -> Any:
        return cr.sort(x, axis=-1), cr.argsort(x, axis=0), cr.cumsum(x, axis=1), cr.topk(x, 5)

    return Case(order, (numbers(40, 133),))


def scans() -> Case:
    def scan(h: Any, xs: Any, w: Any) -> Any:
        def body(h: Any, x: Any) -> Any:
            h = cr.tanh(h @ w + x)
            return h, h.sum(axis=-1)

        return cr.scan(body, h, xs)

    return Case(scan, (numbers(5, 24), numbers(11, 5, 24), 0.1 * numbers(24, 24)))


def loops_and_choices() -> Case:
    def loop(x: Any) -> Any:
        big = cr.while_loop(lambda v: (v * v).sum() < 1e4, lambda v: v * 1.5 + 0.1, x)
        return cr.cond(big.sum() > 0, lambda v: v.sum(axis=0), lambda v: -v.max(axis=0), big)

    return Case(loop, (numbers(33, 21),))


def convolutions() -> Case:
    def convolve(x: Any, w: Any) -> Any:
        def loss(x: Any, w: Any) -> Any:
            return (F.max_pool2d(F.conv2d(x, w, padding=1, stride=2), 2) ** 2).sum()

        return cr.grad(loss, (0, 1))(x, w)

    return Case(convolve, (numbers(9, 17, 39, 38), numbers(24, 17, 3, 3)))


def odd_types() -> Case:
    def compute(x: Any, h: Any, k: Any) -> Any:
        return cr.exp(x).sum(axis=0), h * h + 1, k // 3 + k % 7, (h @ h.T).max()

    half = cr.tensor(np.random.default_rng(1).normal(size=(37, 21)).astype(np.float16))
    return Case(compute, (cr.tensor(numbers(65, 33).numpy().astype(np.float64)), half, integers(50, 43)))


def numpy_fallbacks() -> Case:
    def compute(x: Any) -> Any:
        return cr.linalg.inv(x @ x.T + 20 * cr.eye(12)).sum(axis=0) * 2

    return Case(compute, (numbers(12, 30),))


def training(module: nn.Module, x: Any, y: Any, optimizer: Any = optim.Adam) -> Case:
    """A training step: forward, backward, update."""
    chosen = optimizer(module.parameters(), lr=1e-2)

    def step(x: Any, y: Any) -> Any:
        loss = F.cross_entropy(module(x), y)
        loss.backward()
        chosen.step()
        chosen.zero_grad()
        return loss

    return Case(step, (x, y), module)


def mlp_step() -> Case:
    cr.random.seed(SEED)
    layers = nn.Sequential(nn.Linear(37, 65), nn.GELU(), nn.LayerNorm(65), nn.Linear(65, 10))
    return training(layers, numbers(33, 37), integers(10, 33))


def cnn_step() -> Case:
    cr.random.seed(SEED)
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(8 * 7 * 6, 10),
    )
    return training(layers, numbers(6, 3, 14, 12), integers(10, 6))


class Recurrent(nn.Module):
    """Words to classes, by an LSTM."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(50, 12)
        self.lstm = nn.LSTM(12, 16, batch_first=True)
        self.out = nn.Linear(16, 10)

    def forward(self, i: Any) -> Any:
        h, _ = self.lstm(self.words(i))
        return self.out(h[:, -1])


def lstm_step() -> Case:
    cr.random.seed(SEED)
    return training(Recurrent(), integers(50, 5, 9), integers(10, 5))


STEPS: dict[str, Callable[[], Case]] = {f.__name__: f for f in (mlp_step, cnn_step, lstm_step)}

CASES: dict[str, Callable[[], Case]] = {
    f.__name__: f
    for f in (
        matmul_with_a_deep_sum,
        large_matmul,
        folds_in_parts,
        softmax_and_norms,
        scatters,
        sorts_and_running_folds,
        scans,
        loops_and_choices,
        convolutions,
        odd_types,
        numpy_fallbacks,
    )
} | STEPS


def elements(result: Any) -> list[np.ndarray]:
    """All arrays in a nest of results."""
    found = cr.core.tree.leaves(result)
    return [np.array(x.data) for x in found]


def outcomes(case: Case, call: Callable[..., Any], times: int = 2) -> list[bytes]:
    """What some calls give and leave behind, bit for bit."""
    cr.random.seed(SEED)
    found: list[np.ndarray] = []
    for _ in range(times):
        found += elements(call(*case.args))
        found += case.state()
    return [x.tobytes() for x in found]


def agree(found: Sequence[bytes], expected: Sequence[bytes]) -> None:
    differ = [i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b]
    assert not differ, f"results {differ} differ"
