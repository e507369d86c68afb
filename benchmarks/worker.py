"""The process of one contender: ``python -m benchmarks.worker SIDE FORM``.

Reads a command per line, as JSON, and answers each with a line. Runs in the peers' environment, so it
imports nothing of Chainrule by itself. What frameworks print goes to the standard error.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.task import Job, Task

# A time that is kept covers at least this long, so that reading the clock does not count.
SHORTEST = 5e-5
MOST_TIMES = 200
WARM_UP = 0.1


class Worker:
    """What a process can be asked for; each method is a command."""

    def __init__(self, side: str, form: str) -> None:
        self._side, self._form = side, form

    def start(self, threads: int) -> dict[str, Any]:
        """Import the framework; its version, how long that took, and memory after it."""
        begin = time.perf_counter()
        self._threads = threads
        version = importlib.import_module(f"benchmarks.sides.{self._side}").start(threads)
        seconds = time.perf_counter() - begin
        return {"version": version, "seconds": seconds, "memory": memory("VmRSS")}

    def build(self, kind: str, parameters: dict[str, Any], arrays: str) -> dict[str, Any]:
        """Make the model ready and take a step: how long both took together."""
        module = importlib.import_module(f"benchmarks.sides.{self._side}.{kind}")
        with np.load(arrays, allow_pickle=False) as file:
            self._job = Job(kind, parameters, dict(file), self._threads)
        self._make: Callable[[Job], Task] = lambda job: module.build(job, self._form)
        begin = time.perf_counter()
        self._task = self._make(self._job)
        self._first = self._task.step()
        return {"seconds": time.perf_counter() - begin}

    def results(self, changed: dict[str, Any], steps: int, file: str) -> dict[str, Any]:
        """Keep the results of the first steps in a file; where parameters are changed, of another model."""
        task, first = self._task, self._first
        if changed:
            job = self._job
            task = self._make(Job(job.kind, {**job.parameters, **changed}, job.arrays, job.threads))
            first = task.step()
        found = [task.values(first), *(task.values(task.step()) for _ in range(steps - 1))]
        arrays: dict[str, Any] = {
            str(i): np.stack(values) for i, values in enumerate(zip(*found, strict=True))
        }
        np.savez(file, **arrays)
        return {}

    def measure(self, seconds: float) -> dict[str, Any]:
        """Seconds of a step, many times over."""
        step = self._task.step
        each = _seconds(step, 1)
        if each >= seconds:
            return {"times": [each]}
        for _ in range(min(1000, int(WARM_UP * seconds / each))):
            step()
        each = _seconds(step, 1)
        count = max(1, round(max(SHORTEST, seconds / MOST_TIMES) / each))
        times, end = [_seconds(step, count)], time.perf_counter() + seconds
        while time.perf_counter() < end or len(times) < 3:
            times.append(_seconds(step, count))
        return {"times": [float(f"{seconds:.4g}") for seconds in times]}

    def memory(self) -> dict[str, Any]:
        """The most bytes of memory this process has had, and those of its steps alone once it is built."""
        whole = memory("VmHWM")
        gc.collect()
        forget_peak()
        for _ in range(3):
            self._task.step()
        steps = memory("VmHWM")
        return {"peak": max(whole, steps), "steps": steps}


def _seconds(step: Callable[[], Any], count: int) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - begin) / count


def memory(which: str) -> int:
    """Bytes of ``VmRSS`` (now) or ``VmHWM`` (at most so far); 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(which)), 0)


def forget_peak() -> None:
    """Let ``VmHWM`` begin again at what is used now, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def serve(worker: Worker) -> None:
    """Answer commands until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked.pop("command")
        try:
            answer = getattr(worker, name)(**asked)
        except Exception as problem:
            traceback.print_exc()
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(Worker(*sys.argv[1:]))
