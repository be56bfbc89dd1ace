"""New orders that look like stored ones: the same month in another export, where the ids cannot tell.

Orders without an id are known by their content. An export that lacks a column of it (the text, the address)
makes the same orders new ones, and every count of the month doubles. Nothing can say for sure that they are
the same, so they are kept and told.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.parquet import select_sql
from hotline_tools.schema import ORDERS
from hotline_tools.sql import fill, literal
from hotline_tools.store.partition import StoredRows, rows_at, staged_blocks
from hotline_tools.store.segments import month_of
from hotline_tools.store.staging import Staging

_CHUNK = 8_192
_SHARE, _LEAST = 0.5, 5
"""Share of the new orders, and how many of them, that must have their like in the store."""
_TOGETHER = 20
"""Orders of one side that may have the same time of receipt: one that more share, as a whole hour, tells
nothing, and their pairs would be too many to look at.
"""
_AGREEING = (
    "title",
    "content",
    "address",
    "caller_key",
    "street",
    "community",
    "department",
    "original_category",
)
"""One of these is the same in both, beside the time of receipt: many orders come in within a minute."""
_NEW = """
SELECT count(*), coalesce(bool_or(origin <> 'id'), FALSE), list(DISTINCT month)
FROM plan WHERE action = 'new' AND received_at <> date_trunc('day', received_at)
"""
_PAIRS = """
WITH coming AS (
    SELECT place, source, origin, received_at FROM plan
    WHERE action = 'new' AND received_at <> date_trunc('day', received_at)
    QUALIFY count(*) OVER (PARTITION BY received_at) <= {together}
),
there AS (
    SELECT filename, file_row_number, source, order_id, received_at FROM ({stored}) AS o
    WHERE {nameless} AND received_at IN (SELECT received_at FROM coming)
    QUALIFY count(*) OVER (PARTITION BY received_at) <= {together}
)
SELECT p.place, o.filename AS old_file, o.file_row_number AS old_place
FROM coming AS p JOIN there AS o
    ON o.received_at = p.received_at AND (o.source = p.source OR {unknown} IN (o.source, p.source))
WHERE p.origin <> 'id' OR o.order_id IS NULL
ORDER BY old_file, old_place, place
"""


def count_lookalikes(
    database: duckdb.DuckDBPyConnection, staging: Staging, partitions: Sequence[Path], unknown: str
) -> int:
    """Return how many new orders of the ``plan`` have their like in the store; 0 when they are few.

    Alike: received at the same time of day, which is no midnight, another value alike, and at least one of
    the two without an id. ``unknown`` is the source of orders that may be any other's.
    """
    ((new, nameless, months),) = database.execute(_NEW).fetchall()
    there = [path for path in partitions if month_of(path) in (months or ())]
    if new < _LEAST or not there:
        return 0
    places = {
        "stored": select_sql(there, ORDERS, row_places=True),
        "unknown": literal(unknown),
        "together": str(_TOGETHER),
        "nameless": "TRUE" if nameless else "order_id IS NULL",  # row groups without any are passed over
    }
    pairs = database.sql(fill(_PAIRS, places)).to_arrow_table()
    staged, stored = staged_blocks(staging.runs, staging.run_starts), StoredRows()
    alike: set[int] = set()
    for at in range(0, pairs.num_rows, _CHUNK):
        some = pairs.slice(at, _CHUNK).combine_chunks()
        agree = _agree(rows_at(staged, np.asarray(some.column("place"))), stored.take(some))
        alike.update(some.column("place").filter(agree).to_pylist())
    return len(alike) if len(alike) >= max(_LEAST, _SHARE * new) else 0


def _agree(new: pa.Table, old: pa.Table) -> pa.Array:
    """Which rows of both tables have a value in common."""
    equal = [pc.fill_null(pc.equal(new.column(n), old.column(n)), False) for n in _AGREEING]
    return np.logical_or.reduce([np.asarray(column) for column in equal])
