"""Candidate pairs by blocking: the orders that share rare terms, the best few of each order.

Near-linear in the number of orders, since a term that many orders hold is no blocking key.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.blocking.blocking_keys import BLOCKING_KEYS, BlockingKey, Incidence, incidence
from hotline_tools.repeats.encode.batch import Batch
from hotline_tools.repeats.encode.ragged import Longs, sorted_set

PER_ORDER = 8
SAME_CALLER = 6
"""Number of following orders of the same caller that are candidates."""
_CHUNK, _MOST_PRODUCTS = 8_192, 2_000_000
"""Most orders and most products of shared ids in one sparse matrix product: what bounds the memory."""
_STEPS = (1 << 18) - 1
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class NeighbourTask:
    """Find the best ``per_order`` neighbours of orders ``start`` to ``stop``."""

    shared: Incidence
    start: int
    stop: int
    per_order: int


Run = Callable[[Callable[[NeighbourTask], Codes], list[NeighbourTask]], list[Codes]]


def candidate_pairs(batch: Batch, run: Run, per_order: int = PER_ORDER) -> Codes:
    """Return the distinct pairs as i * n + j, i < j. ``run`` maps a function over tasks."""
    found = same_caller(batch.metadata.caller, batch.metadata.day, batch.n)
    for key in BLOCKING_KEYS:
        found = sorted_set(np.concatenate([found, *pairs_of_key(batch, key, run, per_order)]))
    return found


def pairs_of_key(batch: Batch, key: BlockingKey, run: Run, per_order: int = PER_ORDER) -> list[Codes]:
    """Return the pairs of one blocking key as i * n + j, in parts; a pair may be in two of them."""
    shared = incidence(batch, key)
    return run(neighbours, [NeighbourTask(shared, *span, per_order) for span in _spans(shared)])


def _spans(shared: Incidence) -> list[tuple[int, int]]:
    """Return the spans of orders, each of no more than ``_MOST_PRODUCTS`` products or of one order."""
    products = shared.product_sizes()
    spans, start = [], 0
    while start < len(products) - 1:
        stop = int(np.searchsorted(products, products[start] + _MOST_PRODUCTS, side="right")) - 1
        stop = min(max(stop, start + 1), start + _CHUNK, len(products) - 1)
        spans.append((start, stop))
        start = stop
    return spans


def neighbours(task: NeighbourTask) -> Codes:
    """Return i * n + j (i < j) of the best neighbours by inner product."""
    start, n = task.start, task.shared.of_order.shape[0]
    product = task.shared.of_order[start : task.stop] @ task.shared.of_id
    row = np.repeat(np.arange(product.shape[0], dtype=np.int64), np.diff(product.indptr))
    other = product.indices.astype(np.int64)
    good = row + start != other
    row, other, value = row[good], other[good], product.data[good]
    first = np.searchsorted(row, np.arange(product.shape[0]))
    # Measured by the best of each order, so that the choice does not depend on how orders are divided.
    found = np.flatnonzero(np.diff(np.append(first, len(row))))
    most = np.ones(product.shape[0], dtype=np.float32)
    most[found] = np.maximum(np.maximum.reduceat(value, first[found]) if len(found) else 0, 1e-9)
    light = _STEPS - (value / most[row] * np.float32(_STEPS)).astype(np.int64)
    # One sort of row (14 bits), lightness (18) and neighbour (31) replaces a sort by three keys.
    packed = np.sort((row << 49) | (light << 31) | other)
    row, other = packed >> 49, packed & ((1 << 31) - 1)
    best = np.arange(len(row)) - first[row] < task.per_order
    return _coded(row[best] + start, other[best], n)


def same_caller(caller: Longs, day: NDArray[np.float64], n: int) -> Codes:
    """Return each order with the next few of the same known caller."""
    known = np.flatnonzero(caller >= 0)
    order = known[np.lexsort((day[known], caller[known]))]
    found = []
    for step in range(1, SAME_CALLER + 1):
        a, b = order[:-step], order[step:]
        same = caller[a] == caller[b]
        found.append(_coded(a[same], b[same], n))
    return sorted_set(np.concatenate(found))


def _coded(a: Longs, b: Longs, n: int) -> Codes:
    return sorted_set(np.minimum(a, b) * n + np.maximum(a, b))
