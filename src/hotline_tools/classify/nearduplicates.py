"""Groups messages that are nearly the same text, so that no group is split between training and test.

MinHash over 4-grams (Broder 1997): messages that share a band of hashes are joined.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.classify.codes import encode

Ints = NDArray[np.int64]
GRAM = 4
BANDS, PER_BAND = 8, 4
"""Two texts of similarity 0.8 share a band with probability 0.98, of 0.4 with 0.19 (then checked)."""
SAME = 0.6


def near_duplicate_groups(contents: pa.Array) -> Ints:
    """Group number of each message; a message like no other is a group of its own."""
    signatures = _signatures(contents)
    parent = np.arange(len(signatures))
    for band in range(BANDS):
        part = np.ascontiguousarray(signatures[:, band * PER_BAND : (band + 1) * PER_BAND])
        _, first, inverse = np.unique(part, axis=0, return_index=True, return_inverse=True)
        like = first[inverse.ravel()]
        alike = (signatures == signatures[like]).mean(axis=1) >= SAME
        for row in np.flatnonzero(alike & (like != np.arange(len(like)))).tolist():
            parent[_root(parent, row)] = _root(parent, int(like[row]))
    return np.array([_root(parent, row) for row in range(len(parent))], np.int64)


def _signatures(contents: pa.Array) -> NDArray[np.uint32]:
    batch = encode(pa.array([""] * len(contents), pa.string()), contents)
    letters = batch.codes > 0x2F
    codes, row = batch.codes[letters].astype(np.uint64), batch.row[letters]
    count = max(0, len(codes) - GRAM + 1)
    grams = np.zeros(count, np.uint64)
    for i in range(GRAM):
        grams = grams * np.uint64(0x10001) + codes[i : i + count]
    # a gram that reaches into the next message is left out; a message without grams gets its own number
    inside = row[:count] == row[GRAM - 1 : GRAM - 1 + count]
    grams, row = grams[inside], row[:count][inside]
    own = np.arange(batch.rows, dtype=np.uint32)[:, None] + np.uint32(0x80000000)
    signatures = np.repeat(own, BANDS * PER_BAND, axis=1)
    filled, starts = np.unique(row, return_index=True)
    if not len(filled):
        return signatures
    generator = np.random.default_rng(12345)
    for k, factor in enumerate(generator.integers(1, 2**63, BANDS * PER_BAND, dtype=np.uint64)):
        mixed = ((grams * (factor | np.uint64(1))) >> np.uint64(33)).astype(np.uint32)
        signatures[filled, k] = np.minimum.reduceat(mixed, starts)
    return signatures


def _root(parent: Ints, row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = int(parent[row])
    return row


def group_names(contents: Sequence[str | None] | pa.Array) -> list[str]:
    """Groups as text keys, for ``group_folds``."""
    texts = contents if isinstance(contents, pa.Array) else pa.array(contents, pa.string())
    return [str(group) for group in near_duplicate_groups(texts)]
