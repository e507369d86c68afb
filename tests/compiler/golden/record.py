"""Writes ``losses.json``: ``python -m tests.compiler.golden.record`` in the root of the repository."""

from __future__ import annotations

import json
from pathlib import Path

from tests.compiler.golden.measure import everything

FILE = Path(__file__).with_name("losses.json")

if __name__ == "__main__":
    FILE.write_text(json.dumps(everything(), indent=1) + "\n", encoding="utf-8")
