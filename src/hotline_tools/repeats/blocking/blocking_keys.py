"""Blocking keys: the kinds of rare terms by which orders become candidates of each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hotline_tools.repeats.encode.batch import BITS, RARE, Batch
from hotline_tools.repeats.encode.chunks import CHUNK
from hotline_tools.repeats.encode.idf import LOG_COUNT, document_frequency
from hotline_tools.repeats.encode.ragged import Floats, Ints, Longs, Mask, RaggedRows
from hotline_tools.repeats.encode.terms import IN_NAME, IN_TITLE

DF_CAP = 60
"""Highest document frequency of an id that leads to candidates (twice that for the narrower keys)."""


@dataclass(frozen=True)
class BlockingKey:
    """The ids ``chosen`` of a ``table``, as far as 2 to ``cap`` orders hold them."""

    name: str
    table: str
    cap: int
    chosen: Callable[[RaggedRows], Mask]
    weigh: Callable[[Batch, RaggedRows, slice], Floats]
    """Returns the weight of each id of a slice of orders."""


@dataclass(frozen=True)
class Incidence:
    """Weights of ids in orders: (n, ids), and the transpose (ids, n)."""

    of_order: sparse.csr_matrix
    of_id: sparse.csr_matrix

    def product_sizes(self) -> Longs:
        """Return (n + 1,) cumulated counts of the products that multiplying the two takes for each order."""
        held = np.diff(self.of_id.indptr)[self.of_order.indices]
        total = np.zeros(len(held) + 1, dtype=np.int64)
        np.cumsum(held, out=total[1:])
        cumulated: Longs = total[self.of_order.indptr]
        return cumulated


def _triple(batch: Batch, rows: RaggedRows, _: slice) -> Floats:
    weight: Floats = batch.idf["triples"][rows.ids]
    return weight


def _name(batch: Batch, rows: RaggedRows, orders: slice) -> Floats:
    place: Floats = batch.idf["pairs"][rows.ids] ** 1.5
    place /= np.repeat(batch.per_order["place_norm"][orders], rows.sizes)
    return place


def _word(batch: Batch, rows: RaggedRows, orders: slice) -> Floats:
    weight: Floats = LOG_COUNT[rows.columns["title"]] * batch.idf["words"][rows.ids]
    weight /= np.repeat(batch.per_order["title_norm"][orders], rows.sizes)
    return weight


def _marked(mark: int) -> Callable[[RaggedRows], Mask]:
    return lambda rows: (rows.columns["marks"] & mark) > 0


BLOCKING_KEYS = (
    BlockingKey("rare phrases", "triples", DF_CAP, _marked(RARE), _triple),
    BlockingKey("phrases of the title", "triples", 2 * DF_CAP, _marked(IN_TITLE), _triple),
    BlockingKey("names", "pairs", 2 * DF_CAP, _marked(IN_NAME), _name),
    BlockingKey("words of the title", "words", 2 * DF_CAP, lambda rows: rows.columns["title"] > 0, _word),
)


def incidence(batch: Batch, key: BlockingKey) -> Incidence:
    """Return which order holds which id of a key; ids held by one order, or by too many, are left out."""
    chosen = (rows.ids[key.chosen(rows)] for rows, _ in _chunks(batch, key))
    df = document_frequency(chosen, BITS[key.table])
    wanted = (df >= 2) & (df <= key.cap)
    del df
    # Renumbered, so that the turned matrix is as small as what it holds.
    number: Ints = np.cumsum(wanted, dtype=np.int32)
    number -= 1
    ids, weights, sizes = [], [], [np.zeros(1, dtype=np.int64)]
    for rows, orders in _chunks(batch, key):
        keep = key.chosen(rows) & wanted[rows.ids]
        small = rows.only(keep)
        ids.append(number[small.ids])
        weights.append(key.weigh(batch, rows, orders)[keep])
        sizes.append(small.sizes)
    indptr = np.cumsum(np.concatenate(sizes))
    size = (batch.n, max(1, int(wanted.sum())))
    of_order = sparse.csr_matrix((np.concatenate(weights), np.concatenate(ids), indptr), shape=size)
    return Incidence(of_order, of_order.T.tocsr())


def _chunks(batch: Batch, key: BlockingKey) -> Iterator[tuple[RaggedRows, slice]]:
    rows = batch.tables[key.table]
    for start in range(0, batch.n, CHUNK):
        orders = slice(start, min(start + CHUNK, batch.n))
        yield rows.part(orders.start, orders.stop), orders
