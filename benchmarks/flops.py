"""How many operations a training step needs, 2 for a multiply-add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.models import make
from benchmarks.models.recurrent import CLASSES

GATES = {"LSTM": 4, "GRU": 3}


def training_flops(parameters: Mapping[str, Any]) -> float:
    """Operations of forward, loss, backward and update, counted on our graph before anything is rewritten."""
    import chainrule as cr
    from chainrule import nn, optim

    model = make(nn, parameters["model"], parameters["settings"])
    optimizer, loss_of = optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    is_text = "tokens" in parameters["settings"]
    x = cr.zeros(parameters["inputs"], dtype=cr.int64 if is_text else cr.float32)
    y = cr.zeros(x.shape if is_text else x.shape[:1], dtype=cr.int64)

    def step(x: Any, y: Any) -> Any:
        scores = model(x)
        loss = loss_of(scores.reshape((-1, scores.shape[-1])), y.reshape(-1))
        loss.backward()
        optimizer.step()
        return loss

    return float(cr.record(step, x, y).flops)


def recurrent_flops(parameters: Mapping[str, Any]) -> float:
    """Products of a recurrent network's step; its graph computes gates twice, which is not needed.

    Each weight takes part in one product forward and two backward, but that nothing asks for the slope of the
    first layer's input.
    """
    settings, (batch, steps, _) = parameters["settings"], parameters["inputs"]
    width, inputs = settings["width"], settings["inputs"]
    columns = 2 * inputs + 3 * width + (settings["layers"] - 1) * 6 * width
    head = 3 * width * CLASSES
    return 2.0 * batch * (steps * GATES[settings["cell"]] * width * columns + head)
