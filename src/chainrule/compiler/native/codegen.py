"""Text of LLVM IR to object code and assembly, for this machine and for others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm

from chainrule.compiler.native import messages as messages
from chainrule.compiler.native.workshop import object_code, side_by_side
from chainrule.compiler.target import Target
from chainrule.compiler.turns import LLVM, Turn
from chainrule.errors import ChainruleError, error

# LLVM is entered for one program at a time, and never while the process forks: the child could not go on.
LOCK = Turn(LLVM)

# Code generators by target.
_made: dict[Target, list[Any]] = {}

# What LLVM's code generation does by itself is enough for loops that are tiled by hand.
_SIMPLE = ("sroa", "instruction_combine", "simplify_cfg", "new_gvn", "dead_code_elimination")


def _simple_passes(builder: Any) -> Any:
    passes = llvm.create_new_module_pass_manager()
    for name in _SIMPLE:
        getattr(passes, f"add_{name}_pass")()
    return passes


def _full_passes(builder: Any) -> Any:
    return builder.getModulePassManager()


@dataclass(frozen=True)
class Source:
    """A module to be compiled.

    Attributes
    ----------
    text : str
        LLVM IR.
    passes : str
        What optimises it: a key of `PASSES`.
    """

    text: str
    passes: str = "none"


PASSES: dict[str, Callable[[Any], Any] | None] = {
    "none": None,
    "simple": _simple_passes,
    "full": _full_passes,
}


def emit_object(text: str, target: Target, *, passes: str = "none") -> bytes:
    r"""Object code of a module.

    Parameters
    ----------
    text : str
        LLVM IR.
    target : Target
        Whom the code is for; need not be this machine.
    passes : str
        What optimises the module before code is generated: a key of `PASSES`.

    Returns
    -------
    bytes
        An object file in the target's format (ELF, Mach-O, COFF, WebAssembly).

    Raises
    ------
    CompileError
        The text is not well formed; ``values["line"]`` says where.

    Examples
    --------
    >>> from chainrule.compiler.target import named
    >>> emit_object("define void @f() { ret void }", named("wasm32"))[:4]
    b'\x00asm'
    """
    return emit_objects([Source(text, passes)], target)[0]


def emit_objects(sources: Sequence[Source], target: Target, threads: int = 1) -> list[bytes]:
    """Object code of modules, several at a time; errors are those of `emit_object`."""
    if not sources:
        return []
    with LOCK:
        machines = _machines(target, min(threads, len(sources)))
        return side_by_side(lambda source, machine: _object(source, target, machine), sources, machines)


def _object(source: Source, target: Target, machine: Any) -> bytes:
    with _module(source, target, machine) as module:
        return object_code(machine, module)


def emit_assembly(text: str, target: Target, *, passes: str = "none") -> str:
    """Assembly of a module; parameters and errors are those of `emit_object`.

    Examples
    --------
    >>> from chainrule.compiler.target import named
    >>> "ret" in emit_assembly("define void @f() { ret void }", named("aarch64"))
    True
    """
    with LOCK, _module(Source(text, passes), target, machine_of(target)) as module:
        return str(machine_of(target).emit_assembly(module))


def machine_of(target: Target) -> Any:
    """LLVM's code generator for a target."""
    with LOCK:
        return _machines(target, 1)[0]


def _machines(target: Target, count: int) -> list[Any]:
    """Code generators for a target, each for one thread at a time."""
    made = _made.setdefault(target, [])
    while len(made) < count:
        made.append(_new_machine(target))
    return made[:count]


def _new_machine(target: Target) -> Any:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    chosen = llvm.Target.from_triple(target.triple)
    # WebAssembly's code has no place of its own that data could be found from.
    reloc = "static" if target.architecture == "wasm32" else "pic"
    settings = {"opt": 3, "reloc": reloc, "codemodel": "small"}
    return chosen.create_target_machine(cpu=target.cpu, features=target.features, **settings)


@contextmanager
def _module(source: Source, target: Target, machine: Any) -> Iterator[Any]:
    """The parsed, verified and optimised module.

    It is closed before its context, and both at once: left to Python's collection of garbage, the context
    may go first, which LLVM does not survive.
    """
    with llvm.create_context() as context, _parsed(source.text, context) as module:
        module.triple, module.data_layout = target.triple, str(machine.target_data)
        make = PASSES[source.passes]
        if make is not None:
            _optimise(module, machine, make)
        yield module


def _parsed(text: str, context: Any) -> Any:
    try:
        module = llvm.parse_assembly(text, context)
    except RuntimeError as problem:
        raise _invalid(text, problem) from problem
    try:
        module.verify()
    except RuntimeError as problem:
        module.close()
        raise _invalid(text, problem) from problem
    return module


def _optimise(module: Any, machine: Any, make: Callable[[Any], Any]) -> None:
    # A builder that is used again gets slower with every run; making one leaks 1.4 kB within llvmlite 0.50.
    with (
        llvm.create_pipeline_tuning_options(speed_level=3) as options,
        llvm.create_pass_builder(machine, options) as builder,
        make(builder) as manager,
    ):
        manager.run(module, builder)


def _invalid(text: str, problem: RuntimeError) -> ChainruleError:
    lines, said = text.splitlines(), str(problem).strip()
    number = _line_of(lines, said)
    code = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return error("native.invalid_ir", line=number, code=code, problem=said)


def _line_of(lines: list[str], problem: str) -> int:
    """The line that the parser names, or the instruction that the verifier shows; 0 if neither is found."""
    place = re.search(r"<string>:(\d+):\d+", problem)
    if place:
        return int(place[1])
    shown = [line.strip() for line in problem.splitlines()[1:]]
    written = [line.strip() for line in lines]
    return next((written.index(line) + 1 for line in shown if line in written), 0)
