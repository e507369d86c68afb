"""How many random examples are tried: a few in every run, many behind the mark ``slow``."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

MANY = int(os.environ.get("CHAINRULE_EXAMPLES", "500"))


def examples(count: int) -> settings:
    """Settings with so many examples."""
    unhurried = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    return settings(max_examples=count, deadline=None, suppress_health_check=unhurried)


EXAMPLES = examples(25)
EFFORTS = [
    pytest.param(EXAMPLES, id="few"),
    pytest.param(examples(MANY), id="many", marks=pytest.mark.slow),
]
