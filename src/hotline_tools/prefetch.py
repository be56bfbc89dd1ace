"""Work ahead in a thread: the next item is made while this one is used."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def prefetch(items: Iterable[T]) -> Iterator[T]:
    """Yield ``items`` in order, one step ahead in a thread of its own; errors are raised here."""
    iterator = iter(items)

    def take() -> list[T]:
        return list(islice(iterator, 1))

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as pool:
        ahead = pool.submit(take)
        while found := ahead.result():
            ahead = pool.submit(take)
            yield from found
