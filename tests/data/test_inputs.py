"""Files to predict on are read as the training files were."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule.data import InputSpec, load, read_inputs
from chainrule.errors import ConfigError, DataError, ShapeError, StateError


@pytest.fixture
def image_spec(image_folder):
    return load(image_folder, size=4, fit="pad").spec


@pytest.fixture
def table_spec(write_csv):
    path = write_csv("a,colour,y\n1,red,u\n2,blue,v\n3,red,v\n", "train.csv")
    return load(path, validation=0, test=0).spec


def through_json(spec):
    return InputSpec.from_json(json.loads(json.dumps(spec.to_json())))


def test_a_spec_survives_json(image_spec, table_spec):
    assert through_json(image_spec) == image_spec
    assert through_json(table_spec) == table_spec


@pytest.mark.parametrize("fields", [{}, {"name": "x", "colour": 1}, None, {"name": "x", "columns": [3]}, []])
def test_other_json_is_not_a_spec(fields):
    with pytest.raises(StateError, match="these are not the fields of an input spec"):
        InputSpec.from_json(fields)


def test_a_spec_of_an_unknown_kind():
    with pytest.raises(ConfigError, match="input_kind must be one of image, table, sequence, got 'video'"):
        InputSpec.from_json({"name": "x", "input_kind": "video", "shape": [3]})


def test_images_are_read_as_in_training(image_folder, image_spec):
    data = load(image_folder, size=4, fit="pad", validation=0, test=0).train
    paths = [image_folder / "dog" / "2.png", image_folder / "bird" / "0.png"]
    found = read_inputs(paths, through_json(image_spec))
    assert found.names == tuple(map(str, paths))
    assert np.array_equal(found.x, data[[10, 0]][0])


def test_folders_of_images(image_folder, image_spec):
    assert len(read_inputs([image_folder / "dog", image_folder / "cat" / "0.png"], image_spec).names) == 5


def test_damaged_images(image_folder, image_spec):
    broken, good = image_folder / "dog" / "2.png", image_folder / "dog" / "1.png"
    broken.write_bytes(b"?")
    with pytest.raises(DataError, match=r"2\.png: cannot be decoded"):
        read_inputs([good, broken], image_spec)
    found = read_inputs([good, broken], image_spec, skip_bad=True)
    assert (found.names, len(found.skipped), found.x.shape) == ((str(good),), 1, (1, 3, 4, 4))
    with pytest.raises(DataError, match="there is no sample"):
        read_inputs([broken], image_spec, skip_bad=True)


@pytest.mark.parametrize(
    "text",
    ["colour,a,y\nblue,5,?\nred,6,u\n", "a,colour\n5,blue\n6,red\n", "5,blue\n6,red\n"],
    ids=["other order, with target", "without target", "without header"],
)
def test_tables_are_read_by_their_columns(write_csv, table_spec, text):
    path = write_csv(text)
    found = read_inputs([path], through_json(table_spec))
    assert found.x.tolist() == [[5, 1, 0], [6, 0, 1]]
    assert found.names == (f"{path}[1]", f"{path}[2]")


def test_encodings_of_tables(write_csv, table_spec):
    assert read_inputs([write_csv("\ufeffa,colour\n5,red\n")], table_spec).x.tolist() == [[5, 0, 1]]
    chinese = write_csv("a,colour,城市\n5,red,北京\n", encoding="gb18030")
    assert read_inputs([chinese], table_spec, encoding="gb18030").x.tolist() == [[5, 0, 1]]


def test_bad_cells_of_tables(write_csv, table_spec):
    path = write_csv("a,colour\n5,green\n6,red\n")
    with pytest.raises(DataError, match=r"row 1 \(line 2\), column 'colour': 'green' is not a category"):
        read_inputs([path], table_spec)
    found = read_inputs([path], table_spec, skip_bad=True)
    assert (found.names, found.x.tolist(), len(found.skipped)) == ((f"{path}[2]",), [[6, 0, 1]], 1)
    with pytest.raises(DataError, match="there is no column 'colour'"):
        read_inputs([write_csv("a,color,c\n5,red,3\n")], table_spec)


def test_tables_of_a_bundled_data_set(write_csv):
    spec = load("iris").spec
    header = ",".join(spec.feature_names)
    assert read_inputs([write_csv(f"{header}\n1,2,3,4\n")], spec).x.tolist() == [[1, 2, 3, 4]]


def test_arrays_and_idx_files(tmp_path, write_idx, rng):
    spec = load("digits").spec
    pixels = rng.integers(0, 256, (3, 8, 8), np.uint8)
    np.savez(tmp_path / "x.npz", x=pixels)
    idx = write_idx(pixels, "new-images-idx3-ubyte.gz")
    found = read_inputs([tmp_path / "x.npz", idx], spec)
    assert np.array_equal(found.x, np.concatenate([pixels, pixels])[:, None] / np.float32(255))
    assert found.names[-1] == f"{idx}[2]"
    np.savez(tmp_path / "x.npz", x=pixels[:, 1:])
    with pytest.raises(ShapeError, match=r"another shape .* \(x \(1, 7, 8\), model \(1, 8, 8\)\)"):
        read_inputs([tmp_path / "x.npz"], spec)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.png", "no such file"),
        ("none.xyz", "no such file"),
        ("table.csv", "the model takes inputs of the kind image"),
    ],
)
def test_files_that_do_not_fit(write_csv, image_spec, tmp_path, name, message):
    write_csv("a\n1\n")
    with pytest.raises(DataError, match=message):
        read_inputs([tmp_path / name], image_spec)


def test_no_files_at_all(image_spec):
    with pytest.raises(DataError, match="there is no sample"):
        read_inputs([], image_spec)
