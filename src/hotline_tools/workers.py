"""Running a function over tasks in this process, in threads or in processes.

Processes are started by ``loky``: freshly, on every platform, and without importing the caller's script,
which therefore needs no ``if __name__ == "__main__"``. It is imported late, since ``--help`` needs ``MOST``.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

MOST = 4
"""Workers by default, however many cores there are: each process takes some hundred MB."""
_IDLE_SECONDS = 5
"""A process without a task for so long ends; so all do when the caller is killed."""
T = TypeVar("T")
R = TypeVar("R")
_shared: list[Any] = []


def default_workers() -> int:
    """Return the number of cores this process may use, at most ``MOST``."""
    from loky import cpu_count

    return min(MOST, int(cpu_count()))


def in_processes(
    function: Callable[..., R],
    tasks: Iterable[tuple[object, ...]],
    workers: int,
    *,
    shared: object = None,
    keep: bool = False,
) -> Iterator[R]:
    """Yield ``function(*task)`` in the order of ``tasks``; at most ``2 * workers`` results wait.

    ``shared`` is sent to each process once, where ``shared_object`` returns it. The processes end with
    the last task, so that their memory is free again; with ``keep`` the next call that has the same
    ``shared`` may use them. Raises what ``function`` raises. With one worker all runs in this process.
    """
    if workers <= 1:
        _hold(shared)
        yield from (function(*task) for task in tasks)
        return
    from loky import ProcessPoolExecutor, get_reusable_executor

    start = get_reusable_executor if keep else ProcessPoolExecutor
    pool = start(workers, timeout=_IDLE_SECONDS, initializer=_hold, initargs=(shared,))
    waiting: deque[Future[R]] = deque()
    done = False
    try:
        for task in tasks:
            waiting.append(pool.submit(function, *task))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        done = True
    finally:
        if not (done and keep):
            pool.shutdown(wait=True, kill_workers=not done)


def shared_object() -> Any:
    """Return the ``shared`` of ``in_processes``, inside one of its tasks."""
    return _shared[0]


def _hold(shared: object) -> None:
    _shared[:] = [shared]


def in_threads(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> list[R]:
    """Return ``function(task)`` in order; for work that numpy does without Python's lock."""
    if workers <= 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, tasks))
