"""Checkpoint files: whole or not there, and refused when damaged or hostile."""

from __future__ import annotations

import json
import math
import struct
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from chainrule import train
from chainrule.errors import CheckpointError
from chainrule.files.atomic import write_atomically
from chainrule.train.packing import pack, unpack

STATE = {
    "model": {"0.weight": np.arange(6, dtype=np.float32).reshape(2, 3), "flag": np.array(True)},
    "optimizer": {"state": {0: {"m": np.zeros((0, 2))}, 1: {}}, "lr": 0.1},
    "random": np.array([1, 2**32 - 1], np.uint32),
    "history": [{"epoch": 1, "loss": math.inf, "note": "Übung 数字"}, {"loss": math.nan}],
    "nothing": None,
    "empty": [{}, [], ""],
    "turned": np.arange(6.0).reshape(2, 3).T,
    "number": np.float64(0.1) + 0.2,
}


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "last.safetensors"
    train.write_checkpoint(path, STATE)
    return path


def assert_same(found, expected):
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for key in expected:
            assert_same(found[key], expected[key])
    elif isinstance(expected, list):
        for a, b in zip(found, expected, strict=True):
            assert_same(a, b)
    elif isinstance(expected, np.ndarray | np.generic):
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        np.testing.assert_array_equal(found, expected)
    else:
        assert found == expected or (found != found and expected != expected)


def test_what_is_read_is_what_was_written(saved):
    assert_same(train.read_checkpoint(saved), STATE)


def test_equal_states_are_equal_files(saved, tmp_path):
    train.write_checkpoint(tmp_path / "again.safetensors", STATE)
    assert (tmp_path / "again.safetensors").read_bytes() == saved.read_bytes()


def test_weights_can_be_read_by_anyone(saved):
    arrays = load_file(saved)
    np.testing.assert_array_equal(arrays["model.0.weight"], STATE["model"]["0.weight"])


def test_packed_state_is_plain_json():
    arrays, skeleton = pack(STATE)
    assert_same(unpack(arrays, json.loads(json.dumps(skeleton))), STATE)


def test_a_missing_file(tmp_path):
    with pytest.raises(CheckpointError, match=r"there is no checkpoint .*none\.safetensors.*resume='auto'"):
        train.read_checkpoint(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        train.read_checkpoint(tmp_path)


def test_every_truncation_is_noticed(saved):
    whole = saved.read_bytes()
    for length in [*range(0, 200, 7), *range(200, len(whole), 97), len(whole) - 1]:
        saved.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"last\.safetensors is damaged"):
            train.read_checkpoint(saved)
    saved.write_bytes(whole + b"\0")
    with pytest.raises(CheckpointError, match="is damaged"):
        train.read_checkpoint(saved)


def test_a_flipped_bit_is_noticed_or_means_the_same(saved, rng):
    """In the data and in the header; 1e5 as 1E5 is all that may pass."""
    whole = saved.read_bytes()
    for place in rng.integers(len(whole), size=300).tolist():
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        saved.write_bytes(damaged)
        try:
            found = train.read_checkpoint(saved)
        except CheckpointError:
            continue
        assert_same(found, STATE)


def header(content: object, length: int | None = None) -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text


def tensor(start, stop, shape=(1,), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, stop]}


OWN = {"chainrule.checkpoint": json.dumps({"version": 1, "crc32": "0", "state": {}})}
HOSTILE = {
    "empty file": b"",
    "text": b"this is no checkpoint at all",
    "zip": b"PK\x03\x04" + bytes(100),
    "pickle": b"\x80\x04\x95" + bytes(100),
    "header longer than the file": header({}, 10**6),
    "huge header": header({}, 2**63),
    "header of the largest length": header({}, 2**64 - 1),
    "no JSON": header(b"{not json"),
    "no object": header([1, 2]),
    "deep JSON": header(b"[" * 100_000),
    "overlapping": header({"a": tensor(0, 4), "b": tensor(2, 6)}) + bytes(6),
    "a hole": header({"a": tensor(0, 4), "b": tensor(8, 12)}) + bytes(12),
    "beyond the end": header({"a": tensor(0, 4000, (1000,))}) + bytes(4),
    "backwards": header({"a": tensor(4, 0)}) + bytes(4),
    "negative": header({"a": tensor(-4, 0)}) + bytes(4),
    "shape too large": header({"a": tensor(0, 4, (2**62, 2**62))}) + bytes(4),
    "negative shape": header({"a": tensor(0, 4, (-1,))}) + bytes(4),
    "unknown type": header({"a": tensor(0, 4, dtype="O")}) + bytes(4),
    "own entry of another kind": header({"__metadata__": {"chainrule.checkpoint": "[1]"}}),
    "own entry without its keys": header({"__metadata__": {"chainrule.checkpoint": "{}"}}),
    "own entry that is no JSON": header({"__metadata__": {"chainrule.checkpoint": "{"}}),
    "own entry that is deep": header({"__metadata__": {"chainrule.checkpoint": "[" * 100_000}}),
    "wrong sum": header({"__metadata__": OWN}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name, tmp_path):
    path = tmp_path / "hostile.safetensors"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(CheckpointError, match=r"hostile\.safetensors is damaged"):
        train.read_checkpoint(path)


@pytest.mark.parametrize(
    "skeleton", [{"a": {"$array": "none"}}, {"a": {"$array": []}}, {"$pairs": [[1]]}, {"$pairs": [[[], 1]]}]
)
def test_a_skeleton_that_does_not_fit_is_refused(skeleton, tmp_path):
    """Its sum is right, as a hostile writer would make it."""
    path = tmp_path / "last.safetensors"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chainrule.train.checkpoint.pack", lambda state: ({}, state))
        train.write_checkpoint(path, skeleton)
    with pytest.raises(CheckpointError, match="is damaged"):
        train.read_checkpoint(path)


def test_foreign_and_later_files_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "weights.safetensors"
    save_file({"w": np.zeros(2)}, path)
    with pytest.raises(CheckpointError, match=r"not the state of a training.*load_state_dict"):
        train.read_checkpoint(path)
    monkeypatch.setattr("chainrule.train.checkpoint.VERSION", 99)
    train.write_checkpoint(path, {})
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="has version 99, and this Chainrule reads version 1"):
        train.read_checkpoint(path)


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "new" / "file"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CheckpointError, match="could not be written"):
        write_atomically(tmp_path / "file" / "inside", b"")


FULL_DISK = """
import resource, sys
import numpy as np
from chainrule import train
from chainrule.errors import CheckpointError

path = sys.argv[1]
train.write_checkpoint(path, {"w": np.ones(10)})
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    train.write_checkpoint(path, {"w": np.zeros(10_000)})
except CheckpointError as problem:
    print(problem)
print(train.read_checkpoint(path)["w"].sum())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_full_disk_leaves_the_old_checkpoint(tmp_path):
    path = tmp_path / "last.safetensors"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=True)
    assert "last.safetensors could not be written" in done.stdout
    assert done.stdout.splitlines()[-1] == "10.0"
    assert list(tmp_path.iterdir()) == [path], "no temporary file is left"
