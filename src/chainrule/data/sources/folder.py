"""A folder with one sub-folder of images for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule.data.dataset import Dataset
from chainrule.data.image import SUFFIXES, Size, as_size, check_channels, check_fit, measure
from chainrule.data.image_files import ImageFiles
from chainrule.data.labels import shorten
from chainrule.data.spec import InputSpec
from chainrule.data.splits import Splits
from chainrule.errors import ChainruleError, DataError, error

PART_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val"),
    "test": ("test", "testing"),
}
OWN_SIZE_LIMIT = 256
MIXED_SIZE_LIMIT = 64


@dataclass(frozen=True)
class Files:
    """Image files and their labels."""

    paths: list[Path]
    labels: list[int]


def load_folder(
    source: str | Path,
    *,
    size: int | Size | None = None,
    channels: int | None = None,
    fit: str = "crop",
    skip_bad: bool = False,
) -> Splits:
    """A folder of class folders of images; classes are numbered in sorted order of their names.

    Sub-folders ``train``, ``validation`` (or ``val``, ``valid``) and ``test`` that hold the class
    folders are taken as the parts. Files and folders whose name begins with a dot are ignored.

    Parameters
    ----------
    source : str or Path
        The folder.
    size : int or (int, int), optional
        Common height and width. By default the size that all training images have, if it is at
        most 256; else a square with the median of their shorter sides, at most 64.
    channels : int, optional
        1 for gray, 3 for colour. By default gray if all training images are.
    fit : str
        ``crop``, ``pad`` or ``stretch``, see `chainrule.data.read_image`.
    skip_bad : bool
        Leave out files that cannot be decoded, and list them.

    Raises
    ------
    DataError
        No class folders, no images in a class, or a damaged image, naming the file.
    """
    folder = Path(source)
    check_fit(fit)
    if channels is not None:
        check_channels(channels)
    parts = _parts(folder)
    classes = _class_names(parts["train"])
    files = {part: _find_images(root, classes, part) for part, root in parts.items()}
    shape, bad = _common_shape(files["train"].paths, size, channels, skip_bad)
    spec = InputSpec(folder.resolve().name, "image", shape, "classification", classes, fit=fit)
    skipped = [str(problem).splitlines()[0] for problem in bad.values()]
    datasets = {}
    for part, found in files.items():
        datasets[part], problems = _dataset(_without(found, set(bad)), spec, skip_bad)
        skipped += problems
    return Splits(**datasets, skipped=tuple(skipped))


def is_folder(source: object) -> bool:
    """Whether a source is the path of a folder."""
    return isinstance(source, str | Path) and Path(source).is_dir()


def _parts(folder: Path) -> dict[str, Path]:
    named = [(part, folder / name) for part, names in PART_NAMES.items() for name in names]
    found = {part: root for part, root in named if _subfolders(root)}
    return found if "train" in found else {"train": folder}


def _subfolders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _class_names(folder: Path) -> tuple[str, ...]:
    classes = tuple(path.name for path in _subfolders(folder))
    if not classes:
        raise error("data.no_class_folders", folder=folder, images=len(image_paths(folder)))
    return classes


def _find_images(folder: Path, classes: Sequence[str], part: str) -> Files:
    files = Files([], [])
    for path in _subfolders(folder):
        if path.name not in classes:
            raise error("data.unknown_folder", folder=path, part=part, classes=shorten(classes))
        images = image_paths(path)
        if not images:
            raise error("data.no_images", folder=path, suffixes=", ".join(SUFFIXES))
        files.paths.extend(images)
        files.labels.extend([classes.index(path.name)] * len(images))
    return files


def image_paths(folder: Path) -> list[Path]:
    """All image files in a folder and below, hidden ones left out, in sorted order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


Problems = dict[Path, DataError]


def _common_shape(
    paths: list[Path], size: int | Size | None, channels: int | None, skip_bad: bool
) -> tuple[tuple[int, int, int], Problems]:
    """Shape (C, H, W) of all images, and the files whose header cannot be read."""
    if size is not None and channels is not None:
        return (channels, *as_size(size)), {}
    measured, bad = _measure_all(paths)
    if bad and not (skip_bad and measured):
        raise _first_of(list(bad.values()), len(paths))
    if channels is None:
        channels = 1 if all(gray for _, gray in measured) else 3
    height, width = _common_size([size for size, _ in measured]) if size is None else as_size(size)
    return (channels, height, width), bad


def _measure_all(paths: list[Path]) -> tuple[list[tuple[Size, bool]], Problems]:
    tried = {path: _try_to_measure(path) for path in paths}
    measured = [found for found in tried.values() if not isinstance(found, DataError)]
    return measured, {path: found for path, found in tried.items() if isinstance(found, DataError)}


def _try_to_measure(path: Path) -> tuple[Size, bool] | DataError:
    try:
        return measure(path)
    except DataError as problem:
        return problem


def _common_size(sizes: list[Size]) -> Size:
    if len(set(sizes)) == 1 and max(sizes[0]) <= OWN_SIZE_LIMIT:
        return sizes[0]
    return as_size(min(MIXED_SIZE_LIMIT, int(np.median([min(size) for size in sizes]))))


def _without(files: Files, bad: set[Path]) -> Files:
    kept = [(path, label) for path, label in zip(files.paths, files.labels, strict=True) if path not in bad]
    return Files([path for path, _ in kept], [label for _, label in kept])


def _dataset(files: Files, spec: InputSpec, skip_bad: bool) -> tuple[Dataset, list[str]]:
    """A part, decoded once where it fits into memory or bad files are to be skipped."""
    dataset = ImageFiles(files.paths, np.array(files.labels, np.int64), spec)
    if not (dataset.keeps or skip_bad):
        return dataset, []
    problems = dataset.problems()
    if not problems:
        return dataset, []
    if not skip_bad:
        raise _first_of(list(problems.values()), len(dataset))
    good = [row for row in range(len(dataset)) if row not in problems]
    return dataset.subset(good), [str(problem).splitlines()[0] for problem in problems.values()]


def _first_of(problems: list[DataError], total: int) -> ChainruleError:
    """The first damaged file's error, saying how many there are."""
    first = str(problems[0]).splitlines()[0]
    problem = error("data.bad_images", first=first, count=len(problems), total=total)
    problem.__cause__ = problems[0]
    return problem
