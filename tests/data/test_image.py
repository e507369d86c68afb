"""Single image files: formats, modes, sizes, damage."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from chainrule.data import image as module
from chainrule.data import read_image
from chainrule.errors import ConfigError, DataError


@pytest.fixture
def save(tmp_path):
    def write(pixels, name="x.png", **options):
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", ["x.png", "x.bmp", "x.webp"])
def test_lossless_formats_come_back_exactly(save, rng, name):
    pixels = rng.integers(0, 256, (7, 5, 3), np.uint8)
    x = read_image(save(pixels, name, **({"lossless": True} if name == "x.webp" else {})), (7, 5))
    assert (x.shape, x.dtype) == ((3, 7, 5), np.float32)
    assert np.array_equal(x, pixels.transpose(2, 0, 1) / np.float32(255))


@pytest.mark.parametrize("name", ["x.jpg", "x.gif"])
def test_lossy_formats_come_close(save, name):
    pixels = np.full((8, 8, 3), (250, 120, 20), np.uint8)
    x = read_image(save(pixels, name), 8)
    np.testing.assert_allclose(x.mean((1, 2)) * 255, [250, 120, 20], atol=3)


def test_gray_and_colour_convert_into_each_other(save):
    gray = save(np.array([[0, 255]], np.uint8))
    assert read_image(gray, (1, 2), 3).tolist() == [[[0, 1]]] * 3
    colour = save(np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8))
    luma = read_image(colour, (1, 2), 1)
    np.testing.assert_allclose(luma.ravel(), [0.299, 0.587], atol=1 / 255)


def test_16_bit_gray_is_scaled_not_clipped(save):
    x = read_image(save(np.array([[0, 128 * 256, 65535]], np.uint16)), (1, 3), 1)
    assert (x * 255).ravel().tolist() == [0, 128, 255]


def test_transparent_parts_become_white(save):
    pixels = np.array([[[10, 20, 30, 0], [10, 20, 30, 255]]], np.uint8)
    assert np.rint(read_image(save(pixels), (1, 2)) * 255)[:, 0].T.tolist() == [[255] * 3, [10, 20, 30]]


def test_black_and_white_and_palettes(save):
    stripes = Image.fromarray(np.array([[0, 255]], np.uint8))
    assert read_image(save(stripes.convert("1")), (1, 2), 1).ravel().tolist() == [0, 1]
    assert read_image(save(stripes.convert("P")), (1, 2), 1).ravel().tolist() == [0, 1]


def test_the_orientation_mark_is_obeyed(save):
    exif = Image.Exif()
    exif[0x0112] = 6
    x = read_image(save(np.array([[0, 255]], np.uint8), exif=exif), (2, 1), 1)
    assert x.ravel().tolist() == [0, 1]


WIDE = np.repeat(np.array([[0] * 2 + [100] * 4 + [200] * 2], np.uint8), 4, axis=0)


@pytest.mark.parametrize(
    ("fit", "size", "expected"),
    [
        ("crop", 4, [[100] * 4] * 4),
        ("pad", 8, [[0] * 8] * 2 + WIDE.tolist() + [[0] * 8] * 2),
        ("stretch", (8, 8), np.repeat(WIDE, 2, axis=0).tolist()),
    ],
)
def test_ways_to_fit(save, fit, size, expected):
    x = read_image(save(WIDE), size, 1, fit=fit)
    assert np.rint(x[0] * 255).astype(int).tolist() == expected


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_an_image_of_the_right_size_is_not_touched(save, rng, fit):
    pixels = rng.integers(0, 256, (9, 4), np.uint8)
    assert np.array_equal(np.rint(read_image(save(pixels), (9, 4), 1, fit=fit)[0] * 255), pixels)


def test_damaged_files_name_the_file(save, tmp_path, rng):
    path = save(rng.integers(0, 256, (64, 64, 3), np.uint8))
    whole = path.read_bytes()
    for content in (
        b"",
        b"hello",
        whole[:40],
        whole[: len(whole) // 2],
        whole[:60] + bytes(50) + whole[110:],
    ):
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            read_image(path, 8)
        assert str(caught.value).startswith(f"{path}: cannot be decoded as an image (")
        assert caught.value.__cause__ is not None


def test_other_formats_are_not_opened(save):
    path = save(np.zeros((2, 2), np.uint8), "x.tiff")
    with pytest.raises(DataError, match="cannot be decoded as an image"):
        read_image(path, 2)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_image(tmp_path / "x.png", 2)


def png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize("side", [8001, 10_000, 2**31 - 1])
def test_decompression_bombs_are_refused_from_their_header(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of_size(side, side))
    with pytest.raises(DataError, match=f"above the limit of {module.MAX_PIXELS}"):
        read_image(path, 8)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "size must be a whole number of pixels, or a pair (height, width), got 0"),
        (
            {"size": (3, 4, 5)},
            "size must be a whole number of pixels, or a pair (height, width), got (3, 4, 5)",
        ),
        ({"size": 8.5}, "size must be a whole number of pixels, or a pair (height, width), got 8.5"),
        ({"size": 8, "channels": 2}, "channels must be one of 1, 3, got 2"),
        ({"size": 8, "fit": "squeeze"}, "fit must be one of crop, pad, stretch, got 'squeeze'"),
    ],
)
def test_bad_arguments_and_their_messages(save, arguments, message):
    with pytest.raises(ConfigError) as caught:
        read_image(save(np.zeros((2, 2), np.uint8)), **arguments)
    assert str(caught.value).splitlines()[0] == message
