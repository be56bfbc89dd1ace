"""One import: collect rows, decide, write what changed, all or nothing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools import __version__
from hotline_tools.parquet import conformed, naming
from hotline_tools.prefetch import prefetch
from hotline_tools.schema import ORDERS, REJECTS
from hotline_tools.store.files import NEW, StoreFiles
from hotline_tools.store.journal import Commit, carry_out
from hotline_tools.store.merge import Rederive, merge_updates
from hotline_tools.store.partition import (
    ROW_GROUP,
    Blocks,
    gathered,
    staged_blocks,
    stored_blocks,
    write_orders,
)
from hotline_tools.store.plan import Plan
from hotline_tools.store.records import ImportRecord, first_import_of, stage_record
from hotline_tools.store.segments import month_of, open_file, order_files
from hotline_tools.store.staging import Staging

_NAMED = 3
"""How many rejected rows of a table the import names."""


def _as_it_is(orders: pa.Table) -> pa.Table:
    return orders


@dataclass(frozen=True)
class ImportDetails:
    """What the importer knows about the table; goes into the record as it is."""

    file: str
    sha256: str
    fields: Mapping[str, Any]
    """Further fields of ``ImportRecord``."""
    provided: Collection[str] = tuple(ORDERS.names)
    """Columns the export has; the others keep their old value in an update."""
    rederive: Rederive = _as_it_is
    """Works out durations and the like anew once an update is complete."""


class ImportSession:
    """Made by ``Store.import_session``; ``add`` batches, then ``commit`` once."""

    def __init__(
        self, files: StoreFiles, staging: Path, *, import_id: str, source: str, dry_run: bool
    ) -> None:
        self.import_id = import_id
        self.source = source
        self.dry_run = dry_run
        self._files = files
        self._staging = Staging(staging)
        self._started = datetime.now()

    def add(self, orders: pa.Table, rejects: pa.Table) -> None:
        """Take in the normalised rows (``schema.ORDERS``) and rejects (``schema.REJECTS``) of a batch."""
        self._staging.add(orders, rejects)

    def commit(self, details: ImportDetails) -> ImportRecord:
        """Bring the rows into the store and return the import record.

        Up to the journal nothing in the store changes; after it the import is certain. A dry run decides
        everything and writes nothing.
        """
        staging = self._staging
        staging.flush()
        first = partial(first_import_of, self._files, details.sha256, details.fields.get("sheet"))
        plan = Plan(staging, self.source, order_files(self._files), details.provided, first_import=first)
        try:
            merge_updates(plan, staging, details.provided, details.rederive)
            touched = plan.place_rows(partial(open_file, self._files))
            commit = Commit()
            if not self.dry_run:
                self._write_replaced(plan, commit)
                self._write_orders(plan, touched, commit)
            record = self._record(plan, details, sorted(set(map(month_of, touched))))
        finally:
            plan.close()
        if not self.dry_run:
            self._write_rejects(record, commit)
            commit.replace.append(stage_record(self._files, record))
            carry_out(self._files, commit)
        return record

    def _write_orders(self, plan: Plan, touched: list[Path], commit: Commit) -> None:
        """Write each file of orders beside the old one; the next rows are gathered meanwhile."""
        written = set()
        for place, rows in groupby(prefetch(self._rows(plan, touched)), key=itemgetter(0)):
            write_orders(place.with_name(place.name + NEW), (table for _, table in rows))
            written.add(place)
        for place in touched:
            (commit.replace if place in written else commit.remove).append(self._files.name(place))

    def _rows(self, plan: Plan, touched: list[Path]) -> Iterator[tuple[Path, pa.Table]]:
        staged = staged_blocks(self._staging.runs, self._staging.run_starts)
        for place, chunks in plan.rows_by_file(touched, ROW_GROUP):
            stored: Blocks | None = stored_blocks(place) if place.exists() else None
            for chunk in chunks:
                yield place, gathered(chunk, staged, stored)

    def _record(self, plan: Plan, details: ImportDetails, months: list[str]) -> ImportRecord:
        alike = plan.lookalikes(self._staging)
        told = [*details.fields.get("notes", ()), *plan.notes(), *self._rejected_rows()]
        return ImportRecord(
            import_id=self.import_id,
            file=details.file,
            sha256=details.sha256,
            source=self.source,
            counts=plan.counts(self._staging.rows, self._staging.rejected),
            started_at=self._started,
            finished_at=datetime.now(),
            version=__version__,
            dry_run=self.dry_run,
            origins=plan.origins(),
            months=months,
            lookalikes=alike,
            **{**details.fields, "notes": [*told, *self._doubled(alike)]},
        )

    def _doubled(self, alike: int) -> list[str]:
        if not alike:
            return []
        back = f"运行 hotline store undo {self.import_id} 撤回本次导入，" if not self.dry_run else ""
        return [
            f"新增的工单中有 {alike:,} 件，库中另有受理时间相同、地址或单位等也相同的工单，而编号不全、"
            f"无从核对：像是同一批工单的另一种导出，会重复计数。若是，请{back}只导入列更全的一份。"
        ]

    def _rejected_rows(self) -> list[str]:
        """Name the first rejected rows with their reasons; all of them are in the store's table rejects."""
        first = self._staging.rejects().slice(0, _NAMED).to_pylist()
        return [f"第 {row['row_number']:,} 行拒收：{row['reason']}" for row in first]

    def _write_replaced(self, plan: Plan, commit: Commit) -> None:
        """Keep the orders that the updates replace, for an undo."""
        place = self._files.replaced_orders(self.import_id)
        if write_orders(place.with_name(place.name + NEW), plan.replaced_rows(ROW_GROUP)):
            commit.replace.append(self._files.name(place))

    def _write_rejects(self, record: ImportRecord, commit: Commit) -> None:
        """Keep one file of rejects per table: importing it again replaces them, or leaves them be."""
        rejects = self._staging.rejects()
        name = record.rejects_name
        place = self._files.root / name
        if place.exists():
            told = [n for n in REJECTS.names if n != "import_id"]
            with naming(place):
                before = conformed(pq.read_table(place, partitioning=None), REJECTS)
            if before.select(told).equals(rejects.select(told)):
                return
            self._stage(before, self._files.replaced_rejects(self.import_id), commit)
            if not rejects.num_rows:
                commit.remove.append(name)
        if rejects.num_rows:
            self._stage(rejects, place, commit)

    def _stage(self, table: pa.Table, place: Path, commit: Commit) -> None:
        place.parent.mkdir(exist_ok=True)
        pq.write_table(table, place.with_name(place.name + NEW), compression="zstd")
        commit.replace.append(self._files.name(place))
