"""Work ahead in a thread: the next items are made while this one is used."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def prefetch(items: Iterable[T], ahead: int = 1) -> Generator[T]:
    """Yield ``items`` in order, ``ahead`` of them made before they are asked for, in a thread of its own.

    Errors are raised here.
    """
    iterator = iter(items)

    def take() -> list[T]:
        return list(islice(iterator, 1))

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as pool:
        taken = deque(pool.submit(take) for _ in range(ahead))
        try:
            while found := taken.popleft().result():
                taken.append(pool.submit(take))
                yield from found
        finally:
            for future in taken:
                future.cancel()
