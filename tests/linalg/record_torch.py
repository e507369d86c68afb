"""Records PyTorch's values and gradients of linear algebra: ``python tests/linalg/record_torch.py``.

Run by hand where PyTorch is installed; the tests compare with the file it writes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch_cases import CASES, keys, matrix


def main() -> None:
    recorded = {}
    for name, shape, kind in keys():
        a = torch.tensor(matrix(shape, kind), requires_grad=True)
        value = CASES[name][0](torch, a)
        value.backward()
        recorded[f"{name}/{shape}/{kind}/value"] = value.detach().numpy()
        recorded[f"{name}/{shape}/{kind}/gradient"] = a.grad.numpy()
    np.savez_compressed(Path(__file__).with_name("torch.npz"), **recorded)


if __name__ == "__main__":
    main()
