"""Families of works: each module here has a tuple ``WORKS``."""

from __future__ import annotations

import importlib
import pkgutil

from benchmarks.work import Work


def families() -> dict[str, tuple[Work, ...]]:
    """Works by family, in the order of the families' names."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").WORKS for name in names}


def family_of(work: Work) -> str:
    """The family that has a work."""
    return next(family for family, works in families().items() if work in works)


def chosen(only: list[str]) -> list[Work]:
    """Works with these names or of these families; all if none is given."""
    found = families()
    unknown = set(only) - set(found) - {work.name for works in found.values() for work in works}
    if unknown:
        raise SystemExit(f"no work or family is named {', '.join(sorted(unknown))}; see --list")
    return [
        work
        for family, works in found.items()
        for work in works
        if not only or family in only or work.name in only
    ]
