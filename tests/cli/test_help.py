"""The help is complete in both languages."""

from __future__ import annotations

import re

import pytest
import typer.main

from chainrule.cli.app import app
from chainrule.cli.help import with_help
from chainrule.cli.messages import HELP


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch) -> str:
    monkeypatch.setenv("CHAINRULE_LANG", request.param)
    return request.param


def described(command) -> dict[str, str | None]:
    return {parameter.name: parameter.help for parameter in command.params}


def test_everything_is_described_in_the_language(language):
    group = with_help(typer.main.get_command(app))
    texts = [group.help, *described(group).values()]
    for command in group.commands.values():
        texts += [command.help, *described(command).values()]
    assert len(texts) > 30
    for text in texts:
        assert text
        assert bool(re.search("[一-鿿]", text)) == (language == "zh")


def test_every_text_is_used():
    group = with_help(typer.main.get_command(app))
    used = {"app", "option_help", "panel_arguments", "panel_options", "panel_commands", *group.commands}
    used |= {f"option_{name}" for name in described(group)}
    used |= {f"{name}_{option}" for name, command in group.commands.items() for option in described(command)}
    assert set(HELP) == used


@pytest.mark.parametrize("command", ["train", "evaluate", "predict", "explain"])
def test_help_is_shown(chainrule, language, command):
    out = chainrule(command, "--help")
    assert HELP[command][language == "zh"] in re.sub(r"\s+", " ", out).replace(
        " ", "" if language == "zh" else " "
    )


def test_commands_are_listed_where_nothing_is_asked(chainrule):
    code, out, err = chainrule.tried()
    assert code != 0
    assert "train" in out + err
    assert "Error" not in err


def test_version(chainrule):
    import chainrule as cr

    assert chainrule("--version").strip() == f"chainrule {cr.__version__}"
