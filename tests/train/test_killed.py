"""A training that is killed by SIGKILL and goes on ends with the same files, bit for bit."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chainrule.train import BEST, LAST

SCRIPT = Path(__file__).with_name("killed_run.py")
FILES = (LAST, BEST, "history.csv")
EVENTS = ("before-sync", "after-sync", "before-replace", "after-replace")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")


def run(folder, *event):
    """The return code of one run."""
    return subprocess.run(
        [sys.executable, SCRIPT, folder, *event], check=False, stdout=subprocess.DEVNULL
    ).returncode


def killed_after(folder, seconds):
    """Start a run, kill it so long after it began to work, and say whether that was before its end."""
    with subprocess.Popen([sys.executable, SCRIPT, folder], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
    assert process.returncode in (0, -signal.SIGKILL)
    return process.returncode != 0


def files(folder):
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """The files of a run that nobody disturbed, and the seconds that it took."""
    folder = tmp_path_factory.mktemp("straight")
    began = time.perf_counter()
    assert run(folder) == 0
    return files(folder), time.perf_counter() - began


def test_killed_while_saving(straight, tmp_path):
    """Once in the middle of an epoch, before a written file got its name, and then to the end."""
    assert run(tmp_path, "before-replace", "3") == -signal.SIGKILL
    assert run(tmp_path) == 0
    assert files(tmp_path) == straight[0]


@pytest.mark.slow
@pytest.mark.parametrize("event", EVENTS)
def test_killed_at_every_point_of_saving(event, straight, tmp_path):
    deaths = 0
    # At the third event or later one save at least has succeeded, so that every run gets further.
    while (code := run(tmp_path, event, str(3 + deaths % 4))) != 0:
        assert code == -signal.SIGKILL
        deaths += 1
    assert deaths >= 3
    assert files(tmp_path) == straight[0]


@pytest.mark.slow
def test_killed_at_random_moments(straight, tmp_path):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    moments = random.Random(seed)
    for _ in range(12):
        killed_after(tmp_path, moments.uniform(0, 0.5 * straight[1]))
    assert run(tmp_path) == 0
    assert files(tmp_path) == straight[0]
