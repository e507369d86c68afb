"""`load` recognises what it is given, and `load_like` reads further data in the same way."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from chainrule.data import SOURCES, load, load_like
from chainrule.data.load import recognise
from chainrule.data.sources.bundled import BUNDLED
from chainrule.errors import DataError, DTypeError, OutOfRangeError, ShapeError

SHAPES = {
    "digits": (1797, (1, 8, 8), 10),
    "iris": (150, (4,), 3),
    "wine": (178, (13,), 3),
    "breast_cancer": (569, (30,), 2),
    "diabetes": (442, (10,), None),
}


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_data_sets(name):
    count, shape, classes = SHAPES[name]
    splits = load(name, test=0.25)
    assert sum(map(len, splits)) == count
    assert (splits.spec.name, splits.spec.shape) == (name, shape)
    assert (len(splits.spec.classes) if classes else splits.spec.classes) == classes
    assert len(splits.test) == pytest.approx(count / 4, abs=2)


def test_digits_are_scaled_losslessly():
    x = load("digits", validation=0, test=0).train[:][0]
    assert (x.dtype, x.min(), x.max()) == (np.float32, 0, 1)
    assert np.array_equal(x * 16, np.rint(x * 16))


def test_diabetes_is_in_natural_units():
    x = load("diabetes", validation=0, test=0).train[:][0]
    assert (x[:, 0].min(), x[:, 0].max()) == (19, 79)


def test_seeds():
    def rows(seed):
        return load("iris", seed=seed).test.rows.tolist()

    assert rows(1) == rows(1)
    assert rows(1) != rows(2)


@pytest.fixture
def examples(write_csv, write_idx, image_folder, tmp_path):
    """One thing of each kind of source."""
    np.savez(tmp_path / "a.npz", x=np.eye(4), y=[0, 1, 0, 1])
    write_idx(np.zeros(3, np.uint8), "train-labels-idx1-ubyte")
    return {
        "bundled": "iris",
        "arrays": (np.eye(4), [0, 1, 0, 1]),
        "npz": tmp_path / "a.npz",
        "csv": write_csv("a,b\n1,2\n"),
        "idx": tmp_path,
        "folder": image_folder,
    }


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_is_recognised_and_described(examples, name):
    assert recognise(examples[name]).name == name
    assert SOURCES[name].description
    assert set(SOURCES[name].like) <= set(SOURCES[name].options)


def test_a_name_of_a_bundled_set_wins_over_a_folder_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "iris").mkdir()
    assert recognise("iris").name == "bundled"
    assert recognise("./iris").name == "folder"


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("digit", "no such file or folder: digit (did you mean digits?). Data can be:"),
        ("mnits", "no such file or folder: mnits (did you mean mnist?). Data can be:"),
        ("tabel.csv", "no such file or folder: tabel.csv (did you mean table.csv?). Data can be:"),
        ("zzz/qqq", "no such file or folder: zzz/qqq. Data can be:"),
        ("notes.txt", "notes.txt is not a kind of data that is recognised. Data can be:"),
    ],
)
def test_unrecognised_paths_and_the_nearest(tmp_path, monkeypatch, source, first):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist").mkdir()
    (tmp_path / "table.csv").write_text("")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(DataError) as caught:
        load(source)
    lines = str(caught.value).splitlines()
    assert lines[0] == first
    assert lines[1 : 1 + len(SOURCES)] == [f"  - {kind.description}" for kind in SOURCES.values()]


def test_values_of_other_types():
    with pytest.raises(DTypeError, match="data cannot be loaded from a value of type int"):
        load(5)


def test_load_like_reads_images_at_the_size_and_under_the_numbers_of_the_model(image_folder, tmp_path):
    spec = load(image_folder, size=4, channels=1).spec
    (tmp_path / "more" / "dog").mkdir(parents=True)
    Image.new("RGB", (30, 20)).save(tmp_path / "more" / "dog" / "0.png")
    more = load_like(tmp_path / "more", spec)
    assert (more.spec.shape, more.targets.tolist(), more.classes) == ((1, 4, 4), [2], ("bird", "cat", "dog"))


def test_load_like_reads_a_table_by_its_columns(write_csv):
    spec = load(write_csv("a,colour,y\n1,red,u\n2,blue,v\n3,red,v\n"), target="y", validation=0, test=0).spec
    more = load_like(write_csv("y,extra,colour,a\nv,9,blue,7\n", "more.csv"), spec)
    assert more[:][0].tolist() == [[7, 1, 0]]
    assert more.targets.tolist() == [1]
    semicolons = write_csv("y;colour;a\nv;blue;7.5\n", "semicolons.csv")
    assert load_like(semicolons, spec, delimiter=";")[:][0].tolist() == [[7.5, 1, 0]]
    unknown = write_csv("a,colour,y\n1,green,u\n", "unknown.csv")
    with pytest.raises(
        DataError, match=r"column 'colour': 'green' is not a category that was seen in training"
    ):
        load_like(unknown, spec)


def test_load_like_takes_the_test_part():
    spec = load("iris").spec
    arrays = {"x_train": np.zeros((6, 4)), "y_train": ["setosa", "virginica"] * 3}
    arrays |= {"x_test": np.ones((1, 4)), "y_test": ["virginica"]}
    more = load_like(arrays, spec)
    assert (len(more), more.targets.tolist()) == (1, [2])


def test_load_like_refuses_what_does_not_fit():
    spec = load("iris").spec
    with pytest.raises(ShapeError, match=r"inputs of another shape .*x \(3,\), model \(4,\)"):
        load_like((np.zeros((2, 3)), ["setosa", "virginica"]), spec)
    with pytest.raises(OutOfRangeError, match="sample 1 has label 'rose', which is not a class"):
        load_like((np.zeros((2, 4)), ["setosa", "rose"]), spec)
    with pytest.raises(DataError, match="its targets are for regression, but the model was trained for"):
        load_like("diabetes", load((np.zeros((4, 10)), [0, 1, 0, 1]), validation=0, test=0).spec)
