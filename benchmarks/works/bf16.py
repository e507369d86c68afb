"""Products of operands rounded to bfloat16, on request, beside our own in float32."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.work import Work
from benchmarks.works import inference, kernels

GOAL = 1.6
# An operand keeps 8 bits.
TOLERANCE = 3e-2


def rounded(work: Work) -> Work:
    """The same work with operands rounded; the share of the limit is of float32's."""
    return replace(
        work, name=f"bf16-{work.name}", title=f"bfloat16: {work.title}", kind="bf16", goal=GOAL,
        tolerance=TOLERANCE, is_quick=False, is_image=False,
    )  # fmt: skip


def named(works: tuple[Work, ...], *names: str) -> list[Work]:
    """Some rows of another family."""
    found: Mapping[str, Any] = {work.name: work for work in works}
    return [found[name] for name in names]


WORKS = tuple(
    map(
        rounded,
        [
            *named(kernels.WORKS, "matmul-512-nn", "matmul-1024-nn", "matmul-1024-nt", "matmul-2048-nn"),
            *named(inference.WORKS, "infer-resnet50-1", "infer-resnet50-8"),
        ],
    )
)
