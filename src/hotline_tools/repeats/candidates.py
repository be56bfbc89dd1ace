"""Step 7: near-linear candidate pairs: orders that share rare things, the best few of each order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hotline_tools.repeats.batch import RARE, Batch
from hotline_tools.repeats.count import IN_NAME, IN_TITLE
from hotline_tools.repeats.rows import Floats, Longs, Mask, Rows, sorted_set
from hotline_tools.repeats.weights import LOG_COUNT

DF_CAP = 60
"""A shared id held by more orders leads to no candidate (times two in the narrower look-ups)."""
PER_ORDER = 8
SAME_CALLER = 6
"""So many following orders of the same caller are candidates."""
_CHUNK = 8_192
_STEPS = (1 << 18) - 1
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class LookUp:
    """One kind of shared thing: a sparse matrix with a row an order, only ids held by 2 to cap orders."""

    matrix: sparse.csr_matrix


def look_ups(batch: Batch, df_cap: int = DF_CAP) -> Iterator[LookUp]:
    """Yield the ways in which orders find each other: text, title, names, title words.

    One after the other, since each is as large as the texts of all orders.
    """
    triples, pairs, words = (batch.tables[name] for name in ("triples", "pairs", "words"))
    triple = batch.idf["triples"][triples.ids]
    marks = triples.columns["marks"]
    yield _capped(triples, triple, (marks & RARE) > 0, df_cap)
    yield _capped(triples, triple, (marks & IN_TITLE) > 0, 2 * df_cap)
    del triple
    place: Floats = batch.idf["pairs"][pairs.ids] ** 1.5
    place /= np.repeat(batch.of["place_norm"], pairs.sizes)
    yield _capped(pairs, place, (pairs.columns["marks"] & IN_NAME) > 0, 2 * df_cap)
    del place
    title = words.columns["title"]
    word = LOG_COUNT[title] * batch.idf["words"][words.ids] / np.repeat(batch.of["title_norm"], words.sizes)
    yield _capped(words, word, title > 0, 2 * df_cap)


def _capped(rows: Rows, weight: Floats, chosen: Mask, cap: int) -> LookUp:
    width = int(rows.ids.max(initial=0)) + 1
    df = np.bincount(rows.ids[chosen], minlength=width)
    wanted = (df >= 2) & (df <= cap)
    keep = chosen & wanted[rows.ids]
    small = rows.only(keep)
    # Renumbered, so that the transposed matrix is as small as what it holds.
    number = np.cumsum(wanted, dtype=np.int32) - np.int32(1)
    size = (len(rows), max(1, int(wanted.sum())))
    return LookUp(sparse.csr_matrix((weight[keep], number[small.ids], small.indptr), shape=size))


def neighbours(look_up: LookUp, start: int, stop: int, per_order: int) -> Codes:
    """Return i * n + j (i < j) of the best neighbours of orders ``start`` to ``stop`` by inner product."""
    matrix = look_up.matrix
    n = matrix.shape[0]
    product = matrix[start:stop] @ matrix.T
    row = np.repeat(np.arange(product.shape[0], dtype=np.int64), np.diff(product.indptr))
    other = product.indices.astype(np.int64)
    good = row + start != other
    row, other, value = row[good], other[good], product.data[good]
    light = _STEPS - (value * (_STEPS / max(1e-9, float(value.max(initial=0))))).astype(np.int64)
    # One sort of row (14 bits), lightness (18) and neighbour (31) replaces a sort by three keys.
    packed = np.sort((row << 49) | (light << 31) | other)
    row, other = packed >> 49, packed & ((1 << 31) - 1)
    first = np.searchsorted(row, np.arange(product.shape[0]))
    best = np.arange(len(row)) - first[row] < per_order
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
    return np.concatenate(found)


def _coded(a: Longs, b: Longs, n: int) -> Codes:
    return sorted_set(np.minimum(a, b) * n + np.maximum(a, b))


Task = tuple[LookUp, int, int, int]
Run = Callable[[Callable[..., Codes], list[Task]], list[Codes]]


def candidate_pairs(batch: Batch, run: Run, per_order: int = PER_ORDER) -> Codes:
    """Return the distinct pairs as i * n + j, i < j. ``run`` maps a function over tasks."""
    found = [same_caller(batch.around.caller, batch.around.day, batch.n)]
    for look_up in look_ups(batch):
        tasks = [
            (look_up, start, min(start + _CHUNK, batch.n), per_order) for start in range(0, batch.n, _CHUNK)
        ]
        found.append(sorted_set(np.concatenate(run(neighbours, tasks))))
    return sorted_set(np.concatenate(found))
