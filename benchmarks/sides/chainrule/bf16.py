"""Products and networks whose operands are rounded to bfloat16."""

from __future__ import annotations

from benchmarks.sides.chainrule import inference, matmul
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """A product or network with rounded operands."""
    return built(job, "bfloat16")


def built(job: Job, precision: str) -> Task:
    """A network if the work has a model, else a product."""
    return (inference if "model" in job.parameters else matmul).build(job, precision)
