"""Records what PyTorch's stft and istft give: ``python -m tests.fft.record_torch``.

Run by hand where PyTorch is installed, from the root of the repository; the tests compare with the file
it writes.
"""

from __future__ import annotations

import numpy as np
import torch
from tests.fft.cases import CASES, FILE, SIGNAL, of_inverse, options

if __name__ == "__main__":
    arrays = {}
    for name in CASES:
        given = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options(name).items()}
        spectrum = torch.stft(torch.tensor(SIGNAL), **given, return_complex=True)
        arrays[f"{name}/stft"] = spectrum.numpy()
        # Of a spectrum that belongs to no signal, so that the least-squares solution is compared.
        arrays[f"{name}/istft"] = torch.istft(spectrum * (1 + spectrum.abs()), **of_inverse(given)).numpy()
    np.savez_compressed(FILE, **arrays)
