"""Recurrent networks."""

from __future__ import annotations

from typing import Any

CLASSES = 10


def recurrent(nn: Any, cell: str, inputs: int, width: int, layers: int) -> Any:
    """An ``LSTM`` or ``GRU``, batch first, and a linear layer on its last output."""

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = getattr(nn, cell)(inputs, width, num_layers=layers, batch_first=True)
            self.out = nn.Linear(width, CLASSES)

        def forward(self, x: Any) -> Any:
            y, _ = self.recurrent(x)
            return self.out(y[:, -1])

    return Model()
