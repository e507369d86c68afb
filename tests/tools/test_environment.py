"""The set-up of the virtual environment finds out by itself what is to be done."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "environment.py"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """The script, working for an empty project."""
    spec = importlib.util.spec_from_file_location("environment", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return module


@pytest.fixture
def home(tmp_path):
    """A virtual environment without pip, which is made quickly."""
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


def stamped(environment, home, extra):
    environment.stamp(home).write_text(environment.state(extra), encoding="utf-8")


def test_a_working_environment_works(environment, home):
    assert environment.works(home, "-c", "pass")
    assert not environment.works(home, "-c", "raise SystemExit(1)")
    assert not environment.works(home, "-m", "pip", "--version")


def test_a_missing_or_broken_environment_does_not_work(environment, home, tmp_path):
    assert not environment.works(tmp_path / "nowhere", "-c", "pass")
    python = home / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "removed")
    assert not environment.works(home, "-c", "pass")


@pytest.mark.parametrize(
    ("installed", "wanted", "enough"),
    [("", "", True), ("", "dev", False), ("dev", "dev", True), ("dev", "", True)],
)
def test_what_is_installed_may_be_enough(environment, home, installed, wanted, enough):
    assert not environment.is_installed(home, wanted)
    stamped(environment, home, installed)
    assert environment.is_installed(home, wanted) == enough


def test_a_changed_project_is_installed_anew(environment, home, tmp_path):
    stamped(environment, home, "")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert not environment.is_installed(home, "")


def test_a_moved_project_is_installed_anew(environment, home, tmp_path, monkeypatch):
    stamped(environment, home, "")
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "pyproject.toml").write_bytes((tmp_path / "pyproject.toml").read_bytes())
    monkeypatch.setattr(environment, "ROOT", moved)
    assert not environment.is_installed(home, "")


def test_nothing_is_done_when_all_is_there(environment, home, capfd):
    stamped(environment, home, "dev")
    environment.main("venv")
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_broken_environment_is_made_again(environment, home):
    (home / "bin" / "python").unlink()
    (home / "left-over").touch()
    environment.create(home)
    assert environment.works(home, "-m", "pip", "--version")
    assert not (home / "left-over").exists()


def test_a_failure_is_explained(environment, tmp_path):
    (tmp_path / "venv").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"could not make a virtual environment in .*venv"):
        environment.create(tmp_path / "venv")
