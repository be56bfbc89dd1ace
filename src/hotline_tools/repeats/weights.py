"""How much an id weighs: rare ones more, up to a cap, so that a small and a large batch weigh alike."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.rows import Floats, Ints, Mask, Rows

IDF_CAP, IDF_LEAST = 7.0, 0.05
_STEPS = (1 << 18) - 1
_ID_BITS = 24
LOG_COUNT = (1 + np.log(np.maximum(1, np.arange(256)))).astype(np.float32)
"""1 + log of a count; a count of 0 is never asked for."""


def frequency(pieces: Iterable[Ints], bits: int) -> NDArray[np.int32]:
    """Return in how many orders each id occurs."""
    total = np.zeros(1 << bits, dtype=np.int32)
    waiting: list[Ints] = []
    for ids in pieces:
        waiting.append(ids)
        # Counted once some of them fill the memory that a table of all ids takes anyway.
        if sum(map(len, waiting)) > total.size:
            total += np.bincount(np.concatenate(waiting), minlength=total.size)
            waiting.clear()
    if waiting:
        total += np.bincount(np.concatenate(waiting), minlength=total.size)
    return total


def idf(df: NDArray[np.int32], orders: int) -> Floats:
    """Return log((orders + 1) / df) within ``IDF_LEAST`` and ``IDF_CAP``."""
    # A logarithm for each frequency, of which there are few, not for each of millions of ids.
    by_df = np.log((orders + 1) / np.maximum(np.arange(int(df.max(initial=0)) + 1), 1))
    weights: Floats = np.clip(by_df, IDF_LEAST, IDF_CAP).astype(np.float32)[df]
    return weights


def heaviest(rows: Rows, weight: NDArray[Any], keep: int, eligible: Mask | None = None) -> Mask:
    """Mark the ``keep`` heaviest eligible ids of each order; of equal ones the smaller id."""
    row = rows.row_numbers()
    chosen = np.ones(len(weight), dtype=bool) if eligible is None else eligible.copy()
    sizes = np.bincount(row[chosen], minlength=len(rows))
    at = np.flatnonzero(chosen & (sizes > keep)[row])
    if not len(at):
        return chosen
    light = _STEPS - (weight[at] * (_STEPS / max(1e-9, float(weight[at].max())))).astype(np.uint64)
    local = np.cumsum(sizes > keep)[row[at]].astype(np.uint64) - np.uint64(1)
    rank = (light << np.uint64(_ID_BITS)) | rows.ids[at].astype(np.uint64)
    ordered = np.sort((local << np.uint64(42)) | rank)
    start = np.flatnonzero(np.diff(ordered >> np.uint64(42), prepend=np.uint64(2**21)))
    last = (ordered[start + keep - 1] & np.uint64((1 << 42) - 1))[local.astype(np.int64)]
    chosen[at] = rank <= last
    return chosen


def norms(rows: Rows, weight: NDArray[Any]) -> Floats:
    """Return the length of each order's row of weights."""
    return np.maximum(np.sqrt(rows.sums(np.square(weight, dtype=np.float64))), 1e-9).astype(np.float32)
