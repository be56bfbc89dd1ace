"""Running a function over tasks in this process or in several."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import TypeVar

from joblib.externals.loky import ProcessPoolExecutor

MOST = 4
_LOOK_SECONDS = 2.0
T = TypeVar("T")
R = TypeVar("R")


def default_workers() -> int:
    """Return the cores this process may use, at most ``MOST``."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))


def in_processes(
    function: Callable[..., R], tasks: Iterable[tuple[object, ...]], workers: int
) -> Iterator[R]:
    """Yield ``function(*task)`` in order; only a few results wait.

    The processes end with the last task: kept for another run they would hold on to their memory.
    """
    if workers <= 1:
        yield from (function(*task) for task in tasks)
        return
    pool, done = ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),)), False
    waiting: deque[Future[R]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(function, *task))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        done = True
    finally:
        pool.shutdown(wait=True, kill_workers=not done)


def _end_with(caller: int) -> None:
    """Have this process end when its caller is killed: nobody would take its results, nor tell it to end."""

    def watch() -> None:
        while os.getppid() == caller:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def in_threads(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> list[R]:
    """Return ``function(task)`` in order; for work that numpy does without Python's lock."""
    if workers <= 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, tasks))
