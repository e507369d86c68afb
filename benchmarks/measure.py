"""All contenders of a work, taking turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.agreement import Values, distances, loaded
from benchmarks.outcome import Entry
from benchmarks.process import Process, WorkerError
from benchmarks.sides import KERNELS, Contender
from benchmarks.work import Work

# A command that takes long is measured so often.
COMMANDS = 2
# The turn of a kernel, of which there are many, is at most so many seconds.
KERNEL_SECONDS = 0.2


@dataclass(frozen=True)
class Settings:
    """How to measure.

    Attributes
    ----------
    threads
        Of every process.
    rounds, seconds
        How often each contender has its turn, and how long it is.
    is_twice
        Whether a second process of each is timed from a warm cache, and its memory read.
    folder
        For arrays, results and caches: an empty one.
    logs
        Folder for what processes print.
    pythons
        The interpreter of each side, by its name.
    say
        Told what is going on.
    """

    threads: int
    rounds: int
    seconds: float
    is_twice: bool
    folder: Path
    logs: Path
    pythons: Mapping[str, str]
    say: Callable[[str], None]


class Contest:
    """One work and those who do it."""

    def __init__(self, work: Work, contenders: list[Contender], settings: Settings) -> None:
        self._work, self._settings = work, settings
        self._entries = {c: Entry(c.key, c.title, c.is_ours) for c in contenders}
        settings.logs.mkdir(parents=True, exist_ok=True)
        self._arrays = settings.folder / "arrays.npz"

    def run(self) -> list[Entry]:
        """Build, compare, measure in rounds, and build again from warm caches."""
        arrays: dict[str, Any] = self._work.arrays(self._work.parameters)
        np.savez(self._arrays, **arrays)
        with ExitStack() as stack:
            processes = {c: p for c in self._entries if (p := self._started(c, stack)) is not None}
            self._compare()
            rounds = self._settings.rounds
            for number in range(min(rounds, COMMANDS) if self._work.is_command else rounds):
                self._round(processes, number)
        if self._settings.is_twice and not (self._work.is_command or self._is_kernel):
            for contender, entry in self._entries.items():
                if not entry.failure:
                    self._again(contender, entry)
        return list(self._entries.values())

    def _started(self, contender: Contender, stack: ExitStack) -> Process | None:
        """A process that has taken its first steps; None, and the reason kept, if that failed."""
        entry = self._entries[contender]
        self._say(f"{contender.title}: starting")
        try:
            process = stack.enter_context(self._process(contender, "cold"))
            entry.version, entry.importing = process.started["version"], process.started["seconds"]
            entry.cold = self._built(process)
            work, file = self._work, str(self._results(contender))
            process.ask("results", changed=dict(work.checked), steps=work.checked_steps, file=file)
        except WorkerError as problem:
            entry.failure = str(problem)
            return None
        return process

    @property
    def _is_kernel(self) -> bool:
        return self._work.kind in KERNELS

    @property
    def _seconds(self) -> float:
        """Of a turn."""
        return min(self._settings.seconds, KERNEL_SECONDS) if self._is_kernel else self._settings.seconds

    def _say(self, what: str) -> None:
        self._settings.say(f"{self._work.name}: {what}")

    def _compare(self) -> None:
        found: dict[str, Values] = {
            contender.key: loaded(self._results(contender))
            for contender, entry in self._entries.items()
            if not entry.failure
        }
        far = distances(found)
        for entry in self._entries.values():
            entry.distance = far.get(entry.key)

    def _round(self, processes: dict[Contender, Process], number: int) -> None:
        """Each has its turn; every round begins with another one."""
        order = list(processes)
        start = number % max(1, len(order))
        for contender in order[start:] + order[:start]:
            entry = self._entries[contender]
            self._say(f"round {number + 1} of {self._settings.rounds}: {contender.title}")
            if entry.failure:
                continue
            try:
                times = processes[contender].ask("measure", seconds=self._seconds)["times"]
            except WorkerError as problem:
                entry.failure, entry.rounds = str(problem), []
            else:
                entry.rounds.append(times)

    def _again(self, contender: Contender, entry: Entry) -> None:
        """Time to the first step from a warm cache, and memory."""
        self._say(f"{contender.title}: once more from a warm cache")
        try:
            with self._process(contender, "warm") as process:
                entry.imported = process.started["memory"]
                entry.warm = self._built(process)
                found = process.ask("memory")
                entry.peak, entry.steps = found["peak"], found["steps"]
        except WorkerError as problem:
            entry.failure = str(problem)

    def _process(self, contender: Contender, name: str) -> Process:
        cache = self._settings.folder / f"cache-{contender.key}"
        cache.mkdir(exist_ok=True)
        log = self._settings.logs / f"{self._work.name}-{contender.key}-{name}.log"
        python = self._settings.pythons[contender.side.name]
        threads = self._settings.threads if self._work.threads is None else self._work.threads
        return Process(contender, python, threads, cache, log, keeps_memory=self._work.keeps_memory)

    def _built(self, process: Process) -> float:
        work = self._work
        answer = process.ask(
            "build", kind=work.kind, parameters=dict(work.parameters), arrays=str(self._arrays)
        )
        return float(answer["seconds"])

    def _results(self, contender: Contender) -> Path:
        return self._settings.folder / f"results-{contender.key}.npz"
