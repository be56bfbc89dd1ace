"""Running a function over tasks in this process or in several."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from joblib import Parallel, delayed

MOST = 4
T = TypeVar("T")
R = TypeVar("R")


def default_workers() -> int:
    """Return the cores this process may use, at most ``MOST``."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))


def in_processes(
    function: Callable[..., R], tasks: Iterable[tuple[object, ...]], workers: int
) -> Iterable[R]:
    """Yield ``function(*task)`` in order; large arrays are shared between processes, not copied."""
    if workers <= 1:
        return (function(*task) for task in tasks)
    run = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="2*n_jobs", mmap_mode="r")
    results: Iterable[R] = run(delayed(function)(*task) for task in tasks)
    return results


def in_threads(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> list[R]:
    """Return ``function(task)`` in order; for work that numpy does without Python's lock."""
    if workers <= 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, tasks))
