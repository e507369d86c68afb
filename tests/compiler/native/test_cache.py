"""The cache of object code: whatever happens to it, code is right and nothing fails."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from chainrule.compiler.native import cache as caches
from chainrule.compiler.native.cache import Cache, current, folder, key_of
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Source, load
from chainrule.compiler.target import host, named

ANSWER = "define i64 @answer() nounwind { ret i64 42 }"
OTHER = "define i64 @answer() nounwind { ret i64 13 }"


def answer(text: str = ANSWER) -> int:
    return function(load([text], host()), "answer", "i64")()


def entries(place: Path) -> list[Path]:
    return sorted(place.glob("*.kernel"))


def test_code_is_compiled_once(cache_folder, monkeypatch):
    assert answer() == 42
    assert len(entries(cache_folder)) == 1

    def fail(*arguments, **settings):
        raise AssertionError("compiled again")

    monkeypatch.setattr("chainrule.compiler.native.codegen.object_code", fail)
    assert answer() == 42
    assert (current().hits, current().misses) == (1, 1)


def test_different_code_has_different_keys(monkeypatch):
    keys = {
        key_of(ANSWER, "none", host()),
        key_of(OTHER, "none", host()),
        key_of(ANSWER, "simple", host()),
        key_of(ANSWER, "none", named("aarch64")),
    }
    monkeypatch.setattr(caches, "FORMAT", 0)
    keys.add(key_of(ANSWER, "none", host()))
    monkeypatch.setattr(caches.llvm, "llvm_version_info", (1, 0, 0))
    keys.add(key_of(ANSWER, "none", host()))
    assert len(keys) == 6


def flip_a_bit_of(place: int):
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)

    return damage


def truncate_to(part: float):
    return lambda path: path.write_bytes(path.read_bytes()[: int(part * path.stat().st_size)])


def make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "file").touch()


def make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_a_broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def take_the_code_of_another(path: Path) -> None:
    answer(OTHER)
    (other,) = set(entries(path.parent)) - {path}
    shutil.copy(other, path)


DAMAGES = {
    "a bit of the first byte": flip_a_bit_of(0),
    "a bit of the checksum": flip_a_bit_of(20),
    "a bit of the code": flip_a_bit_of(300),
    "a bit of the last byte": flip_a_bit_of(-1),
    "empty": truncate_to(0.0),
    "a hundredth": truncate_to(0.01),
    "half": truncate_to(0.5),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "foreign": lambda path: path.write_bytes(b"%PDF-1.7 something else" * 100),
    "the code of another": take_the_code_of_another,
    "a folder": make_a_folder,
    "a pipe": make_a_pipe,
    "a broken link": make_a_broken_link,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_as_good_as_none(cache_folder, damage):
    answer()
    (path,) = entries(cache_folder)
    whole = path.read_bytes()
    DAMAGES[damage](path)
    assert current().read(path.stem) is None
    assert answer() == 42
    if damage != "a folder":
        assert path.read_bytes() == whole


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners there")
def test_code_that_another_user_wrote_is_not_run(cache_folder, monkeypatch):
    answer()
    (path,) = entries(cache_folder)
    user = path.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: user)
    found = current().read(path.stem)
    assert found is None or path.stat().st_uid == 0
    if os.getuid() == 0:
        os.chown(path, 12345, -1)
        assert current().read(path.stem) is None


def places_that_cannot_be_written(tmp_path: Path) -> list[str]:
    file = tmp_path / "file"
    file.write_text("no folder")
    long = tmp_path / ("x" * 300)
    return [str(file), str(file / "below"), str(long), "/proc/self/kernels", os.devnull]


@pytest.mark.parametrize("number", range(5))
def test_a_folder_that_cannot_be(tmp_path, monkeypatch, number):
    place = places_that_cannot_be_written(tmp_path)[number]
    monkeypatch.setenv("CHAINRULE_CACHE", place)
    assert answer() == 42
    assert answer() == 42
    assert current().hits == 0
    assert current().size() == (0, 0)
    current().save_uses()
    assert current().clear() == 0


READ_ONLY = """
import os, sys
from pathlib import Path
from chainrule.compiler.native.cache import current
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import host

def constant(value):
    text = f"define i64 @f() nounwind {{ ret i64 {value} }}"
    return function(load([text], host()), "f", "i64")()

folder = Path(sys.argv[1])
os.environ["CHAINRULE_CACHE"] = str(folder)
assert constant(42) == 42
(entry,) = folder.glob("*.kernel")
entry.chmod(0o444)
folder.chmod(0o555)
if os.geteuid() == 0:
    os.setuid(65534)  # root may write everywhere
