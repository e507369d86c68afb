"""Folders of class folders: parts, sizes, caches, damaged files."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from chainrule.data import ImageFiles, InputSpec, Loader, load
from chainrule.errors import ConfigError, DataError


def whole(folder, **options):
    return load(folder, validation=0, test=0, **options).train


def save(path, height=6, width=5, mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (width, height), 100).save(path)


def test_classes_are_in_sorted_order(image_folder):
    data = whole(image_folder)
    assert (data.name, data.classes, data.input_kind) == ("pets", ("bird", "cat", "dog"), "image")
    assert data.targets.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert data.spec.shape == (3, 6, 5)


def test_pixels_are_those_of_the_files(image_folder):
    x, y = whole(image_folder)[5]
    pixels = np.asarray(Image.open(image_folder / "cat" / "1.png"))
    assert y == 1
    assert np.array_equal(x, pixels.transpose(2, 0, 1) / np.float32(255))


def test_cut_into_parts_with_equal_shares(image_folder):
    train, validation, test = load(image_folder, validation=0.25, test=0.25)
    assert train.class_counts().tolist() == [2, 2, 2]
    assert validation.class_counts().tolist() == test.class_counts().tolist() == [1, 1, 1]


def test_size_channels_and_fit_can_be_given(image_folder):
    spec = whole(image_folder, size=(4, 8), channels=1, fit="pad").spec
    assert (spec.shape, spec.fit) == ((1, 4, 8), "pad")


@pytest.mark.parametrize(
    ("sizes", "mode", "shape"),
    [
        ([(6, 5)] * 4, "L", (1, 6, 5)),
        ([(6, 5)] * 4, "RGB", (3, 6, 5)),
        ([(20, 30), (22, 18), (50, 24), (40, 40)], "L", (1, 22, 22)),
        ([(200, 100), (300, 150), (100, 90), (80, 120)], "RGB", (3, 64, 64)),
        ([(300, 300)] * 4, "RGB", (3, 64, 64)),
    ],
    ids=["gray", "colour", "mixed", "mixed and large", "equal but large"],
)
def test_the_common_size_follows_from_the_images(tmp_path, sizes, mode, shape):
    for number, (height, width) in enumerate(sizes):
        save(tmp_path / "ab"[number % 2] / f"{number}.png", height, width, mode)
    assert whole(tmp_path).spec.shape == shape


def test_one_colour_image_makes_all_colour(tmp_path):
    save(tmp_path / "a" / "1.png", mode="L")
    save(tmp_path / "b" / "1.png", mode="RGB")
    assert whole(tmp_path).spec.channels == 3


def test_hidden_and_other_files_are_ignored(image_folder):
    (image_folder / ".cache").mkdir()
    (image_folder / "cat" / ".hidden.png").write_bytes(b"")
    (image_folder / "cat" / "notes.txt").write_text("x")
    (image_folder / "readme.md").write_text("x")
    assert len(whole(image_folder)) == 12


def test_sub_folders_of_a_class_and_capital_suffixes(image_folder):
    (image_folder / "cat" / "more").mkdir()
    (image_folder / "cat" / "0.png").rename(image_folder / "cat" / "more" / "0.PNG")
    assert len(whole(image_folder)) == 12


@pytest.mark.parametrize("names", [("train", "val", "test"), ("training", "valid", "testing")])
def test_parts_of_its_own_are_kept(tmp_path, names):
    for part, count in zip(names, (6, 2, 3), strict=True):
        for number in range(count):
            for name in "ab":
                save(tmp_path / part / name / f"{number}.png")
    assert [len(part) for part in load(tmp_path)] == [12, 4, 6]


def test_train_and_test_alone_get_a_validation_part(tmp_path):
    for part, count in (("train", 10), ("test", 3)):
        for number in range(count):
            for name in "ab":
                save(tmp_path / part / name / f"{number}.png")
    assert [len(part) for part in load(tmp_path)] == [18, 2, 6]


def test_a_test_class_that_training_lacks_is_refused(tmp_path):
    for name in ("train/a", "train/b", "test/a", "test/c"):
        save(tmp_path / name / "0.png")
    with pytest.raises(DataError, match=r"c: the test part has a class that the training part lacks .*a, b"):
        load(tmp_path)


def test_one_class_is_refused(tmp_path):
    save(tmp_path / "cat" / "0.png")
    with pytest.raises(
        DataError, match=r"all 1 training samples are of one class, 'cat'.*each class is a sub-folder"
    ):
        load(tmp_path)


def test_images_without_class_folders_are_refused(tmp_path):
    save(tmp_path / "0.png")
    with pytest.raises(DataError, match="there are no class folders in it, only 1 images"):
        load(tmp_path)


def test_a_class_without_images_is_refused(image_folder):
    (image_folder / "fish").mkdir()
    with pytest.raises(DataError, match=r"fish: there is no image \(\.jpg, \.jpeg"):
        load(image_folder)


@pytest.mark.parametrize("options", [{}, {"size": 6}, {"size": 6, "channels": 3}])
@pytest.mark.parametrize("cut", [0, 10, 100])
def test_a_corrupt_image_among_many(image_folder, options, cut):
    broken = image_folder / "cat" / "2.png"
    broken.write_bytes(broken.read_bytes()[:cut])
    with pytest.raises(DataError) as caught:
        load(image_folder, **options)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"{broken}: cannot be decoded as an image (")
    assert first.endswith("1 of 12 images are damaged. Replace them, or skip them with skip_bad=True")
    splits = load(image_folder, skip_bad=True, validation=0, test=0, **options)
    assert splits.train.class_counts().tolist() == [4, 3, 4]
    assert len(splits.skipped) == 1
    assert splits.skipped[0].startswith(f"{broken}: cannot be decoded")
    assert splits.train[:][0].shape[0] == 11


def test_all_corrupt(image_folder):
    for path in image_folder.rglob("*.png"):
        path.write_bytes(b"?")
    with pytest.raises(DataError, match="12 of 12 images are damaged"):
        load(image_folder, skip_bad=True)
    with pytest.raises(DataError):
        load(image_folder, skip_bad=True, size=4, channels=3)


@pytest.fixture
def files(image_folder):
    paths = sorted(image_folder.rglob("*.png"))
    spec = InputSpec("pets", "image", (3, 4, 4), "classification", ("bird", "cat", "dog"))
    return lambda **options: ImageFiles(paths, np.arange(12) // 4, spec, **options)


def test_with_and_without_cache_the_images_are_the_same(files):
    kept, decoded = files(), files(max_cache=0)
    assert (kept.keeps, decoded.keeps) == (True, False)
    for rows in (np.array([3, 1, 3]), slice(2, 9), np.arange(12)):
        assert np.array_equal(kept.inputs(rows), decoded.inputs(rows))


def test_kept_images_are_decoded_once(files, image_folder):
    data = files()
    first = data[:][0]
    for path in image_folder.rglob("*.png"):
        path.unlink()
    assert np.array_equal(data[:][0], first)


def test_a_file_that_breaks_later_is_named_by_the_loader(files, image_folder, data_threads):
    (image_folder / "dog" / "3.png").write_bytes(b"?")
    with pytest.raises(DataError, match=r"3\.png: cannot be decoded"):
        list(Loader(files(max_cache=0), 4))
    assert data_threads() == []


def test_bad_options(image_folder):
    with pytest.raises(ConfigError, match="the option target does not apply to a folder"):
        load(image_folder, target="y")
    with pytest.raises(ConfigError, match="fit must be one of"):
        load(image_folder, fit="zoom")
    with pytest.raises(ConfigError, match="channels must be one of"):
        load(image_folder, channels=4)


def test_cats_and_dogs(real_data):
    splits = load(real_data / "cats-dogs", size=32)
    assert [len(part) for part in splits] == [1401, 200, 401]
    assert splits.train.classes == ("cat", "dog")
    x, _ = splits.test[:8]
    assert (x.shape, x.dtype) == ((8, 3, 32, 32), np.float32)
    assert 0 <= x.min() < x.max() <= 1
