"""The network that ``chainrule train --model cnn`` makes for images of 28×28 pixels."""

from __future__ import annotations

from typing import Any


def command_cnn(nn: Any) -> Any:
    """Four convolutions with batch norm and ReLU, pooling in between, and two linear layers."""
    return nn.Sequential(
        *_block(nn, 1, 16, is_pooled=True),
        *_block(nn, 16, 32, is_pooled=True),
        *_block(nn, 32, 32, is_pooled=False),
        *_block(nn, 32, 64, is_pooled=True),
        *(nn.Flatten(), nn.Linear(64 * 9, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, 10)),
    )


def _block(nn: Any, inputs: int, outputs: int, is_pooled: bool) -> list[Any]:
    block = [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*block, nn.MaxPool2d(2)] if is_pooled else block