kept = sorted(folder.iterdir())
assert constant(42) == 42
assert current().hits == 1
assert constant(13) == 13
assert sorted(folder.iterdir()) == kept
assert current().clear() == 0
"""


@pytest.mark.skipif(os.name != "posix", reason="folders have no such permissions there")
def test_a_read_only_folder(run_python):
    place = tempfile.mkdtemp()
    try:
        run_python(READ_ONLY, place)
    finally:
        shutil.rmtree(place)


def test_a_file_system_that_becomes_read_only(cache_folder, monkeypatch):
    answer()

    def refuse(*arguments, **settings):
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("utime", "replace", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr(caches.tempfile, "mkstemp", refuse)
    assert answer() == 42
    assert current().hits == 1
    assert answer(OTHER) == 13


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_full_disk(cache_folder, monkeypatch):
    def on_a_full_disk(suffix, dir):
        path = dir / f"new{suffix}"
        path.touch()
        return os.open("/dev/full", os.O_WRONLY), str(path)

    monkeypatch.setattr(caches.tempfile, "mkstemp", on_a_full_disk)
    assert answer() == 42
    assert list(cache_folder.iterdir()) == []


def test_the_folder_vanishes_between_two_calls(cache_folder):
    answer()
    shutil.rmtree(cache_folder)
    assert answer() == 42
    assert len(entries(cache_folder)) == 1


def test_off(cache_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("CHAINRULE_CACHE", "off")
    assert folder() is None
    assert answer() == 42
    assert not cache_folder.exists()


def test_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("CHAINRULE_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    assert folder() == tmp_path / "mine" / "chainrule" / "kernels"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder() == tmp_path / ".cache" / "chainrule" / "kernels"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert folder() == tmp_path / "Library" / "Caches" / "chainrule" / "kernels"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert folder() == tmp_path / "Local" / "chainrule" / "kernels"
    monkeypatch.delenv("LOCALAPPDATA")
    assert folder() is None
    assert answer() == 42


def filled(place: Path, sizes: list[int], limit: int) -> Cache:
    """A cache with entries of so many bytes, the first of which was used longest ago."""
    cache = Cache(place, limit)
    for number, size in enumerate(sizes):
        cache.write(f"{number:03d}", bytes(size))
        os.utime(place / f"{number:03d}.kernel", (1000 + number, 1000 + number))
    (place / "swept").unlink()
    return cache


def test_the_least_recently_used_go_first(tmp_path):
    cache = filled(tmp_path, [1000] * 10, limit=6000)
    assert cache.read("000") == bytes(1000)  # which makes it the newest
    cache.sweep()
    assert [path.stem for path in entries(tmp_path)] == ["000", "006", "007", "008", "009"]
    assert cache.size()[1] <= 6000


def test_sweeping_is_done_once_an_hour(tmp_path):
    cache = filled(tmp_path, [1000] * 3, limit=10_000)
    cache.sweep()
    cache.limit = 0
    cache.sweep()
    assert len(entries(tmp_path)) == 3
    cache.sweep(now=time.time() + 3700)
    assert entries(tmp_path) == []


def test_what_killed_processes_left_is_removed(tmp_path):
    cache = filled(tmp_path, [10], limit=10_000)
    for name, age in (("old.tmp", 4000), ("new.tmp", 0), ("users.txt", 4000)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    cache.sweep()
    assert {path.name for path in tmp_path.iterdir()} == {"000.kernel", "new.tmp", "users.txt", "swept"}


def test_clearing_leaves_the_files_of_others(tmp_path):
    cache = filled(tmp_path, [10] * 4, limit=10_000)
    cache.hits = 3
    cache.save_uses()
    (tmp_path / "notes.txt").write_text("mine")
    assert cache.clear() == 4
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert cache.uses() == (0, 0)


def test_uses_are_added_up(tmp_path):
    tmp_path.joinpath("uses.log").write_bytes(b"3 4\n\xff\xfe\n5\n-1 2\n10 20\n7 ")
    cache = Cache(tmp_path)
    cache.hits, cache.misses = 100, 200
    assert cache.uses() == (113, 224)


SHARED = """
import sys
from chainrule.compiler.native.cache import current
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import load
from chainrule.compiler.target import host
for turn in range(3):
    for k in range(20):
        text = f"define i64 @f() nounwind {{ ret i64 {k} }}"
        assert function(load([text], host()), "f", "i64")() == k
assert current().hits + current().misses == 60
"""


def test_many_processes_share_a_folder(cache_folder):
    command = [sys.executable, "-W", "error", "-c", SHARED]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert (process.returncode, complaint) == (0, "")
    assert len(entries(cache_folder)) == 20
    assert not list(cache_folder.glob("*.tmp"))
    hits, misses = Cache(cache_folder).uses()
    assert hits + misses == 6 * 60
    assert misses >= 20


def test_a_source_with_passes_has_an_entry_of_its_own(cache_folder):
    load([Source(ANSWER, "none")], host())
    load([Source(ANSWER, "simple")], host())
    assert len(entries(cache_folder)) == 2
