"""Errors as a user of the command sees them: the message, and an exit code that is not 0."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable
from typing import Any

from chainrule.cli.output import show_error
from chainrule.errors import ChainruleError, error, hint

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

# The line of the user's program, which in the command is the line that starts the command.
_USER_LINE = re.compile(r"\n  \S+:\d+(: .*)?\Z")


def run_safely(command: Callable[[], Any]) -> int:
    """Run the command, and give its exit code."""
    import typer

    try:
        code = command()
    except ChainruleError as problem:
        return _failed(problem)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        return FAILED
    except OSError as problem:
        return _failed(error("cli.system", problem=_plainly(problem)).with_traceback(problem.__traceback__))
    except Exception as problem:
        # Typer's errors of usage: their class belongs to a library that changed with Typer's versions.
        if not hasattr(problem, "format_message"):
            raise
        return _misused(problem)
    return code if isinstance(code, int) else 0


def message_of(problem: BaseException) -> str:
    """The message without the line of the program that starts the command."""
    return _USER_LINE.sub("", str(problem))


def _failed(problem: ChainruleError) -> int:
    if os.environ.get("CHAINRULE_TRACEBACK", "") not in ("", "0"):
        traceback.print_exception(problem)
    show_error(message_of(problem))
    for note in getattr(problem, "__notes__", ()):
        show_error(note)
    return FAILED


def _plainly(problem: OSError) -> str:
    return f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)


def _misused(problem: Any) -> int:
    context = getattr(problem, "ctx", None)
    path = "chainrule" if context is None else context.command_path
    wrong = getattr(problem, "option_name", None)
    if wrong is None or context is None:
        said = problem.format_message()
        if said.strip(". "):  # Typer has shown the help where nothing was given
            show_error(message_of(error("cli.usage", problem=said, command=path)))
    else:
        known = [name for parameter in context.command.params for name in parameter.opts if name[0] == "-"]
        meant = hint("cli.did_you_mean", wrong, known, cutoff=0.5)
        show_error(message_of(error("cli.no_option", option=wrong, hint=meant, command=path)))
    return MISUSED
