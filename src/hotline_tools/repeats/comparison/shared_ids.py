"""Ids that two orders share, for many pairs at once: one sort instead of many sparse products."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.ragged import Floats, Longs, RaggedRows

_PLACE_BITS, _ID_BITS = 13, 24
BLOCK = 4_000
"""Pairs at a time: fits the bits of a key, and the memory of an office PC."""


@dataclass(frozen=True)
class SharedIds:
    """One entry a shared id: the pair's number, and the positions of the id in the rows of i and of j."""

    n: int
    pair: Longs
    at_i: Longs
    at_j: Longs

    def total(self, weight: NDArray[Any]) -> Floats:
        """Return the sum of a weight over the shared ids of each pair."""
        return np.bincount(self.pair, weights=weight, minlength=self.n).astype(np.float32)

    def largest(self, weight: NDArray[Any]) -> Floats:
        """Return the largest weight (≥ 0) among the shared ids of each pair, 0 without one."""
        out = np.zeros(self.n, dtype=np.float32)
        if len(self.pair):
            start = np.flatnonzero(np.diff(self.pair, prepend=-1))
            out[self.pair[start]] = np.maximum.reduceat(weight, start)
        return out


def shared_ids(rows: RaggedRows, i: Longs, j: Longs) -> SharedIds:
    """Return what orders ``i[k]`` and ``j[k]`` share, for at most ``BLOCK`` pairs."""
    keys = np.concatenate([_keys(rows, i, 0), _keys(rows, j, 1)])
    keys.sort()
    same = np.flatnonzero(keys[1:] >> np.uint64(_PLACE_BITS) == keys[:-1] >> np.uint64(_PLACE_BITS))
    first, second = keys[same], keys[same + 1]
    pair = (first >> np.uint64(_PLACE_BITS + _ID_BITS)).astype(np.int64)
    place = np.uint64((1 << (_PLACE_BITS - 1)) - 1)
    return SharedIds(
        len(i),
        pair,
        rows.indptr[i[pair]] + (first & place).astype(np.int64),
        rows.indptr[j[pair]] + (second & place).astype(np.int64),
    )


def _keys(rows: RaggedRows, orders: Longs, side: int) -> NDArray[np.uint64]:
    """Return pair, id, side and place in the row as one number for each id of each order."""
    start = rows.indptr[orders]
    size = rows.indptr[orders + 1] - start
    ends = np.cumsum(size)
    total = int(ends[-1]) if len(ends) else 0
    place = np.arange(total) - np.repeat(ends - size, size)
    ids = rows.ids[np.repeat(start, size) + place]
    head = (np.arange(len(orders)) << (_PLACE_BITS + _ID_BITS)) | (side << (_PLACE_BITS - 1))
    keys: NDArray[np.uint64] = (np.repeat(head, size) | (ids.astype(np.int64) << _PLACE_BITS) | place).astype(
        np.uint64
    )
    return keys
