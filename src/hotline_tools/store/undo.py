"""Take an import back: what it added goes, what it replaced returns, in one journalled commit.

Every order carries the id of the import that wrote it last. So what an import added or updated is known
from the orders themselves, and only the rows that it replaced need to be kept: ``undo/IMPORT.parquet`` holds
them as they were, ``undo/IMPORT.rejects.parquet`` the rejects that it replaced. Both files are made by the
commit of the import and removed by the commit of its undo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.errors import StoreError, UsageError
from hotline_tools.parquet import column_names, conformed, naming, select_sql
from hotline_tools.schema import LABELS, ORDERS, REJECTS
from hotline_tools.sql import fill, identifier, literal
from hotline_tools.store.derived import stage_returned
from hotline_tools.store.files import NEW, StoreFiles
from hotline_tools.store.journal import Commit, carry_out, live
from hotline_tools.store.partition import ROW_GROUP, write_orders
from hotline_tools.store.records import ImportRecord, read_record, stage_record
from hotline_tools.store.segments import open_file, order_files
from hotline_tools.store.version import require_known_columns
from hotline_tools.suggestions import did_you_mean

_MEMORY = "256MB"
_WRITTEN = """
CREATE TEMP TABLE written AS
SELECT order_key, {month} AS month, filename AS file FROM ({stored}) WHERE import_id = {import_id}
"""
_REPLACED = """
CREATE TEMP TABLE replaced AS
SELECT r.order_key, r.month, CASE WHEN written.month = r.month THEN written.file END AS file
FROM (SELECT order_key, {month} AS month FROM ({kept})) AS r
LEFT JOIN written ON written.order_key = r.order_key
"""
_MONTH = "coalesce(strftime(received_at, '%Y-%m'), 'unknown')"
_FILE = """
SELECT * FROM ({stored}) WHERE import_id IS DISTINCT FROM {import_id}
UNION ALL
SELECT * FROM ({kept}) SEMI JOIN (SELECT order_key FROM replaced WHERE file = {file}) USING (order_key)
ORDER BY received_at NULLS LAST, row_number, order_key
"""


@dataclass(frozen=True)
class UndoResult:
    """What taking an import back did."""

    record: ImportRecord
    """The import, now marked as undone."""
    removed: int
    """Orders that the import had added."""
    restored: int
    """Orders that are again as they were before the import."""
    labels_removed: int
    """Labels of the model on removed orders."""
    labels_kept: int
    """People's labels on removed orders: they stay, and hold again once the orders come in again."""
    in_issues: int
    """Removed orders that the repeat issues count until they are looked for again."""


def undo_import(files: StoreFiles, import_id: str) -> UndoResult:
    """Take the import ``import_id`` back. Needs the lock.

    Raises ``UsageError`` when there is no such import or it is undone already, ``StoreError`` when a later
    import touched the same orders or what the import replaced was not kept.
    """
    records = {record.import_id: record for record in map(read_record, live(files, "imports", "*.json"))}
    record = _wanted(records, import_id)
    require_known_columns(order_files(files), ORDERS)
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(files.staging)}) as database:
        _require_latest(files, record, records, database)
        return _Undo(files, record, database).carry_out()


