"""Classification labels: the model's and people's, kept apart so that a rerun cannot undo a person."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools import disk
from hotline_tools.parquet import select_sql
from hotline_tools.schema import LABELS
from hotline_tools.sql import literal
from hotline_tools.store.derived import stage_made_of
from hotline_tools.store.files import NEW, StoreFiles
from hotline_tools.store.journal import Commit, carry_out
from hotline_tools.store.version import require_known_columns

Origin = Literal["model", "person"]
_DICTIONARY = [n for n in LABELS.names if n not in ("order_key", "evidence", "alternatives", "confidence")]


def write_labels(
    files: StoreFiles,
    batches: Iterable[pa.Table],
    origin: Origin,
    *,
    replace: bool,
    made_of: Sequence[str] | None = None,
) -> int:
    """Write labels of one origin; return how many orders they are of. Needs the lock.

    Labels of orders not among ``batches`` stay unless ``replace``; of two labels for one order within
    ``batches`` the later one stays. ``made_of``: the imports of which every order was looked at.
    """
    name = f"labels/{origin}.parquet"
    place = files.root / name
    place.parent.mkdir(exist_ok=True)
    waiting = place.with_name(place.name + NEW)
    keeps = place.exists() and not replace
    if keeps:
        require_known_columns([place], LABELS)
    rows = _stream(waiting, batches, origin)
    rows -= _drop_earlier(waiting)
    commit = Commit(replace=[name])
    if keeps and not rows:
        waiting.unlink()  # nothing to add: millions of labels need not be written again
        commit = Commit()
    elif keeps:
        merged = place.with_name(place.name + ".merged" + NEW)
        with duckdb.connect() as database:
            new, old = (f"({select_sql([path], LABELS)})" for path in (waiting, place))
            database.execute(
                f"COPY (SELECT * FROM {old} WHERE order_key NOT IN (SELECT order_key FROM {new}) "
                f"UNION ALL SELECT * FROM {new}) TO {literal(str(merged))} (FORMAT parquet, COMPRESSION zstd)"
            )
        disk.replace(merged, waiting)
    if made_of is not None:
        commit.replace.append(stage_made_of(files, "labels", made_of))
    carry_out(files, commit)
    return rows


def _drop_earlier(waiting: Path) -> int:
    """Of several labels for one order leave the last one; return how many went."""
    labels = select_sql([waiting], LABELS)
    with duckdb.connect() as database:
        ((rows, orders),) = database.execute(
            f"SELECT count(*), count(DISTINCT order_key) FROM ({labels})"
        ).fetchall()
        if rows == orders:
            return 0
        single = waiting.with_name(waiting.name + ".single" + NEW)
        numbered = select_sql([waiting], LABELS, row_places=True)
        database.execute(
            f"COPY (SELECT {', '.join(LABELS.names)} FROM ({numbered}) QUALIFY row_number() OVER "
            "(PARTITION BY order_key ORDER BY file_row_number DESC) = 1 ORDER BY file_row_number) "
            f"TO {literal(str(single))} (FORMAT parquet, COMPRESSION zstd)"
        )
    disk.replace(single, waiting)
    return int(rows - orders)


def _stream(path: Path, batches: Iterable[pa.Table], origin: Origin) -> int:
    rows = 0
    with pq.ParquetWriter(str(path), LABELS, compression="zstd", use_dictionary=_DICTIONARY) as writer:
        for batch in batches:
            named = (
                batch.set_column(
                    batch.column_names.index("origin"),
                    "origin",
                    pa.array([origin] * batch.num_rows, pa.string()),
                )
                if "origin" in batch.column_names
                else batch.append_column("origin", pa.array([origin] * batch.num_rows, pa.string()))
            )
            writer.write_table(named.select(LABELS.names).cast(LABELS))
            rows += batch.num_rows
    return rows
