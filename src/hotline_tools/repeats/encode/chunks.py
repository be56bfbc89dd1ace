"""Step 5b: all orders counted piece by piece, in several processes; the tables are put on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.repeats.encode.count import Counts, Texts, count
from hotline_tools.repeats.encode.ragged import Longs, Mask, Rows
from hotline_tools.repeats.encode.spill import Shelves
from hotline_tools.repeats.text.hashing import Hashes
from hotline_tools.repeats.text.words import Cutter
from hotline_tools.repeats.workers import in_processes

PIECE = 5_000
"""Orders counted, and later weighed, at a time."""
_SMALL = ("title_length", "named", "alone", "sited", "site", "digest")
"""Fields of ``Counts`` with one value an order, which stay in memory."""


@dataclass(frozen=True)
class Counted:
    """All orders as counted; the fields are those of ``Counts``."""

    shelves: Shelves
    title_length: NDArray[np.float32]
    named: Mask
    alone: Mask
    sited: NDArray[np.int8]
    site: Hashes
    digest: Hashes

    def rows(self, table: str, orders: Longs) -> Rows:
        """Return some orders of a table; they ascend, and lie close together."""
        first = int(orders[0])
        return self.shelves.part(table, first, int(orders[-1]) + 1).take(orders - first)


@contextmanager
def counted(
    orders: pa.Table, workers: int, folder: Path | None = None, piece: int = PIECE
) -> Iterator[Counted]:
    """Count the orders, of which there is at least one; the tables live as long as the context."""
    texts = orders.select(["title", "content", "address", "place"])
    starts = range(0, orders.num_rows, piece)
    tasks = ((_packed(texts.slice(start, piece)),) for start in starts)
    small: dict[str, list[NDArray[np.generic]]] = {name: [] for name in _SMALL}
    with Shelves(folder) as shelves:
        for counts in in_processes(_count, tasks, workers):
            shelves.put(counts.tables)
            for name, found in small.items():
                found.append(getattr(counts, name))
        yield Counted(shelves, **{name: np.concatenate(found) for name, found in small.items()})


@cache
def _cutter() -> Cutter:
    """One cutter a process: it remembers the words it has seen."""
    return Cutter()


def _packed(texts: pa.Table) -> pa.Buffer:
    """Return a piece as bytes for another process; pickled, a slice would take the whole table along."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, texts.schema) as stream:
        stream.write_table(texts)
    return sink.getvalue()


def _count(packed: pa.Buffer) -> Counts:
    texts = pa.ipc.open_stream(packed).read_all()
    titles, contents, addresses, places = (texts[name].to_pylist() for name in texts.column_names)
    where = [address or place for address, place in zip(addresses, places, strict=True)]
    return count(Texts(titles, contents, where), _cutter())