class _Undo:
    """One undo: decides, stages the files, carries the commit out."""

    def __init__(self, files: StoreFiles, record: ImportRecord, database: duckdb.DuckDBPyConnection) -> None:
        self._files = files
        self._record = record
        self._database = database
        self._commit = Commit()
        kept = files.replaced_orders(record.import_id)
        self._kept = select_sql([kept] if kept.exists() else [], ORDERS)
        stored, mine = select_sql(order_files(files), ORDERS, row_places=True), literal(record.import_id)
        database.execute(fill(_WRITTEN, {"month": _MONTH, "stored": stored, "import_id": mine}))
        database.execute(fill(_REPLACED, {"month": _MONTH, "kept": self._kept}))
        database.execute(
            "CREATE TEMP TABLE removed AS SELECT order_key FROM written ANTI JOIN replaced USING (order_key)"
        )

    def carry_out(self) -> UndoResult:
        """Stage every file that changes, then commit."""
        self._require_complete()
        self._orders()
        labels_removed = self._model_labels()
        self._rejects()
        undone = replace(self._record, undone_at=datetime.now())
        self._commit.replace.append(stage_record(self._files, undone))
        result = UndoResult(
            record=undone,
            removed=self._count("FROM removed"),
            restored=self._count("FROM replaced"),
            labels_removed=labels_removed,
            labels_kept=self._removed_in(live(self._files, "labels", "person.parquet")),
            in_issues=self._removed_in(live(self._files, "issues", "issue_members.parquet")),
        )
        kept = self._files.replaced_orders(self._record.import_id)
        kept_rejects = self._files.replaced_rejects(self._record.import_id)
        returned = self._database.sql(f"SELECT DISTINCT import_id FROM ({self._kept})").fetchall()
        self._commit.replace += stage_returned(self._files, {str(name) for (name,) in returned})
        self._commit.remove += [self._files.name(path) for path in (kept, kept_rejects) if path.exists()]
        carry_out(self._files, self._commit)
        return result

    def _require_complete(self) -> None:
        counts = self._record.counts
        found = (self._count("FROM written"), self._count("FROM replaced"))
        if found != (counts.new + counts.updated, counts.updated):
            raise StoreError(
                "不能撤销：这次导入所替换的工单没有全部保留（由旧版本写入，或其中有已删除的工单）",
                where=self._record.import_id,
                remedy="请从备份恢复，或新建工单库后重新导入。",
            )

    def _orders(self) -> None:
        """Write the files anew that the import wrote to or took orders from."""
        homeless = "SELECT DISTINCT month FROM replaced WHERE file IS NULL ORDER BY month"
        for (month,) in self._database.execute(homeless).fetchall():
            self._database.execute(
                "UPDATE replaced SET file = ? WHERE file IS NULL AND month = ?",
                [str(open_file(self._files, month)), month],
            )
        touched = self._database.execute(
            "SELECT file FROM written UNION SELECT file FROM replaced ORDER BY file"
        ).fetchall()
        for (name,) in touched:
            place = Path(name)
            rows = fill(
                _FILE,
                {
                    "stored": select_sql([place] if place.exists() else [], ORDERS),
                    "kept": self._kept,
                    "import_id": literal(self._record.import_id),
                    "file": literal(name),
                },
            )
            batches = self._database.sql(rows).to_arrow_reader(ROW_GROUP)
            tables = (conformed(pa.Table.from_batches([b]), ORDERS) for b in batches if b.num_rows)
            filled = write_orders(place.with_name(place.name + NEW), tables)
            (self._commit.replace if filled else self._commit.remove).append(self._files.name(place))

    def _model_labels(self) -> int:
        """Drop the model's labels of the orders that go; return how many."""
        paths = live(self._files, "labels", "model.parquet")
        removed = self._removed_in(paths)
        if removed:
            require_known_columns(paths, LABELS)
            labels = f"SELECT * FROM ({select_sql(paths, LABELS)}) ANTI JOIN removed USING (order_key)"
            self._stage(self._database.sql(labels).to_arrow_table(), paths[0], LABELS)
        return removed

    def _rejects(self) -> None:
        """Bring the rejects of the table back to what they were."""
        place = self._files.root / self._record.rejects_name
        kept = self._files.replaced_rejects(self._record.import_id)
        if kept.exists():
            with naming(kept):
                before = pq.read_table(kept, partitioning=None)
            self._stage(before, place, REJECTS)
        elif self._record.import_id in _import_ids([place], self._database):
            self._commit.remove.append(self._files.name(place))

    def _stage(self, table: pa.Table, place: Path, schema: pa.Schema) -> None:
        place.parent.mkdir(exist_ok=True)
        pq.write_table(conformed(table, schema), place.with_name(place.name + NEW), compression="zstd")
        self._commit.replace.append(self._files.name(place))

    def _removed_in(self, paths: Sequence[Path]) -> int:
        """How many of the removed orders have a row in any of ``paths``."""
        keyed = [path for path, names in zip(paths, column_names(paths), strict=True) if "order_key" in names]
        keys = select_sql(keyed, pa.schema([ORDERS.field("order_key")]))
        return self._count(f"FROM removed SEMI JOIN ({keys}) USING (order_key)")

    def _count(self, rows: str) -> int:
        ((count,),) = self._database.execute(f"SELECT count(*) {rows}").fetchall()
        return int(count)


def _wanted(records: Mapping[str, ImportRecord], import_id: str) -> ImportRecord:
    record = records.get(import_id)
    if record is None:
        hint = did_you_mean(import_id, list(records))
        raise UsageError(
            f"没有编号为 {import_id} 的导入", remedy=f"{hint}运行 hotline store imports 查看全部。"
        )
    if record.undone_at is not None:
        raise UsageError(
            f"这次导入已于 {record.undone_at:%Y-%m-%d %H:%M} 撤销",
            where=import_id,
            remedy="运行 hotline store imports 查看全部。",
        )
    return record


def _require_latest(
    files: StoreFiles,
    record: ImportRecord,
    records: Mapping[str, ImportRecord],
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Raise ``StoreError`` naming the later imports that replaced what this one wrote, newest first."""
    first = {record.import_id}
    touched = set(first)
    for later in sorted(records.values(), key=lambda item: item.import_id):
        if later.import_id <= record.import_id or later.undone_at is not None:
            continue
        kept = (files.replaced_orders(later.import_id), files.replaced_rejects(later.import_id))
        rejects = files.root / later.rejects_name
        came_after = any(
            files.replaced_rejects(known).exists() and records[known].rejects_name == later.rejects_name
            for known in touched
        ) and later.import_id in _import_ids([rejects], database)
        if came_after or touched & _import_ids(kept, database):
            touched.add(later.import_id)
    if touched != first:
        ids = sorted(touched - first, reverse=True)
        raise StoreError(
            "之后的导入又改动了同一些工单",
            where=record.import_id,
            remedy=f"请先依次撤销：{'、'.join(f'{name}（{records[name].file}）' for name in ids)}。",
        )


def _import_ids(paths: Sequence[Path], database: duckdb.DuckDBPyConnection) -> set[str]:
    """The imports that wrote the rows of those of ``paths`` that exist."""
    column = identifier("import_id")
    found = select_sql([path for path in paths if path.exists()], pa.schema([ORDERS.field("import_id")]))
    return {str(name) for (name,) in database.execute(f"SELECT DISTINCT {column} FROM ({found})").fetchall()}
