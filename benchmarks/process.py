"""A contender's process, seen from outside: asked one thing at a time, and stopped meanwhile."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from benchmarks.sides import Contender

ROOT = Path(__file__).resolve().parent.parent
LOG_LINES = 6
# Of linux/prctl.h.
PR_SET_PDEATHSIG = 1
# Seconds after which a process that does not answer is ended.
LONGEST = 1800.0

# Libraries under NumPy and the frameworks read these when they are loaded.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# The system's fresh pages cost more than filling them: large arrays that are freed stay with the process, so
# that a framework without an allocator of its own does not get new ones at each call (mallopt(3)).
KEEPING_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}


class WorkerError(Exception):
    """A contender failed, or its process ended."""


class Process:
    """A worker of a contender; a context manager.

    With ``keeps_memory`` what is freed stays with it, as `KEEPING_MEMORY` says.
    """

    def __init__(
        self,
        contender: Contender,
        python: str,
        threads: int,
        cache: Path,
        log: Path,
        *,
        keeps_memory: bool = False,
    ) -> None:
        self.contender, self._log, self._is_closed = contender, log, False
        self._output: TextIO = log.open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.worker", contender.side.name, contender.form.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._output,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env=_environment(contender.side.environment, threads, cache)
            | (KEEPING_MEMORY if keeps_memory else {}),
            start_new_session=True,
            preexec_fn=on_first_processors(threads),
        )
        try:
            self.started = self.ask("start", threads=threads)
        except BaseException:
            self.close()
            raise

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Wake the process, have this done, and stop it again."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        self._signal(signal.SIGCONT)
        too_long = threading.Timer(LONGEST, self._signal, [signal.SIGKILL])
        too_long.start()
        try:
            process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            too_long.cancel()
        answer: dict[str, Any] = json.loads(line) if line else {"error": self._last_words()}
        if "error" in answer:
            self.close()
            raise WorkerError(f"{command}: {answer['error']}")
        self._signal(signal.SIGSTOP)
        return answer

    def close(self) -> None:
        """End the process, with what it started."""
        if self._is_closed:
            return
        self._is_closed = True
        self._signal(signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._output):
            if stream is not None:
                _close(stream)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _signal(self, number: int) -> None:
        """To the whole group: compilers' helper processes too."""
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _last_words(self) -> str:
        code = self._process.wait()
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return f"the process ended with {code}\n" + "\n".join(lines[-LOG_LINES:])


def _close(stream: Any) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return


def _environment(side: Mapping[str, str], threads: int, cache: Path) -> dict[str, str]:
    filled = {key: value.format(threads=threads, cache=cache) for key, value in side.items()}
    common = {key: str(threads) for key in THREADS}
    # Installed packages come with their bytecode.
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **common, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **filled}


def on_first_processors(threads: int) -> Callable[[], None] | None:
    """What a new process does first: it keeps to as many processors as threads, and ends when this one does.

    Frameworks that start a thread for each processor they may use start no more than these. A stopped process
    would wait for ever for one that was killed.
    """
    if not sys.platform.startswith("linux"):
        return None
    processors, libc = sorted(os.sched_getaffinity(0))[:threads], ctypes.CDLL(None)

    def first() -> None:
        os.sched_setaffinity(0, processors)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    return first
