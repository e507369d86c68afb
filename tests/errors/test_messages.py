"""Wrong calls of the core, and the exact message of each, with the user's own line last."""

import re

import pytest

from chainrule.errors import ChainruleError

from . import derivatives, elements, shapes

TABLES = {"shapes": shapes.ROWS, "elements": elements.ROWS, "derivatives": derivatives.ROWS}
ROWS = [(*row, name) for name, rows in TABLES.items() for row in rows]


def raised(call, kind) -> list[str]:
    """The lines of the error of a call."""
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, ChainruleError)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(("call", "kind", "english", "chinese", "file"), ROWS)
def test_message(call, kind, english, chinese, file, monkeypatch):
    message, line = raised(call, kind)
    assert message == english
    assert re.fullmatch(rf"  {file}\.py:\d+: .+", line)
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert raised(call, kind) == [chinese, line]
