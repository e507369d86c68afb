"""Records what PyTorch's optimizers, schedules and clipping do: ``python tests/optim/record_torch.py``.

Run by hand where PyTorch is installed; the tests compare with the file it writes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from cases import CASES, CLIPPING, FACTORY, METRICS, SCHEDULE_STEPS, SCHEDULED, STEPS, arrays, chain

torch.set_default_dtype(torch.float64)


def optimised(name: str, options: dict, dtype: torch.dtype) -> np.ndarray:
    """All parameters after each step on recorded gradients."""
    start, gradients = arrays()
    params = [torch.nn.Parameter(torch.tensor(p, dtype=dtype)) for p in start]
    optimizer = getattr(torch.optim, name)(params, **options)
    rows = []
    for step in gradients:
        for p, g in zip(params, step, strict=True):
            p.grad = torch.tensor(g, dtype=dtype)
        optimizer.step()
        rows.append(np.concatenate([p.detach().numpy().ravel() for p in params]))
    return np.stack(rows)


def scheduled(name: str, options: dict, optimizer_name: str) -> np.ndarray:
    """Rate and momentum (or first beta) at each step of a schedule."""
    optimizer = getattr(torch.optim, optimizer_name)(
        [torch.nn.Parameter(torch.zeros(1))], lr=0.4, **FACTORY[optimizer_name]
    )
    schedule = chain(torch.optim.lr_scheduler, optimizer, name, options)
    rows = []
    for step in range(SCHEDULE_STEPS):
        group = optimizer.param_groups[0]
        rows.append([group["lr"], group["betas"][0] if "betas" in group else group["momentum"]])
        group["params"][0].grad = torch.zeros(1)
        optimizer.step()
        schedule.step(METRICS[step]) if name == "ReduceLROnPlateau" else schedule.step()
    return np.array(rows)


def clipped(kind: str, options: dict) -> np.ndarray:
    """The returned norm (0 if none), and the gradients after clipping."""
    start, gradients = arrays()
    params = [torch.nn.Parameter(torch.tensor(p)) for p in start]
    for p, g in zip(params, gradients[0], strict=True):
        p.grad = torch.tensor(g)
    norm = getattr(torch.nn.utils, kind)(params, **options)
    return np.concatenate([[0.0 if norm is None else float(norm)], *(p.grad.numpy().ravel() for p in params)])


def main() -> None:
    recorded = {}
    for key, (_, name, options) in CASES.items():
        for dtype in ("float32", "float64"):
            recorded[f"optimizer/{key}/{dtype}"] = optimised(name, options, getattr(torch, dtype))
    for key, (name, options, optimizer) in SCHEDULED.items():
        recorded[f"schedule/{key}"] = scheduled(name, options, optimizer)
    for key, (kind, options) in CLIPPING.items():
        recorded[f"clipping/{key}"] = clipped(kind, options)
    recorded["about"] = np.array(json.dumps({"torch": torch.__version__, "steps": STEPS}))
    np.savez_compressed(Path(__file__).with_name("torch.npz"), **recorded)


if __name__ == "__main__":
    main()
