"""Named arrays in an ``.npz`` file (Keras's ``mnist.npz``, `numpy.savez`), read without pickle."""

from __future__ import annotations

from pathlib import Path

from chainrule.data.arrays import Array
from chainrule.data.sources.arrays import NAMES, from_mapping
from chainrule.data.splits import Splits
from chainrule.errors import error
from chainrule.files import npy


def load_npz(source: str | Path, *, task: str | None = None, skip_bad: bool = False) -> Splits:
    """``x`` and ``y``, or ``x_train``, ``y_train``, ``x_test``, ``y_test`` (the test part is kept).

    Parameters
    ----------
    source : str or Path
        The file.
    task, skip_bad
        As for arrays.
    """
    path = Path(source)
    return from_mapping(read_npz(path, NAMES), path.stem, task, skip_bad)


def is_npz(source: object) -> bool:
    """Whether a source is the path of an ``.npz`` file."""
    return isinstance(source, str | Path) and str(source).lower().endswith(".npz")


def read_npz(path: str | Path, names: tuple[str, ...]) -> dict[str, Array]:
    """Those of some named arrays that an ``.npz`` file holds.

    Raises
    ------
    DataError
        None of them is there; a missing or damaged file, arrays of Python objects, or a header that
        promises more than the file can hold.
    """
    path = Path(path)
    found = npy.read_npz(path, names)
    if not found:
        held = ", ".join(npy.npz_names(path))
        raise error("data.array_names", name=path, got=held, known=", ".join(names))
    return found
