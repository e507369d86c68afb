"""What was measured, epoch by epoch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import chainrule.train.messages  # noqa: F401  (registers the messages used here)
from chainrule.errors import error

Row = dict[str, Any]


class History(Sequence[Row]):
    """Rows of numbers, one per epoch: ``epoch``, ``lr``, ``loss``, ``val_loss``, metrics.

    Parameters
    ----------
    rows : iterable of mapping, optional
        To begin with.

    Examples
    --------
    >>> history = History([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}])
    >>> history["loss"], history[-1]
    ([0.5, 0.25], {'epoch': 2, 'loss': 0.25})
    >>> print(history.to_csv(), end="")
    epoch,loss
    1,0.5
    2,0.25
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self.rows: list[Row] = [dict(row) for row in rows]

    def append(self, row: Mapping[str, Any]) -> None:
        """Add the row of an epoch."""
        self.rows.append(dict(row))

    @property
    def columns(self) -> list[str]:
        """All names, in the order in which they first appear."""
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @overload
    def __getitem__(self, which: int) -> Row: ...
    @overload
    def __getitem__(self, which: slice) -> list[Row]: ...
    @overload
    def __getitem__(self, which: str) -> list[Any]: ...
    def __getitem__(self, which: int | slice | str) -> Any:
        if not isinstance(which, str):
            return self.rows[which]
        if which not in self.columns:
            raise error("train.no_column", name=which, known=", ".join(self.columns))
        return [row.get(which) for row in self.rows]

    def to_csv(self) -> str:
        """A header and a line per epoch; what was not measured in an epoch is left empty."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()

    def __repr__(self) -> str:
        return f"<History of {len(self)} epochs: {', '.join(self.columns)}>"
