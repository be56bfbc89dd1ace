"""Delete orders for good: from the months, what an undo keeps, labels, issues, rejects and topics."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.parquet import column_names, conformed, files_sql, select_sql
from hotline_tools.schema import ORDERS
from hotline_tools.sql import literal
from hotline_tools.store.backup import known_backups
from hotline_tools.store.files import NEW, QUARANTINE, StoreFiles, write_private
from hotline_tools.store.journal import Commit, carry_out, live
from hotline_tools.store.partition import ROW_GROUP, write_orders
from hotline_tools.store.records import read_record
from hotline_tools.store.segments import order_files

_LOG = "forgotten.jsonl"
_MEMORY = "256MB"


@dataclass(frozen=True)
class Forgotten:
    """Which orders are to go: exactly one of these is given."""

    caller: str | None = None
    """A caller key."""
    order: str | None = None
    """An order id or order key."""
    before: date | None = None
    """Orders received before this day, by what they say now."""

    @property
    def kind(self) -> str:
        """``caller``, ``order`` or ``before``."""
        return "caller" if self.caller else "order" if self.order else "before"

    def condition(self) -> str:
        """The SQL of an order that goes."""
        if self.caller:
            return f"caller_key = {literal(self.caller)}"
        if self.order:
            return f"order_id = {literal(self.order)} OR order_key = {literal(self.order)}"
        return f"received_at < TIMESTAMP {literal(f'{self.before} 00:00:00')}"


@dataclass(frozen=True)
class ForgetResult:
    """What was deleted, and where copies may still be."""

    orders: int
    kept_versions: int
    """Earlier versions of orders, kept for undoing imports."""
    labels: int
    rejects: int
    copies: tuple[str, ...]
    """Backups that the store knows of, and files that were set aside."""


def forget(files: StoreFiles, wanted: Forgotten) -> ForgetResult:
    """Delete orders in one commit and log it without personal data. Needs the lock."""
    months = order_files(files)
    kept = [path for path in live(files, "undo", "*.parquet") if not path.name.endswith(".rejects.parquet")]
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(files.staging)}) as database:
        now, ever = (f"({select_sql(paths, ORDERS)})" for paths in (months, [*months, *kept]))
        database.execute(
            f"CREATE TEMP TABLE gone AS SELECT DISTINCT order_key, order_id FROM {ever} "
            f"WHERE {wanted.condition()}"
        )
        if wanted.before:  # an earlier version may say another day; the order is received when it now says
            database.execute(
                f"DELETE FROM gone WHERE order_key IN (SELECT order_key FROM {now} "
                f"WHERE NOT coalesce({wanted.condition()}, FALSE))"
            )
        work = _Forget(files, wanted, database)
        orders = sum(work.rewrite(path, ORDERS) for path in months)
        versions = sum(work.rewrite(path, ORDERS) for path in kept)
        labels = sum(work.rewrite(path) for path in live(files, "labels", "*.parquet"))
        work.issues()
        work.topics()
        rejects = work.rejects()
        if work.commit.replace or work.commit.remove:
            work.log(orders)
            carry_out(files, work.commit)
    copies = [one["path"] for one in known_backups(files)]
    copies += [str(path) for path in sorted((files.root / QUARANTINE).rglob("*")) if path.is_file()]
    return ForgetResult(orders, versions, labels, rejects, tuple(copies))


class _Forget:
    """Writes each table without the orders of the table ``gone`` beside the live one."""

    def __init__(self, files: StoreFiles, wanted: Forgotten, database: duckdb.DuckDBPyConnection) -> None:
        self._files = files
        self._wanted = wanted
        self._database = database
        self.commit = Commit()

    def rewrite(self, path: Path, schema: pa.Schema | None = None, keep: str = "") -> int:
        """Write one table without the rows that go; return how many those are."""
        if not keep:
            if "order_key" not in column_names([path])[0]:
                return 0
            keep = "order_key NOT IN (SELECT order_key FROM gone)"
        rows = select_sql([path], schema) if schema is not None else f"SELECT * FROM {files_sql([path])}"
        ((gone,),) = self._database.execute(f"SELECT count(*) FROM ({rows}) WHERE NOT ({keep})").fetchall()
        if gone:
            self._stage(path, f"SELECT * FROM ({rows}) WHERE {keep}", schema)
        return int(gone)

    def issues(self) -> None:
        """Take the orders out of the tables of issues.

        An issue that quotes one goes as a whole until repeats run again; a person's decision stays for the
        orders that are left.
        """
        for path in live(self._files, "issues", "*.parquet"):
            name = path.name.split(".")[0]
            if name == "issue_decisions":
                self._decisions(path)
            elif name == "issues":
                gone = "(SELECT coalesce(list(order_key), []) FROM gone)"
                self.rewrite(path, keep=f"NOT list_has_any(order_keys, {gone})")
            else:
                self.rewrite(path)

    def _decisions(self, path: Path) -> None:
        gone = {key for (key,) in self._database.execute("SELECT order_key FROM gone").fetchall()}
        table = pq.read_table(path, partitioning=None)
        rows = table.to_pylist()
        for row in rows:
            for name in ("orders", "others"):
                row[name] = [key for key in row[name] or () if key not in gone]
        left = pa.Table.from_pylist(rows, schema=table.schema)
        if not left.equals(table):
            pq.write_table(left, path.with_name(path.name + NEW), compression="zstd")
            self.commit.replace.append(self._files.name(path))

    def rejects(self) -> int:
        """Delete the rejected rows that name such an order; with a day, those of imports before it."""
        found = 0
        for path in [
            *live(self._files, "rejects", "*.parquet"),
            *live(self._files, "undo", "*.rejects.parquet"),
        ]:
            if self._wanted.before is not None:
                keep = f"NOT ({self._came_before(self._wanted.before)})"
            else:
                keep = "NOT EXISTS (FROM gone WHERE length(order_id) > 2 AND contains(raw, order_id))"
            found += self.rewrite(path, keep=keep)
        return found

    def _came_before(self, day: date) -> str:
        """The SQL of a rejected row of an import before the day; one that the log lacks goes by its id.

        Where the clock has been set back the id of an import may name a later day than its own.
        """
        records = [read_record(path) for path in live(self._files, "imports", "*.json")]
        days = {record.import_id: record.started_at.date() for record in records}
        known = ", ".join(map(literal, ["", *days]))
        early = ", ".join(map(literal, ["", *(name for name, started in days.items() if started < day)]))
        return (
            f"import_id IN ({early}) OR "
            f"import_id NOT IN ({known}) AND substr(import_id, 1, 8) < {literal(f'{day:%Y%m%d}')}"
        )

    def topics(self) -> None:
        """Take the ids out of the topics that name them."""
        ids = {name for (name,) in self._database.execute("SELECT order_id FROM gone").fetchall() if name}
        for path in live(self._files, "", "topics.jsonl"):
            topics = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            for topic in topics:
                topic["order_ids"] = [name for name in topic["order_ids"] if name not in ids]
            text = "".join(json.dumps(topic, ensure_ascii=False) + "\n" for topic in topics)
            if text != path.read_text(encoding="utf-8"):
                write_private(self._files.root / ("topics.jsonl" + NEW), text)
                self.commit.replace.append("topics.jsonl")

    def log(self, orders: int) -> None:
        """Add a line: when, by what, how many; not whom."""
        line: dict[str, object] = {
            "at": datetime.now().isoformat(timespec="seconds"), "by": self._wanted.kind, "orders": orders
        }  # fmt: skip
        if self._wanted.before is not None:
            line["before"] = self._wanted.before.isoformat()
        before = "".join(path.read_text(encoding="utf-8") for path in live(self._files, "", _LOG))
        write_private(self._files.root / (_LOG + NEW), before + json.dumps(line) + "\n")
        self.commit.replace.append(_LOG)

    def _stage(self, path: Path, rows: str, schema: pa.Schema | None) -> None:
        name = self._files.name(path)
        waiting = path.with_name(path.name + NEW)
        if schema is ORDERS:
            batches = self._database.sql(rows).to_arrow_reader(ROW_GROUP)
            tables = (conformed(pa.Table.from_batches([b]), ORDERS) for b in batches if b.num_rows)
            (self.commit.replace if write_orders(waiting, tables) else self.commit.remove).append(name)
            return
        table = self._database.sql(rows).to_arrow_table().cast(pq.read_schema(path))
        pq.write_table(table, waiting, compression="zstd")
        self.commit.replace.append(name)
