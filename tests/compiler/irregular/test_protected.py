"""No kernel reads or writes outside of its arrays, by a single byte."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="pages are protected by mprotect")
def test_nothing_outside_is_touched() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "tests.compiler.irregular.protected"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"Behind: \d+ cases\nBefore: \d+ cases\n", done.stdout)
