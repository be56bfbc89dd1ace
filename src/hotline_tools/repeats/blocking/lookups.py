"""Step 7a: by which rare shared things orders find each other: phrases, title, names, title words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hotline_tools.repeats.encode.batch import BITS, RARE, Batch
from hotline_tools.repeats.encode.chunks import PIECE
from hotline_tools.repeats.encode.count import IN_NAME, IN_TITLE
from hotline_tools.repeats.encode.ragged import Floats, Ints, Longs, Mask, Rows
from hotline_tools.repeats.encode.weights import LOG_COUNT, frequency

DF_CAP = 60
"""A shared id held by more orders leads to no candidate (times two in the narrower look-ups)."""


@dataclass(frozen=True)
class LookUp:
    """One kind of shared thing: some ids of a table, held by 2 to ``cap`` orders."""

    name: str
    table: str
    cap: int
    chosen: Callable[[Rows], Mask]
    weigh: Callable[[Batch, Rows, slice], Floats]
    """Returns the weight of each id of a stretch of orders."""


@dataclass(frozen=True)
class Incidence:
    """Which order holds which id, how heavy: a row an order, and the same turned, a row an id."""

    of_order: sparse.csr_matrix
    of_id: sparse.csr_matrix

    def meetings(self) -> Longs:
        """Return how often the orders before each one meet others, themselves included, by a shared id."""
        held = np.diff(self.of_id.indptr)[self.of_order.indices]
        total = np.zeros(len(held) + 1, dtype=np.int64)
        np.cumsum(held, out=total[1:])
        met: Longs = total[self.of_order.indptr]
        return met


def _triple(batch: Batch, rows: Rows, _: slice) -> Floats:
    weight: Floats = batch.idf["triples"][rows.ids]
    return weight


def _name(batch: Batch, rows: Rows, orders: slice) -> Floats:
    place: Floats = batch.idf["pairs"][rows.ids] ** 1.5
    place /= np.repeat(batch.of["place_norm"][orders], rows.sizes)
    return place


def _word(batch: Batch, rows: Rows, orders: slice) -> Floats:
    weight: Floats = LOG_COUNT[rows.columns["title"]] * batch.idf["words"][rows.ids]
    weight /= np.repeat(batch.of["title_norm"][orders], rows.sizes)
    return weight


def _marked(mark: int) -> Callable[[Rows], Mask]:
    return lambda rows: (rows.columns["marks"] & mark) > 0


LOOK_UPS = (
    LookUp("rare phrases", "triples", DF_CAP, _marked(RARE), _triple),
    LookUp("phrases of the title", "triples", 2 * DF_CAP, _marked(IN_TITLE), _triple),
    LookUp("names", "pairs", 2 * DF_CAP, _marked(IN_NAME), _name),
    LookUp("words of the title", "words", 2 * DF_CAP, lambda rows: rows.columns["title"] > 0, _word),
)


def incidence(batch: Batch, look_up: LookUp) -> Incidence:
    """Return who holds the ids of a look-up; ids held by one order, or by too many, are left out."""
    chosen = (rows.ids[look_up.chosen(rows)] for rows, _ in _stretches(batch, look_up))
    df = frequency(chosen, BITS[look_up.table])
    wanted = (df >= 2) & (df <= look_up.cap)
    del df
    # Renumbered, so that the turned matrix is as small as what it holds.
    number: Ints = np.cumsum(wanted, dtype=np.int32)
    number -= 1
    ids, weights, sizes = [], [], [np.zeros(1, dtype=np.int64)]
    for rows, orders in _stretches(batch, look_up):
        keep = look_up.chosen(rows) & wanted[rows.ids]
        small = rows.only(keep)
        ids.append(number[small.ids])
        weights.append(look_up.weigh(batch, rows, orders)[keep])
        sizes.append(small.sizes)
    indptr = np.cumsum(np.concatenate(sizes))
    size = (batch.n, max(1, int(wanted.sum())))
    of_order = sparse.csr_matrix((np.concatenate(weights), np.concatenate(ids), indptr), shape=size)
    return Incidence(of_order, of_order.T.tocsr())


def _stretches(batch: Batch, look_up: LookUp) -> Iterator[tuple[Rows, slice]]:
    rows = batch.tables[look_up.table]
    for start in range(0, batch.n, PIECE):
        orders = slice(start, min(start + PIECE, batch.n))
        yield rows.part(orders.start, orders.stop), orders
