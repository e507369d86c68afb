"""The command ``chainrule``: train, evaluate, predict, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from chainrule.cli import messages as messages


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code: 0 where all went well.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line by default.

    Examples
    --------
    >>> main(["--version"])
    chainrule ...
    0
    """
    import typer.main

    from chainrule.cli.app import app
    from chainrule.cli.failures import run_safely
    from chainrule.cli.help import with_help

    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows few letters must not end a training.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    command = with_help(typer.main.get_command(app))
    given = list(sys.argv[1:] if arguments is None else arguments)
    return run_safely(lambda: command.main(given, prog_name="chainrule", standalone_mode=False))
