"""Classification in several processes, each with its own share of the messages."""

from collections.abc import Hashable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from typing import Protocol

import pyarrow as pa


class Classifies(Hashable, Protocol):
    """Whatever turns titles and contents into a table, each row by itself."""

    def classify(self, titles: pa.Array, contents: pa.Array) -> pa.Table:
        """Return one row a message."""


PARTS_PER_WORKER = 4
_held: list[Classifies] = []


@lru_cache(maxsize=2)
def _pool(classifier: Classifies, workers: int) -> ProcessPoolExecutor:
    # forkserver: a plain fork of a process with Arrow's threads can lock up
    context = get_context("forkserver")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_hold, initargs=(classifier,))


def classify_parallel(classifier: Classifies, titles: pa.Array, contents: pa.Array, workers: int) -> pa.Table:
    """The same table as in one process; rows keep their order."""
    size = max(1, -(-len(titles) // (workers * PARTS_PER_WORKER)))
    parts = [(titles.slice(i, size), contents.slice(i, size)) for i in range(0, len(titles), size)]
    return pa.concat_tables(list(_pool(classifier, workers).map(_work, parts)))


def _hold(classifier: Classifies) -> None:
    _held.append(classifier)


def _work(part: tuple[pa.Array, pa.Array]) -> pa.Table:
    # a slice is rebuilt, so that only its own bytes travel
    return _held[0].classify(*part)
