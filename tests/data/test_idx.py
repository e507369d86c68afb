"""The IDX format: every element type, gzip, MNIST's folder, and damaged files."""

from __future__ import annotations

import gzip
import re
import struct

import numpy as np
import pytest

from chainrule.data import load, read_idx
from chainrule.errors import DataError

from .idx_files import IDX_CODES, idx_bytes


@pytest.mark.parametrize("dtype", sorted(IDX_CODES))
@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4), (2, 1, 3, 2), (0, 3)], ids=str)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_arrays_come_back(write_idx, rng, dtype, shape, suffix):
    array = rng.integers(0, 100, shape).astype(dtype)
    found = read_idx(write_idx(array, f"some-idx{suffix}"))
    assert (found.dtype, found.shape) == (array.dtype, shape)
    assert np.array_equal(found, array)


@pytest.fixture
def mnist_folder(write_idx, tmp_path, rng):
    def make(name="{}-idx{}-ubyte.gz", labels=10):
        for part, count in (("train", 40), ("t10k", 20)):
            write_idx(rng.integers(0, 256, (count, 5, 4), np.uint8), name.format(f"{part}-images", 3))
            write_idx(np.arange(count, dtype=np.uint8) % labels, name.format(f"{part}-labels", 1))
        return tmp_path

    return make


@pytest.mark.parametrize("name", ["{}-idx{}-ubyte.gz", "{}-idx{}-ubyte", "{}.idx{}-ubyte"])
def test_the_standard_folder(mnist_folder, name):
    folder = mnist_folder(name)
    splits = load(folder, validation=0.25)
    assert [len(part) for part in splits] == [30, 10, 20]
    assert splits.spec.shape == (1, 5, 4)
    assert splits.train.classes == tuple("0123456789")
    stem = name.format("t10k-images", 3)
    assert np.array_equal(np.rint(splits.test[:][0][:, 0] * 255), read_idx(folder / stem))


def test_labels_that_skip_numbers_are_named_by_value(mnist_folder, write_idx):
    folder = mnist_folder()
    write_idx(
        np.full(40, 7, np.uint8) - 4 * (np.arange(40) % 2).astype(np.uint8), "train-labels-idx1-ubyte.gz"
    )
    write_idx(np.full(20, 7, np.uint8), "t10k-labels-idx1-ubyte.gz")
    splits = load(folder)
    assert splits.train.classes == ("3", "7")
    assert set(splits.test.targets) == {1}


def test_a_missing_file_is_named(mnist_folder):
    folder = mnist_folder()
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"the IDX files t10k-labels are missing"):
        load(folder)


def damaged_files():
    good = idx_bytes(np.zeros((3, 4), np.uint8))
    huge = struct.pack(">BBBB4I", 0, 0, 8, 4, *[2**32 - 1] * 4)
    return {
        "empty": (b"", r"not an IDX file.*got -$"),
        "another magic": (b"\x89PNG" + good, r"not an IDX file.*got 89 50 4e 47"),
        "another type": (good[:2] + b"\x0a" + good[3:], "not an IDX file.*got 00 00 0a 02"),
        "no axes": (good[:3] + b"\x00" + good[4:], "not an IDX file.*got 00 00 08 00"),
        "too many axes": (good[:3] + b"\xff" + good[4:], "not an IDX file.*got 00 00 08 ff"),
        "header cut": (good[:7], "truncated in its header, 12 bytes expected, 7 found"),
        "body cut": (good[:-5], r"shape \(3, 4\), which is 12 bytes, but the file holds 7"),
        "body too long": (good + b"1", r"shape \(3, 4\), which is 12 bytes, but the file holds > 12"),
        "huge": (huge, r"bytes of data, above the limit of"),
        "promises": (
            struct.pack(">BBBB3I", 0, 0, 8, 3, 1000, 1000, 1000),
            "the header promises 1000000000 bytes",
        ),
    }


@pytest.mark.parametrize("case", damaged_files())
@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "gz"])
def test_damaged_files(tmp_path, case, compressed):
    content, message = damaged_files()[case]
    path = tmp_path / ("x.gz" if compressed else "x")
    path.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(DataError) as caught:
        read_idx(path)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(str(path))
    assert re.search(message, first), first


@pytest.mark.parametrize("cut", [5, 12, 20, -4])
def test_a_cut_gzip_file_is_an_error(write_idx, cut, rng):
    path = write_idx(rng.integers(0, 256, (30, 8, 8), np.uint8), "x.gz")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DataError, match="cannot be read as IDX"):
        read_idx(path)


def test_a_file_that_is_no_gzip_is_an_error(tmp_path):
    (tmp_path / "x.gz").write_bytes(b"not gzip at all")
    with pytest.raises(DataError, match="cannot be read as IDX"):
        read_idx(tmp_path / "x.gz")


def test_a_missing_file_and_a_folder_are_errors(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_idx(tmp_path / "x")
    with pytest.raises(DataError, match="cannot be read as IDX"):
        read_idx(tmp_path)


def test_mnist(real_data):
    splits = load(real_data / "mnist")
    assert [len(part) for part in splits] == [54000, 6000, 10000]
    x, y = splits.test[:]
    assert (x.shape, x.min(), x.max()) == ((10000, 1, 28, 28), 0, 1)
    assert y[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(y).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
