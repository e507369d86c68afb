"""Files made to harm: any bytes give data or a `ChainruleError`, quickly and in little memory."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.data import load, read_idx, read_image
from chainrule.data.sources.csv_file import read_csv
from chainrule.data.sources.npz import read_npz
from chainrule.errors import ChainruleError

from .idx_files import idx_bytes

MOST_MEMORY = 64 * 2**20


@contextmanager
def little_memory():
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@contextmanager
def file_of(content: bytes, name: str):
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def survives(read, content: bytes, name: str) -> None:
    """Reading gives a value or a `ChainruleError`, nothing else, and takes little memory."""
    with file_of(content, name) as path, little_memory(), suppress(ChainruleError):
        read(path)


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """A valid file with some bytes changed, or cut."""
    change = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    return st.builds(_change, st.just(content), st.lists(change, max_size=6), st.integers(0, len(content)))


def _change(content: bytes, changes: list[tuple[int, int]], keep: int) -> bytes:
    changed = bytearray(content)
    for place, value in changes:
        changed[place] = value
    return bytes(changed[:keep]) if len(changes) % 2 else bytes(changed)


extents = st.lists(st.integers(0, 2**32 - 1), max_size=5)


@given(st.sampled_from([8, 9, 11, 12, 13, 14, 10]), st.integers(0, 255), extents, st.binary(max_size=64))
def test_idx_headers(kind, axes, extents, body):
    head = struct.pack(f">BBBB{len(extents)}I", 0, 0, kind, axes, *extents)
    survives(read_idx, head + body, "x-idx3-ubyte")
    survives(read_idx, head + body, "x-idx3-ubyte.gz")


@given(damaged(idx_bytes(np.arange(24, dtype=np.int16).reshape(2, 3, 4))))
def test_damaged_idx(content):
    survives(read_idx, content, "x")


def npz_bytes(compression: int) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        save = np.savez if compression == zipfile.ZIP_STORED else np.savez_compressed
        save(path, x=np.arange(12.0).reshape(4, 3), y=np.arange(4))
        return path.read_bytes()


@settings(max_examples=300)
@given(st.one_of(*(damaged(npz_bytes(kind)) for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))))
def test_damaged_npz(content):
    survives(lambda path: read_npz(path, ("x", "y")), content, "x.npz")


@given(
    st.sampled_from(["<f8", "|u1", "|O", "<U9", "V8", "<c16", "<M8[s]"]),
    st.lists(st.integers(-1, 2**62), max_size=4),
    st.binary(max_size=64),
)
def test_npy_headers(dtype, shape, body):
    text = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {tuple(shape)!r}}}\n".encode()
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.npy", content)
        survives(lambda path: read_npz(path, ("x",)), path.read_bytes(), "x.npz")


cells = st.text(st.characters(codec="utf-8"), max_size=8)
tables = st.lists(st.lists(cells, max_size=4).map(",".join), max_size=8).map("\n".join)


@given(
    st.one_of(
        st.binary(max_size=200), tables.map(str.encode), st.text('",;\n\r1a?\0', max_size=60).map(str.encode)
    )
)
def test_csv(content):
    survives(read_csv, content, "x.csv")
    survives(lambda path: load(path, skip_bad=True), content, "x.csv")


def picture_bytes(name: str) -> bytes:
    from PIL import Image

    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(path)
        return path.read_bytes()


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.gif", "x.bmp", "x.webp"])
@settings(max_examples=40)
@given(st.data())
def test_damaged_images(name, data):
    content = data.draw(damaged(picture_bytes(name)))
    survives(lambda path: read_image(path, 4), content, name)


def test_a_png_chunk_that_claims_gigabytes():
    content = bytearray(picture_bytes("x.png"))
    start = content.index(b"IDAT") - 4
    content[start] = 0x7F
    survives(lambda path: read_image(path, 4), bytes(content), "x.png")
