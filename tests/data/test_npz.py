"""Arrays and ``.npz`` files: names, labels of any kind, no pickle, no promises believed."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest

from chainrule.data import ArrayDataset, Splits, load
from chainrule.errors import ConfigError, DataError, DTypeError, OutOfRangeError, ShapeError


@pytest.fixture
def save(tmp_path):
    def write(**arrays):
        path = tmp_path / "some.npz"
        np.savez_compressed(path, **arrays)
        return path

    return write


def keras_like(rng):
    return {
        "x_train": rng.integers(0, 256, (30, 4, 4), np.uint8),
        "y_train": np.arange(30, dtype=np.uint8) % 3,
        "x_test": rng.integers(0, 256, (9, 4, 4), np.uint8),
        "y_test": np.arange(9, dtype=np.uint8) % 3,
    }


def test_a_file_like_keras_mnist_keeps_its_test_part(save, rng):
    arrays = keras_like(rng)
    splits = load(save(**arrays), validation=0.2)
    assert [len(part) for part in splits] == [24, 6, 9]
    assert splits.train.name == "some"
    assert np.array_equal(splits.test[:][0], arrays["x_test"][:, None] / np.float32(255))
    assert np.array_equal(splits.test.targets, arrays["y_test"])


def test_x_and_y_are_cut_into_three(save, rng):
    splits = load(save(x=rng.normal(size=(50, 3)), y=np.arange(50) % 2))
    assert [len(part) for part in splits] == [35, 5, 10]


def test_a_validation_part_of_its_own_is_kept(save, rng):
    arrays = keras_like(rng)
    arrays["x_validation"], arrays["y_validation"] = arrays["x_test"], arrays["y_test"]
    assert [len(part) for part in load(save(**arrays))] == [30, 9, 9]


@pytest.mark.parametrize(
    ("y", "classes", "labels"),
    [
        (["b", "a", "b", "c"], ("a", "b", "c"), [1, 0, 1, 2]),
        ([3, 1, 3, 2], ("1", "2", "3"), [2, 0, 2, 1]),
        ([-1, 1, 1, -1], ("-1", "1"), [0, 1, 1, 0]),
        ([True, False, True, True], ("False", "True"), [1, 0, 1, 1]),
        (np.array([[0], [1], [0], [1]]), ("0", "1"), [0, 1, 0, 1]),
        (np.array(["b", "a", "b", "c"], object), ("a", "b", "c"), [1, 0, 1, 2]),
    ],
)
def test_labels_of_any_kind(y, classes, labels):
    train = load((np.zeros((4, 2)), y), validation=0, test=0).train
    assert train.classes == classes
    assert train.targets.tolist() == labels


def test_floating_point_targets_are_a_regression_with_columns():
    train = load((np.zeros((4, 2)), np.arange(4) / 2), validation=0, test=0).train
    assert (train.task, train.targets.shape) == ("regression", (4, 1))
    assert (
        load((np.zeros((4, 2)), [1, 2, 3, 4]), task="regression", validation=0, test=0).train.task
        == "regression"
    )


def test_data_sets_and_splits_pass_through():
    data = ArrayDataset(np.zeros((10, 1)), np.arange(10) % 2)
    assert [len(part) for part in load(data)] == [7, 1, 2]
    splits = Splits(data, data, data)
    assert load(splits) is splits


def test_rows_with_nan_are_skipped_on_request(save):
    x = np.ones((20, 2))
    x[3, 1], x[9, 0] = np.nan, np.inf
    path = save(x=x, y=np.arange(20) % 2)
    with pytest.raises(DataError, match=r"x: nan at sample 3, column 1 \(2 of 20 samples"):
        load(path)
    splits = load(path, skip_bad=True, validation=0, test=0)
    assert len(splits.train) == 18
    assert splits.skipped == ("some (train): 3", "some (train): 9")


def test_nothing_left_is_an_error():
    with pytest.raises(DataError, match="none of 2 samples is left"):
        load((np.full((2, 1), np.nan), [0, 1]), skip_bad=True)


@pytest.mark.parametrize(
    ("arrays", "kind", "message"),
    [
        (
            {"images": [1], "labels": [1]},
            DataError,
            r"found the arrays images, labels, expected x and y, or x_train, y_train",
        ),
        ({"x": [[1.0]]}, DataError, "found the arrays x, expected x and y"),
        ({"x": [[1.0], [2.0]], "y": [0]}, ShapeError, r"must be equal \(x \(2, 1\), y \(1,\)\)"),
        ({"x": [[1.0], [2.0]], "y": [1, 1]}, DataError, "all 2 training samples are of one class, '1'"),
        ({"x": np.zeros((0, 2)), "y": np.zeros(0, int)}, DataError, "there is no sample"),
        ({"x": 1.0, "y": 2}, ShapeError, r"must be equal \(x \(\), y \(\)\)"),
        ({"x": [["a"], ["b"]], "y": [0, 1]}, DTypeError, "expected real numbers, got elements of type <U1"),
        (
            {"x_train": [[0.0], [1.0]], "y_train": [0, 1], "x_test": [[0.0]], "y_test": [5]},
            OutOfRangeError,
            r"test: sample 0 has label '5', which is not a class of the training part \(0, 1\)",
        ),
    ],
)
def test_bad_contents_and_their_messages(save, arrays, kind, message):
    with pytest.raises(kind, match=message):
        load(save(**{name: np.asarray(value) for name, value in arrays.items()}))


def test_pickled_objects_are_refused(save):
    path = save(x=np.array([{"a": 1}, None], object), y=np.array([0, 1]))
    with pytest.raises(DataError, match=r"x\.npy holds Python objects, which could run code when read"):
        load(path)


def npy(header: str, body: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    text = header.encode()
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


HEADERS = {
    "more than the file holds": (
        "{'descr': '<f8', 'fortran_order': False, 'shape': (400,)}\n",
        "the header promises",
    ),
    "huge": ("{'descr': '<f8', 'fortran_order': False, 'shape': (10**15,)}\n", "cannot be read as .npz"),
    "huge literal": (
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999)}\n",
        "the header promises",
    ),
    "negative": ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}\n", "negative shape"),
    "code": ("__import__('os').abort()\n", "cannot be read as .npz"),
    "no type": ("{'descr': 'q9', 'fortran_order': False, 'shape': (1,)}\n", "cannot be read as .npz"),
    "objects": ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", "holds Python objects"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_hostile_headers(tmp_path, case):
    header, message = HEADERS[case]
    path = tmp_path / "hostile.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", npy(header, bytes(80)))
        archive.writestr("y.npy", npy(header, bytes(80)))
    with pytest.raises(DataError, match=message):
        load(path)


def test_an_unknown_version_of_the_format_is_an_error(tmp_path):
    path = tmp_path / "new.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", npy("{}", version=b"\x09\x00"))
    with pytest.raises(DataError, match=r"cannot be read as \.npz"):
        load(path)


def test_a_zip_that_claims_more_than_deflate_can_hold_is_an_error(tmp_path):
    path = tmp_path / "bomb.npz"
    body = io.BytesIO()
    np.save(body, np.zeros(10))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", body.getvalue())
    content = bytearray(path.read_bytes())
    size = struct.pack("<I", len(body.getvalue()))
    place = content.rindex(size)
    content[place : place + 4] = struct.pack("<I", 2**31)
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"the header promises {2**31} bytes"):
        load(path)


@pytest.mark.parametrize("cut", [0, 10, 100, -30])
def test_cut_files(save, rng, cut):
    path = save(**keras_like(rng))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DataError, match=r"cannot be read as \.npz"):
        load(path)


def test_a_flipped_byte_is_noticed(save, rng):
    path = save(**keras_like(rng))
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as \.npz"):
        load(path)


def test_an_option_of_another_source_is_refused(save, rng):
    with pytest.raises(ConfigError, match=r"the option target does not apply to an \.npz file"):
        load(save(**keras_like(rng)), target="y")
