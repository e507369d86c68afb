"""Ours without rounding, as what rounding is measured beside."""

from __future__ import annotations

from benchmarks.sides.chainrule import start as start
