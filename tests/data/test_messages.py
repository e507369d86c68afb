"""The catalogue of messages and the code fit each other: no row unused, no key without a row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chainrule.data
from chainrule.data import SOURCES, load
from chainrule.errors import DataError, messages

FOLDER = Path(chainrule.data.__file__).parent
KEY = re.compile(r'"data\.(\w+)"')


def used() -> set[str]:
    found = {key for path in FOLDER.rglob("*.py") for key in KEY.findall(path.read_text(encoding="utf-8"))}
    return found | {f"source_{name}" for name in SOURCES}


def registered() -> set[str]:
    return {key.removeprefix("data.") for key in messages() if key.startswith("data.")}


def test_every_key_has_a_row_and_every_row_is_used():
    assert used() == registered()


def test_messages_come_in_chinese_too(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(
        DataError,
        match=r"^没有这个文件或文件夹：digit（是不是 digits？）。数据可以是：\n  - 自带数据集的名称：",
    ):
        load("digit")
