"""The table of sources, and `load`, which recognises what it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.data.dataset import Dataset
from chainrule.data.labels import translate_labels
from chainrule.data.sources.arrays import is_arrays, load_arrays
from chainrule.data.sources.bundled import BUNDLED, is_bundled, load_bundled
from chainrule.data.sources.folder import is_folder, load_folder
from chainrule.data.sources.idx import is_idx, load_idx
from chainrule.data.sources.npz import is_npz, load_npz
from chainrule.data.sources.table import is_csv, load_csv
from chainrule.data.spec import InputSpec
from chainrule.data.splits import Splits, check_classes, complete
from chainrule.errors import error, nearest, text


@dataclass(frozen=True)
class Source:
    """A kind of thing that data can come from.

    Parameters
    ----------
    name : str
        Its key in `SOURCES`; ``data.source_NAME`` in the catalogue says in words what it is.
    recognises : callable
        Whether something is of this kind.
    load : callable
        Makes `Splits` of it; its keyword parameters are the options.
    like : sequence of str
        Options that are taken from an `InputSpec` to read new data as earlier data.
    """

    name: str
    recognises: Callable[[object], bool]
    load: Callable[..., Splits]
    like: Sequence[str] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options."""
        parameters = inspect.signature(self.load).parameters.values()
        return tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)

    @property
    def description(self) -> str:
        """What it is, in the current language."""
        return text(f"data.source_{self.name}", names=", ".join(BUNDLED))


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("bundled", is_bundled, load_bundled),
        Source("arrays", is_arrays, load_arrays, like=("task",)),
        Source("npz", is_npz, load_npz, like=("task",)),
        Source("csv", is_csv, load_csv, like=("target", "task", "columns")),
        Source("idx", is_idx, load_idx),
        Source("folder", is_folder, load_folder, like=("size", "channels", "fit")),
    )
}
"""Every kind of source, in the order in which they are tried."""


def load(
    source: Any,
    *,
    target: str | None = None,
    size: int | tuple[int, int] | None = None,
    skip_bad: bool = False,
    validation: float = 0.1,
    test: float = 0.2,
    seed: int = 0,
    **options: Any,
) -> Splits:
    """Load data of any kind in `SOURCES`, cut into training, validation and test part.

    Parameters
    ----------
    source : str, Path, tuple, mapping, Dataset or Splits
        The name of a bundled data set (``./digits`` is a folder of that name), a file, a folder,
        or arrays.
    target : str, optional
        Target column of a CSV file; by default the last one.
    size : int or (int, int), optional
        Common height and width of the images in a folder.
    skip_bad : bool
        Leave out damaged images and rows; they are listed in ``skipped``. Otherwise the first
        one is an error.
    validation, test : float
        Shares of all samples, or of the training part where the source has a test part of its own,
        which is kept as it is. 0 for none.
    seed : int
        Of the cut. Equal seeds give equal parts.
    **options
        Further options of the kind of source: ``channels``, ``fit`` (folders), ``task``
        (arrays, CSV), ``ignore``, ``categorical``, ``header``, ``delimiter``, ``encoding`` (CSV).

    Returns
    -------
    Splits
        Inputs as float32: images (C, H, W) in [0, 1], tables (F,), sequences (T, F). Targets are
        int64 labels 0 … K-1, or float32 (N, outputs) for a regression.

    Raises
    ------
    DataError
        Something that is not recognised, missing, damaged, empty, or of a single class.
    ConfigError
        An option that does not belong to the kind of source.

    Examples
    --------
    >>> from chainrule import data
    >>> data.load("digits").train
    <Subset 'digits': 1258 × image (1, 8, 8), 10 classes>
    """
    kind = recognise(source)
    named = {"target": target, "size": size, "skip_bad": skip_bad or None}
    parts = kind.load(source, **_given(kind, {**named, **options}))
    check_classes(parts.train)
    return complete(parts, validation, test, seed)


def load_like(source: Any, spec: InputSpec, *, skip_bad: bool = False, **options: Any) -> Dataset:
    """Load further data with targets as an earlier data set was loaded, to evaluate a model on.

    Parameters
    ----------
    source : str, Path, tuple, mapping, Dataset or Splits
        As for `load`. Of a source with a test part of its own, that is taken; else all of it.
    spec : InputSpec
        Of the data the model was trained on: gives size, columns and class numbers.
    skip_bad : bool
        Leave out damaged images and rows.
    **options
        Further options of the kind of source, as for `load`.

    Raises
    ------
    ShapeError
        Inputs of another shape.
    OutOfRangeError
        A class that the model does not know.

    Examples
    --------
    >>> spec = InputSpec("pets", "table", (1,), "classification", ("cat", "dog"))
    >>> load_like(([[3.0], [4.0]], ["dog", "dog"]), spec).targets.tolist()
    [1, 1]
    """
    kind = recognise(source)
    like = {name: getattr(spec, name) for name in kind.like}
    parts = kind.load(source, **_given(kind, {**like, "skip_bad": skip_bad or None, **options}))
    return _conformed(parts.train if parts.test is None else parts.test, spec)


def recognise(source: Any) -> Source:
    """The row of `SOURCES` for a source, or an error that lists what is recognised.

    >>> recognise("digits").name
    'bundled'
    """
    missing = isinstance(source, str | Path) and not is_bundled(source) and not Path(source).exists()
    for kind in SOURCES.values():
        if not missing and kind.recognises(source):
            return kind
    known = "\n".join(f"  - {kind.description}" for kind in SOURCES.values())
    if not isinstance(source, str | Path):
        raise error("data.source_type", got=type(source).__name__, known=known)
    key = "data.no_source" if missing else "data.not_recognised"
    raise error(key, path=source, hint=_nearest(Path(source)), known=known)


def _nearest(path: Path) -> str:
    """A hint at a bundled data set or a neighbour in the same folder with a similar name."""
    neighbours = {p.name: p for p in path.parent.iterdir()} if path.parent.is_dir() else {}
    names = [*BUNDLED, *(name for name in neighbours if name != path.name)]
    near = nearest(path.name, names)
    if not near:
        return ""
    return text("data.did_you_mean", near=near if near in BUNDLED else neighbours[near])


def _given(kind: Source, options: dict[str, Any]) -> dict[str, Any]:
    """The options that are not None, all of them known to the kind of source."""
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if name not in kind.options:
            allowed = ", ".join(kind.options) or "-"
            raise error("data.option", option=name, kind=kind.description, allowed=allowed)
    return given


def _conformed(dataset: Dataset, spec: InputSpec) -> Dataset:
    """The data set under the class numbers of a spec, or the error that it does not fit."""
    if dataset.spec.shape != spec.shape or dataset.input_kind != spec.input_kind:
        shapes = {"x": dataset.spec.shape, "model": spec.shape}
        raise error("data.other_shape", name=dataset.name, shapes=shapes)
    if dataset.task != spec.task:
        raise error("data.other_task", name=dataset.name, got=dataset.task, expected=spec.task)
    if dataset.classes is None or spec.classes is None or dataset.classes == spec.classes:
        return dataset
    labels = translate_labels(dataset.labels, dataset.classes, spec.classes, dataset.name)
    view = dataset.subset(np.arange(len(dataset)))
    view.targets, view.spec = labels, replace(dataset.spec, classes=spec.classes)
    return view
