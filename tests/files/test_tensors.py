"""Tensors to files and back, and files that are damaged, hostile or of another program."""

from __future__ import annotations

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.errors import ChainruleError, CheckpointError, DataError
from chainrule.files import FORMATS

CASES = [(suffix, name) for suffix, form in FORMATS.items() for name in sorted(form.types)]
SEVERAL = [suffix for suffix, form in FORMATS.items() if not form.single]


@pytest.mark.parametrize(("suffix", "name"), CASES)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (4, 1, 2)], ids=str)
def test_a_tensor_comes_back_as_it_was(tmp_path, suffix, name, shape):
    values = np.arange(int(np.prod(shape))).reshape(shape) % 2
    x = cr.tensor(values, dtype=name)
    single = FORMATS[suffix].single
    cr.save(tmp_path / f"file{suffix}", x if single else {"x": x, "again": x})
    found = cr.load(tmp_path / f"file{suffix}")
    for y in [found] if single else found.values():
        assert y.spec == x.spec
        assert y.tolist() == x.tolist()


@pytest.mark.parametrize("suffix", SEVERAL)
def test_strided_tensors_and_odd_names(tmp_path, suffix):
    x = cr.tensor(np.arange(12.0).reshape(3, 4)).T[::2]
    cr.save(tmp_path / f"file{suffix}", {"层.0 weight/π": x})
    assert np.array_equal(cr.load(tmp_path / f"file{suffix}")["层.0 weight/π"].numpy(), x.numpy())


@pytest.mark.parametrize("suffix", SEVERAL)
def test_equal_tensors_give_equal_bytes(tmp_path, suffix):
    for name in ("a", "b"):
        cr.save(tmp_path / f"{name}{suffix}", {"x": cr.tensor([1.0, 2.0])})
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_files_of_numpy_and_safetensors_are_read(tmp_path):
    from safetensors.numpy import save_file

    x = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.save(tmp_path / "x.npy", x)
    np.savez_compressed(tmp_path / "x.npz", x=x, big=x.astype(">i4"))
    save_file({"x": np.ascontiguousarray(x)}, tmp_path / "x.safetensors")
    assert np.array_equal(cr.load(tmp_path / "x.npy").numpy(), x)
    assert np.array_equal(cr.load(tmp_path / "x.npz")["big"].numpy(), x)
    assert np.array_equal(cr.load(tmp_path / "x.safetensors")["x"].numpy(), x)
    assert cr.load(tmp_path / "x.npz")["big"].dtype == np.int32


def test_numpy_reads_ours(tmp_path):
    cr.save(tmp_path / "x.npz", {"x": cr.tensor([1, 2])})
    with np.load(tmp_path / "x.npz") as archive:
        assert archive["x"].tolist() == [1, 2]


def written(folder, suffix):
    path = folder / f"good{suffix}"
    x = cr.tensor(np.arange(20.0))
    cr.save(path, x if FORMATS[suffix].single else {"x": x, "y": x})
    return path.read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_truncation_is_an_error(tmp_path, suffix):
    content = written(tmp_path, suffix)
    path = tmp_path / f"cut{suffix}"
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match="cut"):
            cr.load(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_flipped_bits_never_do_more_than_change_numbers(tmp_path, suffix, rng):
    content = written(tmp_path, suffix)
    path = tmp_path / f"flipped{suffix}"
    for _ in range(300):
        damaged = bytearray(content)
        damaged[rng.integers(len(damaged))] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        try:
            found = cr.load(path)
        except ChainruleError:
            continue
        assert all(isinstance(x, cr.Tensor) for x in ([found] if FORMATS[suffix].single else found.values()))


class Bomb:
    def __reduce__(self):
        return os.abort, ()


def test_objects_are_refused_before_they_are_read(tmp_path):
    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([Bomb()], object), allow_pickle=True)
    (tmp_path / "x.npy").write_bytes(content.getvalue())
    with pytest.raises(DataError, match="Python objects"):
        cr.load(tmp_path / "x.npy")
    (tmp_path / "y.npy").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(DataError, match="cannot be read as"):
        cr.load(tmp_path / "y.npy")


def test_headers_that_promise_too_much_take_no_memory(tmp_path):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    magic = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    (tmp_path / "x.npy").write_bytes(magic + header.encode())
    with pytest.raises(DataError, match="promises 8000000000"):
        cr.load(tmp_path / "x.npy")
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", magic + header.encode())
    with pytest.raises(DataError, match="promises"):
        cr.load(tmp_path / "x.npz")


def test_text_is_not_a_tensor(tmp_path):
    np.save(tmp_path / "x.npy", np.array(["a", "b"]))
    with pytest.raises(ChainruleError, match="not supported"):
        cr.load(tmp_path / "x.npy")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.bin", {"x": [1.0]}, "'.bin' is none of .npy, .npz, .safetensors"),
        ("x", {"x": [1.0]}, "'' is none of"),
        ("x.npz", cr.zeros(2), "give a dict"),
        ("x.npy", {"x": [1.0]}, "holds one tensor, not dict"),
        ("x.npz", {1: [1.0]}, "names of tensors are text that is not empty, got 1"),
        ("x.npz", {"x": cr.tensor([1], dtype="int4")}, r"x is int4, .* x.astype\('int8'\)"),
        ("x.npy", cr.tensor([1], dtype="bfloat16"), "save it as .safetensors"),
        ("x.safetensors", {"x": cr.tensor([1j], dtype="complex128")}, r"x.astype\('complex64'\)"),
    ],
)
def test_what_cannot_be_saved(tmp_path, name, content, message):
    with pytest.raises(DataError, match=message):
        cr.save(tmp_path / name, content)
    assert not (tmp_path / name).exists()


def test_a_missing_file_and_a_folder_that_cannot_be_made(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        cr.load(tmp_path / "none.npz")
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="could not be written"):
        cr.save(tmp_path / "file" / "x.npy", [1.0])


def test_types_of_safetensors_are_types_here():
    assert {str(dtypes.canonical(name)) for name in FORMATS[".safetensors"].types} == set(
        FORMATS[".safetensors"].types
    )
