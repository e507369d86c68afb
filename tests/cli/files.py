"""Reading what a run leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_json(path: str | Path) -> Any:
    """A JSON file, in which NaN is an error."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    return json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=refuse)
