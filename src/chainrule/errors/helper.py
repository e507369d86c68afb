"""The one helper that builds errors."""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from chainrule.errors.catalogue import messages, text
from chainrule.errors.kinds import ChainruleError

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_LIBRARIES = (_PACKAGE, *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})


def error(key: str, *, shapes: Mapping[str, Any] | None = None, **values: Any) -> ChainruleError:
    """Build the error of a row: message, then all shapes, then the user's own line.

    Parameters
    ----------
    key : str
        Row of the catalogue, for example ``"ops.broadcast"``.
    shapes : mapping, optional
        Shapes of everything that took part, shown in one bracket where the message has
        ``{shapes}``.
    **values
        What the message's places are filled with.

    Returns
    -------
    ChainruleError
        To be raised by the caller, where the mistake is made.
    """
    if shapes is not None:
        values["shapes"] = ", ".join(f"{name} {_plain(shape)}" for name, shape in shapes.items())
    message = text(key, **values)
    line = user_line()
    problem = messages()[key].kind(f"{message}\n  {line}" if line else message)
    problem.key, problem.values = key, values
    return problem


def user_line(frame: FrameType | None = None) -> str:
    """The innermost line of the stack that is not Chainrule's own, as ``file.py:3: code``."""
    frame = frame or sys._getframe(1)
    while frame is not None and not _is_user(frame):
        frame = frame.f_back
    if frame is None:
        return ""
    filename, number = frame.f_code.co_filename, frame.f_lineno
    code = linecache.getline(filename, number, frame.f_globals).strip()
    place = f"{os.path.basename(filename)}:{number}"  # noqa: PTH119  (a path takes ten times as long)
    return f"{place}: {code}" if code else place


def _is_user(frame: FrameType) -> bool:
    filename = frame.f_code.co_filename
    # The __init__ that a dataclass is given has no file; its module tells whose it is.
    if filename == "<string>" and frame.f_globals.get("__name__", "").startswith("chainrule."):
        return False
    return is_users_file(filename)


@cache
def is_users_file(filename: str) -> bool:
    """Whether code is the user's own, neither Chainrule's nor a library's."""
    return not filename.startswith((*_LIBRARIES, "<frozen"))


def _plain(shape: object) -> str:
    return str(tuple(int(n) for n in shape)) if isinstance(shape, tuple | list) else str(shape)
