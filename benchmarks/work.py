"""A row for each thing that is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Work:
    """One thing that all sides do.

    Parameters
    ----------
    name
        As given to ``--only``.
    title
        As printed.
    kind
        What sides know how to build: a module ``benchmarks/sides/SIDE/KIND.py``.
    parameters
        What the builder is told; values that JSON can carry.
    arrays
        Makes the arrays that every side is given, from the parameters: inputs, and weights, whose names begin
        with ``weights/``. The same at each call.
    goal
        The least ratio, best peer's time divided by ours.
    share_goal
        The least part of the machine's limit.
    cold_goal
        The most seconds to the first step with an empty cache.
    tolerance
        How far results may lie from the median of all sides, divided by the largest magnitude.
    checked
        Parameters that differ while results are compared: dropout draws other masks in each framework, so it
        is compared without and measured with it.
    checked_steps
        How many steps' results are compared.
    flops, nbytes
        Of a step, for the share of the machine's limit: operations that are counted (2 per multiply-add), or
        bytes that must be read and written.
    point
        Of a curve: what grows, and how large it is here.
    threads
        If not those of the command.
    is_image
        Whether forms that lay images out channels-last apply.
    is_command
        Whether a step is a whole run of a command: few are measured, and there is no warm start.
    keeps_memory
        Whether what a contender frees stays with its process: where results are larger than caches, it would
        be the system's pages that are measured.
    is_quick
        Whether ``--quick`` takes it when no names are given.
    """

    name: str
    title: str
    kind: str
    parameters: Mapping[str, Any]
    arrays: Callable[[Mapping[str, Any]], dict[str, np.ndarray]]
    goal: float | None = None
    share_goal: float | None = None
    cold_goal: float | None = None
    tolerance: float = 1e-3
    checked: Mapping[str, Any] = field(default_factory=dict)
    checked_steps: int = 1
    flops: Callable[[Mapping[str, Any]], float] | None = None
    nbytes: Callable[[Mapping[str, Any]], float] | None = None
    point: tuple[str, int] | None = None
    threads: int | None = None
    is_image: bool = False
    is_command: bool = False
    keeps_memory: bool = False
    is_quick: bool = False
