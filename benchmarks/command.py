"""The command: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import compileall
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.limits import MachineLimits
from benchmarks.machine import busy_processors, this_machine
from benchmarks.measure import Contest, Settings
from benchmarks.outcome import Run, outcome_of
from benchmarks.peers import interpreters
from benchmarks.process import ROOT, on_first_processors
from benchmarks.report import table
from benchmarks.sides import OURS, SIDES, Side, contenders
from benchmarks.work import Work
from benchmarks.works import chosen, families, family_of

FOLDER = ROOT / ".bench" / "results"
ROUNDS, SECONDS = 5, 1.0
BUSY_SECONDS = 0.5
QUICK_ROUNDS, QUICK_SECONDS = 2, 0.2


def main(arguments: list[str] | None = None) -> None:
    """Measure, list, or write documents."""
    given = parser().parse_args(arguments)
    if given.list:
        print("\n".join(listed()))
    elif given.write_page is not None:
        write_page(read(given.write_page), given.write_page)
    elif given.write_docs is not None:
        from benchmarks.report.document import write_documents

        write_documents(read(given.write_docs))
    else:
        measure(given)


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    it = argparse.ArgumentParser(prog="python -m benchmarks", description="Chainrule beside other frameworks")
    it.add_argument("--only", nargs="+", default=[], metavar="NAME", help="works or families")
    it.add_argument("--peers", nargs="*", metavar="SIDE", help=f"of {', '.join(SIDES)}; all by default")
    it.add_argument("--threads", type=int, default=2, help="of every process (2)")
    it.add_argument("--rounds", type=int, help=f"turns of each ({ROUNDS})")
    it.add_argument("--seconds", type=float, help=f"of a turn ({SECONDS:g})")
    it.add_argument("--quick", action="store_true", help="few works, short rounds, each built once")
    it.add_argument("--out", type=Path, default=FOLDER, help="folder for results.json, index.html and logs")
    it.add_argument("--python", help="an interpreter that has the peers already")
    it.add_argument("--add", action="store_true", help="keep other works' results in the folder")
    it.add_argument("--write-page", type=Path, metavar="FOLDER", help="the page of results that are there")
    it.add_argument("--list", action="store_true", help="show works and sides")
    it.add_argument("--write-docs", type=Path, metavar="FOLDER", help="docs/performance.md from results")
    return it


def listed() -> list[str]:
    """Works with their goals, and who takes part."""
    lines = []
    for family, works in families().items():
        lines.append(family)
        for work in works:
            goal = "" if work.goal is None else f"  goal {work.goal:g}"
            who = ", ".join(contender.title for contender in contenders(work, list(SIDES.values())))
            lines.append(f"  {work.name:24} {work.title}{goal}\n  {'':24} {who}")
    return lines


def measure(given: argparse.Namespace) -> None:
    """Run works one after the other."""
    works = [work for work in chosen(given.only) if given.only or work.is_quick or not given.quick]
    wanted = sides_for(works, given.peers)
    pythons, missing = interpreters(wanted, given.python, say)
    # As pip does with the packages that it installs, the peers among them.
    compileall.compile_dir(ROOT / "src", quiet=1)
    busy, limits = busy_processors(BUSY_SECONDS), machine_limits(given.threads)
    run = Run(this_machine(), limits, time.strftime("%Y-%m-%d"), busy, missing)
    kept = read(given.out).outcomes if given.add else []
    run.outcomes = [outcome for outcome in kept if outcome.name not in {work.name for work in works}]
    print(table.head(run), flush=True)
    sides = [side for side in wanted if side.name in pythons]
    for work in works:
        with tempfile.TemporaryDirectory(prefix="chainrule-bench-") as folder:
            entries = Contest(work, contenders(work, sides), settings(given, Path(folder), pythons)).run()
        run.outcomes.append(outcome_of(family_of(work), work, entries))
        say("")
        print("\n".join(table.lines(run.outcomes[-1], run.limits)), flush=True)
        write_results(run, given.out)
    print(f"\n{table.tally(run)}")
    write_page(run, given.out)


def sides_for(works: list[Work], peers: list[str] | None) -> list[Side]:
    """Ours and these peers, or all, that do some of these works."""
    names = list(SIDES) if peers is None else [OURS, *peers]
    unknown = sorted(set(names) - set(SIDES))
    if unknown:
        raise SystemExit(f"no side is named {', '.join(unknown)}; there are {', '.join(SIDES)}")
    kinds = {work.kind for work in works}
    return [SIDES[name] for name in dict.fromkeys(names) if kinds & set(SIDES[name].forms)]


def settings(given: argparse.Namespace, folder: Path, pythons: Mapping[str, str]) -> Settings:
    """How to measure, as the command was told."""
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if given.quick else (ROUNDS, SECONDS)
    return Settings(
        threads=given.threads,
        rounds=rounds if given.rounds is None else given.rounds,
        seconds=seconds if given.seconds is None else given.seconds,
        is_twice=not given.quick,
        folder=folder,
        logs=given.out / "logs",
        pythons=pythons,
        say=say,
    )


def machine_limits(threads: int) -> MachineLimits:
    """Measured in a process of its own."""
    say("measuring what the machine can do")
    command = [sys.executable, "-m", "benchmarks.limits", str(threads)]
    found = subprocess.check_output(command, cwd=ROOT, preexec_fn=on_first_processors(threads))
    return MachineLimits(**json.loads(found))


def say(what: str) -> None:
    """What is going on, on one line of a terminal that the next replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def write_results(run: Run, folder: Path) -> None:
    """``results.json``, after each work."""
    from chainrule.files.atomic import write_atomically

    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "results.json", json.dumps(run.as_json()).encode())


def write_page(run: Run, folder: Path) -> None:
    """``index.html``, at the end: its figures take a while."""
    from benchmarks.report.page import page
    from chainrule.files.atomic import write_atomically

    write_atomically(folder / "index.html", page(run).encode())
    print(folder / "index.html")


def read(folder: Path) -> Run:
    """A run that was written."""
    return Run.from_json(json.loads((folder / "results.json").read_text(encoding="utf-8")))
