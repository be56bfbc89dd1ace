"""Terms of all orders: extracted chunk by chunk in several processes, kept in disk-backed tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.normalise.classified import CLASSIFIED, category_alone
from hotline_tools.repeats.encode.ragged import Longs, Mask, RaggedRows
from hotline_tools.repeats.encode.spilled_tables import SpilledTables
from hotline_tools.repeats.encode.terms import OrderTexts, Terms, extract_terms
from hotline_tools.repeats.text.hashing import Hashes
from hotline_tools.repeats.text.tokens import Tokenizer
from hotline_tools.workers import in_processes

CHUNK = 5_000
"""Orders whose terms are extracted, and later weighted, at a time."""
_SMALL = ("title_length", "named", "self_contained", "site_source", "site", "digest")
"""Fields of ``Terms`` with one value an order, which stay in memory."""


@dataclass(frozen=True)
class AllTerms:
    """Terms of all n orders; the fields are those of ``Terms``."""

    spilled: SpilledTables
    title_length: NDArray[np.float32]
    named: Mask
    self_contained: Mask
    site_source: NDArray[np.int8]
    site: Hashes
    digest: Hashes

    def rows(self, table: str, orders: Longs) -> RaggedRows:
        """Return some orders of a table; they ascend, and lie close together."""
        first = int(orders[0])
        return self.spilled.part(table, first, int(orders[-1]) + 1).take(orders - first)


@contextmanager
def extracted_terms(
    orders: pa.Table, workers: int, folder: Path | None = None, chunk: int = CHUNK
) -> Iterator[AllTerms]:
    """Extract the terms of one order or more; the tables live as long as the context."""
    texts = orders.select(["title", "content", "address", "place"])
    types = category_alone(*(orders[name] for name in CLASSIFIED))
    texts = texts.set_column(0, "title", pc.coalesce(orders["title"], types))
    texts = texts.append_column("type_alone", pc.is_valid(types))
    starts = range(0, orders.num_rows, chunk)
    tasks = ((_packed(texts.slice(start, chunk)),) for start in starts)
    small: dict[str, list[NDArray[np.generic]]] = {name: [] for name in _SMALL}
    with SpilledTables(folder) as spilled:
        for terms in in_processes(_extract, tasks, workers):
            spilled.append(terms.tables)
            for name, found in small.items():
                found.append(getattr(terms, name))
        yield AllTerms(spilled, **{name: np.concatenate(found) for name, found in small.items()})


@cache
def _tokenizer() -> Tokenizer:
    """One tokenizer a process: it remembers the words it has seen."""
    return Tokenizer()


def _packed(texts: pa.Table) -> pa.Buffer:
    """Return a chunk as bytes for another process; pickled, a slice would take the whole table along."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, texts.schema) as stream:
        stream.write_table(texts)
    return sink.getvalue()


def _extract(packed: pa.Buffer) -> Terms:
    texts = pa.ipc.open_stream(packed).read_all()
    titles, contents, addresses, places, bare = (texts[name].to_pylist() for name in texts.column_names)
    where = [address or place for address, place in zip(addresses, places, strict=True)]
    return extract_terms(OrderTexts(titles, contents, where, bare), _tokenizer())
