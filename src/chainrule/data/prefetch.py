"""Making items in background threads, a few ahead of the one that is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")


def prefetched(
    make: Callable[[int], Item], numbers: range, ahead: int, workers: int
) -> Generator[Item, None, None]:
    """Yield ``make(n)`` for every number, in order, up to ``ahead`` of them made beforehand.

    An error inside ``make`` is raised here, at its item's turn, with its own traceback. When the
    iterator is closed (a break, an error in the loop, the end), items not begun are given up and
    the threads are joined.

    Parameters
    ----------
    make : callable
        Must be a pure function of the number: then threads do not change the result.
    numbers : range
        What it is called with.
    ahead : int
        Items kept ready; 0 makes each one in the calling thread when it is asked for.
    workers : int
        Threads.

    Examples
    --------
    >>> list(prefetched(lambda n: n * n, range(4), ahead=2, workers=2))
    [0, 1, 4, 9]
    """
    if ahead == 0:
        yield from map(make, numbers)
        return
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers, thread_name_prefix="chainrule-data")
    waiting: deque[Future[Item]] = deque()
    try:
        for number in numbers:
            waiting.append(pool.submit(make, number))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
