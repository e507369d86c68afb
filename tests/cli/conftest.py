"""What the command's tests share: an empty working folder, and small data in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder, empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


class Command:
    """The command, run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: object) -> str:
        """Run it, and give what it printed; it must succeed."""
        code, out, err = self.tried(*arguments)
        assert code == 0, err
        assert err == ""
        return out

    def fails(self, *arguments: object) -> str:
        """Run it, and give the error; it must fail, without a traceback or a line of program code."""
        code, _, err = self.tried(*arguments)
        assert code not in (0, None)
        assert err.startswith("Error: ")
        assert "Traceback" not in err
        assert ".py:" not in err
        return err

    def tried(self, *arguments: object) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = self.capsys.readouterr()
        return code, out, err


@pytest.fixture
def chainrule(capsys) -> Command:
    return Command(capsys)


OPTIONS = ("--epochs", "8", "--seed", "5")


def make_pets(folder: Path) -> Path:
    """A folder of images of two classes that are easy to tell apart: dark and bright."""
    random = np.random.default_rng(0)
    for name, level in (("cat", 60), ("dog", 190)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(20):
            pixels = np.clip(random.normal(level, 25, (10, 10)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02d}.png")
    return folder


@pytest.fixture
def pets() -> Path:
    return make_pets(Path("pets"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Path:
    """A folder with the pets, and a run that was trained on them with `OPTIONS`."""
    folder = tmp_path_factory.mktemp("trained")
    pets = make_pets(folder / "pets")
    assert main(["train", str(pets), *OPTIONS, "--out", str(folder / "run"), "--quiet"]) == 0
    return folder


@pytest.fixture
def run(trained, folder, pets) -> Path:
    """A copy of the trained run, and of its data."""
    shutil.copytree(trained / "run", "run")
    settings = Path("run/run.json")
    settings.write_text(settings.read_text().replace(str(trained), str(folder.resolve())))
    return Path("run")


@pytest.fixture
def houses() -> Path:
    """A table with numbers, a category and a numeric target."""
    random = np.random.default_rng(0)
    lines = ["area,rooms,town,price"]
    for _ in range(60):
        area, rooms, town = random.uniform(40, 200), random.integers(1, 6), random.choice(["oslo", "bergen"])
        lines.append(f"{area:.1f},{rooms},{town},{3 * area + 20 * rooms + 50 * (town == 'oslo'):.2f}")
    Path("houses.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Path("houses.csv")


@pytest.fixture
def arrays() -> Path:
    """Sequences of two classes, rising and falling."""
    random = np.random.default_rng(0)
    y = np.arange(60) % 2
    slopes = np.where(y, 1.0, -1.0)[:, np.newaxis, np.newaxis]
    x = slopes * np.linspace(-1, 1, 6)[np.newaxis, :, np.newaxis] + random.normal(0, 0.1, (60, 6, 2))
    np.savez("arrays.npz", x=x.astype(np.float32), y=y)
    return Path("arrays.npz")
