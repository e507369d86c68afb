"""``chainrule cache``."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainrule.compiler.native.jit import load
from chainrule.compiler.target import host


@pytest.fixture(autouse=True)
def cache_folder(folder, monkeypatch) -> Path:
    monkeypatch.setenv("CHAINRULE_CACHE", str(folder / "kernels"))
    return folder / "kernels"


def use_the_cache() -> None:
    for name in "fgf":
        load([f"define void @{name}() nounwind {{ ret void }}"], host())


def test_what_is_kept_is_shown_and_cleared(chainrule, cache_folder):
    use_the_cache()
    size = sum(path.stat().st_size for path in cache_folder.glob("*.kernel"))
    out = chainrule("cache")
    assert f"Folder: {cache_folder}" in out
    assert f"2 compiled kernels, {size / 1000:.3g} kB of 537 MB" in out
    assert "Found 1 times, compiled anew 2 times" in out
    assert "Removed 2 compiled kernels" in chainrule("cache", "clear")
    assert list(cache_folder.iterdir()) == []
    assert "0 compiled kernels, 0 bytes" in chainrule("cache")


def test_in_chinese(chainrule, monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    use_the_cache()
    assert "2 个已编译的内核" in chainrule("cache")
    assert "删除了 2 个已编译的内核" in chainrule("cache", "clear")


def test_no_folder_yet(chainrule):
    assert "0 compiled kernels" in chainrule("cache")
    assert "Removed 0 compiled kernels" in chainrule("cache", "clear")


def test_off(chainrule, monkeypatch):
    monkeypatch.setenv("CHAINRULE_CACHE", "off")
    assert "CHAINRULE_CACHE is off" in chainrule("cache")


def test_another_action(chainrule):
    assert "cache: there is no 'clean'. Did you mean clear? There are clear" in chainrule.fails(
        "cache", "clean"
    )
