"""`import chainrule` is light: few modules, little memory. `make import-time` shows how quick it is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CORE = {"chainrule", "numpy", "llvmlite"}
SLOW_PARTS_OF_PYTHON = {
    "asyncio",
    "concurrent.futures",
    "email",
    "multiprocessing",
    "unittest",
    "urllib.request",
}
MEMORY_LIMIT = 60 * 2**20

PROBE = """
import json, sys

def memory():
    import resource
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

started_with = set(sys.modules)
start = memory() if sys.platform == "linux" else None
import chainrule
grown = memory() - start if sys.platform == "linux" else None
print(json.dumps({"modules": sorted(set(sys.modules) - started_with), "memory": grown}))
"""


@pytest.fixture(scope="module")
def fresh():
    """The modules and the bytes that ``import chainrule`` adds to a new process."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_imports_only_the_core_libraries(fresh):
    packages = {name.split(".")[0] for name in fresh["modules"]}
    assert "chainrule" in packages
    # Python's own modules whose name depends on the machine (_sysconfigdata…) are in no list.
    others = {name for name in packages - sys.stdlib_module_names if not name.startswith("_")}
    assert others <= CORE


def test_imports_no_slow_part_of_the_standard_library(fresh):
    assert SLOW_PARTS_OF_PYTHON.isdisjoint(fresh["modules"])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_needs_little_memory(fresh):
    assert fresh["memory"] <= MEMORY_LIMIT
