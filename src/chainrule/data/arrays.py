"""Element types and layouts: how arrays of any kind become what a network takes.

Pixels stay in the integers they came in until a batch is taken, so that a data set of
images needs a quarter of the memory; a batch is always float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule.data.limits import MAX_CLASSES
from chainrule.errors import error

Array = npt.NDArray[Any]

PIXEL_RANGE: dict[np.dtype[Any], np.float32] = {
    np.dtype(np.uint8): np.float32(255),
    np.dtype(np.uint16): np.float32(65535),
}
KIND_OF_AXES = {2: "table", 3: "sequence", 4: "image"}
CHANNELS = (1, 3, 4)


def as_array(values: npt.ArrayLike, what: str) -> Array:
    """An array of numbers or of text, never of Python objects."""
    try:
        array = np.asarray(values)
    except ValueError as e:
        raise error("data.ragged", what=what) from e
    if array.dtype == object and all(isinstance(value, str) for value in array.flat):
        return array.astype(str)
    if array.dtype == object:
        raise error("data.ragged", what=what)
    return array


def guess_kind(x: Array) -> str:
    """``table`` for (N, F), ``image`` for 4 axes or 8-bit (N, H, W), ``sequence`` for (N, T, F)."""
    if x.ndim == 3 and x.dtype in PIXEL_RANGE:
        return "image"
    if x.ndim not in KIND_OF_AXES:
        raise error("data.axes", shapes={"x": x.shape})
    return KIND_OF_AXES[x.ndim]


def stored(x: Array, kind: str) -> Array:
    """The form in which inputs are kept: channels first, pixels as they are, all else float32.

    Parameters
    ----------
    x : array
        Images (N, H, W), (N, C, H, W) or (N, H, W, C), tables (N, F) or sequences (N, T, F).
    kind : str
        ``image``, ``table`` or ``sequence``.
    """
    if x.dtype.kind not in "biuf":
        raise error("data.not_numbers", dtype=x.dtype)
    if KIND_OF_AXES.get(x.ndim) != kind and not (kind == "image" and x.ndim == 3):
        raise error("data.kind_axes", kind=kind, shapes={"x": x.shape})
    if kind == "image":
        x = _channels_first(_as_pixels(x))
    return x if kind == "image" and x.dtype in PIXEL_RANGE else to_float32(x)


def as_batch(x: Array, kind: str) -> Array:
    """Stored inputs as float32; pixels of 8 or 16 bits are divided by 255 or 65535.

    >>> as_batch(np.array([[[[0, 51, 255]]]], np.uint8), "image").tolist()
    [[[[0.0, 0.20000000298023224, 1.0]]]]
    """
    if kind == "image" and x.dtype in PIXEL_RANGE:
        return np.divide(x, PIXEL_RANGE[x.dtype])
    return to_float32(x)


def to_float32(x: Array) -> Array:
    """The values as float32; what is too large becomes an infinity, which `check_finite` finds."""
    with np.errstate(over="ignore"):
        return x.astype(np.float32, copy=False)


def _as_pixels(x: Array) -> Array:
    if x.dtype in PIXEL_RANGE or x.dtype.kind == "f":
        return x
    if x.dtype.kind == "b":
        return np.multiply(x, np.uint8(255), dtype=np.uint8)
    if x.size and (x.min() < 0 or x.max() > 255):
        raise error("data.pixels", dtype=x.dtype, low=x.min(), high=x.max())
    return x.astype(np.uint8)


def _channels_first(x: Array) -> Array:
    if x.ndim == 3:
        return x[:, np.newaxis]
    last_is_channels = x.shape[3] in CHANNELS and x.shape[1] not in CHANNELS
    return np.ascontiguousarray(np.moveaxis(x, 3, 1)) if last_is_channels else x


def guess_task(y: Array) -> str:
    """``regression`` for floating-point targets, ``classification`` for integers, bools and text."""
    return "regression" if y.dtype.kind == "f" else "classification"


def as_targets(y: Array, task: str) -> Array:
    """Labels as int64 (N,), or targets of a regression as float32."""
    if task == "regression":
        if y.dtype.kind not in "biuf":
            raise error("data.not_numbers", dtype=y.dtype)
        return to_float32(y)
    if y.dtype.kind not in "biu":
        raise error("data.label_dtype", dtype=y.dtype)
    if y.ndim != 1:
        raise error("data.label_axes", shapes={"y": y.shape})
    return y.astype(np.int64)


def default_classes(labels: Array) -> tuple[str, ...]:
    """The names ``0``, ``1``, … up to the largest label."""
    count = max(int(labels.max()), 0) + 1
    if count > MAX_CLASSES:
        raise error("data.too_many_classes", label=count - 1, limit=MAX_CLASSES)
    return tuple(str(label) for label in range(count))
