"""Which staged rows are new, updated, unchanged or duplicate, and under which key (see plan.sql)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.parquet import conformed, footer_of, select_sql
from hotline_tools.schema import ORDERS, TELLING_FIELDS, UNDATED, UNKNOWN_SOURCE
from hotline_tools.sql import fill, literal, statement
from hotline_tools.store.evidence import weigh_pairs
from hotline_tools.store.lookalikes import count_lookalikes
from hotline_tools.store.partition import StoredRows, rows_at, staged_blocks
from hotline_tools.store.segments import month_of
from hotline_tools.store.staging import Staging
from hotline_tools.store.state import state_sql

_LEAST_MEMORY, _ROW_BYTES = 256 << 20, 256
"""What DuckDB may use: so much, and beyond it so much a staged row, for its sums by id never leave memory."""
_MANY_REPEATED = 0.2
"""From this share of rows with a repeated id on, the id column as a whole is not believed."""
_FEW_ROWS = 10
_PADDED_ROWS = 5
_CHUNK = 8_192
_SORTED_ROWS = 1_000_000
"""A sort of so many rows stays within the memory that DuckDB may use."""

_PADDED, _NUMBER = "[0-9]{15}0+", "[0-9]+([.][0-9]+)?[eE][+]?[0-9]+"
"""An id of which a spreadsheet kept fifteen digits, or that it wrote as a number: 2.02506E+12."""
_WHOLE = f"NOT coalesce(regexp_full_match(order_id, {literal(f'{_PADDED}|{_NUMBER}')}), TRUE)"
_ID_COLUMN = f"""
SELECT coalesce(sum(orders) FILTER (WHERE repeated), 0) AS repeated, coalesce(sum(orders), 0) AS orders,
       coalesce(bool_and(regexp_full_match(order_id, {literal(_PADDED)})), FALSE) AS padded
FROM ids
"""
_PLACED = """
CREATE TEMP TABLE placed AS            -- the file that each row to be written goes into
SELECT p.*, coalesce(home.file, open_files.file) AS file
FROM plan AS p
JOIN open_files ON open_files.month = p.month
LEFT JOIN homes AS home ON p.action = 'updated' AND home.file = p.old_file AND home.month = p.month
WHERE p.action IN ('new', 'updated')
"""
_ROWS = """
SELECT file, TRUE AS staged, place, order_key, source, origin, received_at, row_number
FROM placed WHERE file IN ({files})
UNION ALL
SELECT o.filename, FALSE, o.file_row_number, NULL, NULL, NULL, o.received_at, o.row_number
FROM ({stored}) AS o
ANTI JOIN (SELECT * FROM plan WHERE action = 'updated') AS gone
    ON gone.old_file = o.filename AND gone.old_place = o.file_row_number
ORDER BY file, received_at NULLS LAST, row_number, staged, place
"""

_REPLACED = """
SELECT o.* FROM ({stored}) AS o
SEMI JOIN (SELECT * FROM plan WHERE action = 'updated') AS gone
    ON gone.old_file = o.filename AND gone.old_place = o.file_row_number
