"""A store of millions of orders for ``benchmarks/reports.py``: the sample year again and again.

Every copy of the year has its own order ids and callers and lies a multiple of 52 weeks away, so that
weekdays stay, and some minutes. Written straight into the store's
layout (a Parquet file a month, sorted by time).
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.parquet import conformed
from hotline_tools.schema import LABELS, ORDER_COLUMNS, ORDERS
from hotline_tools.store import Store
from hotline_tools.store.files import StoreFiles, write_private
from hotline_tools.store.manifest import manifest_text, measured, own_files
from hotline_tools.store.partition import ROW_GROUP, write_orders

YEARS, FIRST_SHIFT, SHIFT_DAYS, SHIFT_MINUTES = 10, -5, 364, 41
_TIMES = [column.name for column in ORDER_COLUMNS if column.kind == "time"]
_NAMED = ("order_key", "order_id", "caller_key")


def sample_store(folder: Path) -> Store:
    """Return the store of the classified sample year in ``folder``; made when it is not there."""
    place = folder / "year"
    if not (place / "store.json").exists():
        from hotline_tools.classify import Classifier
        from hotline_tools.jobs.importing import import_tables
        from hotline_tools.jobs.opening import OpenOptions, matched_tables
        from hotline_tools.jobs.tagging import label_store
        from hotline_tools.sample import write_sample

        folder.mkdir(parents=True, exist_ok=True)
        write_sample(folder / "files")
        store = Store.open(place, create=True)
        import_tables(matched_tables([folder / "files" / "年度工单.csv"], OpenOptions()), store)
        label_store(store, Classifier.default())
    return Store.open(place)


def large_store(folder: Path, orders: int) -> Store:
    """Return the store of ``orders`` orders in ``folder``; made from the sample year when not there."""
    place = folder / f"orders-{orders}"
    if not place.exists():
        year, unfinished = sample_store(folder), folder / f"unfinished-{orders}"
        shutil.rmtree(unfinished, ignore_errors=True)
        Store.open(unfinished, create=True)
        _replicate(year, unfinished, orders)
        unfinished.rename(place)
    return Store.open(place)


def _replicate(year: Store, target: Path, orders: int) -> None:
    (target / "labels").mkdir()
    with duckdb.connect(config={"memory_limit": "1GB"}) as database:
        _base(database, year, orders)
        rows = 0
        with pq.ParquetWriter(target / "labels" / "model.parquet", LABELS, compression="zstd") as labels:
            for month in _months(database):
                rows += _write_month(database, target, month)
                reader = database.sql(_labels_of(month)).to_arrow_reader(ROW_GROUP)
                for batch in reader:
                    labels.write_batch(batch.cast(LABELS))
    files = StoreFiles(target)
    write_private(files.manifest, manifest_text(measured(target, own_files(files))))  # as every commit does
    if rows != orders:
        raise RuntimeError(f"{rows} orders written instead of {orders}")


def _base(database: duckdb.DuckDBPyConnection, year: Store, orders: int) -> None:
    files = [str(path) for path in year.order_files()]
    labels = str(year.label_files()["model"])
    moved = ", ".join(f"{name} + shift AS {name}" for name in _TIMES)
    renamed = ", ".join(f"concat({name}, '-', copy) AS {name}" for name in _NAMED if name != "caller_key")
    database.execute(
        "CREATE TABLE base AS SELECT *, row_number() OVER (ORDER BY order_key) AS base_row "
        "FROM read_parquet($1, hive_partitioning = FALSE)",
        [files],
    )
    database.execute("CREATE TABLE base_labels AS SELECT * FROM read_parquet($1)", [labels])
    (size,) = database.execute("SELECT count(*) FROM base").fetchone() or (0,)
    database.execute(
        f"CREATE TABLE copies AS SELECT i AS copy, (i % {YEARS} + {FIRST_SHIFT}) * INTERVAL {SHIFT_DAYS} DAY "
        f"+ (i // {YEARS}) * INTERVAL {SHIFT_MINUTES} MINUTE AS shift "
        f"FROM range(0, {orders // size + 1}) AS numbers(i)"
    )
    database.execute(
        f"CREATE VIEW replicated AS SELECT base.* REPLACE ({renamed}, {moved}, CASE WHEN caller_key IS NOT "
        f"NULL THEN concat(caller_key, '-', copy) END AS caller_key), copy, order_key AS base_key "
        f"FROM base CROSS JOIN copies WHERE copy * {size} + base_row <= {orders}"
    )


def _months(database: duckdb.DuckDBPyConnection) -> list[date]:
    found = database.execute(
        "SELECT DISTINCT CAST(date_trunc('month', received_at) AS DATE) AS month FROM replicated "
        "ORDER BY month"
    ).fetchall()
    return [month for (month,) in found]


def _of_month(month: date) -> str:
    after = (month + timedelta(days=32)).replace(day=1)
    return f"FROM replicated WHERE received_at >= TIMESTAMP '{month}' AND received_at < TIMESTAMP '{after}'"


def _write_month(database: duckdb.DuckDBPyConnection, target: Path, month: date) -> int:
    """Write one month as an import does; return its number of orders."""
    rows = database.sql(
        f"SELECT * EXCLUDE (base_row, copy, base_key) {_of_month(month)} ORDER BY received_at, order_key"
    )
    path = StoreFiles(target).partition(f"{month:%Y-%m}")
    batches = rows.to_arrow_reader(ROW_GROUP)
    write_orders(path, (conformed(pa.Table.from_batches([batch]), ORDERS) for batch in batches))
    return int(pq.read_metadata(path).num_rows)


def _labels_of(month: date) -> str:
    columns = ", ".join(f"l.{name}" for name in LABELS.names if name != "order_key")
    return (
        f"SELECT o.order_key, {columns} "
        f"FROM (SELECT order_key, base_key, received_at {_of_month(month)}) AS o "
        "JOIN base_labels AS l ON l.order_key = o.base_key ORDER BY o.received_at, o.order_key"
    )
