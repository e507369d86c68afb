"""What all tests share: a quiet, repeatable surrounding, random numbers and real data."""

from __future__ import annotations

import os
import random
from pathlib import Path

# Read by libraries when they are first imported, so set before anything else is.
if "PYTEST_XDIST_WORKER" in os.environ:
    # One test process per core: more threads would only get in each other's way.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
os.environ["MPLBACKEND"] = "Agg"
os.environ.pop("CHAINRULE_LANG", None)

import numpy as np
import pytest
from hypothesis import settings

from chainrule.compiler.backend import BACKENDS
from chainrule.graph import rewrites

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("chainrule", deadline=None, print_blob=True)
settings.load_profile("chainrule")

# Every program is built, and none read from the disk: tests change parts of the compiler while it runs.
BACKENDS["llvm"] = "chainrule.compiler.program.build"

# Every graph that any test has rewritten is verified.
rewrites.VERIFY = True


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers from ``CHAINRULE_TEST_SEED``, or from a new seed; a failure shows which."""
    seed = int(os.environ.get("CHAINRULE_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"to repeat this: CHAINRULE_TEST_SEED={seed}")
    return np.random.default_rng(seed)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets, where there is one; without it the test is skipped."""
    folder = Path(os.environ.get("CHAINRULE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; name its folder with CHAINRULE_DATA")
    return folder
