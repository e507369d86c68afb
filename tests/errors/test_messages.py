"""Wrong calls of the core, and the exact message of each, with the user's own line last."""

import re

import pytest

import chainrule as cr
from chainrule.errors import ChainruleError, DTypeError, OutOfRangeError, ShapeError

from . import derivatives, elements, places, recordings, shapes

TABLES = {
    "shapes": shapes.ROWS,
    "elements": elements.ROWS,
    "derivatives": derivatives.ROWS,
    "places": places.ROWS,
    "recordings": recordings.ROWS,
}
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


def test_kinds_are_the_exceptions_that_python_users_expect():
    assert issubclass(ShapeError, ValueError)
    assert issubclass(DTypeError, TypeError)
    assert issubclass(OutOfRangeError, IndexError)


def test_an_error_tells_its_row_and_values():
    with pytest.raises(ShapeError) as caught:
        cr.ones((2, 3)) + cr.ones(4)
    assert caught.value.key == "ops.broadcast"
    assert caught.value.values["axis"] == -1
