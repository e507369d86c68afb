"""``chainrule cache``: the compiled code that is kept on disk."""

from __future__ import annotations

from chainrule.cli.output import count, say
from chainrule.compiler.native.arrays import readable_size
from chainrule.compiler.native.cache import Cache, current, folder
from chainrule.errors import error, hint, text

ACTIONS = ("clear",)


def use_cache(action: str | None) -> None:
    """Show the cache, or do something to it.

    Raises
    ------
    ConfigError
        There is no such action.
    """
    if action not in (None, *ACTIONS):
        meant = hint("cli.did_you_mean", action, ACTIONS)
        raise error("cli.choice", option="cache", got=action, hint=meant, known=", ".join(ACTIONS))
    if folder() is None:
        say(text("cli.cache_off"))
    elif action is None:
        _show(current())
    else:
        _clear(current())


def _show(cache: Cache) -> None:
    entries, size = cache.size()
    hits, misses = cache.uses()
    say(
        text("cli.cache_folder", path=cache.folder),
        text(
            "cli.cache_size", count=count(entries), size=readable_size(size), limit=readable_size(cache.limit)
        ),
        text("cli.cache_uses", hits=count(hits), misses=count(misses)),
    )


def _clear(cache: Cache) -> None:
    _, size = cache.size()
    say(text("cli.cache_cleared", count=count(cache.clear()), size=readable_size(size)))
