"""Ragged rows: for each order the sorted ids it holds, with small columns beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass
class RaggedRows:
    """``ids[indptr[i]:indptr[i + 1]]`` are the ids of order i, ascending, each once."""

    indptr: Longs
    ids: Ints
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Values beside each id: counts and marks."""

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self.indptr) - 1

    @property
    def sizes(self) -> Longs:
        """Ids of each order."""
        return np.diff(self.indptr)

    def row_numbers(self) -> Longs:
        """Return the order of each id."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def only(self, keep: Mask) -> "RaggedRows":
        """Return the rows with the chosen ids alone."""
        kept = np.zeros(len(keep) + 1, dtype=np.int64)
        np.cumsum(keep, out=kept[1:])
        return RaggedRows(kept[self.indptr], self.ids[keep], {n: c[keep] for n, c in self.columns.items()})

    def take(self, orders: Longs) -> "RaggedRows":
        """Return some of the orders, in the order given."""
        start, size = self.indptr[orders], self.sizes[orders]
        indptr = np.zeros(len(orders) + 1, dtype=np.int64)
        np.cumsum(size, out=indptr[1:])
        at = np.arange(indptr[-1]) + np.repeat(start - indptr[:-1], size)
        return RaggedRows(indptr, self.ids[at], {n: c[at] for n, c in self.columns.items()})

    def part(self, start: int, stop: int) -> "RaggedRows":
        """Return orders ``start`` to ``stop``, not copied."""
        first, last = self.indptr[start], self.indptr[min(stop, len(self))]
        columns = {n: c[first:last] for n, c in self.columns.items()}
        return RaggedRows(self.indptr[start : stop + 1] - first, self.ids[first:last], columns)

    def sums(self, weight: NDArray[Any]) -> Floats:
        """Return the sum of a weight over each order's ids."""
        total = np.zeros(len(weight) + 1, dtype=np.float64)
        np.cumsum(weight, dtype=np.float64, out=total[1:])
        return (total[self.indptr[1:]] - total[self.indptr[:-1]]).astype(np.float32)


def coded(doc: NDArray[Any], key: NDArray[Any], bits: int) -> NDArray[np.uint64]:
    """Return order and id in one number; ids are the lower ``bits`` of the keys."""
    return (doc.astype(np.uint64) << np.uint64(bits)) | (key.astype(np.uint64) & np.uint64((1 << bits) - 1))


def distinct(codes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Longs]:
    """Return the sorted distinct codes and how often each came."""
    ordered = np.sort(codes)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    start = np.flatnonzero(first)
    return ordered[start], np.diff(np.append(start, len(ordered)))


def sorted_set(values: Longs) -> Longs:
    """Return the sorted distinct values: numpy's own ``unique`` hashes, which is slower on numbers."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def rows_of(codes: NDArray[np.uint64], n: int, bits: int, **columns: NDArray[Any]) -> RaggedRows:
    """Return rows from sorted distinct codes."""
    start = np.searchsorted(codes, np.arange(n + 1, dtype=np.uint64) << np.uint64(bits))
    ids = (codes & np.uint64((1 << bits) - 1)).astype(np.int32)
    return RaggedRows(start.astype(np.int64), ids, columns)


def located(codes: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> tuple[Longs, Mask]:
    """Return where each wanted code stands among sorted codes, and whether it is there at all."""
    at = np.minimum(np.searchsorted(codes, wanted), max(0, len(codes) - 1))
    return at, codes[at] == wanted if len(codes) else np.zeros(len(wanted), dtype=bool)


def rows_from_pairs(pairs: Sequence[tuple[int, int]], n: int, bits: int) -> RaggedRows:
    """Return rows from a few (order, id) pairs."""
    flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return rows_of(distinct(coded(flat[:, 0], flat[:, 1], bits))[0], n, bits)
