"""What a model must know of its inputs, in a form that JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chainrule.errors import error

TASKS = ("classification", "regression")
INPUT_KINDS = ("image", "table", "sequence")


@dataclass(frozen=True)
class Column:
    """A column of a CSV file: numeric, or one of ``categories`` (encoded one-hot).

    >>> Column("sex", ("female", "male")).features
    ('sex=female', 'sex=male')
    """

    name: str
    categories: tuple[str, ...] | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features that the column becomes."""
        if self.categories is None:
            return (self.name,)
        return tuple(f"{self.name}={category}" for category in self.categories)


@dataclass(frozen=True)
class InputSpec:
    """Kind, shape and names of a data set's inputs and targets.

    A run keeps it beside the weights, so that new files are read as the training files were.

    Parameters
    ----------
    name : str
        The data set's name.
    input_kind : str
        ``image`` (C, H, W), ``table`` (F,) or ``sequence`` (T, F).
    shape : tuple of int
        Shape of one input, without the batch axis.
    task : str or None
        ``classification`` or ``regression``; None where there are no targets.
    classes : tuple of str, optional
        Class names, label 0 first.
    feature_names : tuple of str, optional
        Names along the last axis of a table or sequence.
    columns : tuple of Column, optional
        Columns of the CSV file that the features were made of.
    target : str, optional
        Name of the CSV file's target column.
    fit : str, optional
        How image files are brought to the common size, see `chainrule.data.read_image`.

    Examples
    --------
    >>> spec = InputSpec("digits", "image", (1, 8, 8), "classification", tuple("0123456789"))
    >>> InputSpec.from_json(spec.to_json()) == spec
    True
    """

    name: str
    input_kind: str
    shape: tuple[int, ...]
    task: str | None = None
    classes: tuple[str, ...] | None = None
    feature_names: tuple[str, ...] | None = None
    columns: tuple[Column, ...] | None = None
    target: str | None = None
    fit: str | None = None

    def __post_init__(self) -> None:
        if self.input_kind not in INPUT_KINDS:
            allowed = ", ".join(INPUT_KINDS)
            raise error("data.choice", option="input_kind", got=self.input_kind, allowed=allowed)
        if self.task is not None and self.task not in TASKS:
            raise error("data.choice", option="task", got=self.task, allowed=", ".join(TASKS))
        named = len(self.feature_names) if self.feature_names else None
        if named is not None and named != self.shape[-1]:
            raise error("data.feature_names", names=named, features=self.shape[-1])

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width of images, None for other kinds."""
        return (self.shape[1], self.shape[2]) if self.input_kind == "image" else None

    @property
    def channels(self) -> int | None:
        """Channels of images, None for other kinds."""
        return self.shape[0] if self.input_kind == "image" else None

    def to_json(self) -> dict[str, Any]:
        """The fields as dictionaries, lists, strings and numbers."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> InputSpec:
        """The spec that `to_json` (perhaps read back from a file) describes.

        Raises
        ------
        StateError
            When the fields are not those of a spec.
        """
        try:
            known = {key: _frozen(value) for key, value in fields.items()}
            if known.get("columns") is not None:
                known["columns"] = tuple(_column(**column) for column in known["columns"])
            return cls(**known)
        except (TypeError, AttributeError) as e:
            raise error("data.spec", problem=e) from e


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _column(name: str, categories: list[str] | None = None) -> Column:
    return Column(name, None if categories is None else tuple(categories))
