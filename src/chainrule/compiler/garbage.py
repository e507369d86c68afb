"""Python's collection of garbage, put off while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let the cyclic garbage collector rest.

    Recording and compiling make many objects that stay, all of which it would look at again and again: a
    quarter of the time at a hundred layers, a third at three hundred.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
