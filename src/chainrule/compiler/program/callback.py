"""The way back: what native code calls Python for while it runs.

It asks for operations that NumPy does, and from time to time in a long loop it lets Python look whether a
signal waits (`interrupt`).
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Generator
from typing import Any

_Callback = ctypes.CFUNCTYPE(None, ctypes.c_int64)

_Answer = weakref.WeakMethod[Callable[[int], None]]
_Fail = weakref.WeakMethod[Callable[[BaseException], None]]


def callback(answer: Callable[[int], None], fail: Callable[[BaseException], None]) -> Any:
    """A function for native code that calls a method, and hands what it raises to another one.

    It does not keep the methods' object alive: programs go as soon as nobody needs them.
    """
    answers = _answers(weakref.WeakMethod(answer), weakref.WeakMethod(fail))
    next(answers)
    return _Callback(answers.send)


def _answers(answer: _Answer, fail: _Fail) -> Generator[None, int, None]:
    """What answers each number that is sent.

    It is a generator since the handler of a signal that waits runs as soon as Python code does: in a function
    before its first line, where nothing catches what it raises, but in a generator where that goes on.
    """
    while True:
        try:
            number = yield
            _living(answer)(number)
        except GeneratorExit:  # noqa: PERF203
            return
        except BaseException as problem:
            _living(fail)(problem)


def _living(method: weakref.WeakMethod[Any]) -> Any:
    found = method()
    assert found is not None
    return found
