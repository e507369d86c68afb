"""Training steps of fully connected networks, their derivatives written by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.task import Job, Task

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def build(job: Job, form: str) -> Task:
    """A network with the job's weights, and Adam."""
    parameters = list(job.weights.values())
    weights, biases = parameters[::2], parameters[1::2]
    x, y = job.arrays["x"], job.arrays["y"]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    count = 0

    def step() -> float:
        nonlocal count
        count += 1
        inputs, scores = forward(weights, biases, x)
        loss, slope = cross_entropy(scores, y)
        slopes = backward(weights, inputs, slope)
        for p, g, (m, v) in zip(parameters, slopes, moments, strict=True):
            adam(p, g, m, v, job.parameters["lr"], count)
        return loss

    return Task(step)


def forward(weights: list[Any], biases: list[Any], x: Any) -> tuple[list[Any], Any]:
    """What each layer reads, and the scores."""
    inputs = [x]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(np.maximum(inputs[-1] @ weight.T + bias, 0))
    return inputs, inputs[-1] @ weights[-1].T + biases[-1]


def cross_entropy(scores: Any, y: Any) -> tuple[float, Any]:
    """The mean loss, and its slope for the scores."""
    rows = np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(chances[rows, y]).mean()
    chances[rows, y] -= 1
    return float(loss), chances / len(y)


def backward(weights: list[Any], inputs: list[Any], slope: Any) -> list[Any]:
    """Slopes of each layer's weight and bias, first layer first."""
    slopes: list[Any] = []
    for number in range(len(weights) - 1, -1, -1):
        slopes = [slope.T @ inputs[number], slope.sum(axis=0), *slopes]
        if number:
            slope = (slope @ weights[number]) * (inputs[number] > 0)
    return slopes


def adam(p: Any, g: Any, m: Any, v: Any, lr: float, count: int) -> None:
    """Update a parameter and its moments in place (Kingma and Ba 2015, algorithm 1)."""
    m += (1 - BETA1) * (g - m)
    v += (1 - BETA2) * (g * g - v)
    p -= lr * (m / (1 - BETA1**count)) / (np.sqrt(v / (1 - BETA2**count)) + EPSILON)
