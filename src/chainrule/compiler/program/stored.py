"""Programs on disk: a second process loads what a first one has built, without building it again.

What is stored is a program's layout and the names of its object code, which lie in the same cache, under a
hash of all that building depends on: the graph, options, the machine, and the files of the package. How the
program came to be (its loops, kernels, places in memory) is worked out again if somebody asks.
"""

from __future__ import annotations

import functools
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler import target as targets
from chainrule.compiler.native.arrays import aligned_empty
from chainrule.compiler.native.cache import NoCache, current, key_of
from chainrule.compiler.native.jit import load_kept
from chainrule.compiler.options import DEFAULT, Options
from chainrule.compiler.program.layout import Layout, StatePlace
from chainrule.compiler.program.program import Program, ProgramReport
from chainrule.core.op import TABLE
from chainrule.graph import Graph, Node
from chainrule.graph.canonical import canonical

if TYPE_CHECKING:
    from chainrule.compiler.program.making import Making

PACKAGE = Path(__file__).resolve().parents[2]

# Programs with larger constants are built again: these would be read from the disk at any rate.
_MOST_CONSTANTS = 1 << 22


def build(graph: Graph, options: Options = DEFAULT) -> Program:
    """A graph as a program for this machine: the one that is stored, or else a new one, which is stored."""
    if isinstance(current(), NoCache):
        return _built(graph, options)
    target, start = targets.host(), time.perf_counter()
    key = key_of_program(graph, options, target)
    found = None if key is None else read(key, graph, options, target)
    if found is None:
        found = _built(graph, options)
        if key is not None:
            write(key, found, target)
    else:
        found.report.seconds = {"reading": time.perf_counter() - start}
    return found


def _built(graph: Graph, options: Options) -> Program:
    from chainrule.compiler.program.build import build as built

    return built(graph, options)


# Where the callables of rows come from that do not change without the files of a package.
_LASTING = (__name__.partition(".")[0], "numpy", "scipy")


def _rows(graph: Graph) -> list[str] | None:
    """What its operations are made of; None if somebody else wrote one: nothing tells when that changes."""
    found: dict[str, None] = {}
    for op in dict.fromkeys(node.op for node in _nodes(graph)):
        callables = [x for x in (op.numpy, op.emit) if x is not None]
        origins = [(getattr(x, "__module__", None) or "numpy", getattr(x, "__name__", "")) for x in callables]
        is_lasting = all(module.partition(".")[0] in _LASTING for module, _ in origins)
        if TABLE.get(op.name) is not op or not is_lasting:
            return None
        found[f"{op.name} {origins}"] = None
    return list(found)


def _nodes(graph: Graph) -> Iterator[Node]:
    """All nodes, those of bodies too."""
    for node in graph.nodes:
        yield node
        for body in _bodies(node.params.values()):
            yield from _nodes(body)


def _bodies(values: Any) -> Iterator[Graph]:
    for value in values:
        if isinstance(value, Graph):
            yield value
        elif isinstance(value, tuple | list):
            yield from _bodies(value)


def key_of_program(graph: Graph, options: Options, target: targets.Target) -> str | None:
    """The name of a program on disk; None if something in the graph has no lasting form."""
    rows, form = _rows(graph), canonical(graph)
    text = repr((form, rows, asdict(options), asdict(target), np.__version__, _package()))
    return None if rows is None or " at 0x" in text else key_of(text, "program", target)


@functools.cache
def _package() -> str:
    """A hash of which files the package consists of, and of which day."""
    found = blake2b(digest_size=16)
    for folder, folders, files in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118
            found.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def write(key: str, program: Program, target: targets.Target) -> None:
    """Keep a program, unless NumPy has a part in it or it holds much."""
    from chainrule.compiler.native.jit import keys_of
    from chainrule.compiler.program.build import sources

    arrays = [array for _, array in program.layout.constants]
    if program.report.fallbacks or sum(array.nbytes for array in arrays) > _MOST_CONSTANTS:
        return
    report = program.report
    head = {
        "layout": _plain(program.layout),
        "code": keys_of(sources(program.making), target),
        "report": {
            "kernels": report.kernels,
            "distinct": report.distinct,
            "arena": report.arena,
            "rewrites": dict(report.rewrites),
        },
    }
    elements = b"".join(array.tobytes() for array in arrays)
    current().write(key, json.dumps(head).encode() + b"\n" + elements)


def read(key: str, graph: Graph, options: Options, target: targets.Target) -> Program | None:
    """The program that is kept under a name, or None if it or some of its code is not there."""
    content = current().read(key)
    if content is None:
        return None
    text, _, rest = content.partition(b"\n")
    head = json.loads(text)
    library = load_kept(head["code"], target)
    if library is None:
        return None
    layout, report = _layout(head["layout"], rest), ProgramReport(**head["report"])
    return Program(graph, layout, library, report, lambda: _made(graph, options, target))


def _made(graph: Graph, options: Options, target: targets.Target) -> Making:
    from chainrule.compiler.program.build import made

    return made(graph, options, target)[0]


def _plain(layout: Layout) -> dict[str, Any]:
    """A layout as JSON has it; of its constants, how large they are."""
    constants = [(slots, array.nbytes) for slots, array in layout.constants]
    named = {name: getattr(layout, name) for name in layout.__dataclass_fields__}
    pairs = {name: list(named[name].items()) for name in ("offsets", "records")}
    return {**named, **pairs, "constants": constants, "states": [asdict(state) for state in layout.states]}


def _layout(plain: Mapping[str, Any], elements: bytes) -> Layout:
    """The layout that `_plain` gave."""
    states = [StatePlace(**{**state, "slots": tuple(state["slots"])}) for state in plain["states"]]
    return Layout(
        **{
            **plain,
            "offsets": dict(plain["offsets"]),
            "constants": _constants(plain["constants"], elements),
            "records": {number: tuple(slots) for number, slots in plain["records"]},
            "states": states,
        }
    )


def _constants(described: Any, elements: bytes) -> list[tuple[tuple[int, ...], np.ndarray]]:
    found, begin = [], 0
    for slots, nbytes in described:
        array = aligned_empty((nbytes,), np.dtype(np.uint8))
        array[:] = np.frombuffer(elements, np.uint8, nbytes, begin)
        found.append((tuple(slots), array))
        begin += nbytes
    return found
