"""What the tests of contractions share: a cache of their own, and machines with fewer instructions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chainrule.compiler.target import Target, host


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch) -> None:
    """A cache of kernels for these tests alone."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path_factory.getbasetemp() / "kernels"))


@pytest.fixture
def machine(monkeypatch) -> Callable[[str], Target]:
    """This machine, as if it were another one."""

    def as_if(name: str) -> Target:
        monkeypatch.setenv("CHAINRULE_CPU", name)
        return host()

    return as_if
