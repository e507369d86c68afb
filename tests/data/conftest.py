"""Small files of every kind, made when a test asks for them."""

from __future__ import annotations

import gzip
import threading

import numpy as np
import pytest
from PIL import Image

from .idx_files import idx_bytes


@pytest.fixture
def write_idx(tmp_path):
    """Write an array as an IDX file, compressed where the name says so; gives the path."""

    def write(array, name):
        path = tmp_path / name
        content = idx_bytes(array)
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


@pytest.fixture
def write_csv(tmp_path):
    """Write text as a CSV file; gives the path."""

    def write(text, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def image_folder(tmp_path):
    """A folder of three class folders with four 6 × 5 colour images each."""
    rng = np.random.default_rng(7)
    root = tmp_path / "pets"
    for name in ("dog", "bird", "cat"):
        (root / name).mkdir(parents=True)
        for number in range(4):
            pixels = rng.integers(0, 256, (6, 5, 3), np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def data_threads():
    """Names of the loader's threads that are alive."""
    return lambda: [t.name for t in threading.enumerate() if t.name.startswith("chainrule-data")]
