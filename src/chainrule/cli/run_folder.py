"""The folder of a run: what it was started with, and what came out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from chainrule.errors import error
from chainrule.files.atomic import write_atomically
from chainrule.train import BEST, LAST

FORMAT = 1


@dataclass(frozen=True)
class RunFolder:
    """Paths of a run, and its JSON files.

    Parameters
    ----------
    path : Path
        The folder.
    """

    path: Path

    @property
    def settings(self) -> Path:
        """All that is needed to build the run again."""
        return self.path / "run.json"

    @property
    def checkpoints(self) -> Path:
        """The folder of the last and the best state."""
        return self.path / "checkpoints"

    @property
    def last(self) -> Path:
        """The latest state."""
        return self.checkpoints / LAST

    @property
    def best(self) -> Path:
        """The state of the best epoch."""
        return self.checkpoints / BEST

    @property
    def history(self) -> Path:
        """The history as CSV."""
        return self.path / "history.csv"

    @property
    def metrics(self) -> Path:
        """Results on the test part."""
        return self.path / "metrics.json"

    @property
    def report(self) -> Path:
        """The report."""
        return self.path / "report.html"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet that could be lost."""
        return not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir()))

    def write(self, name: str, values: Any) -> Path:
        """Write a JSON file in one step."""
        path = self.path / name
        content = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
        write_atomically(path, f"{content}\n".encode())
        return path

    def read_settings(self) -> dict[str, Any]:
        """What the run was started with.

        Raises
        ------
        CheckpointError
            There is no run, or its file is damaged.
        """
        if not self.settings.is_file():
            raise error("cli.no_run", path=self.path)
        try:
            settings: dict[str, Any] = json.loads(self.settings.read_text(encoding="utf-8"))
            if settings["format"] != FORMAT:
                raise ValueError(f"format {settings['format']}")
        except (ValueError, KeyError, TypeError) as e:
            raise error("cli.run_damaged", path=self.settings, problem=e) from e
        return settings


def new_run(out: Path | None, name: str, *, overwrite: bool) -> RunFolder:
    """A folder for a new run.

    Parameters
    ----------
    out : Path, optional
        The folder; otherwise the first free one of ``runs/NAME``, ``runs/NAME-2``, …
    name : str
        Of the run.
    overwrite : bool
        Whether an earlier run in that folder may be deleted.

    Raises
    ------
    ConfigError
        There is something already.
    """
    if out is None:
        return next(run for run in map(RunFolder, _numbered(name)) if run.is_empty)
    run = RunFolder(out)
    if run.is_empty:
        return run
    if not run.settings.is_file():
        raise error("cli.out_foreign", path=out)
    if not overwrite:
        raise error("cli.out_exists", path=out)
    shutil.rmtree(out)
    return run


def _numbered(name: str) -> Iterator[Path]:
    yield Path("runs", name)
    yield from (Path("runs", f"{name}-{number}") for number in count(2))
