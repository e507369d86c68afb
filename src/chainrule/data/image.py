"""Image files to arrays: one way for training folders and for single files to predict."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.data.arrays import Array, as_batch
from chainrule.data.limits import MAX_PIXELS
from chainrule.errors import ChainruleError, error

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")
FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP")
MODE_OF_CHANNELS = {1: "L", 3: "RGB"}
GRAY_MODES = ("1", "L", "LA", "I;16", "I;16B", "I")

Size = tuple[int, int]


def read_image(path: str | Path, size: int | Size, channels: int = 3, *, fit: str = "crop") -> Array:
    """Read one image file as a network takes it.

    The camera's orientation mark is obeyed, transparent parts become white, 16-bit
    gray is reduced to 8 bits, and of an animation the first frame is taken.

    Parameters
    ----------
    path : str or Path
        A JPEG, PNG, BMP, GIF or WebP file.
    size : int or (int, int)
        Height and width of the result; one number for both.
    channels : int
        1 for gray, 3 for red, green, blue.
    fit : str
        ``crop``: scaled until it covers the size, the middle cut out (keeps proportions);
        ``pad``: scaled until it is inside, black borders added (keeps proportions and all content);
        ``stretch``: scaled in each direction by itself. All with a bilinear, antialiased filter;
        an image that already has the size is not touched.

    Returns
    -------
    array
        float32 (channels, height, width), values in [0, 1].

    Raises
    ------
    DataError
        A missing, damaged or excessively large file.
    """
    return as_batch(decode(Path(path), as_size(size), channels, fit), "image")


def decode(path: Path, size: Size, channels: int, fit: str) -> Array:
    """The pixels of an image file at a size: uint8 (channels, height, width)."""
    check_channels(channels)
    check_fit(fit)
    with opened(path, whole=True) as image:
        flat = _without_alpha(_upright(image)).convert(MODE_OF_CHANNELS[channels])
        pixels = np.asarray(_fits()[fit](flat, (size[1], size[0])))
    return np.ascontiguousarray(pixels.reshape(*size, channels).transpose(2, 0, 1))


def measure(path: Path) -> tuple[Size, bool]:
    """Height and width of an image file, and whether it is gray, from its header."""
    with opened(path, whole=False) as image:
        return (image.height, image.width), image.mode in GRAY_MODES


@contextmanager
def opened(path: Path, *, whole: bool) -> Iterator[Image]:
    """An open image whose problems, of whatever kind the decoder raises, name the file."""
    from PIL import Image

    try:
        # From memory, a chunk that claims gigabytes is read as far as it goes, and no further.
        file = io.BytesIO(path.read_bytes()) if whole else path
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise error("data.image_bomb", path=path, got=image.width * image.height, limit=MAX_PIXELS)
            yield image
    except ChainruleError:
        raise
    except FileNotFoundError as e:
        raise error("files.no_file", path=path) from e
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as e:
        raise error("data.image_bomb", path=path, got=e, limit=MAX_PIXELS) from e
    # Decoders raise OSError, SyntaxError, ValueError, struct.error, … on damaged files.
    except Exception as e:
        raise error("data.image", path=path, problem=_plain(e)) from e


def as_size(size: int | Size) -> Size:
    """Height and width from one number or a pair."""
    pair: tuple[Any, ...] = tuple(size) if isinstance(size, Iterable) else (size, size)
    if len(pair) != 2 or not all(isinstance(n, int | np.integer) and n > 0 for n in pair):
        raise error("data.size", got=size)
    return int(pair[0]), int(pair[1])


def check_channels(channels: int) -> None:
    """Refuse numbers of channels that no mode of image has."""
    if channels not in MODE_OF_CHANNELS:
        raise error("data.choice", option="channels", got=channels, allowed="1, 3")


def check_fit(fit: str) -> None:
    """Refuse an unknown way to bring images to a size."""
    if fit not in _fits():
        raise error("data.choice", option="fit", got=fit, allowed=", ".join(_fits()))


def _fits() -> dict[str, Callable[[Image, Size], Image]]:
    from PIL import Image, ImageOps

    bilinear = Image.Resampling.BILINEAR
    return {
        "crop": lambda image, size: ImageOps.fit(image, size, bilinear),
        "pad": lambda image, size: ImageOps.pad(image, size, bilinear),
        "stretch": lambda image, size: image.resize(size, bilinear),
    }


def _upright(image: Image) -> Image:
    from PIL import ImageOps

    image.load()
    return ImageOps.exif_transpose(image)


def _without_alpha(image: Image) -> Image:
    from PIL import Image

    if image.mode.startswith("I"):
        # Pillow's own conversion of 16-bit gray clips at 255 instead of scaling.
        return Image.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if not image.has_transparency_data:
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA"))


def _plain(problem: Exception) -> str:
    return str(problem).strip() or type(problem).__name__
