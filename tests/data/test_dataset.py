"""ArrayDataset and Subset: indexing, element types, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import ArrayDataset
from chainrule.errors import ConfigError, DataError, DTypeError, OutOfRangeError, ShapeError


@pytest.fixture
def table(rng):
    return ArrayDataset(
        rng.normal(size=(6, 3)), [0, 1, 2, 0, 1, 2], feature_names=["a", "b", "c"], name="toy"
    )


def test_fields(table):
    assert (len(table), table.name, table.task, table.input_kind) == (6, "toy", "classification", "table")
    assert (table.classes, table.feature_names) == (("0", "1", "2"), ("a", "b", "c"))
    assert table.class_counts().tolist() == [2, 2, 2]
    assert repr(table) == "<ArrayDataset 'toy': 6 × table (3,), 3 classes>"


def test_one_sample_has_no_batch_axis(table):
    x, y = table[-1]
    assert x.shape == (3,)
    assert y == 2
    assert np.array_equal(x, table[5][0])


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        (slice(1, 4), [1, 2, 3]),
        ([4, 0, 4], [4, 0, 4]),
        (np.array([-1, -6]), [5, 0]),
        (np.array([True, False, False, True, False, False]), [0, 3]),
        ([], []),
    ],
    ids=["slice", "repeated", "negative", "mask", "none"],
)
def test_batches(table, index, rows):
    x, y = table[index]
    everything = table[:]
    assert np.array_equal(x, everything[0][rows])
    assert np.array_equal(y, everything[1][rows])
    assert x.shape == (len(rows), 3)


def test_without_targets_only_inputs_come():
    data = ArrayDataset(np.ones((2, 3)))
    assert data[0].shape == (3,)
    assert data[:].shape == (2, 3)
    assert data.task is None


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([0, 51, 255], np.uint8), [0, 51 / 255, 1]),
        (np.array([0, 13107, 65535], np.uint16), [0, 0.2, 1]),
        (np.array([0, 51, 255], np.int64), [0, 51 / 255, 1]),
        (np.array([False, True, True]), [0, 1, 1]),
        (np.array([-2.5, 0.25, 7.0]), [-2.5, 0.25, 7.0]),
    ],
    ids=lambda value: value.dtype.name if isinstance(value, np.ndarray) else "",
)
def test_pixels_become_float32(array, expected):
    x = ArrayDataset(array.reshape(1, 1, 1, 3))[:]
    assert x.dtype == np.float32
    assert np.array_equal(x.ravel(), np.array(expected, np.float32))


def test_every_8_bit_pixel_comes_back_exactly():
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    x = ArrayDataset(pixels)[:]
    assert np.array_equal(np.rint(x * 255).astype(np.uint8), pixels)


@pytest.mark.parametrize(
    ("shape", "dtype", "kind", "stored"),
    [
        ((5, 4), np.float64, "table", (4,)),
        ((5, 4, 3), np.float64, "sequence", (4, 3)),
        ((5, 4, 6), np.uint8, "image", (1, 4, 6)),
        ((5, 3, 4, 6), np.uint8, "image", (3, 4, 6)),
        ((5, 7, 6, 3), np.uint8, "image", (3, 7, 6)),
        ((5, 3, 6, 3), np.float32, "image", (3, 6, 3)),
    ],
)
def test_kinds_and_layouts(shape, dtype, kind, stored):
    data = ArrayDataset(np.zeros(shape, dtype))
    assert (data.input_kind, data.spec.shape) == (kind, stored)


def test_channels_last_moves_the_values(rng):
    x = rng.integers(0, 256, (2, 7, 5, 3), np.uint8)
    assert np.array_equal(ArrayDataset(x)[:], ArrayDataset(x.transpose(0, 3, 1, 2))[:])


def test_the_kind_can_be_given():
    assert ArrayDataset(np.zeros((2, 8, 8), np.float32), input_kind="image").spec.shape == (1, 8, 8)
    assert ArrayDataset(np.zeros((2, 8, 8), np.uint8), input_kind="sequence").spec.shape == (8, 8)


def test_targets_of_a_regression_keep_their_shape():
    x = np.zeros((2, 1))
    assert ArrayDataset(x, [0.5, 1.5]).targets.shape == (2,)
    column = ArrayDataset(x, [[1], [2]], task="regression")
    assert (column.targets.shape, column.targets.dtype, column.classes) == ((2, 1), np.float32, None)


def test_the_data_cannot_be_changed_through_a_batch():
    data = ArrayDataset(np.zeros((3, 2), np.float32), [0, 1, 2])
    with pytest.raises(ValueError, match="read-only"):
        data[:][0][0] = 1
    with pytest.raises(ValueError, match="read-only"):
        data.targets[0] = 1
    x, _ = data[np.array([0, 1])]
    x[:] = 5
    assert not data[:][0].any()


def test_subsets_of_subsets_keep_their_order(table):
    inner = table.subset([5, 3, 1]).subset([2, 0])
    assert inner.rows.tolist() == [1, 5]
    assert table.subset([-1, 0]).rows.tolist() == [5, 0]
    assert inner.parent is table
    assert np.array_equal(inner[:][0], table[[1, 5]][0])
    assert inner[:][1].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: ArrayDataset([], []), DataError, "arrays: there is no sample. At least one is needed"),
        (
            lambda: ArrayDataset(np.zeros((3, 2)), [0, 1]),
            ShapeError,
            "axis 0 of x and y counts the samples and must be equal (x (3, 2), y (2,)). "
            "Give one target per sample",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 1)), [[0], [1]]),
            ShapeError,
            "labels must be (N,), got y (2, 1). Use y[:, 0] for a column, y.argmax(axis=1) for one-hot rows",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 1)), [0.0, 1.0], task="classification"),
            DTypeError,
            "labels must be integers 0, 1, 2, …, got elements of type float64. Use y.astype(int) for whole "
            "numbers, or task='regression' where they are not classes",
        ),
        (
            lambda: ArrayDataset(np.zeros((3, 1)), [0, 3, 1], classes=["a", "b"]),
            OutOfRangeError,
            "label 3 at sample 1 is outside 0 … 1. Count classes from 0, or give all names in classes=",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 1)), [0, -1]),
            OutOfRangeError,
            "label -1 at sample 1 is outside 0 … 0. Count classes from 0, or give all names in classes=",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 1)), [0, 10**6]),
            OutOfRangeError,
            "label 1000000 would mean more than 100000 classes. If these are not labels, use "
            "task='regression'; else number the classes from 0",
        ),
        (
            lambda: ArrayDataset([[1.0, 2.0], [3.0, np.nan]], feature_names=["age", "fare"]),
            DataError,
            "x: nan at sample 1, column fare (1 of 2 samples hold NaN or infinity). "
            "Repair or leave out these samples",
        ),
        (
            lambda: ArrayDataset([[1.0, 1e39]]),
            DataError,
            "x: inf at sample 0, column 1 (1 of 1 samples hold NaN or infinity). "
            "Repair or leave out these samples",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 1)), [0.5, -np.inf]),
            DataError,
            "y: -inf at sample 1 (1 of 2 samples hold NaN or infinity). Repair or leave out these samples",
        ),
        (
            lambda: ArrayDataset([[1], [2, 3]]),
            DTypeError,
            "x holds Python objects or rows of different length, not an array of numbers or text. "
            "Pad the rows to one length, or convert them with np.asarray(…, dtype=…)",
        ),
        (
            lambda: ArrayDataset(np.full((1, 1, 2, 2), 256)),
            DTypeError,
            "images of int64 hold values from 256 to 256, which are not 8-bit pixels. "
            "Convert them to uint8 or uint16, or to float32 in [0, 1]",
        ),
        (
            lambda: ArrayDataset(np.zeros(4)),
            ShapeError,
            "x must be a table (N, F), sequences (N, T, F) or images (N, H, W), (N, C, H, W), (N, H, W, C), "
            "got x (4,)",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3)), input_kind="picture"),
            ShapeError,
            "x (2, 3) does not fit input_kind='picture': a table is (N, F), a sequence (N, T, F), "
            "an image (N, H, W), (N, C, H, W) or (N, H, W, C)",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3)), feature_names=["a"]),
            ShapeError,
            "there are 1 feature names for 3 features. Give one name per feature",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3)), [0, 1], task="clustering"),
            ConfigError,
            "task must be one of classification, regression, got 'clustering'",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3)))[2],
            OutOfRangeError,
            "arrays: there is no sample 2 among 2 (0 … length - 1)",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3)))[[0.5]],
            DTypeError,
            "an index must be an integer, a slice, a vector of integers, or a mask of 2 bools, "
            "got float64 of shape (1,)",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3))).subset([]),
            DataError,
            "arrays: there is no sample. At least one is needed",
        ),
        (
            lambda: ArrayDataset(np.zeros((2, 3))).class_counts(),
            ConfigError,
            "arrays has no classes to count or to split by. Use stratify=False",
        ),
    ],
)
def test_bad_calls_and_their_messages(make, kind, message):
    with pytest.raises(kind) as caught:
        make()
    assert str(caught.value).splitlines()[0] == message
