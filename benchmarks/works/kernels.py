"""Single products and convolutions, as eager code and compiled functions are given them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.arrays import noise
from benchmarks.work import Work

GOAL, SHARE_GOAL, LARGE = 1.0, 0.85, 256
SIZES = (64, 128, 256, 512, 1024, 2048)
TRANSPOSITIONS = ("nn", "nt", "tn", "tt")
DIRECTIONS = ("forward", "data", "weights")


def matmul_arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Operands as they lie in memory: ``t`` says that one is stored transposed."""
    rng = np.random.default_rng(11)
    m, n, k, how = (parameters[name] for name in ("m", "n", "k", "how"))
    a, b = ((m, k) if how[0] == "n" else (k, m)), ((k, n) if how[1] == "n" else (n, k))
    return {"a": noise(rng, a), "b": noise(rng, b)}


def matmul(name: str, m: int, n: int, k: int, how: str, **others: Any) -> Work:
    """A row: (m, k) times (k, n)."""
    stored = {"n": "", "t": "ᵀ"}
    return Work(
        name=f"matmul-{name}",
        title=f"matmul {m}×{k}{stored[how[0]]} · {k}×{n}{stored[how[1]]}",
        kind="matmul",
        parameters={"m": m, "n": n, "k": k, "how": how},
        arrays=matmul_arrays,
        goal=GOAL,
        share_goal=SHARE_GOAL if min(m, n, k) >= LARGE else None,
        flops=lambda parameters: 2.0 * m * n * k,
        **others,
    )


def output_size(parameters: Mapping[str, Any]) -> int:
    """Pixels along a side of the result."""
    size, kernel, stride = (parameters[name] for name in ("size", "kernel", "stride"))
    return (int(size) + 2 * (kernel // 2) - kernel) // stride + 1


def convolution_arrays(parameters: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Images, weights, and the slope of the result where that is given."""
    rng = np.random.default_rng(13)
    names = ("batch", "size", "inputs", "outputs", "kernel", "groups")
    n, size, inputs, outputs, kernel, groups = (parameters[name] for name in names)
    weight = noise(rng, (outputs, inputs // groups, kernel, kernel)) / np.float32(kernel * math.sqrt(inputs))
    result = output_size(parameters)
    x, slope = noise(rng, (n, inputs, size, size)), noise(rng, (n, outputs, result, result))
    return {
        "forward": {"x": x, "w": weight},
        "data": {"w": weight, "slope": slope},
        "weights": {"x": x, "slope": slope},
    }[parameters["direction"]]


def convolution_flops(parameters: Mapping[str, Any]) -> float:
    """The same in all directions."""
    names = ("batch", "inputs", "outputs", "kernel", "groups")
    n, inputs, outputs, kernel, groups = (parameters[name] for name in names)
    return 2.0 * n * output_size(parameters) ** 2 * outputs * (inputs // groups) * kernel**2


# Batch, pixels of a side, channels before and behind, taps of a side, stride, groups; images are padded so
# that stride 1 keeps their size.
CONVOLUTIONS = {
    "resnet-first": (1, 224, 3, 64, 7, 2, 1),
    "resnet-56": (1, 56, 64, 64, 3, 1, 1),
    "resnet-28": (1, 28, 128, 128, 3, 1, 1),
    "resnet-28-stride": (1, 56, 128, 128, 3, 2, 1),
    "resnet-14": (1, 14, 256, 256, 3, 1, 1),
    "resnet-7": (1, 7, 512, 512, 3, 1, 1),
    "resnet-7-batch": (8, 7, 512, 512, 3, 1, 1),
    "resnet-56-wider": (1, 56, 64, 256, 1, 1, 1),
    "resnet-14-narrower": (1, 14, 1024, 256, 1, 1, 1),
    "resnet20-32": (32, 32, 16, 16, 3, 1, 1),
    "mobilenet-expand": (1, 56, 24, 144, 1, 1, 1),
    "mobilenet-project": (1, 14, 576, 96, 1, 1, 1),
    "mobilenet-depthwise-56": (1, 56, 144, 144, 3, 1, 144),
    "mobilenet-depthwise-14": (1, 14, 576, 576, 3, 1, 576),
    "mobilenet-depthwise-stride": (1, 112, 96, 96, 3, 2, 96),
    "mobilenet-depthwise-batch": (64, 32, 144, 144, 3, 1, 144),
}
SHAPE = ("batch", "size", "inputs", "outputs", "kernel", "stride", "groups")
TITLES = {"forward": "", "data": ", to the data", "weights": ", to the weights"}


def convolution(name: str, shape: tuple[int, ...], direction: str) -> Work:
    """A row."""
    named = dict(zip(SHAPE, shape, strict=True))
    taps = f"{named['kernel']}×{named['kernel']}{' depthwise' if named['groups'] > 1 else ''}"
    stride = f", stride {named['stride']}" if named["stride"] > 1 else ""
    channels = f"{named['inputs']} → {named['outputs']}"
    pixels = f"{named['batch']}×{named['size']}×{named['size']}"
    return Work(
        name=f"conv-{name}-{direction}",
        title=f"convolution {taps}, {pixels}, {channels}{stride}{TITLES[direction]}",
        kind="convolution",
        parameters={**named, "direction": direction},
        arrays=convolution_arrays,
        goal=GOAL,
        flops=convolution_flops,
        is_image=True,
    )


WORKS = (
    *(matmul(f"{n}-{how}", n, n, n, how, is_quick=n == 512) for n in SIZES for how in TRANSPOSITIONS),
    matmul("row", 1, 1024, 1024, "nn"),
    matmul("row-nt", 1, 1024, 1024, "nt"),
    matmul("ten-columns", 128, 10, 784, "nt"),
    matmul("depth-9", 1024, 64, 9, "nn"),
    matmul("dense", 128, 256, 784, "nt"),
    *(convolution(name, shape, how) for name, shape in CONVOLUTIONS.items() for how in DIRECTIONS),
)