"""


@dataclass(frozen=True)
class RowCounts:
    """The row sum: ``read = new + updated + unchanged + duplicate + rejected``, always."""

    read: int
    new: int
    updated: int
    unchanged: int
    duplicate: int
    rejected: int

    def __post_init__(self) -> None:
        """Refuse counts that do not add up."""
        parts = self.new + self.updated + self.unchanged + self.duplicate + self.rejected
        if self.read != parts:
            raise AssertionError(f"row sum does not hold: {self}")


class Plan:
    """The decisions about one import; holds a DuckDB connection until closed."""

    def __init__(
        self,
        staging: Staging,
        source: str,
        partitions: Sequence[Path],
        provided: Collection[str],
        *,
        first_import: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Decide; ``first_import`` finds that of the same table, if it has been imported before."""
        self._partitions = list(partitions)
        self._database = duckdb.connect(
            config={"memory_limit": _memory(staging.rows), "temp_directory": str(staging.folder / "spill")}
        )
        mine, unknown = literal(source), literal(UNKNOWN_SOURCE)
        self._run(
            "candidates",
            state=state_sql(provided),
            keys=f"[{', '.join(map(literal, staging.key_files()))}]",
            stored=select_sql(self._partitions, ORDERS, row_places=True),
            source=mine,
            unknown=unknown,
            number=literal(_NUMBER),
            whole=_WHOLE,
            tells=str(bool(TELLING_FIELDS & set(provided))).upper(),
        )
        hit = self._database.execute("SELECT DISTINCT file FROM hits ORDER BY file").fetchall()
        stored = select_sql([Path(name) for (name,) in hit], ORDERS, row_places=True)
        self._run("stored", state=state_sql(provided), stored=stored, whole=_WHOLE)
        self._run("pairs", column_damaged=literal(self._ids_are_damaged()), source=mine)
        self._weigh_pairs(staging)
        first = first_import() if hit else None
        self._run("plan", source=mine, unknown=unknown, first_import=literal(first) if first else "NULL")

    def _run(self, name: str, **places: str) -> None:
        self._database.execute(statement("hotline_tools.store", name, **places))

    def _weigh_pairs(self, staging: Staging) -> None:
        """Decide of the rows that have the id of a stored order, and other content, if they are it."""
        staged = staged_blocks(staging.runs, staging.run_starts)
        stored = StoredRows()
        for pairs in self._chunks("SELECT * FROM pairs ORDER BY old_file, old_place, place"):
            new, old = rows_at(staged, np.asarray(pairs.column("place"))), stored.take(pairs)
            self._database.register("weighed", weigh_pairs(self._database, pairs, new, old))
            self._database.execute("INSERT INTO verdicts BY NAME FROM weighed")
            self._database.unregister("weighed")

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def counts(self, rows: int, rejected: int) -> RowCounts:
        """The row sum of the import."""
        found = dict(self._database.execute("SELECT action, count(*) FROM plan GROUP BY action").fetchall())
        return RowCounts(
            read=rows + rejected,
            rejected=rejected,
            **{name: int(found.get(name, 0)) for name in ("new", "updated", "unchanged", "duplicate")},
        )

    def origins(self) -> dict[str, int]:
        """Rows per ``order_key_origin``."""
        rows = self._database.execute("SELECT origin, count(*) FROM plan GROUP BY origin").fetchall()
        return {str(origin): int(count) for origin, count in rows}

    def lookalikes(self, staging: Staging) -> int:
        """New orders that look like stored ones though no id says so; 0 when they are few."""
        return count_lookalikes(self._database, staging, self._partitions, UNKNOWN_SOURCE)

    def place_rows(self, open_file: Callable[[str], Path]) -> list[Path]:
        """Decide the file of each new or updated order; return the files that must be written anew.

        An update that stays in its month stays in its file; all others go into ``open_file`` of their month.
        """
        self._database.execute("CREATE TEMP TABLE homes (file VARCHAR, month VARCHAR)")
        self._database.execute("CREATE TEMP TABLE open_files (file VARCHAR, month VARCHAR)")
        for path in self._partitions:
            self._database.execute("INSERT INTO homes VALUES (?, ?)", [str(path), month_of(path)])
        coming = "SELECT DISTINCT month FROM plan WHERE action IN ('new', 'updated')"
        for (month,) in self._database.execute(coming).fetchall():
            self._database.execute("INSERT INTO open_files VALUES (?, ?)", [str(open_file(month)), month])
        self._database.execute(_PLACED)
        touched = self._database.execute(
            "SELECT file FROM placed UNION SELECT old_file FROM plan WHERE action = 'updated' ORDER BY 1"
        ).fetchall()
        return [Path(name) for (name,) in touched]

    def rows_by_file(
        self, files: Sequence[Path], chunk: int
    ) -> Iterator[tuple[Path, Iterator[pa.RecordBatch]]]:
        """Each of ``files`` (of ``place_rows``) that has rows, with the rows it is to hold in order.

        At most ``chunk`` rows at a time, with the columns staged (else from the file as it is), place
        (there), order_key, origin.
        """
        stored = set(self._partitions)
        for some in self._sorted_together(files):
            places = {
                "stored": select_sql([path for path in some if path in stored], ORDERS, row_places=True),
                "files": ", ".join(literal(str(path)) for path in some),
            }
            reader = self._database.sql(fill(_ROWS, places)).to_arrow_reader(chunk)
            for name, batches in groupby(_batches_by_file(reader), key=itemgetter(0)):
                yield Path(name), (rows for _, rows in batches)

    def _sorted_together(self, files: Sequence[Path]) -> Iterator[list[Path]]:
        """Split files so that a query sorts few enough rows, and few queries do for two hundred months."""
        staged = dict(self._database.execute("SELECT file, count(*) FROM placed GROUP BY file").fetchall())
        stored = set(self._partitions)
        some: list[Path] = []
        rows = 0
        for path in files:
            more = staged.get(str(path), 0) + (footer_of(path).num_rows if path in stored else 0)
            if some and rows + more > _SORTED_ROWS:
                yield some
                some, rows = [], 0
            some.append(path)
            rows += more
        if some:
            yield some

    def updates(self) -> Iterator[pa.Table]:
        """The updates in the order of what they replace.

        With the columns place, old_file, old_place, older, keeps_id, gives_id.
        """
        return self._chunks(
            "SELECT place, old_file, old_place, older, keeps_id, gives_id FROM plan WHERE action = 'updated' "
            "ORDER BY old_file, old_place"
        )

    def _chunks(self, select: str) -> Iterator[pa.Table]:
        found = self._database.sql(select).to_arrow_table()
        for at in range(0, found.num_rows, _CHUNK):
            yield found.slice(at, _CHUNK).combine_chunks()

    def notes(self) -> list[str]:
        """What a person should know of the decisions, in Chinese."""
        ((apart, older, damaged, named, undated),) = self._database.execute(
            "SELECT count(*) FILTER (WHERE kept_apart AND action = 'new'), count(*) FILTER (WHERE older), "
            "count(*) FILTER (WHERE damaged AND action = 'new'), count(*) FILTER (WHERE told_by_content), "
            "count(*) FILTER (WHERE undated AND action <> 'duplicate') FROM plan"
        ).fetchall()
        notes = [UNDATED.format(undated)] if undated else []
        if damaged:
            notes.append(
                f"{damaged:,} 件的编号已损坏（表格软件把长编号存成了数字），按内容识别；"
                "请把编号一列设为文本后重新导出。"
            )
        if named:
            notes.append(f"{named:,} 件没有完整的编号，内容与库中一件工单相同：当作同一件，沿用库中的编号。")
        if apart:
            notes.append(
                f"{apart:,} 件的编号与库中另一件工单相同，但内容、日期或区县不同：当作不同的工单，分开保存。"
            )
        if older:
            notes.append(f"{older:,} 件库中已是更新的状态，保留（本文件中的状态较旧）。")
        return notes

    def replaced_rows(self, chunk: int) -> Iterator[pa.Table]:
        """The stored orders that the updates replace, as they are now, at most ``chunk`` at a time."""
        names = self._database.execute(
            "SELECT DISTINCT old_file FROM plan WHERE action = 'updated' ORDER BY 1"
        ).fetchall()
        if not names:
            return
        stored = select_sql([Path(name) for (name,) in names], ORDERS, row_places=True)
        reader = self._database.sql(fill(_REPLACED, {"stored": stored})).to_arrow_reader(chunk)
        for batch in reader:
            if batch.num_rows:
                yield conformed(pa.Table.from_batches([batch]), ORDERS)

    def drop_updates(self, places: pa.Array) -> None:
        """Call these updates unchanged after all."""
        self._change(pa.table({"place": places}), "action = 'unchanged'")

    def move_updates(self, places: pa.Array, start: int, orders: pa.Table) -> None:
        """Take these updates' rows from place ``start`` on, where ``orders`` has been staged."""
        moved = pa.table(
            {
                "place": places,
                "new_place": pa.array(range(start, start + len(places)), pa.int64()),
                "new_received": orders.column("received_at"),
            }
        )
        self._change(
            moved,
            "place = new_place, received_at = new_received, "
            "month = coalesce(strftime(new_received, '%Y-%m'), 'unknown')",
        )

    def _change(self, changes: pa.Table, assignment: str) -> None:
        if changes.num_rows:
            self._database.register("changes", changes)
            self._database.execute(
                f"UPDATE plan SET {assignment} FROM changes WHERE plan.place = changes.place"
            )
            self._database.unregister("changes")

    def _ids_are_damaged(self) -> bool:
        found = self._database.execute(_ID_COLUMN).fetchone()
        assert found is not None
        repeated, orders, padded = found
        truncated = orders >= _FEW_ROWS and repeated >= _MANY_REPEATED * orders
        return bool(truncated or (padded and orders >= _PADDED_ROWS))


def _memory(rows: int) -> str:
    return f"{max(_LEAST_MEMORY, rows * _ROW_BYTES) >> 10}KiB"


def _batches_by_file(reader: pa.RecordBatchReader) -> Iterator[tuple[str, pa.RecordBatch]]:
    for batch in reader:
        files = batch.column("file")
        ends = np.asarray(pc.run_end_encode(files).run_ends) if batch.num_rows else ()
        start = 0
        for end in ends:
            yield files[start].as_py(), batch.slice(start, int(end) - start)
            start = int(end)
