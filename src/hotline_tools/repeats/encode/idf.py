"""Inverse document frequency of ids, capped so that weights in small and large batches are alike."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.ragged import Floats, Ints, Mask, RaggedRows

IDF_CAP, IDF_LEAST = 7.0, 0.05
_STEPS = (1 << 24) - 1
_ID_BITS = 24
_AT_ONCE = 1 << 20
LOG_COUNT = (1 + np.log(np.maximum(1, np.arange(256)))).astype(np.float32)
"""1 + log of a count; a count of 0 is never asked for."""
_HEAVIEST = 1.001 * float(LOG_COUNT[-1]) * IDF_CAP
"""More than any count and weight of an id make together."""


def document_frequency(chunks: Iterable[Ints], bits: int) -> NDArray[np.int32]:
    """Return in how many orders each id occurs; no chunk holds an order's id twice."""
    total = np.zeros(1 << bits, dtype=np.int32)
    for ids in chunks:
        # Not a bincount: that would make a table of all possible ids for each chunk.
        ordered = np.sort(ids)
        start = np.flatnonzero(np.diff(ordered, prepend=np.int32(-1)))
        total[ordered[start]] += np.diff(np.append(start, len(ordered))).astype(np.int32)
    return total


def idf_weights(df: NDArray[np.int32], orders: int) -> Floats:
    """Return log((orders + 1) / df) within ``IDF_LEAST`` and ``IDF_CAP``."""
    # A logarithm for each frequency, of which there are few, not for each of millions of ids.
    by_df = np.log((orders + 1) / np.maximum(np.arange(int(df.max(initial=0)) + 1), 1))
    by_df = np.clip(by_df, IDF_LEAST, IDF_CAP).astype(np.float32)
    weights = np.empty(len(df), dtype=np.float32)
    # Some at a time: to look up, numpy makes long numbers of them all.
    for start in range(0, len(df), _AT_ONCE):
        weights[start : start + _AT_ONCE] = by_df[df[start : start + _AT_ONCE]]
    return weights


def heaviest(rows: RaggedRows, weight: NDArray[Any], keep: int, eligible: Mask | None = None) -> Mask:
    """Mark the ``keep`` heaviest eligible ids of each order; of equal ones the smaller id.

    For at most 65,536 orders; an id weighs no more than ``_HEAVIEST``.
    """
    row = rows.row_numbers()
    chosen = np.ones(len(weight), dtype=bool) if eligible is None else eligible.copy()
    sizes = np.bincount(row[chosen], minlength=len(rows))
    at = np.flatnonzero(chosen & (sizes > keep)[row])
    if not len(at):
        return chosen
    # One scale for all chunks, so that the choice does not depend on how the orders are divided.
    light = _STEPS - (weight[at] * (_STEPS / _HEAVIEST)).astype(np.uint64)
    local = np.cumsum(sizes > keep)[row[at]].astype(np.uint64) - np.uint64(1)
    rank = (light << np.uint64(_ID_BITS)) | rows.ids[at].astype(np.uint64)
    ordered = np.sort((local << np.uint64(48)) | rank)
    start = np.flatnonzero(np.diff(ordered >> np.uint64(48), prepend=np.uint64(2**16 - 1)))
    last = (ordered[start + keep - 1] & np.uint64((1 << 48) - 1))[local.astype(np.int64)]
    chosen[at] = rank <= last
    return chosen


def norms(rows: RaggedRows, weight: NDArray[Any]) -> Floats:
    """Return the length of each order's row of weights."""
    return np.maximum(np.sqrt(rows.sums(np.square(weight, dtype=np.float64))), 1e-9).astype(np.float32)
