"""Help in the user's language: the texts of commands and options come from the catalogue."""

from __future__ import annotations

from typing import Any

from chainrule.errors import messages, text
from chainrule.optim import OPTIMIZERS


def with_help(group: Any) -> Any:
    """Give a Typer command group, and all that is in it, the texts of the current language."""
    group.help = text("cli.help_app")
    _describe_options(group, "option")
    for name, command in group.commands.items():
        command.help = text(f"cli.help_{name}")
        command.rich_help_panel = text("cli.help_panel_commands")
        _describe_options(command, name)
    return group


def _describe_options(command: Any, prefix: str) -> None:
    for parameter in command.params:
        key = f"cli.help_{prefix}_{parameter.name}"
        if key in messages():
            parameter.help = text(key, optimizers=", ".join(OPTIMIZERS))
        panel = "options" if parameter.param_type_name == "option" else "arguments"
        parameter.rich_help_panel = text(f"cli.help_panel_{panel}")
    # Made when it is first asked for, and then kept.
    with command.make_context(command.name, [], resilient_parsing=True) as context:
        option = command.get_help_option(context)
    if option is not None:
        option.help = text("cli.help_option_help")
        option.rich_help_panel = text("cli.help_panel_options")
