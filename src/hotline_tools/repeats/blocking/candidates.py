"""Step 7: near-linear candidate pairs: orders that share rare things, the best few of each order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.blocking.lookups import LOOK_UPS, Incidence, LookUp, incidence
from hotline_tools.repeats.encode.batch import Batch
from hotline_tools.repeats.encode.ragged import Longs, sorted_set

PER_ORDER = 8
SAME_CALLER = 6
"""So many following orders of the same caller are candidates."""
_CHUNK, _MEETINGS = 8_192, 2_000_000
"""Orders looked up at a time, and how often they may meet another by a shared id: what bounds the memory."""
_STEPS = (1 << 18) - 1
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """Look up the best ``per_order`` neighbours of orders ``start`` to ``stop``."""

    shared: Incidence
    start: int
    stop: int
    per_order: int


Run = Callable[[Callable[[Task], Codes], list[Task]], list[Codes]]


def candidate_pairs(batch: Batch, run: Run, per_order: int = PER_ORDER) -> Codes:
    """Return the distinct pairs as i * n + j, i < j. ``run`` maps a function over tasks."""
    found = same_caller(batch.around.caller, batch.around.day, batch.n)
    for look_up in LOOK_UPS:
        found = sorted_set(np.concatenate([found, *looked_up(batch, look_up, run, per_order)]))
    return found


def looked_up(batch: Batch, look_up: LookUp, run: Run, per_order: int = PER_ORDER) -> list[Codes]:
    """Return the pairs of one look-up, in parts; a pair may be in two of them."""
    shared = incidence(batch, look_up)
    return run(neighbours, [Task(shared, *span, per_order) for span in _spans(shared)])


def _spans(shared: Incidence) -> list[tuple[int, int]]:
    """Divide the orders so that each part has no more than ``_MEETINGS``, and at least one order."""
    met = shared.meetings()
    spans, start = [], 0
    while start < len(met) - 1:
        stop = int(np.searchsorted(met, met[start] + _MEETINGS, side="right")) - 1
        stop = min(max(stop, start + 1), start + _CHUNK, len(met) - 1)
        spans.append((start, stop))
        start = stop
    return spans


def neighbours(task: Task) -> Codes:
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
